from odoo import fields, models


class StockValuationAdjustmentLines(models.Model):
    """Share of a landed cost that a piece bears."""

    _inherit = "stock.valuation.adjustment.lines"

    piece_id = fields.Many2one(comodel_name="stock.lot", readonly=True, index="btree_not_null")
    weight = fields.Float(digits=(16, 6), help="Kilograms, to the milligram.")

    def _create_accounting_entries(self, remaining_qty):
        """Override of `stock_landed_costs`: pieces take their whole share into the stock; for
        those sold already, their changed cost moves it on to the expense.
        """
        if self.piece_id:
            remaining_qty = self.quantity
        return super()._create_accounting_entries(remaining_qty)
