from odoo import api, models


class ProductProduct(models.Model):
    """Variants at the register: without their cost."""

    _inherit = "product.product"

    @api.model
    def _load_pos_data_fields(self, config):
        """Override of `point_of_sale`: see `pos.load.mixin` for the cost."""
        return [name for name in super()._load_pos_data_fields(config) if name != "standard_price"]
