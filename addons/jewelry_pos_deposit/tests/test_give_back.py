from odoo import Command, fields
from odoo.tests import tagged

from .common import PosDepositCommon


@tagged("post_install", "-at_install")
class TestGiveBack(PosDepositCommon):
    """Managers pay back what is refundable; customers pay goods by their credit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._take(cls.deposit, 500)

    def test_a_manager_gives_back_in_the_session_that_took_it(self):
        order = self._take(self.deposit, -200, user=self.manager)
        self.assertEqual((order.state, order.amount_total), ("paid", -200))
        self.assertEqual(self._amounts(), (300, 300, 1700, 300))
        session = self._close()
        items = session.move_id.line_ids.filtered("deposit_id")
        self.assertEqual(
            sorted((item.deposit_act, item.balance) for item in items),
            [("received", -500), ("refunded", 200)],
        )
        self.assertEqual(self._owed(), 300)

    def test_what_was_paid_by_card_is_given_back_in_cash_with_the_reason(self):
        self._close()
        rows = self._rows(self.deposit, -500, user=self.manager, customer_note="Card is closed")
        order = self._prepare_order(*rows, method=self.cash, partner_id=self.client.id)
        self._sync(order, user=self.manager)
        self.assertEqual(self._amounts(), (0, 0, 2000, -500))
        self.assertIn("Card is closed", str(self.deposit.message_ids.mapped("body")))
        self._close()
        self.assertEqual((self._owed(), self.deposit.amount_held), (0, 0))

    def test_what_was_spent_for_the_customer_is_not_given_back(self):
        self.deposit.consumption_ids = [Command.create({"name": "Stone", "amount": 400})]
        with self._refused("at most"):
            self._rows(self.deposit, -101, user=self.manager)
        self._take(self.deposit, -100, user=self.manager)
        self.assertEqual((self.deposit.amount_held, self.deposit.amount_refundable), (400, 0))

    def test_what_is_given_back_is_invoiced_as_a_credit_note(self):
        self._close()
        order = self._take(self.deposit, -200, user=self.manager, to_invoice=True)
        self.assertTrue(order.is_refund)
        self.assertEqual(order.account_move.move_type, "out_refund")
        item = order.account_move.line_ids.filtered("deposit_id")
        self.assertEqual((item.deposit_act, item.balance), ("refunded", 200))
        self.assertEqual(self._amounts(), (300, 300, 1700, 0))
        self._close()
        self.assertEqual(self._owed(), 300)

    def test_a_deposit_that_is_given_back_pays_other_goods(self):
        piece = self._stock_piece(cost=10, list_price=150)
        rows = self._rows(self.deposit, -150, user=self.manager)
        order = self._prepare_order(*rows, piece, partner_id=self.client.id)
        order["payment_ids"] = []
        paid = self._sync(order, user=self.manager)
        self.assertFalse(paid.conflict_ids)
        self.assertEqual((piece.piece_status, self.deposit.amount_held), ("sold", 350))

    def test_an_associate_lets_a_customer_pay_goods_by_his_credit(self):
        credit = self.deposit._get_credit()
        self._pay(credit, 400)
        piece = self._stock_piece(cost=10, list_price=1000)
        rows = self._rows(credit, -400, user=self.associate)
        order = self._sell_rows(*rows, self._prepare_line(piece), partner_id=self.client.id)
        self.assertFalse(order.conflict_ids)
        self.assertEqual((piece.piece_status, credit.amount_held), ("sold", 0))
        self.assertEqual(credit.state, "closed")
        self._close()
        self.assertEqual(self._owed(credit.kind_id.account_id), 0)

    def test_an_associate_pays_no_credit_out(self):
        credit = self.deposit._get_credit()
        self._pay(credit, 400)
        rows = self._rows(credit, -400, user=self.associate)
        order = self._sell_rows(*rows, partner_id=self.client.id, user=self.associate)
        self.assertEqual((order.conflict_ids.kind, credit.amount_held), ("deposit", 400))

    def _refund(self, user):
        """Return the paid order by which a register refunds the payment as it refunds goods."""
        origin = self.deposit.register_line_ids
        row = self._raw(self.deposit, -500, deposit_number=False, refunded_orderline_id=origin.id)
        values = {"partner_id": self.client.id, "is_refund": True, "user": user}
        return self._sell_rows(row, **values).filtered(lambda order: order.lines.qty < 0)

    def test_a_payment_that_is_refunded_like_goods_is_given_back(self):
        order = self._refund(self.manager)
        self.assertEqual((order.lines.deposit_id, self.deposit.amount_held), (self.deposit, 0))
        self._close()
        self.assertEqual((self._owed(), self.deposit.amount_held), (0, 0))

    def test_a_payment_that_an_associate_refunds_like_goods_stays_held(self):
        order = self._refund(self.associate)
        self.assertEqual(order.conflict_ids.kind, "deposit")
        self.assertEqual(self.deposit.amount_held, 500)

    def test_a_payment_that_the_back_office_refunds_is_given_back(self):
        origin = self.deposit.register_line_ids.order_id
        refund = self.env["pos.order"].browse(origin.refund()["res_id"])
        self.env["pos.make.payment"].with_context(active_id=refund.id).create(
            {"amount": -500, "payment_method_id": self.bank.id}
        ).check()
        self.assertEqual((refund.state, refund.lines.deposit_id), ("paid", self.deposit))
        self.assertEqual(self._amounts(), (0, 0, 2000, 0))

    def test_the_next_due_day_comes_back_with_the_balance(self):
        today = fields.Date.context_today(self.deposit)
        self.deposit.instalment_ids = [
            Command.create({"date": today, "amount": 500}),
            Command.create({"date": fields.Date.add(today, days=9), "amount": 1500}),
        ]
        self.assertEqual(self.deposit.date_due, fields.Date.add(today, days=9))
        self._take(self.deposit, -1, user=self.manager)
        self.assertEqual(self.deposit.date_due, today)
