from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .counter_common import CounterCommon


@tagged("post_install", "-at_install")
class TestPosShipping(CounterCommon):
    """What is paid now and leaves later: kept for its customer, expensed when it leaves."""

    def _ship(self, *lines, **values):
        """Return the paid order of pieces that leave later."""
        today = fields.Date.to_string(fields.Date.context_today(self.env.user))
        defaults = {"partner_id": self.client.id, "shipping_date": today}
        return self._sell(*lines, **(defaults | values))

    def test_exactly_the_piece_is_reserved(self):
        order = self._ship(self.high, self.low)
        moves = order.picking_ids.move_ids
        self.assertEqual(moves.piece_id, self.low | self.high)
        self.assertEqual(set(moves.mapped("state")), {"assigned"})
        for move in moves:
            self.assertEqual(move.move_line_ids.lot_id, move.piece_id)
        self.assertEqual(set((self.low | self.high).mapped("piece_status")), {"reserved"})

    def test_what_is_paid_to_be_shipped_is_refused_and_not_sold_again(self):
        self._ship(self.high)
        self.assertEqual(self.config.read_piece(self.high.id)["reason"], "Reserved")
        self._assert_conflict(self._sell(self.high), "double", "Reserved")

    def test_a_piece_that_is_not_free_is_not_shipped(self):
        self._sell(self.high)
        order = self._ship(self.high, self.low)
        self.assertEqual(order.conflict_ids.piece_id, self.high)
        self.assertEqual(order.picking_ids.move_ids.piece_id, self.low)

    def test_the_cost_is_posted_when_the_piece_leaves(self):
        order = self._ship(self.high)
        self._close()
        self.assertEqual(self._get_books(), (0, -2000, 0))
        self._deliver(order.picking_ids)
        self.assertEqual(self.high.piece_status, "sold")
        self.assertEqual(self._get_books(), (0, -2000, 900))
        self.assertEqual(self._ledger(self.stock_account), -900)

    def test_the_cost_of_what_leaves_before_closing_is_posted_once(self):
        order = self._ship(self.high)
        self._deliver(order.picking_ids)
        self._close()
        self.assertEqual(self._get_books(), (0, -2000, 900))

    def test_a_company_that_is_perpetual_as_a_whole_posts_it_once_too(self):
        self.company.inventory_valuation = "real_time"
        order = self._ship(self.high)
        self._deliver(order.picking_ids)
        self._close()
        self.assertEqual(self._get_books(), (0, -2000, 900))

    def test_goods_valued_at_closing_are_expensed_there(self):
        self.style.categ_id = self.category
        order = self._ship(self.high)
        self._deliver(order.picking_ids)
        self._close()
        self.assertEqual(self._ledger(self.expense), 0)

    # === INVOICES === #

    def test_an_invoice_at_the_register_takes_the_cost_alone(self):
        order = self._ship(self.high, to_invoice=True)
        self._deliver(order.picking_ids)
        self._close()
        self.assertEqual(self._get_books(), (0, -2000, 900))

    def test_an_invoice_after_the_delivery_takes_the_cost_over(self):
        order = self._ship(self.high)
        self._deliver(order.picking_ids)
        order.action_pos_order_invoice()
        self.assertEqual(self._ledger(self.expense), 900)
        self._close()
        self.assertEqual(self._get_books(), (0, -2000, 900))

    def test_an_invoice_after_the_closing_takes_the_cost_over(self):
        for valuation in ("periodic", "real_time"):
            with self.subTest(valuation=valuation):
                before = self._get_books()
                self.company.inventory_valuation = valuation
                piece = self._stock_piece(cost=30, list_price=50)
                other = self._stock_piece(cost=7, list_price=50)
                shipped = self._ship(piece)
                taken = self._sell(other, partner_id=self.client.id)
                self._deliver(shipped.picking_ids)
                self._close()
                for order in shipped + taken:
                    order.action_pos_order_invoice()
                change = [new - old for new, old in zip(self._get_books(), before, strict=True)]
                self.assertEqual(change, [0, -100, 37])

    def test_an_invoice_between_closing_and_delivery_takes_the_cost(self):
        order = self._ship(self.high)
        self._close()
        order.action_pos_order_invoice()
        self._deliver(order.picking_ids)
        self.assertEqual(self._get_books(), (0, -2000, 900))

    # === RETURNS === #

    def test_what_is_paid_back_before_it_leaves_is_free_again(self):
        order = self._ship(self.high)
        back = self._bring(self.high, order, partner_id=self.client.id)
        self.assertFalse(back.conflict_ids)
        self.assertFalse(back.picking_ids)
        self.assertEqual(set(order.picking_ids.move_ids.mapped("state")), {"cancel"})
        self.assertEqual(self.high.piece_status, "available")
        self._close()
        self.assertEqual(self._get_books(), (0, 0, 0))
        self._assert_conflict(self._bring(self.high, order), "unknown", "Available")

    def test_what_was_shipped_comes_back_as_any_other_sale(self):
        order = self._ship(self.high)
        self._deliver(order.picking_ids)
        back = self._bring(self.high, order, partner_id=self.client.id)
        self.assertFalse(back.conflict_ids)
        self.assertEqual(self.high.piece_status, "available")
        self._close()
        self.assertEqual(self._get_books(), (0, 0, 0))

    def test_an_exchange_takes_in_now_and_ships_later(self):
        sale = self._sell(self.low)
        back = self._prepare_line(self.low, -1, refunded_orderline_id=sale.lines.id)
        order = self._ship(back, self.high)
        self.assertEqual((self.low.piece_status, self.high.piece_status), ("available", "reserved"))
        self._deliver(order.picking_ids.filtered(lambda p: p.state != "done"))
        self._close()
        self.assertEqual(self._get_books(), (0, -2000, 900))

    def test_goods_that_are_no_pieces_are_awaited_as_core_does(self):
        box = self.env["product.product"].create({"name": "Box", "is_storable": True})
        common = {"product_id": box.id, "price_unit": 5, "tax_ids": [], "pack_lot_ids": []}
        sale = self._sell({**common, "qty": 2, "price_subtotal": 10, "price_subtotal_incl": 10})
        back = {"qty": -2, "price_subtotal": -10, "price_subtotal_incl": -10}
        origin = {"refunded_orderline_id": sale.lines.id}
        order = self._ship({**common, **back, **origin}, is_refund=True)
        self.assertTrue(order.picking_ids)
        self.assertNotIn("done", order.picking_ids.mapped("state"))
        self._deliver(order.picking_ids)
        self.assertEqual(box.qty_available, 0)

    def test_what_is_handed_over_for_a_shipped_order_is_expensed_once(self):
        self._sell(self.high)
        order = self._ship(self.high)
        self._close()
        order.conflict_ids.with_user(self.manager).action_hand_over(self.low, "Swapped")
        self.assertEqual(self._get_books(), (0, -4000, 1000))

    def test_an_invoice_after_all_leaves_what_a_manager_handed_over_expensed(self):
        self._sell(self.high)
        order = self._sell(self.high, partner_id=self.client.id)
        self._close()
        order.conflict_ids.with_user(self.manager).action_hand_over(self.low, "Swapped")
        order.action_pos_order_invoice()
        self.assertEqual(self._get_books(), (0, -4000, 1000))

    def test_what_is_reserved_is_not_handed_over_for_another_conflict(self):
        self._sell(self.low)
        conflict = self._sell(self.low).conflict_ids
        self._ship(self.high)
        with self.assertRaisesRegex(UserError, "Reserved"):
            conflict.with_user(self.manager).action_hand_over(self.high, "Instead")
