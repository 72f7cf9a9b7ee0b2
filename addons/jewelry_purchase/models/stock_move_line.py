from odoo import models


class StockMoveLine(models.Model):
    """Receipts of pieces."""

    _inherit = "stock.move.line"

    def _get_purchase_cost(self):
        """Return what the line's piece cost by its receipt and the bills since."""
        self.ensure_one()
        bills = self.lot_id.value_ids.filtered(
            lambda value: (
                value.reason == "bill"
                and value.company_id == self.company_id
                and value.date >= self.date
            )
        )
        return abs(self.piece_value) + sum(bill.value - bill.previous_value for bill in bills)
