from odoo import models


class AccountMove(models.Model):
    """Entries that bring the money of layaways, or take it back."""

    _inherit = "account.move"

    # === ACTION METHODS === #

    def button_draft(self):
        """Override of `account`: what is no longer paid is due again."""
        res = super().button_draft()
        # In sudo: whoever keeps the books may know nothing of layaways.
        self.line_ids.deposit_id.sudo().layaway_ids._follow_money()
        return res

    # === BUSINESS METHODS === #

    def _post(self, soft=True):
        """Override of `account` to tell of money that came after a layaway had ended."""
        posted = super()._post(soft=soft)
        items = posted.line_ids.filtered(lambda line: line.deposit_act == "received")
        items.deposit_id.sudo().layaway_ids._receive_late()
        return posted
