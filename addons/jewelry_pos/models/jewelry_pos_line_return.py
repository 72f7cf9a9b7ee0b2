from odoo import models

# States of an order that has been paid.
PAID_STATES = ("paid", "done")


class JewelryPosLineReturn(models.AbstractModel):
    """What comes back to a register: the same piece, once, to whoever may take it back."""

    _name = "jewelry.pos.line.return"
    _description = "Goods That Come Back to a Register"

    # === STOCK METHODS === #

    def _is_never_delivered(self):
        """Tell whether the line pays back what was never handed over: a conflict kept it, or it
        had yet to be shipped.
        """
        origin = self.refunded_orderline_id
        if origin.conflict_ids.filtered("is_pending"):
            return True
        return origin._is_yet_to_ship() and not origin._get_returns() - self

    # === CONFLICTS === #

    def _get_return_obstacle(self):
        """Return (kind of conflict, text) for a piece that comes back, or None."""
        if not self._is_serial():
            return None
        problem = self._get_return_problem()
        return ("unknown", problem) if problem else None

    def _get_return_problem(self):
        """Tell why a piece is not taken back as it is brought, or an empty text."""
        piece = self.piece_id.sudo()
        if piece.piece_status != "sold":
            return self.env._(
                "Taken back, but not with a customer: %(status)s", status=piece._get_status_label()
            )
        if self.refunded_orderline_id:
            return self._get_receipt_problem()
        if not self.order_id._may_take_back_without_receipt():
            return self.env._("Taken back without a receipt, which only managers may")
        return ""

    def _get_receipt_problem(self):
        """Tell why the receipt does not prove that this piece comes back, or an empty text."""
        origin = self.refunded_orderline_id
        if self.piece_id not in origin._get_handed_pieces():
            return self.env._(
                "Taken back, but %(order)s sold another piece", order=origin.order_id.name
            )
        if returned := origin._get_returns() - self:
            return self.env._("%(order)s took it back already", order=returned[:1].order_id.name)
        return ""

    def _get_handed_pieces(self):
        """Return what the customer got for these lines."""
        lines = self.sudo()
        return lines.conflict_ids.handed_piece_id | (
            lines.filtered(lambda line: not line.conflict_ids).piece_id
        )

    def _get_returns(self):
        """Return the paid lines that took back what these lines sold."""
        # In sudo: it came back, whoever may see that order.
        return self.sudo().refund_orderline_ids.filtered(
            lambda line: line.order_id.state in PAID_STATES and not line.conflict_ids
        )
