from odoo import models
from odoo.tools.misc import formatLang


class AccountMoveLine(models.Model):
    """Invoice lines that print the pieces they charge."""

    _inherit = "account.move.line"

    def _prepare_lot_values_list(self):
        """Return a row of the invoice's table of serial numbers for each piece of the line."""
        # Whoever prints an invoice may not read the stock.
        return [
            {
                "product_name": piece.product_id.display_name,
                "quantity": formatLang(self.env, 1.0, dp="Product Unit"),
                "uom_name": piece.product_uom_id.name,
                "lot_name": piece.name,
                "lot_id": piece.id,
            }
            for piece in self.piece_ids.sudo()
        ]
