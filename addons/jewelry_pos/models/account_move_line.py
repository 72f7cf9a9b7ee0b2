from odoo import models


class AccountMoveLine(models.Model):
    """Invoice lines of what a register could not hand over: they cost nothing until it is."""

    _inherit = "account.move.line"

    def _get_cogs_value(self):
        """Override of `jewelry_inventory`, which lets a line without a piece cost what its style
        does.
        """
        deposits = self.company_id.sale_conflict_account_id
        if deposits and self.account_id == deposits and not self.piece_ids:
            return 0.0
        return super()._get_cogs_value()
