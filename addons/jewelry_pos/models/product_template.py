from odoo import api, models

from odoo.addons.jewelry_inventory.const import PIECE_KINDS


class ProductTemplate(models.Model):
    """Styles at the register: without their cost, with their kind."""

    _inherit = "product.template"

    # What registers ask for after each change: see `pos.config._get_changed_pieces`.
    _write_date_index = models.Index("(write_date)")

    @api.model
    def _prepare_jewelry_vals(self, kind):
        """Override of `jewelry_inventory`: pieces are sold at registers, unless told otherwise."""
        vals = super()._prepare_jewelry_vals(kind)
        return vals | {"available_in_pos": True} if kind in PIECE_KINDS else vals

    def get_product_info_pos(self, price, quantity, pos_config_id, product_variant_id=False):
        """Override of `point_of_sale`: what vendors ask stays out of every browser."""
        info = super().get_product_info_pos(price, quantity, pos_config_id, product_variant_id)
        suppliers = [supplier | {"price": 0.0} for supplier in info["suppliers"]]
        return info | {"suppliers": suppliers}

    @api.model
    def _load_pos_data_fields(self, config):
        """Override of `point_of_sale`: see `pos.load.mixin` for the cost."""
        names = [name for name in super()._load_pos_data_fields(config) if name != "standard_price"]
        return [*names, "jewelry_kind"]
