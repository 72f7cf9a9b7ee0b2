from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common import JewelryPurchaseCommon

CENTS = st.integers(1, 10**6).map(lambda cents: cents / 100)


@tagged("post_install", "-at_install")
class TestVendorBill(JewelryPurchaseCommon):
    def _costs(self, pieces):
        self.env.invalidate_all()
        return pieces.mapped("standard_price")

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
        self.assertEqual(self._ledger(self.account_stock_valuation), 1100)
        self.assertEqual(self._value(self.style), 1100)

    def test_a_late_bill_of_a_sold_piece_is_expensed(self):
        order = self._create_order()
        pieces = self._receive(order, [900, 100])
        self._move(pieces[0], self.stock_location, self.customer_location)
        invoice = self._create_invoice(self.style, price_unit=2000, post=False)
        invoice.invoice_line_ids.piece_ids = pieces[0]
        invoice.action_post()
        self._bill(order, price=550)
        self.assertEqual(self._ledger(self.account_expense), 990)
        self.assertEqual(self._ledger(self.account_stock_valuation), 110)
        self.assertEqual(self._value(self.style), 110)

    def test_a_bill_before_the_receipt_sets_the_cost_of_the_receipt(self):
        self.style.purchase_method = "purchase"
        order = self._create_order(quantity=1)
        self._bill(order, price=620)
        pieces = self._receive(order, [0])
        self.assertEqual(self._costs(pieces), [620])

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

    def test_a_refund_lowers_what_the_pieces_cost(self):
        order = self._create_order()
        pieces = self._receive(order, [900, 100])
        bill = self._bill(order)
        refund = self._refund(bill, post=False)
        refund.invoice_line_ids.price_unit = 50
        refund.invoice_date = bill.invoice_date
        refund.action_post()
        self.assertEqual(sum(self._costs(pieces)), self._value(self.style))

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
        back = order.picking_ids.move_ids
        self._move(
            pieces[1],
            self.stock_location,
            self.supplier_location,
            origin_returned_move_id=back.id,
            purchase_line_id=order.order_line.id,
        )
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
