from odoo import Command
from odoo.tests import tagged

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestMaliciousClient(PriceCommon):
    """Whatever a browser sends: nothing is cheaper than allowed, nothing is sold twice, and what
    is paid is never refused.
    """

    def test_a_price_of_its_own_keeps_the_piece(self):
        self._assert_kept(self._sell_at(0.01))

    def test_a_price_that_it_calls_original_is_checked_like_any_other(self):
        self._assert_kept(self._sell_at(0.01, price_type="original"))

    def test_a_price_that_it_calls_manual_is_no_way_around(self):
        self._assert_kept(self._sell_at(0.01, price_type="manual"))
        self._assert_kept(self._sell_at(0.01, piece=self._floored(), price_type="automatic"))

    def _floored(self):
        piece = self._stock_piece(cost=500, list_price=900)
        self._set_floor(piece, 800)
        return piece

    def test_a_discount_of_everything_keeps_the_piece(self):
        line = self._prepare_line(self.high, discount=100)
        self._assert_kept(self._sell(line, user=self.cashier))

    def test_a_line_that_comes_to_less_than_its_price_keeps_the_piece(self):
        line = self._prepare_line(self.high)
        line |= {"price_subtotal": 0.01, "price_subtotal_incl": 0.01}
        self._assert_kept(self._sell(line, user=self.cashier))

    def test_a_total_below_its_lines_keeps_the_piece(self):
        order = self._prepare_order(self.high)
        order["amount_total"] = order["amount_paid"] = 0.01
        order["payment_ids"][0][2]["amount"] = 0.01
        self._assert_kept(self._sync(order, user=self.cashier))

    def test_a_line_that_takes_the_price_off_again_keeps_the_piece(self):
        bag = self.env["product.product"].create({"name": "Bag", "type": "consu"})
        off = self._prepare_line(self.high, price_unit=-1999, pack_lot_ids=[])
        off |= {"product_id": bag.id}
        order = self._sell(self.high, off, user=self.cashier)
        self.assertEqual(order.conflict_ids.mapped("kind"), ["price"])
        self.assertEqual(self.high.piece_status, "available")

    def test_a_negative_quantity_of_other_goods_is_no_money(self):
        bag = self.env["product.product"].create({"name": "Bag", "type": "consu"})
        off = self._prepare_line(self.high, -1, price_unit=1999, pack_lot_ids=[])
        off |= {"product_id": bag.id}
        order = self._sell(self.high, off, user=self.cashier)
        self.assertIn("price", order.conflict_ids.mapped("kind"))
        self.assertEqual(self.high.piece_status, "available")

    def test_a_piece_that_it_names_by_id_is_that_of_the_serial(self):
        line = self._prepare_line(self.low, piece_id=self.high.id)
        order = self._sell(line, user=self.cashier)
        self.assertEqual(order.lines.piece_id, self.low)
        self.assertEqual(order.picking_ids.move_ids.piece_id, self.low)
        self.assertEqual(self.high.piece_status, "available")

    def test_the_serial_of_another_piece_is_sold_at_that_pieces_price(self):
        line = self._prepare_line(self.low)
        line["pack_lot_ids"] = [Command.create({"lot_name": self.high.name})]
        order = self._sell(line, user=self.cashier)
        self.assertEqual(order.lines.piece_id, self.high)
        self._assert_kept(order)

    def test_two_serials_on_one_line_are_not_handed_over(self):
        line = self._prepare_line(self.high)
        line["pack_lot_ids"].append(Command.create({"lot_name": self.low.name}))
        order = self._sell(line, user=self.cashier)
        self.assertEqual(order.conflict_ids.kind, "unknown")
        self.assertEqual({self.high.piece_status, self.low.piece_status}, {"available"})

    def test_one_serial_twice_on_an_order_is_handed_over_once(self):
        order = self._sell(self.low, self.low, user=self.cashier)
        self.assertEqual(order.state, "paid")
        self.assertEqual(len(order.picking_ids.move_ids.filtered(lambda m: m.state == "done")), 1)
        self.assertEqual(len(order.conflict_ids), 1)

    def test_a_cost_that_it_sends_is_not_taken(self):
        order = self._prepare_order(self._prepare_line(self.high, total_cost=1, margin=1999))
        paid = self._sync(order, user=self.cashier)
        self.assertEqual(paid.lines.sudo().total_cost, 900)
        self.assertEqual(self.high.standard_price, 900)

    def test_more_than_was_paid_is_not_paid_back_for_a_piece(self):
        sold = self._sell_at(1600)
        line = self._prepare_line(
            self.high, -1, price_unit=5000, refunded_orderline_id=sold.lines.id
        )
        back = self._sell(line, is_refund=True, user=self.cashier)
        self.assertEqual((back.state, back.conflict_ids.kind), ("paid", "price"))
        self.assertEqual(self.high.piece_status, "sold")

    def test_what_was_paid_is_paid_back(self):
        sold = self._sell_at(1600)
        self.assertFalse(self._take_back(sold, user=self.cashier).conflict_ids)
        self.assertEqual(self.high.piece_status, "available")

    def test_a_return_that_pays_too_much_does_not_make_another_piece_cheap(self):
        sold = self._sell(self.low)
        back = self._prepare_line(
            self.low, -1, price_unit=1990, refunded_orderline_id=sold.lines.id
        )
        order = self._sell(self.high, back, user=self.cashier)
        self.assertEqual(set(order.conflict_ids.mapped("kind")), {"price"})
        self.assertEqual(order.conflict_ids.piece_id, self.low | self.high)
        self.assertFalse(order.picking_ids.move_ids.filtered(lambda move: move.state == "done"))

    def test_a_piece_that_was_paid_back_is_not_paid_back_again(self):
        sold = self._sell_at(1600)
        self._take_back(sold, user=self.cashier)
        again = self._take_back(sold, user=self.cashier)
        self.assertEqual((again.state, again.conflict_ids.kind), ("paid", "unknown"))
        self.assertEqual(self.high.piece_status, "available")

    def test_a_return_without_a_receipt_pays_what_the_register_took(self):
        self._sell_at(1600)
        line = self._prepare_line(self.high, -1, price_unit=2000)
        back = self._sell(line, user=self.manager)
        self.assertEqual(back.conflict_ids.kind, "price")
        line = self._prepare_line(self.high, -1, price_unit=1600)
        self.assertFalse(self._sell(line, user=self.manager).conflict_ids)

    def test_a_return_without_a_receipt_is_no_matter_of_a_cashier(self):
        self._sell_at(1600)
        line = self._prepare_line(self.high, -1, price_unit=1600)
        self.assertEqual(self._sell(line, user=self.cashier).conflict_ids.kind, "unknown")

    def test_a_return_of_what_no_register_sold_pays_its_price_of_today(self):
        self._move(self.low, self.stock_location, self.customer_location)
        line = self._prepare_line(self.low, -1, price_unit=301)
        self.assertEqual(self._sell(line, user=self.manager).conflict_ids.kind, "price")

    def _create_piece_of_others(self):
        """Return a piece of another company."""
        other = self.env["res.company"].create({"name": "Other store"})
        style = self.env["product.template"].create({"name": "Theirs", "jewelry_kind": "piece"})
        return self.env["stock.lot"].create(
            {
                "name": "THEIRS",
                "product_id": style.product_variant_id.id,
                "company_id": other.id,
                "list_price": 50,
            }
        )

    def test_a_piece_of_another_company_is_none_here(self):
        theirs = self._create_piece_of_others()
        line = self._prepare_line(theirs, tax_ids=[Command.set([])])
        order = self._sell(line, user=self.cashier)
        self.assertEqual((order.state, order.conflict_ids.kind), ("paid", "unknown"))
        self.assertFalse(order.lines.piece_id)

    def test_an_agreement_that_it_makes_up_is_none(self):
        order = self._prepare_order(self._prepare_line(self.high, price_unit=1000))
        order["agreement_ids"] = [Command.create({"price": 1})]
        order["price_agreed"] = True
        with self._refused("", Exception):
            self._sync(order, user=self.cashier)
        self.assertFalse(self.env["jewelry.price.agreement"].search([]))

    def test_questions_about_pieces_of_another_company_are_refused(self):
        theirs = self._create_piece_of_others()
        with self._refused(""):
            self._check(self._prepare_question(10, piece=theirs))

    def test_a_context_that_names_a_conflict_frees_no_piece_that_it_keeps(self):
        conflict = self._sell_at(1000).conflict_ids
        order = self._prepare_order(self.high)
        model = self.env["pos.order"].with_user(self.cashier)
        model.with_context(settled_conflict_id=conflict.id).sync_from_ui([order])
        paid = model.search([("uuid", "=", order["uuid"])])
        self.assertEqual(paid.conflict_ids.kind, "double")
        self.assertEqual(self.high.piece_status, "available")

    def test_a_context_that_prices_a_piece_makes_it_no_cheaper(self):
        self._restrict_prices()
        order = self._prepare_order(self._prepare_line(self.high, price_unit=1600))
        model = self.env["pos.order"].with_user(self.cashier)
        model.with_context(priced_at_amounts={self.high.id: 1600}).sync_from_ui([order])
        self._assert_kept(model.search([("uuid", "=", order["uuid"])]))
