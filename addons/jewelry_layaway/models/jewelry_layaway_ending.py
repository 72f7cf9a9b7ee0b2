from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import LockError, RedirectWarning, UserError
from odoo.tools import format_date

from ..const import HELD_STATES, OUTCOME_STATES


class JewelryLayawayEnding(models.AbstractModel):
    """How a layaway ends that is not paid or not wanted: what becomes of money and pieces."""

    _name = "jewelry.layaway.ending"
    _description = "End of a Layaway"

    # === ACTION METHODS === #

    def action_give_notice(self):
        """Tell the customer that the layaway will end unless it is paid.

        :raises UserError: when nothing is late
        """
        self.check_access("write")
        for layaway in self:
            layaway._check_state("open")
            if not layaway._is_late():
                raise UserError(
                    self.env._(
                        "Nothing of %(layaway)s is late, days of grace included.",
                        layaway=layaway.name,
                    )
                )
        self._lock()
        self._give_notice()

    def action_end(self):
        """End layaways whose notice has run out, as their terms say.

        :raises UserError: when the notice still runs
        """
        self.check_access("write")
        for layaway in self:
            layaway._check_state("notice")
            if layaway._get_notice_end() >= fields.Date.context_today(layaway):
                raise UserError(
                    self.env._(
                        "The notice of %(layaway)s runs until %(day)s.",
                        layaway=layaway.name,
                        day=format_date(self.env, layaway._get_notice_end()),
                    )
                )
            layaway._default()

    # === BUSINESS METHODS === #

    def _is_late(self):
        """Tell whether an instalment is open after its days of grace."""
        grace = timedelta(days=self.grace_days)
        return bool(self.date_due) and self.date_due + grace < fields.Date.context_today(self)

    def _get_notice_end(self):
        """Return the last day to pay after the notice."""
        return self.date_notice + timedelta(days=self.notice_days)

    def _is_cancel_free(self):
        """Tell whether the customer may still cancel for nothing."""
        if not self.signed_on:
            return True
        signed = fields.Datetime.context_timestamp(self, self.signed_on).date()
        last = signed + timedelta(days=self.cancel_days)
        return fields.Date.context_today(self) <= last

    def _default(self):
        """End what was not paid, as the terms say."""
        self.ensure_one()
        self._end(OUTCOME_STATES[self.outcome], self.outcome, self.amount_kept)

    def _cancel(self, outcome, kept, *, journal=None, reason=None):
        """Cancel the layaway for the customer; what he has got already stays sold.

        :param str outcome: `credit` or `refund`
        :param float kept: what the store keeps
        :param journal: that money is paid back by; none: it is owed
        """
        self.ensure_one()
        self._lock()
        self._check_state("signed", *HELD_STATES)
        if self._is_cancel_free():
            # The law lets the customer go for nothing: what was spent is the store's loss.
            self.deposit_id.sudo().consumption_ids.unlink()
            self._give_fee_back()
        self._end("cancelled", outcome, kept, journal=journal, reason=reason)

    def _end(self, state, outcome, kept, *, journal=None, reason=None):
        """End a layaway: pieces go back for sale, money goes where `outcome` says.

        :param str state: the state after it
        :param str outcome: `forfeit` keeps all; else `kept`, and what was spent, stays
        """
        # First, so that no consequence of what follows takes it for running.
        self._set_state(state)
        if self.is_fee_refundable:
            self._give_fee_back()
        self._let_go()
        deposit = self.deposit_id.sudo()
        spent = kept + deposit.amount_consumed if outcome != "forfeit" else deposit.amount_held
        spent = min(spent, deposit.amount_held)
        given = self.currency_id.round(deposit.amount_held - spent)
        self._give(outcome, given, journal, reason)
        self._keep(deposit.amount_held, reason)
        deposit._follow_amounts()
        self._log_end(given, spent, reason)

    def _let_go(self):
        """Put the pieces back, and end the order; what was delivered stays sold and is invoiced."""
        order = self.order_id.sudo()
        if not self._get_delivered_lines():
            pieces = self.piece_ids
            order._action_cancel()
            self.sudo()._put_back(pieces.sudo())
            return
        self._drop_lines(self._get_open_lines())
        self.deposit_id.sudo()._invoice_delivered()

    def _drop_lines(self, lines):
        """Take order lines off: their deliveries are cancelled, their pieces are for sale again."""
        lines = lines.sudo()
        moves = lines.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        moves._action_cancel()
        self.sudo()._put_back(lines.piece_id)
        for line in lines:
            line.with_context(skip_procurement=True).product_uom_qty = line.qty_delivered

    def _give(self, outcome, amount, journal=None, reason=None):
        """Give money back: to the customer's credit, by a journal, or as a debt to be paid."""
        deposit = self.deposit_id.sudo()
        if self.currency_id.compare_amounts(amount, 0) <= 0:
            return
        if outcome == "credit":
            deposit._move_to(deposit._get_credit(), amount, memo=reason)
        elif journal:
            deposit._refund(amount, journal, memo=reason)
        else:
            credit_note = deposit._owe_back(amount)
            self._tell(
                self.env._("Pay back"),
                self.env._(
                    "%(amount)s is owed to the customer of %(layaway)s: pay %(document)s.",
                    amount=self.currency_id.format(amount),
                    layaway=self.name,
                    document=credit_note.name,
                ),
            )

    def _keep(self, amount, reason=None):
        if self.currency_id.compare_amounts(amount, 0) > 0:
            self.deposit_id.sudo()._forfeit(amount, memo=reason)

    def _log_end(self, given, kept, reason):
        self.message_post(
            body=self.env._(
                "Given back: %(given)s. Kept: %(kept)s. %(reason)s",
                given=self.currency_id.format(given),
                kept=self.currency_id.format(kept),
                reason=reason or "",
            )
        )

    def _default_or_tell(self):
        """End one that was not paid; what cannot be done is told to a manager."""
        try:
            with self.env.cr.savepoint():
                self._lock()
                # Somebody may have paid since the list was made.
                if self.state == "notice" and self._is_late():
                    self._default()
                else:
                    self._follow_money()
        except LockError:
            # Somebody is taking money for it right now: tomorrow is another night.
            return
        except (UserError, RedirectWarning) as error:
            self._tell(self.env._("Not ended"), error.args[0])
