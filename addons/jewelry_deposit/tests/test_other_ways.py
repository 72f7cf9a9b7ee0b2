from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .online_common import OnlineCommon


@tagged("post_install", "-at_install")
class TestOtherWays(OnlineCommon):
    """An order that has a deposit is paid ahead in no other way."""

    def _invoice_by(self, order, method, **values):
        wizard = self.env["sale.advance.payment.inv"].with_context(active_ids=order.ids)
        return wizard.create({"advance_payment_method": method} | values).create_invoices()

    # === DOWN PAYMENTS === #

    def test_core_takes_no_down_payment_beside_a_deposit(self):
        deposit = self._open()
        order = deposit.order_id
        order.action_confirm()
        for method, values in (("percentage", {"amount": 20}), ("fixed", {"fixed_amount": 99})):
            with self._refused(f"{order.name} is paid ahead into {deposit.name}"):
                self._invoice_by(order, method, **values)
        self.assertFalse(order.invoice_ids)
        self.assertFalse(order.order_line.filtered("is_downpayment"))

    def test_a_regular_invoice_uses_the_deposit(self):
        deposit = self._open()
        self._pay(deposit, 500)
        deposit.order_id.action_confirm()
        self._deliver(deposit.order_id)
        self._invoice_by(deposit.order_id, "delivered")
        self.assertEqual(deposit.order_id.invoice_ids.amount_total, 1500)

    def test_there_is_no_deposit_beside_a_down_payment_of_core(self):
        order = self._sell(self.high)
        self._invoice_by(order, "fixed", fixed_amount=500)
        with self._refused(f"{order.name} has a down payment"):
            order._ensure_deposit()
        self.assertFalse(order.deposit_ids)

    def test_there_is_no_deposit_for_what_was_paid_online_already(self):
        order = self._quote(self.high)
        deposit = self.env["jewelry.deposit"].new({"order_id": order.id})
        self._transact(
            deposit,
            500,
            sale_order_ids=[Command.set(order.ids)],
            partner_id=self.client.id,
            currency_id=order.currency_id.id,
        )._set_done()
        with self._refused("500.00 was paid online"):
            order._ensure_deposit()

    def test_a_down_payment_is_taken_as_ever_once_the_deposit_is_closed(self):
        deposit = self._open()
        self._pay(deposit, 500)
        deposit.order_id.action_confirm()
        deposit._refund(500, self.bank)
        deposit._set_closed()
        self._invoice_by(deposit.order_id, "fixed", fixed_amount=500)
        self.assertEqual(deposit.order_id.invoice_ids.amount_total, 500)

    # === LINKS OF CORE === #

    def test_core_sends_no_payment_link_for_the_order(self):
        deposit = self._open()
        order = deposit.order_id
        wizard = self.env["payment.link.wizard"].with_context(
            active_model="sale.order", active_id=order.id
        )
        with self._refused("send its payment link"):
            wizard.create({})
        deposit._set_closed()
        self.assertEqual(wizard.create({}).amount, 2000)

    def test_the_quotation_asks_for_no_payment(self):
        order = self._quote(self.high, require_payment=True, require_signature=False)
        self.assertTrue(order._has_to_be_paid())
        order._ensure_deposit()
        self.assertFalse(order._has_to_be_paid())

    def test_to_sign_what_is_to_be_paid_for_confirms_it_once_that_is_paid(self):
        order = self._quote(self.high, require_payment=True, prepayment_percent=0.5)
        deposit = order._ensure_deposit()
        order._validate_order()
        self.assertEqual(order.state, "draft")
        self._pay_online(deposit, 1000)
        self.assertEqual(order.state, "draft")
        order._validate_order()
        self.assertEqual(order.state, "sale")

    def test_to_sign_what_need_not_be_paid_for_confirms_it(self):
        order = self._quote(self.high, require_payment=False)
        order._ensure_deposit()
        order._validate_order()
        self.assertEqual(order.state, "sale")

    # === TWO DRAFTS === #

    def test_two_drafts_use_what_is_held_once(self):
        self.style.invoice_policy = "delivery"
        deposit = self._open(self.low, self.high)
        self._pay(deposit, 1000)
        order = deposit.order_id
        order.action_confirm()
        self._deliver(order, self.low)
        first = self._invoice(order, post=False)
        self._deliver(order, self.high)
        second = self._invoice(order, post=False)
        self.assertEqual((first.amount_total, second.amount_total), (0, 1300))
        (second | first).action_post()
        self.assertEqual((deposit.amount_held, self._owed()), (0, 0))

    def test_a_draft_that_is_deleted_lets_the_next_use_it(self):
        deposit = self._open()
        self._pay(deposit, 1000)
        deposit.order_id.action_confirm()
        self._deliver(deposit.order_id)
        self._invoice(deposit.order_id, post=False).unlink()
        self.assertEqual(self._invoice(deposit.order_id).amount_total, 1000)
        self.assertEqual(self._owed(), 0)

    def test_a_draft_that_was_written_by_hand_uses_nothing_twice(self):
        deposit = self._open()
        self._pay(deposit, 1000)
        deposit.order_id.action_confirm()
        self._deliver(deposit.order_id)
        invoice = self._invoice(deposit.order_id, post=False)
        copy = invoice.copy()
        self.assertIn(deposit, copy.line_ids.deposit_id)
        invoice.action_post()
        with self._refused("does not hold that much"):
            copy.action_post()
        self.assertEqual((deposit.amount_held, self._owed()), (0, 0))


@tagged("post_install", "-at_install")
class TestOrderPage(OnlineCommon, HttpCase):
    """Core's page of an order takes no money beside its deposit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deposit = cls._open(require_payment=True, require_signature=False)
        cls.order = cls.deposit.order_id
        cls.order.action_quotation_sent()

    def _begin(self, token=None):
        params = {
            "access_token": token or self.order._portal_ensure_token(),
            "provider_id": self.provider.id,
            "payment_method_id": self.way.id,
            "token_id": None,
            "amount": 2000,
            "flow": "redirect",
            "tokenization_requested": False,
            "landing_route": "/my",
        }
        address = f"/my/orders/{self.order.id}/transaction"
        return self.url_open(address, json={"params": params}).json()

    def _read(self, **params):
        address = self.order.get_portal_url()
        query = "".join(f"&{name}={value}" for name, value in params.items())
        return self.url_open(address + query).text

    def test_the_page_asks_for_no_payment_and_says_why(self):
        for params in ({}, {"payment_amount": 500}):
            page = self._read(**params)
            self.assertNotIn("o_payment_form", page)
            self.assertIn("deposit_notice", page)

    def test_the_page_of_an_order_without_deposit_is_as_ever(self):
        self.deposit._set_closed()
        page = self._read()
        self.assertIn("o_payment_form", page)
        self.assertNotIn("deposit_notice", page)

    @mute_logger("odoo.http")
    def test_no_payment_of_the_order_is_begun(self):
        answer = self._begin()
        self.assertIn("paid in parts", answer["error"]["data"]["message"])
        self.assertFalse(self.order.transaction_ids | self.deposit.transaction_ids)

    @mute_logger("odoo.http")
    def test_whoever_may_not_see_the_order_learns_nothing(self):
        answer = self._begin(token="wrong")
        self.assertNotIn("paid in parts", answer["error"]["data"]["message"])

    def test_an_order_without_deposit_is_paid_as_ever(self):
        self.deposit._set_closed()
        self.assertEqual(self._begin()["result"]["amount"], 2000)
        self.assertEqual(self.order.transaction_ids.amount, 2000)
