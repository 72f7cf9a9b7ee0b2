from odoo import models


class StockRule(models.Model):
    """Rules that move pieces keep track of which piece."""

    _inherit = "stock.rule"

    def _get_custom_move_fields(self):
        """Override of `stock` to let the moves of a procurement be for its very piece."""
        return [*super()._get_custom_move_fields(), "piece_id"]
