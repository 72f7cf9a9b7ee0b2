from odoo import models


class StockMove(models.Model):
    """What was ordered for a move."""

    _inherit = "stock.move"

    def _get_ordered_unit_cost(self):
        """Return the order's price for one piece, company currency, 0 without an order."""
        self.ensure_one()
        line = self.purchase_line_id.with_company(self.company_id)
        return self.company_id.currency_id.round(line._get_stock_move_price_unit()) if line else 0.0

    def _get_ordered_cost(self):
        """Return the order's price for all pieces of the move, company currency."""
        return self._get_ordered_unit_cost() * self.product_uom_qty
