from odoo import models


class AccountMove(models.Model):
    """Entries that take, use and give back the money of deposits."""

    _inherit = "account.move"

    # === ACTION METHODS === #

    def button_draft(self):
        """Override of `account`: money that was used since is not taken out of a deposit, and what
        an invoice had used is held again.
        """
        res = super().button_draft()
        # In sudo: who keeps the books need not have rights on deposits.
        deposits = self.sudo().line_ids.deposit_id
        deposits._check_covered()
        deposits._follow_amounts()
        return res

    # === BUSINESS METHODS === #

    def _post(self, soft=True):
        """Override of `account` to bring the deposits up to date that the entries touch."""
        # In sudo: who keeps the books need not have rights on deposits.
        self.sudo().line_ids.deposit_id._lock_deposits()
        posted = super()._post(soft=soft)
        # An exchange difference comes while its items are being reconciled.
        items = posted.sudo().line_ids.filtered(lambda line: line.deposit_act != "exchanged")
        items.deposit_id._follow_ledger()
        return posted
