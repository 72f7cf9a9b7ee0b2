from odoo import models


class StockMove(models.Model):
    """What was ordered for a move."""

    _inherit = "stock.move"

    def _get_ordered_unit_cost(self):
        """Return the untaxed price of one piece, in the currency of the order; 0 without one."""
        self.ensure_one()
        line = self.purchase_line_id
        units = line.product_uom_id._compute_quantity(line.product_qty, self.product_id.uom_id)
        return line.currency_id.round(line.price_subtotal / units) if units else 0.0

    def _get_ordered_cost(self):
        """Return the untaxed price of all pieces of the move, in the currency of the order."""
        return self._get_ordered_unit_cost() * self.product_uom_qty
