from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import LayawayCommon

CENTS = st.integers(1, 150_000).map(lambda cents: cents / 100)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["pay", "refund", "part", "cancel", "deliver", "default", "exchange"]),
        st.integers(0, 1),
        CENTS,
    ),
    min_size=1,
    max_size=7,
)


@tagged("post_install", "-at_install")
class TestMoney(LayawayCommon):
    """Whatever happens to layaways, the ledger owes what is held, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spare = cls._stock_piece(cost=50, list_price=777.77)

    # === STEPS === #

    def _do(self, layaway, act, amount):
        """Do one act; what is refused changes nothing. Return what came in, less what went out."""
        try:
            with self.env.cr.savepoint():
                return getattr(self, f"_do_{act}")(layaway, amount) or 0
        except UserError:
            return 0

    def _do_pay(self, layaway, amount):
        self._pay(layaway.deposit_id, amount)
        return amount

    def _do_refund(self, layaway, amount):
        layaway.deposit_id._refund(amount, self.bank)
        return -amount

    def _do_part(self, layaway, _amount):
        # After the days to cancel for nothing: a share of what was agreed is kept.
        with self._days(8):
            self._cancel(layaway, layaway._get_open_lines()[:1], outcome="credit")

    def _do_cancel(self, layaway, _amount):
        with self._days(8):
            self._cancel(layaway, outcome="credit")

    def _do_deliver(self, layaway, _amount):
        self._deliver(layaway.order_id)
        layaway.deposit_id._invoice_delivered()

    def _do_default(self, layaway, _amount):
        layaway._set_state("notice")
        layaway._default()

    def _do_exchange(self, layaway, _amount):
        self._swap(layaway, layaway._get_open_lines()[:1], self.spare)

    # === PROPERTY === #

    @settings(max_examples=8, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def test_the_account_owes_what_open_documents_hold_and_money_is_conserved(self, steps):
        with self._undone():
            layaways = [self._opened(self.low, self.high), self._opened(self._extra())]
            paid = sum(layaway.amount_first for layaway in layaways)
            for act, number, amount in steps:
                paid += self._do(layaways[number], act, amount)
                self._assert_balanced(layaways, paid)

    def _extra(self):
        return self._stock_piece(cost=70, list_price=999.99)

    def _assert_balanced(self, layaways, paid):
        """The ledger is compared with the documents, and with what the test itself counted."""
        self.env.flush_all()
        deposits = self.env["jewelry.deposit"].union(*[one.deposit_id for one in layaways])
        credits = self.env["jewelry.deposit"].search(
            [("partner_id", "=", self.client.id), ("order_id", "=", False)]
        )
        self.assertAlmostEqual(self._laid(), sum(deposits.mapped("amount_held")), 2)
        owed = self._owed(credits.kind_id.account_id) if credits else 0
        self.assertAlmostEqual(owed, sum(credits.mapped("amount_held")), 2)
        kept = self._owed(self.laid.forfeit_account_id)
        sold = sum(
            line.price_total
            for line in deposits.order_id.invoice_ids.invoice_line_ids
            if line.parent_state == "posted" and not line.deposit_id
        )
        unpaid = sum(
            invoice.amount_residual
            for invoice in deposits.order_id.invoice_ids
            if invoice.state == "posted"
        )
        self.assertAlmostEqual(paid, self._laid() + owed + kept + sold - unpaid, 2)
        for layaway in layaways:
            self._assert_sound(layaway)

    def _assert_sound(self, layaway):
        """No piece is put away for what has ended; no schedule differs from what is to be paid; and
        what counts as paid is there: nothing that was kept pays a second time.
        """
        items = layaway.deposit_id.line_ids.filtered(lambda line: line.parent_state == "posted")
        used = -sum(
            items.filtered(lambda line: line.deposit_act == "applied").mapped("deposit_amount")
        )
        if layaway.state == "paid":
            self.assertGreaterEqual(
                round(layaway.amount_held + used, 2), round(layaway.amount_total, 2)
            )
        if layaway.state == "delivered":
            self.assertEqual(sum(layaway.order_id.invoice_ids.mapped("amount_residual")), 0)
        if layaway._is_held():
            self.assertAlmostEqual(
                sum(layaway.instalment_ids.mapped("amount")), layaway.amount_total, 2
            )
            away = layaway._get_open_lines().piece_id
            self.assertEqual(set(away.mapped("piece_status")) - {"layaway"}, set())
            self.assertEqual(layaway.piece_ids, away)
        else:
            self.assertFalse(layaway.piece_ids)

    def _undone(self):
        return _Undone(self.env)


class _Undone:
    """Undo what an example did, so that the next one begins where it began."""

    def __init__(self, env):
        self.env = env

    def __enter__(self):
        self.env.flush_all()
        self.savepoint = self.env.cr.savepoint(flush=False)
        self.savepoint.__enter__()

    def __exit__(self, *_exception):
        self.savepoint.rollback()
        self.savepoint.close(rollback=False)
        self.env.invalidate_all()
        return False
