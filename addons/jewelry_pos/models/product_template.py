from odoo import api, models


class ProductTemplate(models.Model):
    """Styles at the register: without their cost, with their kind."""

    _inherit = "product.template"

    @api.model
    def _load_pos_data_fields(self, config):
        """Override of `point_of_sale`: see `pos.load.mixin` for the cost."""
        names = [name for name in super()._load_pos_data_fields(config) if name != "standard_price"]
        return [*names, "jewelry_kind"]
