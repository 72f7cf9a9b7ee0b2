from odoo import Command
from odoo.tests import tagged

from .common import PosDepositCommon


@tagged("post_install", "-at_install")
class TestHandOver(PosDepositCommon):
    """The last payment hands over where the cashier says so; what cannot be keeps the money."""

    def test_the_last_payment_delivers_and_invoices_while_the_session_is_open(self):
        self._pay(self.deposit, 500)
        self._take(self.deposit, 1500, handed=True, user=self.associate)
        order = self.deposit.order_id
        self.assertEqual((self.high.piece_status, order.state), ("sold", "sale"))
        invoice = order.invoice_ids
        self.assertEqual((invoice.state, invoice.amount_total), ("posted", 0))
        self.assertEqual((self.deposit.state, self.deposit.amount_held), ("closed", 0))
        # What the register took is owed when its session is closed, and was used before.
        self.assertEqual(self._owed(), -1500)
        self._close()
        self.assertEqual((self._owed(), self.deposit.amount_held), (0, 0))
        self.assertEqual(self.deposit.state, "closed")
        items = self.deposit.line_ids.filtered(lambda line: line.parent_state == "posted")
        self.assertTrue(all(items.mapped("reconciled")))

    def test_a_customer_who_fetches_later_gets_nothing_yet(self):
        self._take(self.deposit, 2000)
        self.assertEqual(self.high.piece_status, "available")
        self.assertEqual((self.deposit.state, self.deposit.amount_due), ("open", 0))
        self.assertTrue(self.deposit._is_paid())
        self.deposit._deliver()
        self.assertEqual((self.high.piece_status, self.deposit.state), ("sold", "closed"))

    def test_what_is_not_there_keeps_the_money_and_a_manager_is_told(self):
        rows = self._rows(self.deposit, 2000, is_handed_over=True)
        self._sell_rows(self._prepare_line(self.high))
        self.assertEqual(self.high.piece_status, "sold")
        order = self._sell_rows(*rows, partner_id=self.client.id)
        self.assertEqual(order.state, "paid")
        self.assertEqual(self._amounts(), (2000, 2000, 0, 2000))
        self.assertEqual(self._tasks(), ["Paid, and not handed over"])
        self.assertFalse(self.deposit.order_id.invoice_ids)
        self._close()
        self.assertEqual(self._owed(), 2000)

    def test_the_order_of_another_deposit_is_left_alone(self):
        other = self._open(self.low)
        rows = self._rows(self.deposit, 2000, is_handed_over=True) + self._rows(other, 100)
        self._sell_rows(*rows, partner_id=self.client.id)
        self.assertEqual((self.high.piece_status, self.low.piece_status), ("sold", "available"))
        self.assertEqual(other.amount_held, 100)

    def test_other_goods_of_the_order_leave_with_the_piece(self):
        box = self.env["product.product"].create(
            {"name": "Box", "type": "consu", "list_price": 10, "taxes_id": False}
        )
        deposit = self._open(
            self._stock_piece(list_price=90),
            order_line=[
                Command.create({"product_id": box.id, "product_uom_qty": 2, "tax_ids": False}),
            ],
        )
        self.assertEqual(deposit.amount_total, 20)
        self._take(deposit, 20, handed=True)
        self.assertEqual(deposit.order_id.order_line.qty_delivered, 2)
        self.assertEqual(deposit.state, "closed")

    def test_a_delivery_in_two_steps_is_done_step_by_step(self):
        self.deposit.order_id.warehouse_id.delivery_steps = "pick_ship"
        self._take(self.deposit, 2000, handed=True)
        self.assertFalse(self._tasks())
        self.assertEqual((self.high.piece_status, self.deposit.state), ("sold", "closed"))

    def test_a_sale_that_uses_the_money_of_a_register_can_be_credited(self):
        self._take(self.deposit, 2000, handed=True)
        self._reverse(self.deposit.order_id.invoice_ids)
        self.assertEqual((self.deposit.state, self.deposit.amount_held), ("open", 2000))
        self._close()
        self.assertEqual((self._owed(), self.deposit.amount_held), (2000, 2000))

    def test_what_is_due_is_said_where_somebody_hands_over_too_early(self):
        self._pay(self.deposit, 500)
        with self._refused("1,500.00 is to be paid before"):
            self.deposit._deliver()
