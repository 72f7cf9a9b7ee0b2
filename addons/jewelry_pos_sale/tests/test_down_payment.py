from odoo import Command
from odoo.tests import tagged

from .common import SettleCommon


@tagged("post_install", "-at_install")
class TestDownPayment(SettleCommon):
    """What is paid in advance: no goods when it is taken, money when it is deducted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sale = cls._quote(cls.high)

    def _prepare_deposit(self, amount, sale=None, **values):
        """Return the line of a down payment, as the browser sends it."""
        line = self._prepare_line(self.low, price_unit=amount, pack_lot_ids=[])
        return (
            line
            | {
                "product_id": self.deposit.id,
                "tax_ids": [Command.set([])],
                "sale_order_origin_id": (sale or self.sale).id,
            }
            | values
        )

    def _pay_in_advance(self, amount, *more, sale=None, **values):
        """Return the paid order of a down payment."""
        defaults = {"partner_id": self.client.id, "user": self.cashier}
        row = self._prepare_deposit(amount, sale)
        return self._sell(row, *more, **(defaults | values))

    def _get_deposit_line(self, sale=None):
        return (sale or self.sale).order_line.filtered(
            lambda line: line.is_downpayment and not line.display_type
        )

    def _prepare_deduction(self, amount, line=None, sale=None):
        """Return the line that deducts what was paid in advance."""
        line = line or self._get_deposit_line(sale)
        row = self._prepare_deposit(amount, line.order_id, sale_order_line_id=line.id)
        return row | {"qty": -1, "price_subtotal": -amount, "price_subtotal_incl": -amount}

    def _settle_with(self, *deductions, **values):
        line = self.sale.order_line.filtered("piece_id")
        return self._settle(self.sale, *deductions, lines=line, **values)

    # === TAKEN === #

    def test_a_down_payment_confirms_the_order_and_keeps_its_piece(self):
        order = self._pay_in_advance(500)
        self.assertEqual((order.state, self.sale.state), ("paid", "sale"))
        self.assertEqual(self.high.piece_status, "reserved")
        self.assertEqual(self._get_deposit_line().price_unit, 500)
        self.assertEqual(self.sale.amount_unpaid, 1500)

    def test_a_down_payment_for_a_piece_that_is_gone_keeps_the_money(self):
        self._sell(self.high)
        order = self._pay_in_advance(500)
        self.assertEqual((order.state, self.sale.state), ("paid", "draft"))
        self.assertIn(self.high.name, self.sale.activity_ids.note)
        self.assertEqual(self._get_deposit_line().price_unit, 500)

    def test_a_down_payment_carries_no_discount_of_a_piece(self):
        ring = self._stock_piece(cost=500, list_price=2000)
        self._set_floor(ring, 1500)
        bag = self.env["product.product"].create({"name": "Bag", "type": "consu"})
        off = self._prepare_line(ring, price_unit=-600, pack_lot_ids=[]) | {"product_id": bag.id}
        order = self._pay_in_advance(20000, ring_row := self._prepare_line(ring), off)
        self.assertEqual(order.conflict_ids.mapped("kind"), ["price"])
        self.assertEqual(ring.piece_status, "available")
        self.assertEqual(ring_row["price_unit"], 2000)

    # === DEDUCTED === #

    def test_what_was_paid_in_advance_is_money_and_no_discount(self):
        self._pay_in_advance(500)
        order = self._settle_with(self._prepare_deduction(500))
        self._assert_handed_over(order, self.high)
        self.assertEqual(order.amount_total, 1500)
        self.assertEqual(self.sale.amount_unpaid, 0)

    def test_nearly_all_may_be_paid_in_advance(self):
        self._pay_in_advance(1999)
        self._assert_handed_over(self._settle_with(self._prepare_deduction(1999)), self.high)

    def test_a_price_below_the_floor_is_none_because_of_a_down_payment(self):
        self.sale.order_line.with_user(self.cashier).price_unit = 1200
        self._pay_in_advance(500)
        self._assert_kept(self._settle_with(self._prepare_deduction(500)))

    def test_the_register_is_told_so_before_it_is_paid(self):
        question = self._prepare_question(2000)
        deduction = {"uuid": "off", "price_unit": 1900, "amount": -1900, "is_money": True}
        question["lines"].append(deduction)
        question["total"] = 100
        self.assertEqual(self._check(question), [])

    def test_the_books_close_balanced(self):
        self._pay_in_advance(500)
        self._close()
        self._settle_with(self._prepare_deduction(500))
        self._close()
        income = self.deposit.product_tmpl_id.get_product_accounts()["income"]
        self.assertEqual(self.income, income)
        self.assertEqual(self._get_books(), (0, -2000, 900))

    def test_a_down_payment_that_was_paid_back_is_deducted_no_more(self):
        taken = self._pay_in_advance(500)
        row = self._prepare_deposit(500, qty=-1, refunded_orderline_id=taken.lines.id)
        row |= {"price_subtotal": -500, "price_subtotal_incl": -500, "sale_order_origin_id": False}
        self._sell(row, is_refund=True, user=self.cashier, partner_id=self.client.id)
        line = self._get_deposit_line().filtered(lambda line: line.price_unit > 0)
        self.assertEqual(line._get_unspent_down_payment(self.env["pos.order"]), 0)
        self._assert_kept(self._settle_with(self._prepare_deduction(501, line[:1])))

    def test_what_an_invoice_charged_in_advance_is_money_too(self):
        self.sale.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "fixed",
                "fixed_amount": 1000,
                "sale_order_ids": [Command.set(self.sale.ids)],
            }
        )
        wizard._create_invoices(self.sale)._post()
        self.assertEqual(
            self._get_deposit_line()._get_unspent_down_payment(self.env["pos.order"]), 1000
        )
        order = self._settle_with(self._prepare_deduction(1000))
        self._assert_handed_over(order, self.high)

    # === WHATEVER A BROWSER SAYS === #

    def test_no_more_is_deducted_than_was_paid(self):
        self._pay_in_advance(500)
        self._assert_kept(self._settle_with(self._prepare_deduction(1500)))

    def test_what_was_paid_once_is_not_deducted_twice_on_one_order(self):
        self._pay_in_advance(500)
        rows = [self._prepare_deduction(500) for _times in range(3)]
        self._assert_kept(self._settle_with(*rows))

    def test_what_was_deducted_is_not_deducted_again(self):
        self._pay_in_advance(1500)
        extra = self._stock_piece(cost=500, list_price=2000)
        self._set_floor(extra, 1500)
        self._settle_with(self._prepare_deduction(1500))
        order = self._sell(
            extra, self._prepare_deduction(1500), user=self.cashier, partner_id=self.client.id
        )
        self._assert_kept(order)

    def test_what_another_customer_paid_in_advance_is_not_deducted(self):
        other = self._quote(self.low, partner_id=self._create_partner(name="Other").id)
        self._pay_in_advance(200, sale=other, partner_id=other.partner_id.id)
        self._set_floor(self.high, 1900)
        order = self._settle_with(self._prepare_deduction(200, sale=other))
        self._assert_kept(order)

    def test_what_only_says_that_it_was_paid_is_not_deducted(self):
        row = self._prepare_deposit(1500, qty=-1)
        row |= {"price_subtotal": -1500, "price_subtotal_incl": -1500}
        self._assert_kept(self._settle_with(row))

    def test_a_down_payment_counts_as_what_came_in_for_it(self):
        row = self._prepare_deposit(1500)
        order = self._prepare_order(row, partner_id=self.client.id)
        order["amount_total"] = order["amount_paid"] = order["payment_ids"][0][2]["amount"] = 1
        self.assertEqual(self._sync(order, user=self.cashier).state, "paid")
        line = self._get_deposit_line()
        self.assertAlmostEqual(line._get_unspent_down_payment(self.env["pos.order"]), 1)
        self._assert_kept(self._settle_with(self._prepare_deduction(1500)))

    def test_what_is_paid_for_an_order_of_nobody_is_kept(self):
        order = self._pay_in_advance(500, partner_id=False)
        self.assertEqual(order.state, "paid")
        self.assertEqual(order.lines.sale_order_origin_id, self.sale)
