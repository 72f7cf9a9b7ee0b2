from odoo import models


class AccountMove(models.Model):
    """Entries that take, use and give back the money of deposits."""

    _inherit = "account.move"

    # === ACTION METHODS === #

    def button_draft(self):
        """Override of `account`: money that was used since is not taken out of a deposit."""
        res = super().button_draft()
        self.line_ids.deposit_id._check_covered()
        return res

    # === BUSINESS METHODS === #

    def _post(self, soft=True):
        """Override of `account` to bring the deposits up to date that the entries touch."""
        self.line_ids.deposit_id._lock_deposits()
        posted = super()._post(soft=soft)
        posted.line_ids.deposit_id._follow_ledger()
        return posted
