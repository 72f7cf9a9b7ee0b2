from odoo import Command
from odoo.tests import tagged

from .common import PosDepositCommon


@tagged("post_install", "-at_install")
class TestTax(PosDepositCommon):
    """Where the country taxes what is paid ahead, registers take it with the tax of the order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind.tax_on_receipt = True
        cls.high_tax, cls.low_tax = cls._create_tax(21), cls._create_tax(6)
        cls.deposit.order_id.order_line.tax_ids = [Command.set(cls.high_tax.ids)]

    def _owed_tax(self, tax=None):
        return self._owed((tax or self.high_tax).invoice_repartition_line_ids.account_id)

    def _mix(self):
        """Return the deposit of an order with two taxes: 1,000 at 21 % and 1,000 at 6 %."""
        deposit = self._open(self._stock_piece(list_price=1000), self._stock_piece(list_price=1000))
        first, second = deposit.order_id.order_line
        first.tax_ids = [Command.set(self.high_tax.ids)]
        second.tax_ids = [Command.set(self.low_tax.ids)]
        return deposit

    def test_a_payment_has_the_tax_of_the_order_in_it(self):
        self.assertEqual(self.deposit.amount_total, 2420)
        order = self._take(self.deposit, 1210, total=1210)
        self.assertFalse(order.conflict_ids)
        self.assertEqual(
            (order.lines.price_subtotal, order.lines.price_subtotal_incl), (1000, 1210)
        )
        self.assertEqual(self._amounts(), (1210, 1210, 1210, 1210))
        self._close()
        self.assertEqual(self._amounts(), (1210, 1210, 1210, 0))
        self.assertEqual((self._owed(), self._owed_tax()), (1000, 210))

    def test_two_taxes_share_a_payment_to_the_cent(self):
        deposit = self._mix()
        for amount in (100, 33.33, 0.05):
            order = self._take(deposit, amount, total=amount)
            self.assertEqual(len(order.lines), 2)
            self.assertAlmostEqual(sum(order.lines.mapped("price_subtotal_incl")), amount, 2)
        self._close()
        self.assertAlmostEqual(deposit.amount_held, 133.38, 2)
        owed = self._owed() + self._owed_tax() + self._owed_tax(self.low_tax)
        self.assertAlmostEqual(owed, 133.38, 2)

    def test_what_is_given_back_takes_its_tax_back(self):
        deposit = self._mix()
        self._take(deposit, 133.38, total=133.38)
        self._close()
        self._take(deposit, -33.38, total=-33.38, user=self.manager)
        self._take(deposit, -100, total=-100, user=self.manager)
        self.assertEqual(deposit.amount_held, 0)
        self._close()
        self.assertEqual((self._owed(), self._owed_tax(), self._owed_tax(self.low_tax)), (0, 0, 0))

    def test_the_last_payment_leaves_no_cent_of_tax(self):
        deposit = self._mix()
        self._take(deposit, 100.01, total=100.01)
        self._close()
        due = deposit.amount_due
        self._take(deposit, due, total=due, handed=True)
        invoice = deposit.order_id.invoice_ids
        self.assertEqual(
            (invoice.state, invoice.amount_total, invoice.amount_tax), ("posted", 0, 0)
        )
        self._close()
        self.assertEqual((self._owed(), deposit.amount_held, deposit.state), (0, 0, "closed"))
        self.assertEqual((self._owed_tax(), self._owed_tax(self.low_tax)), (210, 60))

    def test_a_tax_that_changes_in_between_is_taken_as_it_was_and_due_as_it_is(self):
        self._take(self.deposit, 1210, total=1210)
        self.deposit.order_id.order_line.tax_ids = [Command.set(self.low_tax.ids)]
        self.assertEqual((self.deposit.amount_total, self.deposit.amount_due), (2120, 910))
        self._take(self.deposit, 910, total=910, handed=True)
        self.assertFalse(self._tasks())
        self._close()
        self.assertEqual((self._owed(), self.deposit.amount_held), (0, 0))
        self.assertEqual((self._owed_tax(), self._owed_tax(self.low_tax)), (0, 120))

    def test_an_invoice_at_the_register_has_the_tax_in_it(self):
        order = self._take(self.deposit, 1210, total=1210, to_invoice=True)
        self.assertEqual(
            (order.account_move.amount_total, order.account_move.amount_tax), (1210, 210)
        )
        self.assertEqual(self._amounts(), (1210, 1210, 1210, 0))
        self._close()
        self.assertEqual((self._owed(), self._owed_tax()), (1000, 210))

    def test_an_order_that_is_invoiced_after_the_closing_counts_once(self):
        order = self._take(self.deposit, 1210, total=1210)
        self._take(self.deposit, 605, total=605)
        self._close()
        order.with_context(generate_pdf=False)._generate_pos_order_invoice()
        self.assertEqual(self._amounts(), (1815, 1815, 605, 0))
        self.assertEqual((self._owed(), self._owed_tax()), (1500, 315))

    def test_credit_is_untaxed_until_it_is_known_what_for(self):
        credit = self.deposit._get_credit()
        self._take(credit, 100)
        self._close()
        self.assertEqual(self._owed(credit.kind_id.account_id), 100)
