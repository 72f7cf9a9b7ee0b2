from odoo import models

from ..const import SETTLED_LINES


class StockLot(models.Model):
    """Pieces that are promised on an order: for everybody else, and not for its own settlement."""

    _inherit = "stock.lot"

    # === BUSINESS METHODS === #

    def _get_register_reasons(self, order_uuid, known=None):
        """Override of `jewelry_pos`: an order's own piece is kept for it, not from it."""
        claims = self.env["jewelry.pos.claim"]._get_settling_claims(order_uuid)
        settled = [*self.env.context.get(SETTLED_LINES, ()), *claims.sale_line_id.ids]
        lots = self.with_context(**{SETTLED_LINES: settled})
        # What is known is not enough where something is settled.
        known = None if settled else known
        return super(StockLot, lots)._get_register_reasons(order_uuid, known)

    def _get_unavailability(self):
        """Override of `jewelry_sale`: the context may name order lines that are settled, whose
        promises do not stand against it.
        """
        reasons = super()._get_unavailability()
        settled = self.env.context.get(SETTLED_LINES)
        for move in self._get_promises() if settled else ():
            piece = move.piece_id
            if move.sale_line_id.id in settled and piece.piece_status == "reserved":
                reasons.pop(piece.with_env(self.env), None)
        return reasons
