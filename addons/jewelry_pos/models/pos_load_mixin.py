from odoo import api, models

# What the browser's models want a number in, and what of orders it does not need.
PRODUCTS = ("product.product", "product.template")
HIDDEN = {
    "product.product": ("standard_price",),
    "product.template": ("standard_price",),
    "pos.order": ("margin", "margin_percent"),
    "pos.order.line": ("total_cost", "margin", "margin_percent"),
}


class PosLoadMixin(models.AbstractModel):
    """What registers load: no cost goes to a browser, whoever stands before it."""

    _inherit = "pos.load.mixin"

    @api.model
    def _load_pos_data_read(self, records, config):
        """Override of `point_of_sale`, whose products reckon with a cost that they do not get."""
        rows = super()._load_pos_data_read(records, config)
        for row in rows:
            for name in HIDDEN.get(self._name, ()):
                if name in row or self._name in PRODUCTS:
                    row[name] = 0.0
        if self._name == "product.product":
            told = config._get_told_prices(self.browse(row["id"] for row in rows))
            for row in rows:
                row["_told_prices"] = told.get(row["id"], {})
        return rows
