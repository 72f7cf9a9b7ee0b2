from odoo import models


class AccountMove(models.Model):
    """Entries that bring the money of layaways."""

    _inherit = "account.move"

    # === BUSINESS METHODS === #

    def _post(self, soft=True):
        """Override of `account` to tell of money that came after a layaway had ended."""
        posted = super()._post(soft=soft)
        items = posted.line_ids.filtered(lambda line: line.deposit_act == "received")
        items.deposit_id.sudo().layaway_ids._receive_late()
        return posted
