from odoo import models


class StockValuationAdjustmentLines(models.Model):
    """Share of a landed cost that a receipt bears."""

    _inherit = "stock.valuation.adjustment.lines"

    def _create_accounting_entries(self, remaining_qty):
        """Override of `stock_landed_costs`: pieces take their whole share into the stock; for
        those sold already, their changed cost moves it on to the expense.
        """
        if self.move_id._is_specific():
            remaining_qty = self.quantity
        return super()._create_accounting_entries(remaining_qty)
