from odoo import models


class AccountMove(models.Model):
    """Vendor bills of pieces."""

    _inherit = "account.move"

    def _post(self, soft=True):
        """Override of `purchase_stock`: what a bill adds reaches the pieces it is for."""
        posted = super()._post(soft)
        posted._settle_pieces()
        return posted

    def button_draft(self):
        """Override of `account`: a bill taken back no longer tells what pieces cost."""
        res = super().button_draft()
        self._settle_pieces()
        return res

    def _settle_pieces(self):
        bills = self.filtered(lambda move: move.is_purchase_document())
        for company, moves in bills.grouped("company_id").items():
            moves.with_company(company).invoice_line_ids.purchase_line_id._settle_piece_costs()
