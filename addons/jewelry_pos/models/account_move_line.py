from odoo import models


class AccountMoveLine(models.Model):
    """Invoice lines of what a register could not hand over: they cost nothing until it is."""

    _inherit = "account.move.line"

    def _get_cogs_value(self):
        """Override of `jewelry_inventory`, which lets a line without a piece cost what its style
        does, and of `point_of_sale`, which takes the mean of what the order moved.
        """
        deposits = self.company_id.sale_conflict_account_id
        if deposits and self.account_id == deposits and not self.piece_ids:
            return 0.0
        if self.piece_ids and self.move_id.sudo().pos_order_ids:
            return self._get_pieces_cogs_value()
        return super()._get_cogs_value()
