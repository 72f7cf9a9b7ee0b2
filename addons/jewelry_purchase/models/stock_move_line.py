from odoo import models


class StockMoveLine(models.Model):
    """Receipts of pieces."""

    _inherit = "stock.move.line"

    def _get_purchase_cost(self):
        """Return what the line's piece cost by its receipt and the bills since."""
        self.ensure_one()
        return abs(self.piece_value) + self._get_cost_change("bill")
