from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestDelivery(DepositCommon):
    """What is paid is handed over by one act, or the money stays and a manager is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deposit = cls._open()
        cls.associate = cls._create_user("associate")

    def _tasks(self):
        return self.deposit.activity_ids.mapped("summary")

    def test_a_quotation_that_is_paid_is_confirmed_delivered_and_invoiced(self):
        self._pay(self.deposit, 2000)
        self.assertTrue(self.deposit.with_user(self.associate)._deliver_or_tell())
        order = self.deposit.order_id
        self.assertEqual((order.state, self.high.piece_status), ("sale", "sold"))
        self.assertEqual((order.invoice_ids.state, order.invoice_ids.amount_total), ("posted", 0))
        self.assertEqual((self.deposit.state, self._owed()), ("closed", 0))
        self.assertFalse(self._tasks())

    def test_what_is_not_paid_is_not_handed_over(self):
        self._pay(self.deposit, 1999.99)
        self.assertFalse(self.deposit._is_paid())
        with self._refused("0.01 is to be paid"):
            self.deposit._deliver()
        self.assertFalse(self.deposit._deliver_or_tell())
        self.assertEqual(self._tasks(), ["Paid, and not handed over"])
        self.assertEqual(self.deposit.order_id.state, "draft")

    def test_what_is_gone_keeps_the_money_and_nothing_is_half_done(self):
        self._pay(self.deposit, 2000)
        other = self._sell(self.high)
        self._deliver(other)
        self.assertFalse(self.deposit._deliver_or_tell())
        self.assertEqual((self.deposit.amount_held, self.deposit.state), (2000, "open"))
        self.assertFalse(self.deposit.order_id.picking_ids)
        self.assertFalse(self.deposit.order_id.invoice_ids)

    def test_what_is_handed_over_is_not_handed_over_again(self):
        self._pay(self.deposit, 2000)
        self.deposit._deliver()
        with self._refused("is to be paid before"):
            self.deposit._deliver()
        self.assertEqual(len(self.deposit.order_id.invoice_ids), 1)

    def test_a_service_is_invoiced_without_a_transfer(self):
        service = self.env["product.product"].create(
            {"name": "Engraving", "type": "service", "list_price": 80, "taxes_id": False}
        )
        line = Command.create({"product_id": service.id, "tax_ids": False})
        deposit = self._open(order_line=[line])
        self._pay(deposit, 80)
        deposit._deliver()
        self.assertFalse(deposit.order_id.picking_ids)
        self.assertEqual((deposit.order_id.invoice_ids.state, deposit.state), ("posted", "closed"))

    def test_goods_that_are_not_there_are_named(self):
        box = self.env["product.product"].create(
            {"name": "Velvet Box", "is_storable": True, "list_price": 5, "taxes_id": False}
        )
        line = Command.create({"product_id": box.id, "tax_ids": False})
        deposit = self._open(order_line=[line])
        self._pay(deposit, 5)
        with self._refused("Velvet Box"):
            deposit._deliver()
        self.assertEqual((deposit.order_id.state, deposit.amount_held), ("draft", 5))

    def test_a_cancelled_order_and_a_credit_are_nothing_to_hand_over(self):
        self._pay(self.deposit, 2000)
        self.deposit.order_id._action_cancel()
        self.assertFalse(self.deposit._is_paid())
        credit = self.deposit._get_credit()
        self._pay(credit, 10)
        self.assertFalse(credit._is_paid())

    def test_the_credit_of_a_customer_is_one_in_each_currency(self):
        currency = self._create_currency()
        deposits = self.env["jewelry.deposit"]
        contact = self._create_partner(name="Contact", parent_id=self.client.id)
        credit = deposits._get_credit_of(contact, self.company, currency)
        self.assertEqual((credit.partner_id, credit.currency_id), (self.client, currency))
        self.assertEqual(deposits._get_credit_of(self.client, self.company, currency), credit)
        self.assertNotEqual(self.deposit._get_credit(), credit)

    def test_the_counter_is_told_what_a_customer_pays_ahead_for(self):
        self._pay(self.deposit, 500)
        self._pay(self.deposit._get_credit(), 70)
        sections = self.client._get_counter_sections()
        titles = {section["title"]: section["lines"] for section in sections}
        (line,) = titles["Deposits"]
        self.assertIn(self.deposit.order_id.name, line["label"])
        self.assertIn("1,500.00", line["value"])
        self.assertIn("70.00", str(titles["Store credit"]))

    def test_the_counter_is_told_nothing_of_a_surprise_nor_of_what_is_closed(self):
        self.deposit.order_id.write(
            {
                "discretion_until": fields.Date.today() + timedelta(days=3),
                "discretion_partner_ids": [Command.set(self.client.ids)],
            }
        )
        self.assertNotIn(self.deposit.name, str(self.client._get_counter_sections()))
        self.deposit.order_id.discretion_until = False
        self.assertIn(self.deposit.name, str(self.client._get_counter_sections()))
        self.deposit._set_closed()
        self.assertNotIn(self.deposit.name, str(self.client._get_counter_sections()))

    def test_nobody_writes_by_hand_what_is_paid(self):
        for values in ({"amount_paid": 2000}, {"amount_due": 0}, {"state": "closed"}):
            with self.assertRaises(AccessError):
                self.deposit.with_user(self.associate).write(values)
        self.assertEqual((self.deposit.amount_paid, self.deposit.state), (0, "open"))
