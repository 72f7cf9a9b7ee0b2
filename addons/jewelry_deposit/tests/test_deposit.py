from odoo import Command
from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestDeposit(DepositCommon):
    """A deposit is a liability to the cent from the first payment to the delivery."""

    def test_what_is_paid_ahead_is_owed_and_not_earned(self):
        deposit = self._open()
        self._pay(deposit, 500)
        self.assertEqual((deposit.amount_held, deposit.amount_due), (500, 1500))
        self.assertEqual(self._owed(), 500)
        self.assertEqual(deposit.line_ids.account_id, self.kind.account_id)

    def test_the_invoice_of_the_goods_uses_what_was_paid_ahead(self):
        deposit = self._open()
        self._pay(deposit, 500)
        self._pay(deposit, 1500)
        order = deposit.order_id
        order.action_confirm()
        self._deliver(order)
        invoice = self._invoice(order)
        self.assertEqual((invoice.amount_total, invoice.amount_residual), (0, 0))
        self.assertEqual((deposit.state, deposit.amount_held), ("closed", 0))
        self.assertEqual(self._owed(), 0)

    def test_tax_on_receipt_is_the_tax_of_the_order_and_comes_back_on_its_invoice(self):
        self.kind.tax_on_receipt = True
        tax = self._create_tax(21)
        deposit = self._open(self.high)
        deposit.order_id.order_line.tax_ids = [Command.set(tax.ids)]
        self.assertEqual(deposit.amount_total, 2420)
        for amount in (100, 333.33, 1986.67):
            self._pay(deposit, amount)
        self.assertEqual(deposit.amount_held, 2420)
        self.assertEqual(self._owed(), 2000)
        deposit.order_id.action_confirm()
        self._deliver(deposit.order_id)
        invoice = self._invoice(deposit.order_id)
        self.assertEqual((invoice.amount_total, invoice.amount_tax), (0, 0))
        self.assertEqual((deposit.state, self._owed()), ("closed", 0))

    def test_an_invoice_for_a_part_uses_no_more_than_its_total(self):
        self.style.invoice_policy = "delivery"
        deposit = self._open(self.low, self.high)
        self._pay(deposit, 1000)
        order = deposit.order_id
        order.action_confirm()
        self._deliver(order, self.low)
        invoice = self._invoice(order)
        self.assertEqual((invoice.amount_total, deposit.amount_held), (0, 700))
        self.assertEqual((deposit.state, self._owed()), ("open", 700))

    def test_only_what_was_not_consumed_is_paid_back(self):
        deposit = self._open()
        self._pay(deposit, 500)
        deposit.consumption_ids = [Command.create({"name": "Stone ordered", "amount": 120})]
        with self._refused("380.00 at most"):
            deposit._refund(381, self.bank)
        deposit._refund(380, self.bank)
        self.assertEqual((deposit.amount_held, deposit.amount_refundable), (120, 0))
        self.assertEqual(self._owed(), 120)

    def test_what_is_forfeited_is_income(self):
        deposit = self._open()
        self._pay(deposit, 500)
        deposit._forfeit(500)
        self.assertEqual((deposit.amount_held, self._owed()), (0, 0))
        self.assertEqual(self._owed(self.kind.forfeit_account_id), 500)

    def test_credit_can_be_used_for_another_order(self):
        deposit = self._open()
        self._pay(deposit, 500)
        credit = deposit._get_credit()
        deposit._move_to(credit, 500)
        self.assertEqual((deposit.amount_held, credit.amount_held), (0, 500))
        self.assertEqual((self._owed(), self._owed(credit.kind_id.account_id)), (0, 500))
        other = self._open(self.low)
        credit._move_to(other, 300)
        self.assertEqual((credit.amount_held, other.amount_due), (200, 0))

    def test_a_deposit_that_holds_nothing_ends_with_its_order(self):
        deposit, held = self._open(self.low), self._open(self.high)
        self._pay(held, 500)
        (deposit | held).order_id._action_cancel()
        self.assertEqual(deposit.state, "closed")
        self.assertEqual((held.state, held.amount_held), ("open", 500))
        held._refund(500, self.bank)
        self.assertEqual((held.state, self._owed()), ("closed", 0))

    # === AN ORDER THAT GROWS === #

    def _deliver_all(self, order):
        self._deliver(order)
        self._invoice(order)

    def _grow(self, order, price):
        """Add a piece at a price to an order."""
        piece = self._stock_piece(list_price=price)
        order.order_line = [Command.create({"piece_id": piece.id})]
        self.assertEqual(order.order_line[-1].price_unit, price)

    def test_the_second_deposit_of_an_order_that_grew_asks_for_the_rest_only(self):
        first = self._open()
        order = first.order_id
        self._pay(first, 2000)
        order.action_confirm()
        self._deliver_all(order)
        self.assertEqual(first.state, "closed")
        self._grow(order, 500)
        second = order._ensure_deposit()
        self.assertNotEqual(second, first)
        self.assertEqual((second.amount_total, second.amount_due), (500, 500))
        self._pay(second, 500)
        self._deliver_all(order)
        self.assertEqual(
            [(deposit.state, deposit.amount_held) for deposit in first | second],
            [("closed", 0)] * 2,
        )
        self.assertEqual((first.amount_total, second.amount_total), (2000, 500))
        self.assertEqual(self._owed(), 0)

    def test_what_is_paid_beyond_the_rest_is_credit(self):
        first = self._open()
        order = first.order_id
        self._pay(first, 2000)
        order.action_confirm()
        self._deliver_all(order)
        self._grow(order, 500)
        second = order._ensure_deposit()
        self._pay(second, 700)
        self.assertEqual((second.amount_held, second._get_credit().amount_held), (500, 200))

    def test_what_a_first_deposit_gave_back_is_asked_for_again(self):
        first = self._open()
        order = first.order_id
        self._pay(first, 2000)
        order.action_confirm()
        self._deliver_all(order)
        self._grow(order, 500)
        second = order._ensure_deposit()
        invoice = order.invoice_ids
        self._reverse(invoice)
        first._refund(first.amount_refundable, self.bank)
        self.assertEqual((first.amount_paid, second.amount_total), (0, 2500))
