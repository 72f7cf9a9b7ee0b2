from odoo import api, models

COSTED = ("product.product", "product.template")


class PosLoadMixin(models.AbstractModel):
    """What registers load: no cost goes to a browser, whoever stands before it."""

    _inherit = "pos.load.mixin"

    @api.model
    def _load_pos_data_read(self, records, config):
        """Override of `point_of_sale`, whose products reckon with a cost that they do not get."""
        rows = super()._load_pos_data_read(records, config)
        if self._name in COSTED:
            for row in rows:
                row["standard_price"] = 0.0
        if self._name == "product.product":
            told = config._get_told_prices(self.browse(row["id"] for row in rows))
            for row in rows:
                row["_told_prices"] = told.get(row["id"], {})
        return rows
