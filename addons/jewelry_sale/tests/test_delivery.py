from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import SaleCommon


@tagged("post_install", "-at_install")
class TestPieceDelivery(SaleCommon):
    def test_an_order_reserves_its_very_piece(self):
        order = self._sell(self.high)
        self.assertEqual(order.picking_ids.move_line_ids.lot_id, self.high)
        self.assertEqual((self.low.piece_status, self.high.piece_status), ("available", "reserved"))

    def test_pieces_are_kept_even_where_deliveries_reserve_by_hand(self):
        self.picking_type_out.reservation_method = "manual"
        order = self._sell(self.high)
        self.assertEqual(order.picking_ids.move_line_ids.lot_id, self.high)

    def test_two_pieces_of_a_style_stay_two_moves(self):
        moves = self._sell(self.low, self.high).picking_ids.move_ids
        self.assertEqual(moves.piece_id, self.low + self.high)
        self.assertEqual(moves.mapped("product_uom_qty"), [1, 1])

    def test_a_delivery_moves_the_piece_and_its_own_cost(self):
        picking = self._deliver(self._sell(self.high))
        self.assertEqual(picking.move_ids.value, 900)
        self.assertEqual(self.high.piece_status, "sold")
        self.assertEqual(self._value(self.style), 100)

    def test_a_backorder_waits_with_its_own_piece(self):
        order = self._sell(self.low, self.high)
        self._deliver(order, self.low)
        rest = order.picking_ids.filtered(lambda picking: picking.state == "assigned")
        self.assertEqual(rest.move_line_ids.lot_id, self.high)
        self._deliver(order)
        self.assertEqual(order.order_line.mapped("qty_delivered"), [1, 1])

    def test_three_steps_carry_the_piece_through(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self._sell(self.high)
        for _step in range(3):
            picking = self._deliver(order)
            self.assertEqual(picking.move_ids.piece_id, self.high)
            self.assertEqual(picking.move_line_ids.lot_id, self.high)
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertEqual(self.high.piece_status, "sold")

    def test_steps_that_pull_carry_the_piece_to_the_first(self):
        self.warehouse.delivery_steps = "pick_ship"
        pick, ship = self.warehouse.delivery_route_id.rule_ids.sorted("id")
        output = self.warehouse.wh_output_stock_loc_id
        pick.write({"location_dest_id": output.id})
        ship.write({"action": "pull", "procure_method": "make_to_order"})
        order = self._sell(self.high)
        self.assertEqual(order.picking_ids.move_line_ids.lot_id, self.high)
        self.assertEqual(len(order.picking_ids.move_ids), 2)
        self.assertEqual(order.picking_ids.move_ids.piece_id, self.high)

    def test_another_piece_on_the_delivery_is_refused(self):
        line = self._sell(self.high).picking_ids.move_line_ids
        with self.assertRaisesRegex(ValidationError, f"is for {self.high.name}, not for"):
            line.lot_id = self.low

    def test_serials_typed_on_the_delivery_are_held_to_the_promise(self):
        move = self._sell(self.high).picking_ids.move_ids
        with self.assertRaisesRegex(ValidationError, "change it in the order first"):
            move.lot_ids = self.low

    def test_a_quantity_typed_again_takes_the_own_piece_again(self):
        move = self._sell(self.high).picking_ids.move_ids
        move.quantity = 0
        self.assertEqual(self.high.piece_status, "available")
        move.quantity = 1
        self.assertEqual(move.move_line_ids.lot_id, self.high)

    def test_unreserving_by_hand_does_not_free_the_piece_for_another_order(self):
        order = self._sell(self.high)
        order.picking_ids.do_unreserve()
        self.assertEqual(self.high.piece_status, "available")
        with self.assertRaisesRegex(UserError, f"Sold on {order.name}"):
            self._sell(self.high)
        order.picking_ids.action_assign()
        self.assertEqual(order.picking_ids.move_line_ids.lot_id, self.high)

    def test_a_piece_that_left_the_warehouse_is_not_replaced_by_its_sister(self):
        order = self._sell(self.high)
        order.picking_ids.do_unreserve()
        self._move(self.high, self.stock_location, self.bench)
        order.picking_ids.action_assign()
        self.assertFalse(order.picking_ids.move_line_ids)

    def test_another_piece_of_the_style_takes_over_on_the_confirmed_line(self):
        order = self._sell(self.low)
        order.order_line.piece_id = self.high
        self.assertEqual(order.picking_ids.move_line_ids.lot_id, self.high)
        self.assertEqual((self.low.piece_status, self.high.piece_status), ("available", "reserved"))
        self.assertEqual(order.order_line.price_unit, 2000)

    def test_a_sold_piece_does_not_take_over(self):
        self._sell(self.high)
        order = self._sell(self.low)
        with self.assertRaisesRegex(UserError, "Sold on"):
            order.order_line.piece_id = self.high

    def test_after_the_delivery_the_piece_of_the_line_stays(self):
        order = self._sell(self.low)
        self._deliver(order)
        with self.assertRaisesRegex(UserError, "delivered or invoiced"):
            order.order_line.piece_id = self.high

    def test_a_locked_order_keeps_its_piece(self):
        order = self._sell(self.low)
        order.action_lock()
        with self.assertRaisesRegex(UserError, "locked"):
            order.order_line.piece_id = self.high

    def test_a_line_set_to_nothing_frees_its_piece(self):
        order = self._sell(self.low, self.high)
        order.order_line[1].product_uom_qty = 0
        self.assertEqual(self.high.piece_status, "available")
        self.assertEqual(order.picking_ids.move_line_ids.lot_id, self.low)
        order.order_line[1].product_uom_qty = 1
        self.assertEqual(self.high.piece_status, "reserved")

    def test_a_line_added_to_a_confirmed_order_takes_its_piece(self):
        order = self._sell(self.low)
        order._add_pieces(self.high)
        self.assertEqual(order.picking_ids.move_line_ids.lot_id, self.low + self.high)
        with self.assertRaisesRegex(UserError, "Sold on"):
            self._sell()._add_pieces(self.high)

    def test_goods_of_others_are_sold_by_their_number_too(self):
        theirs = self._create_piece()
        self._move(theirs, self.supplier_location, self.stock_location, owner=self.owner)
        line = self._sell(theirs).picking_ids.move_line_ids
        self.assertEqual((line.lot_id, line.owner_id), (theirs, self.owner))
