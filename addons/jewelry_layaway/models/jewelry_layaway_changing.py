from odoo import models
from odoo.exceptions import UserError

from ..const import HELD_STATES


class JewelryLayawayChanging(models.AbstractModel):
    """How a running layaway changes: a part is cancelled, a piece is exchanged or assigned.

    What was signed stays as it was signed; the instalments follow what is agreed since.
    """

    _name = "jewelry.layaway.changing"
    _description = "Changes of a Layaway"

    # === BUSINESS METHODS === #

    def _cancel_part(self, lines, outcome, kept, *, journal=None, reason=None):
        """Take some lines off the order; what was paid beyond the rest is given back.

        :param str outcome: `credit` or `refund`
        :param float kept: what the store keeps of it
        """
        self.ensure_one()
        self._lock()
        self._check_state(*HELD_STATES)
        if lines - self._get_open_lines():
            raise UserError(
                self.env._("Only what was not handed over yet can be cancelled. Return the rest.")
            )
        self._drop_lines(lines)
        surplus = self.deposit_id.sudo()._get_surplus()
        kept = min(kept, surplus)
        # Before the schedule, which fits what is still to pay.
        self._give(outcome, self.currency_id.round(surplus - kept), journal, reason)
        self._keep(kept, reason)
        self._reschedule()
        self._log_end(self.currency_id.round(surplus - kept), kept, reason)
        self._after_change()

    def _exchange(self, line, piece, reason=None):
        """Let another piece take the place of one, at its own price.

        :raises UserError: when the new one cannot be sold
        """
        self.ensure_one()
        self._lock()
        self._check_state(*HELD_STATES)
        self._drop_lines(line)
        order = self.order_id.sudo()
        vals = order._prepare_piece_line(piece) | {"order_id": order.id}
        new = order.order_line.create(vals)
        self.sudo()._put_away(new)
        # What is paid beyond the new price is the customer's.
        self._give("credit", self.deposit_id.sudo()._get_surplus(), reason=reason)
        self._reschedule()
        self._log_exchange(line, new, reason)
        self._after_change()

    def _assign(self, line, piece):
        """Put away a piece that has come for a line of a special order, at the agreed price.

        :raises UserError: when it is of another style, or cannot be sold
        """
        self.ensure_one()
        self._lock()
        self._check_state(*HELD_STATES)
        if piece.product_id != line.product_id:
            raise UserError(
                self.env._(
                    "%(piece)s is one %(style)s; what was ordered is one %(ordered)s.",
                    piece=piece.name,
                    style=piece.product_id.display_name,
                    ordered=line.product_id.display_name,
                )
            )
        # In sudo: the customer is bound to the line, which nobody else changes.
        line.sudo().piece_id = piece
        self.sudo()._put_away(line.sudo())
        self.message_post(
            body=self.env._("%(piece)s is put away for this order.", piece=piece.name)
        )

    def _reschedule(self):
        """Fit the instalments to the total: the last ones first."""
        self.deposit_id.sudo()._fit_instalments()

    def _after_change(self):
        self.deposit_id.sudo()._follow_amounts()
        self._follow_delivery()

    def _log_exchange(self, line, new, reason):
        self.message_post(
            body=self.env._(
                "%(old)s (%(old_price)s) was exchanged for %(new)s (%(new_price)s). %(reason)s",
                old=line.piece_id.name or line.product_id.display_name,
                old_price=self.currency_id.format(line.price_unit),
                new=new.piece_id.name,
                new_price=self.currency_id.format(new.price_unit),
                reason=reason or "",
            )
        )
