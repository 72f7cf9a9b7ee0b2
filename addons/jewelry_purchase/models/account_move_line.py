from odoo import models


class AccountMoveLine(models.Model):
    """Bill lines of pieces: for how many they are, at what price."""

    _inherit = "account.move.line"

    def _get_net_price(self):
        """Return the untaxed price of one, discount taken off, in the bill's currency."""
        self.ensure_one()
        return self.currency_id.round(self.price_subtotal / (self.quantity or 1))

    def _get_total_quantity(self):
        """Return how many pieces these lines are for together."""
        return sum(
            line.product_uom_id._compute_quantity(line.quantity, line.product_id.uom_id)
            for line in self
        )
