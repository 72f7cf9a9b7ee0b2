from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.jewelry_pos_sale.tests.common import SettleCommon


@tagged("post_install", "-at_install")
class TestSettleDeposit(SettleCommon):
    """An order that has a deposit is paid there, and not beside it at a register."""

    def _open(self, order):
        deposit = order._ensure_deposit()
        deposit._receive(100, deposit.kind_id.with_company(order.company_id)._find_journal("bank"))
        return deposit

    def _pay_ahead(self, order, amount):
        """Return the register's order that takes a down payment."""
        line = self._prepare_line(self.low, price_unit=amount, pack_lot_ids=[]) | {
            "product_id": self.deposit.id,
            "tax_ids": [Command.set([])],
            "sale_order_origin_id": order.id,
        }
        return self._sell(line, user=self.cashier, partner_id=order.partner_id.id)

    def test_a_register_does_not_settle_an_order_that_has_a_deposit(self):
        order = self._order(self.high)
        self.assertEqual(self._ask_to_settle(order)["problem"], "")
        deposit = self._open(order)
        for quotation in (order, self._quote(self.low)):
            if quotation != order:
                deposit = quotation._ensure_deposit()
            answer = self._ask_to_settle(quotation)
            self.assertIn(f"is paid ahead into {deposit.name}", answer["problem"])
            self.assertEqual((answer["pieces"], answer["settled"]), ({}, []))

    def test_a_register_settles_an_order_whose_deposit_is_closed(self):
        order = self._order(self.high)
        deposit = order._ensure_deposit()
        deposit._set_closed()
        self.assertEqual(self._ask_to_settle(order)["problem"], "")

    def test_what_was_settled_offline_is_kept_and_told_and_settles_nothing(self):
        order = self._order(self.high)
        deposit = self._open(order)
        sold = self._settle(order)
        self.assertEqual(sold.state, "paid")
        self.assertFalse(sold.lines.sale_order_line_id or sold.lines.sale_order_origin_id)
        self.assertEqual((deposit.amount_held, deposit.amount_due), (100, 1900))
        self.assertIn(deposit.name, order.activity_ids[:1].note)

    def test_a_down_payment_at_a_register_is_kept_and_is_none_of_the_order(self):
        order = self._order(self.high)
        deposit = self._open(order)
        sold = self._pay_ahead(order, 250)
        self.assertEqual((sold.state, sold.amount_total), ("paid", 250))
        self.assertFalse(order.order_line.filtered("is_downpayment"))
        self.assertEqual(deposit.amount_due, 1900)
        self.assertIn("250.00 was paid at a register", order.activity_ids[:1].note)

    def test_a_quotation_with_a_deposit_is_not_confirmed_by_a_register(self):
        order = self._quote(self.high)
        self._open(order)
        self._settle(order)
        self.assertEqual(order.state, "draft")

    def test_an_order_with_a_down_payment_of_a_register_has_no_deposit(self):
        order = self._order(self.high)
        self._pay_ahead(order, 250)
        self.assertTrue(order.order_line.filtered("is_downpayment"))
        with self.assertRaisesRegex(UserError, "has a down payment"):
            order._ensure_deposit()
