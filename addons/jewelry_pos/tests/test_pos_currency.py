from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .currency_common import CurrencyCommon

# A ticket: how many days ago it was made and paid, cents of its lines, what becomes of it.
FATES = ("handed", "conflict", "refunded", "replaced")
TICKETS = st.tuples(
    st.integers(0, 2),
    st.integers(0, 2),
    st.lists(st.integers(1, 500_000), min_size=1, max_size=3),
    st.sampled_from(FATES),
    st.booleans(),
)


@tagged("post_install", "-at_install")
class TestPosCurrency(CurrencyCommon):
    """A register in another currency, while rates change: balanced to the cent in both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_rate(3, -1)
        cls._set_rate(7, 0)
        cls.abroad = cls._create_foreign_register()
        cls.gain = cls.company.income_currency_exchange_account_id
        cls.loss = cls.company.expense_currency_exchange_account_id
        cls._open_session(cls.abroad)

    # === WHAT A REGISTER DOES === #

    def _tell_day(self, days):
        return fields.Datetime.to_string(fields.Datetime.now() - timedelta(days=days))

    def _sell_on(self, days, *lines, paid=None, **values):
        """Return the order that was made so many days ago, and paid that day or later."""
        rows = [line if isinstance(line, dict) else self._prepare_line(line) for line in lines]
        total = sum(row["price_subtotal_incl"] for row in rows)
        payment = self._pay((self.abroad.payment_method_ids, total))
        payment[0][2]["payment_date"] = self._tell_day(days if paid is None else paid)
        common = {"date_order": self._tell_day(days), "payment_ids": payment}
        return self._sell_abroad(self.abroad, *rows, **(common | values))

    def _price(self, piece, amount, quantity=1, **values):
        return self._prepare_line(piece, quantity, price_unit=amount, **values)

    def _pay_back(self, order, amount=None, **values):
        """Return the order of today that pays the one line of an order back."""
        line = order.lines
        amount = line.price_unit if amount is None else amount
        back = self._price(line.piece_id, amount, -1, refunded_orderline_id=line.id)
        return self._sell_on(0, back, is_refund=True, **values)

    # === READERS === #

    def _get_deposits(self):
        """Return what deposits hold, in the currency of the register and in the company's."""
        items = self.env["account.move.line"].search(
            [("account_id", "=", self.deposits.id), ("parent_state", "=", "posted")]
        )
        own = items.filtered(lambda item: item.currency_id == self.foreign)
        return (
            self.foreign.round(sum(own.mapped("amount_currency"))),
            self.company.currency_id.round(sum(items.mapped("balance"))),
        )

    def _get_exchange(self):
        """Return what the accounts of exchange differences hold."""
        return round(self._ledger(self.gain) + self._ledger(self.loss), 2)

    def _assert_even(self, session):
        """Assert that a closed session is balanced in both currencies, and what came is matched."""
        items = session.move_id.line_ids
        self.assertAlmostEqual(sum(items.mapped("balance")), 0, 5)
        own = items.filtered(lambda item: item.currency_id == self.foreign)
        self.assertAlmostEqual(sum(own.mapped("amount_currency")), 0, 5)
        # What a bank paid back is matched with its statement, in core as it is.
        owed = own.filtered(lambda item: item.account_id.account_type == "asset_receivable")
        self.assertTrue(all(owed.filtered(lambda item: item.balance > 0).mapped("reconciled")))

    # === RATES OF TWO DAYS === #

    def test_each_order_is_booked_at_the_rate_of_its_day(self):
        self._sell_on(2, self._price(self.high, 4000))
        self._sell_on(1, self._price(self.low, 900))
        session = self._close(self.abroad)
        self._assert_even(session)
        self.assertEqual(self._get_books(), (0, -2300, 1000))
        self.assertFalse(session.move_id.line_ids.account_id & (self.gain | self.loss))

    def test_a_payment_of_another_day_leaves_an_exchange_difference(self):
        self._sell_on(2, self._price(self.high, 4200), paid=1)
        self._assert_even(self._close(self.abroad))
        self.assertEqual(self._ledger(self.income), -2100)
        # 4,200 are 2,100 on the day of the order, and on the day of its payment 1,400; the bank
        # has them today, at 600.
        self.assertEqual(self._get_exchange(), 1500)

    def test_cents_of_many_lines_do_not_keep_a_session_open(self):
        pieces = [self._stock_piece(cost=1, list_price=5) for _each in range(5)]
        self._sell_on(1, *(self._price(piece, 10.01) for piece in pieces))
        self._assert_even(self._close(self.abroad))
        self.assertEqual(self._ledger(self.income), -16.7)

    def test_amounts_that_do_not_balance_are_refused_as_core_does(self):
        order = self._sell_on(1, self._price(self.high, 4200))
        order.payment_ids.amount = 4100
        session = self._open_session(self.abroad)
        data = {"MoveLine": self.env["account.move.line"].with_context(check_move_validity=False)}
        session.move_id = self.env["account.move"].create({"journal_id": self.abroad.journal_id.id})
        session.move_id.with_context(check_move_validity=False).line_ids = [
            (0, 0, session._get_sale_vals(key, {"amount": amount, "amount_converted": amount / 2}))
            for key, amount in (({**self._prepare_key(), "sign": 1}, -4200),)
        ]
        session._balance_conversion(data)
        self.assertEqual(len(session.move_id.line_ids), 1)

    def _prepare_key(self):
        return {
            "account_id": self.income.id,
            "tax_ids": (),
            "base_tag_ids": (),
            "product_id": False,
        }

    # === CONFLICTS === #

    def test_each_conflict_is_owed_by_an_item_of_its_own(self):
        self._sell(self.high)
        first = self._sell_on(2, self._price(self.high, 4000), partner_id=self.client.id)
        second = self._sell_on(1, self._price(self.high, 4000))
        self._close(self.abroad)
        for order, balance in ((first, -2000), (second, -1333.33)):
            item = order.conflict_ids.item_ids
            self.assertEqual((item.amount_currency, item.balance), (-4000, balance))
            self.assertEqual(item.account_id, self.deposits)
            self.assertIn(order.name, item.name)
        self.assertEqual(first.conflict_ids.item_ids.partner_id, self.client)
        self.assertEqual(first.conflict_ids._get_owed(), (4000, 2000))

    def test_what_is_paid_back_at_another_rate_is_owed_no_more_in_any_currency(self):
        self._sell(self.high)
        order = self._sell_on(2, self._price(self.high, 4200))
        self._close(self.abroad)
        self.assertEqual(self._get_deposits(), (-4200, -2100))
        before = self._get_exchange()
        self._pay_back(order)
        self.assertEqual(order.conflict_ids.state, "refunded")
        self._assert_even(self._close(self.abroad))
        self.assertEqual(self._get_deposits(), (0, 0))
        self.assertTrue(all(order.conflict_ids.item_ids.mapped("reconciled")))
        # It was worth 2,100 when it came, and 600 when it went.
        self.assertEqual(self._get_exchange() - before, -1500)
        self.assertEqual(self._ledger(self.income), 0)

    def test_what_is_handed_over_is_income_at_the_rate_at_which_it_was_paid(self):
        self._sell(self.high)
        order = self._sell_on(2, self._price(self.high, 4200))
        self._close(self.abroad)
        before = self._get_exchange()
        order.conflict_ids.with_user(self.manager).action_hand_over(self.low, "Swapped")
        self.assertEqual(self._get_deposits(), (0, 0))
        self.assertEqual(self._get_exchange(), before)
        self.assertEqual(self._ledger(self.income), -2100)
        self.assertTrue(all(order.conflict_ids.item_ids.mapped("reconciled")))

    def test_what_is_handed_over_before_closing_is_matched_by_the_closing(self):
        self._sell(self.high)
        order = self._sell_on(1, self._price(self.high, 1000.01))
        order.conflict_ids.with_user(self.manager).action_hand_over(self.low, "Swapped")
        self.assertEqual(self._get_deposits(), (1000.01, 333.34))
        self._close(self.abroad)
        self.assertEqual(self._get_deposits(), (0, 0))
        self.assertTrue(all(order.conflict_ids.item_ids.mapped("reconciled")))

    def test_an_invoiced_conflict_is_paid_back_at_another_rate(self):
        self._sell(self.high)
        values = {"partner_id": self.client.id, "to_invoice": True}
        order = self._sell_on(2, self._price(self.high, 4200), **values)
        self._close(self.abroad)
        self.assertEqual(self._get_deposits(), (-4200, -2100))
        self._pay_back(order, **values)
        self._close(self.abroad)
        self.assertEqual(self._get_deposits(), (0, 0))

    def test_an_invoice_after_all_takes_the_deposit_over(self):
        self._sell(self.high)
        order = self._sell_on(2, self._price(self.high, 4200), partner_id=self.client.id)
        self._close(self.abroad)
        order.action_pos_order_invoice()
        self.assertEqual(self._get_deposits(), (-4200, -600))
        order.conflict_ids.with_user(self.manager).action_hand_over(self.low, "Swapped")
        self.assertEqual(self._get_deposits(), (0, 0))

    def test_a_part_that_is_paid_back_leaves_the_rest_owed_and_the_rest_is_income(self):
        self._sell(self.high)
        order = self._sell_on(2, self._price(self.high, 4200))
        self._close(self.abroad)
        self._pay_back(order, 1200)
        self.assertEqual(order.conflict_ids.state, "open")
        self._close(self.abroad)
        # What is left of 4,200 that were worth 2,100.
        self.assertEqual(self._get_deposits(), (-3000, -1500))
        self.assertEqual(order.conflict_ids._get_owed(), (3000, 1500))
        order.conflict_ids.with_user(self.manager).action_hand_over(self.low, "A cheaper one")
        self.assertEqual(self._get_deposits(), (0, 0))
        self.assertEqual(order.conflict_ids.state, "settled")
        self.assertEqual(self._ledger(self.income), -1500)

    def test_what_the_browser_says_a_line_comes_to_is_not_what_is_owed(self):
        self._sell(self.high)
        line = self._price(self.high, 4200) | {"price_subtotal": 1}
        order = self._sell_on(2, line)
        self.assertEqual(order.conflict_ids._get_owed(), (4200, 2100))
        self._close(self.abroad)
        order.conflict_ids.with_user(self.manager).action_hand_over(self.low, "Swapped")
        self.assertEqual(self._get_deposits(), (0, 0))

    def test_deposits_are_kept_where_they_can_be_matched(self):
        with self.assertRaisesRegex(ValidationError, "Allow reconciliation"):
            self.company.sale_conflict_account_id = self.income

    # === WHATEVER HAPPENS === #

    # Without shrinking, which takes minutes of real orders; a busy machine is no fault of theirs.
    @settings(max_examples=8, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(TICKETS, min_size=2, max_size=5))
    def test_whatever_is_sold_and_paid_back_at_whatever_rate_nothing_is_left_over(self, tickets):
        with self.env.cr.savepoint() as savepoint:
            orders = [(self._sell_ticket(*ticket), ticket) for ticket in tickets]
            self._settle(orders, is_before=True)
            self._assert_day(orders)
            self._set_rate(11, 0)
            self._settle(orders, is_before=False)
            self._assert_day(orders)
            savepoint.rollback()
        self.env.invalidate_all()

    def _sell_ticket(self, days, paid, cents, fate, _is_before):
        """Return the order of a ticket; what is not just handed over is sold to another before."""
        pieces = [self._stock_piece(cost=1, list_price=5) for _cents in cents]
        if fate != "handed":
            self._sell(*pieces)
        rows = [
            self._price(piece, amount / 100) for piece, amount in zip(pieces, cents, strict=True)
        ]
        return self._sell_on(days, *rows, paid=min(days, paid))

    def _settle(self, orders, is_before):
        """Let managers and cashiers settle, before the closing or after it."""
        for order, (*_ticket, fate, settled_before) in orders:
            if settled_before != is_before:
                continue
            if fate == "refunded":
                rows = [
                    self._price(line.piece_id, line.price_unit, -1, refunded_orderline_id=line.id)
                    for line in order.lines
                ]
                self._sell_on(0, *rows, is_refund=True)
            if fate == "replaced":
                for conflict in order.conflict_ids.with_user(self.manager):
                    other = self._stock_piece(cost=1, list_price=5)
                    conflict.action_hand_over(other, "Swapped")

    def _assert_day(self, orders):
        """Close the session, and assert that it and the deposits are right to the cent."""
        session = self._open_session(self.abroad)
        paid = sum(session.order_ids.payment_ids.mapped("amount"))
        self.assertAlmostEqual(paid, sum(session.order_ids.mapped("amount_total")), 5)
        self._assert_even(self._close(self.abroad))
        owed = balance = 0
        for order, (days, *_ticket) in orders:
            for conflict in order.conflict_ids:
                self.assertEqual(conflict.is_pending, conflict.state == "open")
                if conflict.is_pending:
                    owed += conflict.line_id.price_unit
                    rate = {0: 7, 1: 3, 2: 2}[days]
                    balance += round(conflict.line_id.price_unit / rate + 1e-9, 2)
                else:
                    self.assertTrue(all(conflict.item_ids.mapped("reconciled")))
        self.assertAlmostEqual(self._get_deposits()[0], -owed, 2)
        self.assertAlmostEqual(self._get_deposits()[1], -balance, 2)
