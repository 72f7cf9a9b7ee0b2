from odoo import api, models
from odoo.fields import Domain


class ProductPricelistItem(models.Model):
    """Price rules at the register: those on costs are applied by the server."""

    _inherit = "product.pricelist.item"

    @api.model
    def _load_pos_data_domain(self, data, config):
        """Override of `point_of_sale`: from a rule on the cost and its price the cost follows."""
        domain = super()._load_pos_data_domain(data, config)
        return Domain(domain) & Domain("base", "!=", "standard_price")
