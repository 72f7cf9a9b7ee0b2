from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.tests import tagged

from .common import JewelryPurchaseCommon

CENTS = st.integers(1, 10**6).map(lambda cents: cents / 100)


class VendorBillMixin:
    """What bills make pieces cost, whether the stock is kept perpetually or closed by period."""

    def test_without_stated_costs_the_pieces_share_the_price_of_the_order(self):
        pieces = self._receive(self._create_order(), [0, 0])
        self.assertEqual(self._costs(pieces), [500, 500])

    def test_a_bill_as_ordered_changes_nothing(self):
        order = self._create_order()
        pieces = self._receive(order, [900, 100])
        self._bill(order)
        self.assertEqual(self._costs(pieces), [900, 100])
        self.assertFalse(pieces.value_ids)

    def test_a_dearer_bill_is_spread_by_cost_and_the_ledger_follows(self):
        order = self._create_order()
        pieces = self._receive(order, [900, 100])
        self._bill(order, price=550)
        self.assertEqual(self._costs(pieces), [990, 110])
        self.assertEqual(self._value(self.style), 1100)
        self._check_books()

    def test_a_late_bill_of_a_sold_piece_is_expensed(self):
        order = self._create_order()
        pieces = self._receive(order, [900, 100])
        self._sell(pieces[0])
        self._bill(order, price=550)
        self.assertEqual(self._value(self.style), 110)
        self._check_books(expense=990)

    def test_a_bill_before_the_receipt_sets_the_cost_of_the_receipt(self):
        self.style.purchase_method = "purchase"
        order = self._create_order(quantity=1)
        self._bill(order, price=620)
        pieces = self._receive(order, [0])
        self.assertEqual(self._costs(pieces), [620])

    def test_a_bill_before_the_receipt_is_spread_over_stated_costs(self):
        self.style.purchase_method = "purchase"
        order = self._create_order()
        self._bill(order, price=550)
        pieces = self._receive(order, [900, 100])
        self.assertEqual(self._costs(pieces), [990, 110])
        self._check_books()

    def test_a_bill_before_the_receipt_without_stated_costs_counts_once(self):
        self.style.purchase_method = "purchase"
        order = self._create_order()
        self._bill(order, price=550)
        pieces = self._receive(order, [0, 0])
        self.assertEqual(self._costs(pieces), [550, 550])
        self.assertFalse(pieces.value_ids)

    def test_partial_bills_settle_the_first_pieces_first(self):
        order = self._create_order(quantity=3, price=100)
        pieces = self._receive(order, [100, 100, 100])
        self._bill(order, price=130, quantity=1)
        self.assertEqual(self._costs(pieces), [130, 100, 100])
        self._bill(order, price=70, quantity=2)
        self.assertEqual(sum(self._costs(pieces)), 270)

    def test_a_bill_taken_back_gives_the_receipt_cost_back(self):
        order = self._create_order()
        pieces = self._receive(order, [900, 100])
        bill = self._bill(order, price=550)
        bill.button_draft()
        self.assertEqual(self._costs(pieces), [900, 100])
        bill.action_post()
        self.assertEqual(self._costs(pieces), [990, 110])

    def _refund_at(self, bill, price, quantity=None):
        return self._enter(self._refund(bill, post=False), price, quantity)

    def test_a_refund_lowers_what_the_pieces_cost(self):
        order = self._create_order()
        pieces = self._receive(order, [900, 100])
        self._refund_at(self._bill(order), 50)
        self.assertEqual(self._costs(pieces), [810, 90])
        self._check_books()

    def test_a_refund_lowers_the_expense_of_a_sold_piece(self):
        order = self._create_order()
        pieces = self._receive(order, [900, 100])
        bill = self._bill(order)
        self._sell(pieces[0])
        self._refund_at(bill, 50)
        self._check_books(expense=810)

    def test_a_bill_refunded_as_a_whole_and_written_anew_counts_once(self):
        order = self._create_order()
        pieces = self._receive(order, [900, 100])
        self._refund_at(self._bill(order, price=600), 600)
        self.assertEqual(self._costs(pieces), [900, 100])
        bill = self._bill(order, price=450)
        self.assertEqual(bill.invoice_line_ids.quantity, 2)
        self.assertEqual(self._costs(pieces), [810, 90])
        self._check_books()

    def test_a_piece_sent_back_and_refunded_leaves_the_other_at_its_price(self):
        order = self._create_order(quantity=2, price=500)
        pieces = self._receive(order, [500, 500])
        bill = self._bill(order, price=520)
        self._send_back(order, pieces[1])
        self._refund_at(bill, 520, quantity=1)
        self.assertEqual(self._costs(pieces[0]), [520])
        self._check_books()

    def test_a_refund_below_the_bill_for_a_piece_sent_back_is_for_that_piece(self):
        order = self._create_order(quantity=2, price=500)
        pieces = self._receive(order, [900, 100])
        bill = self._bill(order)
        self._send_back(order, pieces[1])
        self._refund_at(bill, 100, quantity=1)
        self.assertEqual(self._costs(pieces[0]), [900])
        self._check_books()

    def test_a_piece_sent_back_and_replaced_is_settled_again(self):
        order = self._create_order(quantity=1, price=500)
        pieces = self._receive(order, [500])
        self._send_back(order, pieces)
        self._move(
            pieces,
            self.supplier_location,
            self.stock_location,
            purchase_line_id=order.order_line.id,
        )
        self._bill(order, price=540, quantity=1)
        self.assertEqual(self._costs(pieces), [540])

    def test_several_receipts_of_a_line_share_one_bill(self):
        order = self._create_order(quantity=2, price=500)
        first, second = order.picking_ids.move_line_ids
        first.write({"lot_name": "R-1", "cost_unit": 900, "picked": True})
        second.picked = False
        order.picking_ids.with_context(skip_backorder=True).button_validate()
        rest = order.picking_ids.filtered(lambda picking: picking.state != "done")
        self._bill(order, price=550, quantity=2)
        rest.move_line_ids.write({"lot_name": "R-2", "cost_unit": 100})
        rest.move_ids.picked = True
        rest.button_validate()
        pieces = order.picking_ids.move_line_ids.lot_id.sorted("name")
        self.assertEqual(self._costs(pieces), [990, 110])
        self._check_books()

    def test_a_change_of_the_rate_reaches_the_pieces_as_the_ledger_has_it(self):
        euro = self.setup_other_currency(
            "EUR", rates=[("2020-01-01", 2.0), (fields.Date.today(), 4.0)]
        )
        order = self._create_order(quantity=1, price=500, currency_id=euro.id)
        pieces = self._receive(order, [0])
        bill = self._bill(order)
        self.assertEqual(self._costs(pieces), [bill.invoice_line_ids.balance])
        self._check_books()

    def test_a_bill_in_another_currency_counts_at_its_rate(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        order = self._create_order(quantity=1, price=500, currency_id=euro.id)
        pieces = self._receive(order, [0])
        self.assertEqual(self._costs(pieces), [250])
        self._bill(order, price=520)
        self.assertEqual(self._costs(pieces), [260])

    def test_a_piece_sent_back_is_settled_no_more(self):
        order = self._create_order()
        pieces = self._receive(order, [900, 100])
        self._send_back(order, pieces[1])
        self._bill(order, price=950, quantity=1)
        self.assertEqual(self._costs(pieces), [950, 100])

    @settings(
        max_examples=10,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(costs=st.lists(CENTS, min_size=1, max_size=4), price=CENTS)
    def test_whatever_is_billed_the_pieces_cost_it_to_the_cent(self, costs, price):
        savepoint = self.cr.savepoint(flush=True)
        try:
            order = self._create_order(quantity=len(costs), price=price)
            pieces = self._receive(order, costs)
            bill = self._bill(order)
            self.assertAlmostEqual(sum(self._costs(pieces)), bill.amount_untaxed, 2)
        finally:
            savepoint.rollback()
            savepoint.close()
            self.env.invalidate_all(flush=False)


@tagged("post_install", "-at_install")
class TestVendorBillPerpetual(VendorBillMixin, JewelryPurchaseCommon):
    perpetual = True
    allow_inherited_tests_method = True


@tagged("post_install", "-at_install")
class TestVendorBillPeriodic(VendorBillMixin, JewelryPurchaseCommon):
    perpetual = False
    allow_inherited_tests_method = True
