"""Where core gets pieces wrong at the register: a named test for each place."""

import re
from importlib import import_module
from pathlib import Path

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.const import SPECIFIC

from .counter_common import CounterCommon

UNIT = Path(__file__).parents[1] / "static/tests/unit"

# Place in `core-map.md`, or in core's point_of_sale -> the tests that hold it, of Python as
# `module:Class.method`, of the browser as `file.test.js:name`.
TESTS = {
    "A5 setQuantity and setPricelist price a line without its piece": [
        "pos_pieces.test.js:the price of each piece stays whatever is priced anew",
        "pos_pieces.test.js:of one piece nobody sells two, and nobody makes it dearer",
        "price_table.test.js:the browser prices a piece: ",
    ],
    "A5 two serials at one price become one line of two": [
        "pos_pieces.test.js:two pieces at one price are two lines",
        "test_pos_sale:TestPosSale.test_two_pieces_of_one_style_are_two_moves",
        "test_pos_malicious:TestMaliciousClient.test_two_serials_on_one_line_are_not_handed_over",
    ],
    "A5 lots of one style are priced together": [
        "test_pos_price:TestParcelPrice.test_a_rule_from_a_quantity_on_counts_the_carats_of_the_order",
    ],
    "A5 a typed price is no way around pricelist and lowest price": [
        "pos_pieces.test.js:a typed price stays when the server tells of the piece",
        "test_pos_malicious:TestMaliciousClient.test_a_price_that_it_calls_manual_is_no_way_around",
    ],
    "A6 a failed delivery is swallowed with the good pieces": [
        "test_pos_sale:TestPosSale.test_the_second_order_for_a_piece_is_kept_and_delivers_the_rest",
        "test_core_map:TestCoreMapPos.test_a6_a_delivery_that_core_gives_up_is_done_piece_by_piece",
    ],
    "A6 selling from an empty place is legal": [
        "test_core_map:TestCoreMapPos.test_a6_nothing_is_sold_from_an_empty_place",
    ],
    "A6 a piece goes to two customers who have places of their own": [
        "test_core_map:TestCoreMapPos.test_a6_customers_with_places_of_their_own_do_not_both_get_it",
    ],
    "A6 two transactions at once both commit": [
        "test_pos_race:TestPosRace.test_of_registers_that_sold_a_piece_at_once_one_delivers_and_all_orders_stay",
        "test_pos_race:TestPosRace.test_an_order_and_a_hand_over_in_the_back_office_at_once_move_the_piece_once",
    ],
    "A7 sync_from_ui is one transaction over all orders": [
        "test_pos_fault:TestPosFault.test_good_orders_of_a_call_are_kept_and_the_bad_one_is_named",
        "test_pos_fault:TestPosFault.test_malformed_orders_take_no_other_with_them",
    ],
    "A7 an order that is not a draft is returned as it is": [
        "test_pos_sale:TestPosSale.test_an_order_that_is_synced_twice_is_one_order",
        "test_pos_race:TestPosRace.test_an_order_that_is_synced_several_times_at_once_is_one_order",
    ],
    "A7 a paid order must never raise": [
        "test_pos_price:TestPriceFloor.test_a_cent_below_the_floor_keeps_the_piece_and_the_money",
        "test_pos_tax:TestPosTax.test_a_line_without_its_tax_keeps_the_piece",
        "test_pos_sale:TestPosSale.test_a_number_that_nobody_knows_makes_no_new_piece",
    ],
    "A8 costs in what registers load": [
        "test_core_map:TestCoreMapPos.test_a8_registers_load_no_cost",
        "test_price_browser:TestTraffic.test_a_day_of_an_associate_at_the_register_shows_no_cost",
    ],
    "A8 the rights of the register reach costs in the back office": [
        "test_core_map:TestCoreMapPos.test_a8_the_rights_of_a_cashier_reach_no_cost",
    ],
    "A13 registers load 5,000 products, and a store has more pieces": [
        "test_pos_catalog:TestPosCatalog.test_all_pieces_come_first",
        "test_core_map:TestCoreMapPos.test_a13_pieces_of_a_style_beyond_the_limit_of_products_are_known",
        "pos_pieces.test.js:a style that the register did not load comes with its piece",
    ],
    "A17 goods of others": [
        "test_pos_sale:TestPosSale.test_whose_piece_it_is_stays_when_it_comes_back",
        "test_core_map:TestCoreMapPos.test_a17_goods_of_an_owner_are_reserved_to_be_shipped",
        "test_core_map:TestCoreMapPos.test_a17_own_and_foreign_goods_of_a_style_are_expensed_right",
        "test_core_map:TestCoreMapPos.test_a17_goods_of_an_owner_leave_no_hole_in_ours",
        "test_pos_return:TestPosReturn.test_goods_of_an_owner_come_back_to_that_owner_without_a_receipt",
    ],
    "pos_order.py cost of a line is the product's": [
        "test_pos_sale:TestPosSale.test_the_margin_of_a_line_is_that_of_its_own_piece",
        "test_core_map:TestCoreMapPos.test_the_line_asks_its_own_moves_for_its_cost",
    ],
    "pos_order.py invoices take the product's cost": [
        "test_core_map:TestCoreMapPos.test_an_invoice_takes_the_cost_of_its_own_pieces",
        "test_core_map:TestCoreMapPos.test_an_invoice_takes_no_cost_of_goods_of_an_owner",
    ],
    "pos_order.py the reversal of a closing takes the product's cost": [
        "test_pos_shipping:TestPosShipping.test_an_invoice_after_all_leaves_what_a_manager_handed_over_expensed",
        "test_core_map:TestCoreMapPos.test_an_invoice_after_the_closing_costs_what_the_piece_did",
    ],
    "pos_session.py costs of a session": [
        "test_sale_conflict:TestSaleConflict.test_the_session_closes_balanced_and_owes_what_was_not_handed_over",
        "test_pos_shipping:TestPosShipping.test_the_cost_is_posted_when_the_piece_leaves",
    ],
    "pos_session.py lines and payments are converted each by itself": [
        "test_pos_currency:TestPosCurrency.test_a_payment_of_another_day_leaves_an_exchange_difference",
        "test_pos_currency:TestPosCurrency.test_cents_of_many_lines_do_not_keep_a_session_open",
    ],
    "stock_picking.py an unknown number makes a new lot": [
        "test_pos_sale:TestPosSale.test_a_number_that_nobody_knows_makes_no_new_piece",
    ],
    "product_template_accounting.js a rule starts from the cost": [
        "price.test.js:hold from their quantity on",
        "test_price_table:TestToldPrices.test_the_price_is_told_and_neither_rule_nor_cost",
    ],
    "pos_store.js and pos_order_line.js reckon margins from a cost": [
        "pos_pieces.test.js:nobody is shown a margin that no cost was known for",
    ],
}


@tagged("post_install", "-at_install")
class TestCoreMapPos(CounterCommon):
    """point_of_sale: each place where it does not know a piece."""

    def test_every_place_has_its_tests(self):
        for place, tests in TESTS.items():
            for test in tests:
                where, name = test.split(":", 1)
                with self.subTest(place=place, test=name):
                    if where.endswith(".js"):
                        written = rf"test\([\"`]{re.escape(name)}"
                        self.assertRegex((UNIT / where).read_text(), written)
                    else:
                        case, method = name.split(".")
                        found = getattr(import_module(f"{__package__}.{where}"), case)
                        self.assertTrue(callable(getattr(found, method, None)))

    def test_a6_a_delivery_that_core_gives_up_is_done_piece_by_piece(self):
        far = self._stock_piece(cost=5, list_price=50, place=self._create_shop().lot_stock_id)
        order = self._sell(far, self.low)
        self.assertEqual(order.conflict_ids.piece_id, far)
        done = order.picking_ids.move_ids.filtered(lambda move: move.state == "done")
        self.assertEqual(done.piece_id, self.low)
        here = far.quant_ids.filtered(lambda quant: quant.location_id.usage != "supplier")
        self.assertEqual(here.filtered("quantity").mapped("quantity"), [1])

    def test_a6_nothing_is_sold_from_an_empty_place(self):
        self._move(self.high, self.stock_location, self._create_place("Safe 2"))
        order = self._sell(self.high)
        self.assertTrue(order.picking_ids.move_ids or order.conflict_ids)
        quants = self.high.quant_ids.filtered(lambda quant: quant.location_id.usage == "internal")
        self.assertTrue(all(quant.quantity >= 0 for quant in quants))
        self.assertEqual(sum(self.high.quant_ids.filtered("quantity").mapped("quantity")), 0)
        self._sell(self.high)
        self.assertTrue(all(quant.quantity >= 0 for quant in quants.exists()))

    def test_a6_customers_with_places_of_their_own_do_not_both_get_it(self):
        customers = [self._create_partner(name=f"Client {number}") for number in range(2)]
        for customer in customers:
            customer.property_stock_customer = self.customer_location.copy({"name": customer.name})
        first, second = (self._sell(self.high, partner_id=each.id) for each in customers)
        self.assertFalse(first.conflict_ids)
        self._assert_conflict(second, "double", "Sold")
        place = customers[0].property_stock_customer
        here = self.high.quant_ids.filtered(lambda quant: quant.quantity > 0)
        self.assertEqual(here.location_id, place)

    def test_a8_the_rights_of_a_cashier_reach_no_cost(self):
        self.env["product.supplierinfo"].create(
            {"partner_id": self.client.id, "price": 777, "product_id": self.style.id}
        )
        order = self._sell(self.high, partner_id=self.client.id, to_invoice=True)
        self.env.flush_all()
        moves, lot = order.picking_ids.move_ids, self.high
        for record, name in ((moves, "value"), (moves, "price_unit"), (lot, "standard_price")):
            with self.subTest(field=name), self.assertRaises(AccessError):
                record.with_user(self.associate).read([name])
        vendors = self.env["product.supplierinfo"].with_user(self.associate)
        self.assertFalse(vendors.search([("product_id", "=", self.style.id)]))
        items = self.env["account.move.line"].with_user(self.associate)
        mine = items.search([("move_id", "=", order.account_move.id)])
        self.assertFalse(mine.sudo().filtered(lambda item: item.display_type == "cogs"))

    def test_a13_pieces_of_a_style_beyond_the_limit_of_products_are_known(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("point_of_sale.limited_product_count", 1)
        columns = self.config.load_piece_catalog()["columns"]
        self.assertLessEqual({self.low.id, self.high.id}, set(columns["id"]))
        found = self.config.find_piece(self.high.name)
        self.assertEqual(found["row"]["product_id"], self.style.id)

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

    def test_a17_goods_of_an_owner_leave_no_hole_in_ours(self):
        owner = self._create_partner(name="Owner")
        piece = self._create_piece(list_price=500)
        self._move(piece, self.supplier_location, self.stock_location, owner=owner)
        self._sell(piece)
        self.assertFalse(
            piece.quant_ids.filtered(
                lambda quant: quant.location_id == self.stock_location and quant.quantity
            )
        )
        gone = piece.quant_ids.filtered(lambda quant: quant.quantity > 0)
        self.assertEqual((gone.owner_id, gone.location_id), (owner, self.customer_location))

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

    def test_an_invoice_after_the_closing_costs_what_the_piece_did(self):
        order = self._sell(self.low, self.high, partner_id=self.client.id)
        self._close()
        before = self._get_books()
        order.action_pos_order_invoice()
        self.assertEqual(self._get_books(), before)
        self.assertEqual(before, (0, -2300, 1000))
