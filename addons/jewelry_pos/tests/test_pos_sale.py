from odoo.tests import tagged

from .common import PosCommon


@tagged("post_install", "-at_install")
class TestPosSale(PosCommon):
    """What is paid at the register leaves the stock: this piece, at its own cost."""

    def test_the_piece_of_the_line_is_delivered_and_no_other(self):
        order = self._sell(self.high)
        self.assertEqual(order.state, "paid")
        self.assertEqual(order.lines.piece_id, self.high)
        self.assertEqual(self.high.piece_status, "sold")
        self.assertEqual(self.low.piece_status, "available")
        self.assertFalse(order.conflict_ids)

    def test_two_pieces_of_one_style_are_two_moves(self):
        order = self._sell(self.low, self.high)
        moves = order.picking_ids.move_ids
        self.assertEqual(moves.piece_id, self.low | self.high)
        self.assertEqual(set(moves.mapped("state")), {"done"})
        self.assertEqual({m.piece_id: m.value for m in moves}, {self.low: 100, self.high: 900})

    def test_the_margin_of_a_line_is_that_of_its_own_piece(self):
        order = self._sell(self.low, self.high)
        costs = {line.piece_id: line.total_cost for line in order.lines}
        self.assertEqual(costs, {self.low: 100, self.high: 900})
        self.assertEqual(order.margin, 1300)

    def test_the_second_order_for_a_piece_is_kept_and_delivers_the_rest(self):
        first = self._sell(self.high)
        second = self._sell(self.high, self.low)
        self.assertEqual(second.state, "paid")
        self.assertEqual(first.picking_ids.move_ids.piece_id, self.high)
        self.assertEqual(second.picking_ids.move_ids.piece_id, self.low)
        conflict = second.conflict_ids
        self.assertEqual((conflict.kind, conflict.piece_id), ("double", self.high))
        self.assertEqual(conflict.problem, "Sold")
        self.assertEqual(len(conflict.activity_ids), 1)

    def test_a_number_that_nobody_knows_makes_no_new_piece(self):
        line = self._prepare_line(self.low, pack_lot_ids=[(0, 0, {"lot_name": "NO-SUCH"})])
        order = self._sell(line)
        self.assertEqual(order.conflict_ids.kind, "unknown")
        self.assertFalse(order.picking_ids)
        self.assertFalse(self.env["stock.lot"].search([("name", "=", "NO-SUCH")]))

    def test_the_same_piece_comes_back_with_its_cost(self):
        order = self._sell(self.low, self.high)
        back = self._take_back(order)
        self.assertEqual(set((self.low | self.high).mapped("piece_status")), {"available"})
        self.assertEqual([self.low.standard_price, self.high.standard_price], [100, 900])
        self.assertFalse(back.conflict_ids)
        self.assertEqual(self._value(self.style), 1000)

    def test_an_order_that_is_synced_twice_is_one_order(self):
        order = self._prepare_order(self.high)
        again = self._prepare_order(self.high, uuid=order["uuid"])
        first, second = self._sync(order), self._sync(again)
        self.assertEqual(first, second)
        self.assertFalse(first.conflict_ids)
        self.assertEqual(len(first.picking_ids), 1)

    def test_whose_piece_it_is_stays_when_it_comes_back(self):
        vendor = self._create_partner(name="Owner")
        piece = self._create_piece(cost=0, list_price=500)
        self._move(piece, self.supplier_location, self.stock_location, owner=vendor)
        order = self._sell(piece)
        self.assertEqual(order.picking_ids.move_line_ids.owner_id, vendor)
        self._take_back(order)
        quant = piece.quant_ids.filtered(lambda q: q.quantity > 0)
        self.assertEqual((quant.owner_id, quant.location_id.usage), (vendor, "internal"))
