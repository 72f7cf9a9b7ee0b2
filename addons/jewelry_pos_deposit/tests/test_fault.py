from copy import deepcopy

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common import PosDepositCommon


@tagged("post_install", "-at_install")
class TestFault(PosDepositCommon):
    """A paid order is always kept, and right to the cent: what cannot stand to its deposit is kept
    for whoever paid, and a manager is told.
    """

    # === TOO MUCH, TOO LATE, TWICE === #

    def _pay_twice(self):
        first, second = self._rows(self.deposit, 2000), self._rows(self.deposit, 2000)
        self._sell_rows(*first, partner_id=self.client.id)
        return self._sell_rows(*second, partner_id=self.client.id)

    def test_what_is_paid_too_much_is_held_until_the_session_ends_and_a_manager_is_told(self):
        order = self._pay_twice()
        self.assertEqual((order.state, self._amounts()), ("paid", (4000, 4000, 0, 4000)))
        self.assertEqual(self._tasks(), ["Paid too much"])

    def test_what_was_paid_too_much_is_the_customers_credit_once_the_session_is_closed(self):
        self._pay_twice()
        self._close()
        credit = self.deposit._get_credit()
        self.assertEqual(self._amounts(), (2000, 2000, 0, 0))
        self.assertEqual((self._owed(), credit.amount_held), (2000, 2000))
        self.assertEqual(self._owed(credit.kind_id.account_id), 2000)
        # As whatever a clerk takes too much, it pays for something else, or is paid back.
        credit._refund(2000, self.journal_bank)
        self.assertEqual((self._owed(credit.kind_id.account_id), credit.state), (0, "closed"))

    def test_what_was_paid_too_much_is_refunded_at_the_register_before(self):
        self._pay_twice()
        self._take(self.deposit, -2000, user=self.manager)
        self._close()
        self.assertEqual((self._amounts(), self._owed()), ((2000, 2000, 0, 0), 2000))
        self.assertFalse(self.deposit._get_credit().line_ids)

    def test_a_session_is_closed_where_the_surplus_cannot_be_kept_and_a_manager_is_told(self):
        self._pay_twice()
        self.env["jewelry.deposit.kind"]._get_kind("credit", self.company).account_id.active = False
        self.assertEqual(self._close().state, "closed")
        self.assertEqual((self.deposit.amount_held, self._owed()), (4000, 4000))
        self.assertIn("Paid too much, and not kept as credit", self._tasks())

    def test_two_lines_of_an_order_that_pay_too_much_together_are_told_once(self):
        rows = self._rows(self.deposit, 1500) + self._rows(self.deposit, 1500)
        self._sell_rows(*rows, partner_id=self.client.id)
        self.assertEqual(self._tasks(), ["Paid too much"])
        self.assertEqual(self.deposit.amount_held, 3000)

    def test_each_order_that_pays_too_much_is_told_of(self):
        rows = [self._rows(self.deposit, 2000) for _customer in range(3)]
        for each in rows:
            self._sell_rows(*each, partner_id=self.client.id)
        self.assertEqual(self._tasks(), ["Paid too much"] * 2)

    def test_money_after_the_delivery_opens_the_deposit_and_a_manager_is_told(self):
        rows = self._rows(self.deposit, 500)
        self._pay(self.deposit, 2000)
        self.deposit._deliver()
        self.assertEqual(self.deposit.state, "closed")
        self._sell_rows(*rows, partner_id=self.client.id)
        self.assertEqual((self.deposit.state, self.deposit.amount_held), ("open", 500))
        self.assertEqual(self._tasks(), ["Paid after the end"])
        self._close()
        # Nothing is to be paid any more: it is the customer's credit.
        self.assertEqual((self._owed(), self.deposit.state), (0, "closed"))
        self.assertEqual(self.deposit._get_credit().amount_held, 500)

    def test_an_order_that_is_synced_twice_is_paid_once(self):
        order = self._prepare_order(*self._rows(self.deposit, 500), partner_id=self.client.id)
        self._sync(deepcopy(order))
        self._sync(order)
        self.assertEqual(self.deposit.amount_paid, 500)
        self._close()
        self.assertEqual(self._owed(), 500)

    def test_an_order_that_comes_after_its_session_was_closed_is_paid(self):
        order = self._prepare_order(*self._rows(self.deposit, 500), partner_id=self.client.id)
        closed = self._close()
        self._open_session()
        late = self._sync(order)
        self.assertNotEqual(late.session_id, closed)
        self.assertEqual(self._amounts(), (500, 500, 1500, 500))
        self._close()
        self.assertEqual(self._owed(), 500)

    # === WHOSE === #

    def test_money_for_another_customers_deposit_is_kept_to_the_own_credit(self):
        stranger = self._create_partner(name="Stranger")
        self._take(self.deposit, 500, partner_id=stranger.id)
        self.assertEqual(self.deposit.amount_paid, 0)
        credit = self.env["jewelry.deposit"].search([("partner_id", "=", stranger.id)])
        self.assertEqual((credit.kind_id.code, credit.amount_held), ("credit", 500))
        self.assertEqual(self._tasks(credit), ["Money for another deposit"])
        self._close()
        self.assertEqual((self._owed(), self._owed(credit.kind_id.account_id)), (0, 500))

    def test_an_employee_pays_for_the_company_that_he_works_for(self):
        employee = self._create_partner(name="Employee", parent_id=self.client.id)
        self._take(self.deposit, 500, partner_id=employee.id)
        self.assertEqual(self.deposit.amount_paid, 500)

    def test_money_for_a_deposit_of_another_company_is_kept_to_the_own_credit(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids += company
        rows = self._rows(self.deposit, 500)
        self.deposit.sudo().name = "D-1"
        rows[0]["deposit_number"] = "D-2"
        self._sell_rows(*rows, partner_id=self.client.id)
        self.assertEqual(self.deposit.amount_paid, 0)
        self.assertEqual(self.deposit._get_credit().amount_held, 500)

    def test_money_of_nobody_for_no_deposit_is_parked(self):
        row = self._raw(self.deposit, 500, deposit_number="D-NONE")
        order = self._sell_rows(row)
        self.assertEqual((order.state, order.conflict_ids.kind), ("paid", "deposit"))
        self._close()
        self.assertEqual(self._owed(self.company._get_sale_conflict_account()), 500)
        self.assertEqual(self._owed(), 0)

    def test_money_in_another_currency_is_kept_to_the_credit_in_its_own(self):
        foreign = self._open_foreign(self._create_currency(), self.low)
        row = self._raw(foreign, 100)
        self._sell_rows(row, partner_id=self.client.id)
        credit = foreign._get_credit_of(self.client, self.company, self.company.currency_id)
        self.assertEqual((foreign.amount_held, credit.amount_held), (0, 100))

    def test_a_merged_customer_keeps_what_was_paid(self):
        self._take(self.deposit, 500)
        kept = self._create_partner(name="Kept")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.client | kept).ids, kept)
        self.assertEqual((self.deposit.partner_id, self.deposit.amount_paid), (kept, 500))
        session = self._close()
        self.assertEqual(session.move_id.line_ids.filtered("deposit_id").partner_id, kept)

    # === FOR NOTHING THAT IS SAID === #

    def _nameless(self, amount=500):
        return self._raw(self.deposit, amount, deposit_number=False)

    def test_money_that_names_no_deposit_is_kept_to_the_customers_credit(self):
        order = self._sell_rows(self._nameless(), partner_id=self.client.id)
        credit = self.deposit._get_credit()
        self.assertEqual((order.lines.deposit_id, credit.amount_held), (credit, 500))
        self.assertEqual(self._tasks(credit), ["Money for another deposit"])
        self._close()
        self.assertEqual((self._owed(), self._owed(credit.kind_id.account_id)), (0, 500))

    def test_money_that_names_no_deposit_and_nobody_is_parked(self):
        order = self._sell_rows(self._nameless())
        self.assertEqual((order.state, order.conflict_ids.kind), ("paid", "deposit"))
        self._close()
        # Nothing is on the account of deposits that no deposit knows of.
        self.assertEqual(self._owed(), 0)
        self.assertEqual(self._owed(self.company._get_sale_conflict_account()), 500)

    def test_money_that_names_no_deposit_is_not_given_back(self):
        self._pay(self.deposit, 500)
        order = self._sell_rows(self._nameless(-300), partner_id=self.client.id, user=self.manager)
        self.assertEqual((order.state, order.conflict_ids.kind), ("paid", "deposit"))
        self.assertEqual(self.deposit.amount_held, 500)

    def test_an_order_that_is_not_paid_yet_is_refused_and_says_what_to_do(self):
        order = self._prepare_order(self._nameless(), partner_id=self.client.id)
        order |= {"state": "draft", "payment_ids": [], "amount_paid": 0}
        with self._refused("choose the deposit by the button"):
            self._sync(order)

    # === IN BETWEEN === #

    def test_a_receipt_that_registers_money_makes_up_for_can_be_reversed(self):
        payment = self._pay(self.deposit, 500)
        self._take(self.deposit, 500)
        self._reverse(payment.reconciled_invoice_ids)
        self.assertEqual((self.deposit.amount_held, self._owed()), (500, 0))
        self._close()
        self.assertEqual((self.deposit.amount_held, self._owed()), (500, 500))

    def test_money_in_an_open_register_is_moved_to_another_deposit(self):
        self._take(self.deposit, 500)
        other = self._open(self.low)
        self.deposit._move_to(other, 300)
        self.assertEqual((self.deposit.amount_held, other.amount_held), (200, 300))
        self._close()
        self.assertEqual(
            (self.deposit.amount_held, other.amount_held, self._owed()), (200, 300, 500)
        )

    def test_a_cancelled_order_gives_back_what_a_register_took(self):
        self._take(self.deposit, 500)
        self.deposit.order_id._action_cancel()
        self.assertEqual((self.deposit.state, self.deposit.amount_due), ("open", 0))
        self._take(self.deposit, -500, user=self.manager)
        self.assertEqual((self.deposit.state, self.deposit.amount_held), ("closed", 0))
        self._close()
        self.assertEqual(self._owed(), 0)

    @settings(max_examples=5, deadline=None)
    @given(
        st.lists(
            st.tuples(st.integers(1, 90000), st.booleans(), st.booleans()), min_size=1, max_size=4
        )
    )
    def test_whatever_comes_in_is_held_and_owed_to_the_cent(self, payments):
        savepoint = self.env.cr.savepoint()
        deposit = self._open(self._stock_piece(list_price=2000))
        credit = deposit._get_credit()
        accounts = (deposit | credit).kind_id.account_id
        before, total = sum(map(self._owed, accounts)), 0
        for cents, at_register, closes in payments:
            amount = cents / 100
            if at_register:
                self._sell_rows(self._raw(deposit, amount), partner_id=self.client.id)
            else:
                self._pay(deposit, amount)
            total += amount
            if closes and at_register:
                self._close()
        self.assertAlmostEqual(deposit.amount_held + credit.amount_held, total, 2)
        if self.config.current_session_id:
            self._close()
        # What is beyond the 2,000 is credit, by whatever way and in whatever order it came.
        self.assertAlmostEqual(deposit.amount_held, min(total, 2000), 2)
        self.assertAlmostEqual(credit.amount_held, max(total - 2000, 0), 2)
        self.assertAlmostEqual(sum(map(self._owed, accounts)) - before, total, 2)
        self.assertAlmostEqual(deposit.amount_pending, 0, 2)
        savepoint.rollback()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestMalicious(PosDepositCommon):
    """Whatever a browser sends: no money is made of nothing, and none leaves unseen."""

    def test_a_line_that_says_it_comes_to_more_is_what_its_price_makes(self):
        row = self._raw(self.deposit, 100) | {
            "price_subtotal": 2000,
            "price_subtotal_incl": 2000,
        }
        order = self._prepare_order(row, partner_id=self.client.id)
        self._set_total(order, 100)
        self._sync(order, user=self.associate)
        self.assertEqual(self.deposit.amount_paid, 100)
        self._close()
        self.assertEqual(self._owed(), 100)

    def test_an_order_that_is_paid_with_less_pays_no_deposit(self):
        order = self._prepare_order(self._raw(self.deposit, 2000), partner_id=self.client.id)
        self._set_total(order, 1)
        paid = self._sync(order, user=self.associate)
        self.assertEqual((paid.state, paid.conflict_ids.kind), ("paid", "deposit"))
        self.assertEqual(self._amounts(), (0, 0, 2000, 0))

    def test_a_deposit_that_it_names_by_id_is_not_taken(self):
        other = self._open(self.low)
        row = self._raw(self.deposit, 100) | {"deposit_id": other.id, "deposit_item_id": 1}
        order = self._sell_rows(row, partner_id=self.client.id, user=self.associate)
        self.assertEqual(order.lines.deposit_id, self.deposit)
        self.assertFalse(order.lines.deposit_item_id)
        self.assertEqual(other.amount_paid, 0)

    def test_an_associate_gives_no_money_back(self):
        self._pay(self.deposit, 500)
        row = self._raw(self.deposit, -300)
        order = self._sell_rows(row, partner_id=self.client.id, user=self.associate)
        self.assertEqual((order.state, order.conflict_ids.kind), ("paid", "deposit"))
        self.assertEqual(self.deposit.amount_held, 500)
        self._close()
        self.assertEqual((self._owed(), self.deposit.amount_held), (500, 500))

    def test_a_manager_gives_no_more_back_than_is_held(self):
        self._pay(self.deposit, 500)
        order = self._sell_rows(
            self._raw(self.deposit, -500.01), partner_id=self.client.id, user=self.manager
        )
        self.assertEqual(order.conflict_ids.kind, "deposit")
        self.assertEqual(self.deposit.amount_held, 500)

    def test_two_lines_give_no_more_back_than_is_held_together(self):
        self._pay(self.deposit, 500)
        rows = [self._raw(self.deposit, -400), self._raw(self.deposit, -400)]
        order = self._sell_rows(*rows, partner_id=self.client.id, user=self.manager)
        self.assertEqual(len(order.conflict_ids), 1)
        self.assertEqual(self.deposit.amount_held, 100)

    def test_a_deposit_that_is_given_back_makes_no_piece_cheap(self):
        self._pay(self.deposit, 1500)
        piece = self._stock_piece(cost=100, list_price=1500)
        piece.sudo().price_floor = 1400
        back = self._raw(self.deposit, -1499)
        order = self._sell_rows(self._prepare_line(piece), back, user=self.associate)
        self.assertIn("deposit", order.conflict_ids.mapped("kind"))
        self.assertIn("price", order.conflict_ids.mapped("kind"))
        self.assertEqual(piece.piece_status, "available")

    def test_a_piece_that_it_calls_a_deposit_is_sold_as_a_piece(self):
        row = self._prepare_line(self.low) | {"deposit_number": self.deposit.name}
        order = self._sell_rows(row, partner_id=self.client.id, user=self.associate)
        self.assertFalse(order.lines.deposit_id)
        self.assertEqual((self.low.piece_status, self.deposit.amount_paid), ("sold", 0))

    def test_a_piece_for_a_cent_that_it_calls_a_deposit_is_kept(self):
        self.low.sudo().price_floor = 250
        row = self._prepare_line(self.low, price_unit=0.01) | {"deposit_number": self.deposit.name}
        order = self._sell_rows(row, partner_id=self.client.id, user=self.associate)
        self.assertEqual(order.conflict_ids.kind, "price")
        self.assertEqual(self.low.piece_status, "available")

    def test_what_is_not_paid_is_not_handed_over(self):
        row = self._raw(self.deposit, 100) | {"is_handed_over": True}
        self._sell_rows(row, partner_id=self.client.id, user=self.associate)
        self.assertEqual(self._tasks(), ["Paid, and not handed over"])
        self.assertEqual(self.high.piece_status, "available")
        self.assertEqual(self.deposit.order_id.state, "draft")
