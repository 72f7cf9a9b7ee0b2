from odoo.tests import tagged

from odoo.addons.jewelry_pos.tests.test_price_browser import PriceTourCommon

from .common import SettleCommon


@tagged("post_install", "-at_install")
class TestSettleTours(SettleCommon, PriceTourCommon):
    """Quotations at the register, in a browser, as the cashier."""

    PIXEL = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.high.image_1920 = cls.PIXEL
        cls.stranger = cls._create_partner(name="Stranger")
        cls.env["sale.order"].search([]).filtered(
            lambda sale: sale.state != "cancel"
        )._action_cancel()

    def test_a_quotation_is_settled_and_handed_over(self):
        sale = self._order(self.high, price=1200)
        order = self._tour("jewelry_pos_sale_settle", self.cashier)
        self._assert_handed_over(order, self.high)
        self.assertEqual((order.partner_id, order.amount_total), (self.client, 1200))
        self.assertEqual((sale.order_line.qty_delivered, sale.invoice_status), (1, "invoiced"))
        self.assertEqual(set(sale.picking_ids.mapped("state")), {"cancel"})
        self.assertFalse(self.env["jewelry.pos.claim"].search([]))

    def test_down_payments_are_taken_and_deducted(self):
        sale = self._quote(self.high)
        order = self._tour("jewelry_pos_sale_down_payment", self.cashier)
        self._assert_handed_over(order, self.high)
        self.assertEqual((order.amount_total, sale.amount_unpaid), (1400, 0))
        paid = sale.pos_order_line_ids.order_id
        self.assertEqual(sorted(paid.mapped("amount_total")), [100, 500, 1400])
        self.assertFalse(paid.conflict_ids)

    def test_a_quotation_whose_piece_is_at_the_bench_is_refused(self):
        sale = self._quote(self.high)
        bench = self.env["stock.location"].create(
            {"name": "Bench", "location_id": self.stock_location.id, "jewelry_role": "bench"}
        )
        self._move(self.high, self.stock_location, bench)
        self._tour("jewelry_pos_sale_refused", self.cashier)
        self.assertEqual(sale.state, "draft")
