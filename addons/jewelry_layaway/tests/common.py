"""What the tests of layaways share: terms, and the steps from quotation to the end."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError

from odoo.addons.jewelry_deposit.tests.common import DepositCommon

# A month's instalments end on days that every month has.
TODAY = "2026-11-10"


class LayawayCommon(DepositCommon):
    """A store with a term of five instalments, on a day in November."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(TODAY, tick=True)
        cls.clock = clock.start()
        cls.addClassCleanup(clock.stop)
        # Who manages the store, and sells.
        cls.manager = cls._create_user("manager", "sales_team.group_sale_manager")
        cls.term = cls._create_term()
        cls.client.write({"email": "client@example.com", "phone": "+32 470 12 34 56"})
        cls.pen = cls._image("black")
        cls.laid = cls.env["jewelry.deposit.kind"]._get_kind("layaway", cls.company)
        cls.laid.tax_on_receipt = False

    # === FACTORIES === #

    @classmethod
    def _create_term(cls, **values):
        """Return a term: a fifth at once, five months, 7 days to cancel, 50 kept at the end."""
        defaults = {
            "name": "Five months",
            "company_id": cls.company.id,
            "first_percent": 20,
            "instalment_count": 5,
            "kept_amount": 50,
            "outcome": "credit",
        }
        return cls.env["jewelry.layaway.term"].create(defaults | values)

    @classmethod
    def _draft(cls, *pieces, term=None, order=None, **values):
        """Return the draft of a layaway for pieces, or for an order."""
        order = order or cls._quote(*(pieces or [cls.high]))
        term = term or cls.term
        wizard = cls.env["jewelry.layaway.create"].create(
            {"order_id": order.id, "kind": term.kind, "term_id": term.id} | values
        )
        return cls.env["jewelry.layaway"].browse(wizard.action_create_layaway()["res_id"])

    @classmethod
    def _draft_special(cls, style=None, **term):
        """Return the draft of a special order of a style, at the style's price."""
        style = style or cls._create_style(name="Ordered", list_price=1500, taxes_id=False)
        terms = cls._create_term(kind="special_order", **term)
        return cls._draft(order=cls._quote_quantity(1, style), term=terms)

    # === STEPS === #

    @classmethod
    def _signed(cls, *pieces, **values):
        layaway = cls._draft(*pieces, **values)
        layaway._sign("Client", signature=cls.pen)
        return layaway

    @classmethod
    def _opened(cls, *pieces, **values):
        """Return a layaway that is signed, and of which the first payment is made."""
        layaway = cls._signed(*pieces, **values)
        cls._pay(layaway.deposit_id, layaway.amount_first)
        return layaway

    @classmethod
    def _paid(cls, *pieces, **values):
        layaway = cls._opened(*pieces, **values)
        cls._pay(layaway.deposit_id, layaway.amount_due)
        return layaway

    @classmethod
    def _cancel(cls, layaway, lines=None, **values):
        """Cancel a layaway, or lines of it, as a manager does."""
        vals = {"layaway_id": layaway.id, "reason": "Changed her mind", "journal_id": cls.bank.id}
        wizard = cls.env["jewelry.layaway.cancel"].create(vals | values)
        if lines:
            wizard.line_ids = [Command.set(lines.ids)]
        wizard.action_cancel_layaway()

    @classmethod
    def _swap(cls, layaway, line, piece):
        wizard = cls.env["jewelry.layaway.piece"].create(
            {"layaway_id": layaway.id, "line_id": line.id, "piece_id": piece.id}
        )
        wizard.action_put_away()

    @classmethod
    @contextmanager
    def _days(cls, days):
        """Let days go by, for the block."""
        # The same clock: to make another looks through all modules that are loaded.
        today = cls.clock.time_to_freeze
        cls.clock.time_to_freeze = today + timedelta(days=days)
        try:
            yield
        finally:
            cls.clock.time_to_freeze = today

    @classmethod
    def _night(cls, days=0):
        """Let days go by, then let the night's work run; it commits what it has done."""
        with cls._days(days), patch.object(cls.env.cr, "commit", cls.env.flush_all):
            cls.env["jewelry.layaway"]._cron_follow_schedules()

    @contextmanager
    def _failing(self, layaway):
        """Let the end of one layaway be refused: its account takes no entries any more."""
        account = self.laid.account_id
        act = type(layaway)._default

        def refuse(record):
            if record == layaway:
                raise UserError(account.env._("%(account)s is closed", account=account.name))
            return act(record)

        with patch.object(type(layaway), "_default", refuse):
            yield

    # === READERS === #

    def _laid(self):
        """Return what the general ledger owes for layaways."""
        return self._owed(self.laid.account_id)

    def _line(self, layaway, piece):
        return layaway.order_id.order_line.filtered(lambda line: line.piece_id == piece)

    def _mails(self, layaway):
        return self.env["mail.mail"].search(
            [("model", "=", "jewelry.layaway"), ("res_id", "=", layaway.id)]
        )

    def _messages(self, layaway):
        return self.env["sms.sms"].search([("partner_id", "=", layaway.partner_id.id)])
