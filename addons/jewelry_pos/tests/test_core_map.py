"""Where core gets pieces wrong at the register: a named test for each place."""

from importlib import import_module

from odoo.tests import tagged

from odoo.addons.jewelry_inventory.const import SPECIFIC

from .counter_common import CounterCommon

# Place in `core-map.md`, or in core's point_of_sale -> the tests that hold it.
TESTS = {
    "A6 a failed delivery is swallowed with the good pieces": [
        "test_pos_sale:TestPosSale.test_the_second_order_for_a_piece_is_kept_and_delivers_the_rest",
        "test_core_map:TestCoreMapPos.test_a6_a_delivery_that_core_gives_up_is_done_piece_by_piece",
    ],
    "A6 two transactions at once both commit": [
        "test_pos_race:TestPosRace.test_of_registers_that_sold_a_piece_at_once_one_delivers_and_all_orders_stay",
    ],
    "A7 sync_from_ui is one transaction over all orders": [
        "test_pos_fault:TestPosFault.test_good_orders_of_a_call_are_kept_and_the_bad_one_is_named",
        "test_pos_fault:TestPosFault.test_malformed_orders_take_no_other_with_them",
    ],
    "A7 an order that is not a draft is returned as it is": [
        "test_pos_sale:TestPosSale.test_an_order_that_is_synced_twice_is_one_order",
        "test_pos_race:TestPosRace.test_an_order_that_is_synced_several_times_at_once_is_one_order",
    ],
    "A8 costs in what registers load": [
        "test_core_map:TestCoreMapPos.test_a8_registers_load_no_cost",
    ],
    "A17 goods of others": [
        "test_pos_sale:TestPosSale.test_whose_piece_it_is_stays_when_it_comes_back",
        "test_core_map:TestCoreMapPos.test_a17_goods_of_an_owner_are_reserved_to_be_shipped",
        "test_core_map:TestCoreMapPos.test_a17_own_and_foreign_goods_of_a_style_are_expensed_right",
    ],
    "pos_order.py cost of a line is the product's": [
        "test_pos_sale:TestPosSale.test_the_margin_of_a_line_is_that_of_its_own_piece",
        "test_core_map:TestCoreMapPos.test_the_line_asks_its_own_moves_for_its_cost",
    ],
    "pos_order.py invoices take the product's cost": [
        "test_core_map:TestCoreMapPos.test_an_invoice_takes_the_cost_of_its_own_pieces",
    ],
    "pos_session.py costs of a session": [
        "test_sale_conflict:TestSaleConflict.test_the_session_closes_balanced_and_owes_what_was_not_handed_over",
        "test_pos_shipping:TestPosShipping.test_the_cost_is_posted_when_the_piece_leaves",
    ],
    "stock_picking.py an unknown number makes a new lot": [
        "test_pos_sale:TestPosSale.test_a_number_that_nobody_knows_makes_no_new_piece",
    ],
}


@tagged("post_install", "-at_install")
class TestCoreMapPos(CounterCommon):
    """point_of_sale: each place where it does not know a piece."""

    def test_every_place_has_its_tests(self):
        for place, tests in TESTS.items():
            for test in tests:
                module, path = test.split(":")
                name, method = path.split(".")
                with self.subTest(place=place, test=method):
                    case = getattr(import_module(f"{__package__}.{module}"), name)
                    self.assertTrue(callable(getattr(case, method, None)))

    def test_a6_a_delivery_that_core_gives_up_is_done_piece_by_piece(self):
        far = self._stock_piece(cost=5, list_price=50, place=self._create_shop().lot_stock_id)
        order = self._sell(far, self.low)
        self.assertEqual(order.conflict_ids.piece_id, far)
        done = order.picking_ids.move_ids.filtered(lambda move: move.state == "done")
        self.assertEqual(done.piece_id, self.low)
        here = far.quant_ids.filtered(lambda quant: quant.location_id.usage != "supplier")
        self.assertEqual(here.filtered("quantity").mapped("quantity"), [1])

    def test_a8_registers_load_no_cost(self):
        self.style.standard_price = 777
        session = self._open_session()
        for user in (self.associate, self.manager):
            data = session.with_user(user).load_data([])
            for model in ("product.product", "product.template"):
                costs = {row["standard_price"] for row in data[model]}
                self.assertEqual(costs, {0}, model)

    def test_a17_goods_of_an_owner_are_reserved_to_be_shipped(self):
        owner = self._create_partner(name="Owner")
        piece = self._create_piece(list_price=500)
        self._move(piece, self.supplier_location, self.stock_location, owner=owner)
        order = self._sell(piece, partner_id=self.client.id, shipping_date="2030-01-01")
        line = order.picking_ids.move_line_ids
        self.assertEqual((line.lot_id, line.owner_id), (piece, owner))

    def test_a17_own_and_foreign_goods_of_a_style_are_expensed_right(self):
        owner = self._create_partner(name="Owner")
        piece = self._create_piece(cost=700, list_price=500)
        self._move(piece, self.supplier_location, self.stock_location, owner=owner)
        self._sell(piece, self.high)
        self._close()
        self.assertEqual(self._get_books(), (0, -2500, 900))

    def test_the_line_asks_its_own_moves_for_its_cost(self):
        order = self._sell(self.low, self.high)
        self.assertEqual(self.style.cost_method, SPECIFIC)
        moves = order.picking_ids.move_ids
        for line in order.lines:
            self.assertTrue(line._is_product_storable_fifo_avco())
            asked = line._get_stock_moves_to_consider(moves, line.product_id)
            self.assertEqual(asked.piece_id, line.piece_id)

    def test_an_invoice_takes_the_cost_of_its_own_pieces(self):
        order = self._sell(self.low, self.high, partner_id=self.client.id, to_invoice=True)
        lines = order.account_move.line_ids.filtered(lambda line: line.display_type == "cogs")
        debits = lines.filtered(lambda line: line.account_id == self.expense)
        self.assertEqual(sorted(debits.mapped("balance")), [100, 900])

    def test_an_invoice_takes_no_cost_of_goods_of_an_owner(self):
        owner = self._create_partner(name="Owner")
        piece = self._create_piece(list_price=500)
        self._move(piece, self.supplier_location, self.stock_location, owner=owner)
        self._sell(piece, self.high, partner_id=self.client.id, to_invoice=True)
        self._close()
        self.assertEqual(self._get_books(), (0, -2500, 900))
