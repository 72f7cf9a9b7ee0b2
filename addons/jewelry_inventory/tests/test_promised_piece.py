from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import JewelryCommon


@tagged("post_install", "-at_install")
class TestPromisedPiece(JewelryCommon):
    """A move for a piece takes this piece, whoever made the move."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.low = cls._stock_piece(cost=100, list_price=300)
        cls.high = cls._stock_piece(cost=900, list_price=2000)

    def _promise(self, piece, **values):
        """Return a confirmed move that hands `piece` to a customer."""
        move = self.env["stock.move"].create(
            {
                "product_id": self.style.id,
                "product_uom_qty": 1,
                "location_id": self.stock_location.id,
                "location_dest_id": self.customer_location.id,
                "picking_type_id": self.picking_type_out.id,
                "piece_id": piece.id,
            }
            | values
        )
        return move._action_confirm(merge=False)

    def test_the_own_piece_is_reserved_even_by_hand_only_types(self):
        self.picking_type_out.reservation_method = "manual"
        self.assertEqual(self._promise(self.high).move_line_ids.lot_id, self.high)

    def test_a_taken_piece_is_not_replaced_by_another(self):
        self._promise(self.high)
        self.assertFalse(self._promise(self.high).move_line_ids)
        self.assertEqual(self.low.piece_status, "available")

    def test_stock_without_a_number_is_no_substitute(self):
        self._promise(self.high)
        self.env["stock.quant"]._update_available_quantity(self.style, self.stock_location, 1)
        self.assertFalse(self._promise(self.high).move_line_ids)

    def test_a_typed_quantity_is_the_own_piece(self):
        move = self._promise(self.high)
        move.quantity = 0
        move.quantity = 1
        self.assertEqual(move.move_line_ids.lot_id, self.high)

    def test_promises_of_two_pieces_do_not_merge(self):
        picking = self._promise(self.low).picking_id
        moves = picking.move_ids | self._promise(self.high, picking_id=picking.id)
        self.assertEqual(moves._merge_moves(), moves)
        self.assertEqual(picking.move_ids.piece_id, self.low + self.high)

    def test_another_piece_on_the_line_is_refused(self):
        move = self._promise(self.high)
        with self.assertRaisesRegex(ValidationError, f"is for {self.high.name}, not for"):
            move.move_line_ids.lot_id = self.low

    def test_a_move_back_names_the_piece_without_reserving(self):
        move = self._promise(
            self.high,
            location_id=self.customer_location.id,
            location_dest_id=self.stock_location.id,
            picking_type_id=self.picking_type_in.id,
        )
        self.assertEqual(move.move_line_ids.lot_id, self.high)

    def test_a_procurement_hands_its_piece_on(self):
        rule = self.warehouse.delivery_route_id.rule_ids[:1]
        values = self._promise(self.high)._prepare_procurement_values()
        self.assertEqual(values["piece_id"], self.high.id)
        self.assertIn("piece_id", rule._get_custom_move_fields())


@tagged("post_install", "-at_install")
class TestPieceAsGoods(JewelryCommon):
    """What sales documents ask of a piece: price and place on an invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.piece = cls._stock_piece(cost=900, list_price=2000)

    def test_the_named_piece_stands_for_its_style_under_a_pricelist(self):
        style = self.style.with_context(priced_piece_id=self.piece.id)
        self.assertEqual(style._price_compute("list_price"), {style.id: 2000})
        self.assertEqual(style._price_compute("standard_price"), {style.id: 900})
        self.assertEqual(self.style._price_compute("list_price"), {style.id: 1000})

    def test_prices_of_other_styles_are_their_own(self):
        other = self._create_style(list_price=50)
        prices = other.with_context(priced_piece_id=self.piece.id)._price_compute("list_price")
        self.assertEqual(prices, {other.id: 50})

    def test_the_price_comes_in_the_currency_asked_for(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        style = self.style.with_context(priced_piece_id=self.piece.id)
        self.assertEqual(style._price_compute("list_price", currency=euro), {style.id: 1000})

    def test_a_piece_is_found_by_its_former_number(self):
        self.piece.former_number = "OLD-77"
        self.assertEqual(self.env["stock.lot"].name_search("OLD-7")[0][0], self.piece.id)

    def test_an_invoice_line_names_no_more_pieces_than_it_charges(self):
        other = self._stock_piece(cost=1)
        invoice = self._create_invoice(self.style, post=False)
        invoice.invoice_line_ids.piece_ids = self.piece + other
        with self.assertRaisesRegex(UserError, "charges 1 but names"):
            invoice.action_post()

    def test_a_copied_invoice_names_no_piece_but_its_reversal_does(self):
        invoice = self._create_invoice(self.style, post=False)
        invoice.invoice_line_ids.piece_ids = self.piece
        self.assertFalse(invoice.copy().invoice_line_ids.piece_ids)
        invoice.action_post()
        self.assertEqual(self._refund(invoice).invoice_line_ids.piece_ids, self.piece)

    def test_a_negative_quantity_takes_the_cost_of_its_piece_back(self):
        self.style.categ_id = self.category_auto
        invoice = self._create_invoice(self.style, post=False)
        invoice.invoice_line_ids.piece_ids = self.piece
        invoice.action_post()
        credit = self._create_invoice(self.style, price_unit=50, post=False)
        credit.invoice_line_ids = [
            Command.create(
                {"product_id": self.style.id, "quantity": -1, "price_unit": 10, "tax_ids": False}
                | {"piece_ids": self.piece.ids}
            )
        ]
        credit.invoice_line_ids[0].piece_ids = self._stock_piece(cost=40)
        credit.action_post()
        self.assertEqual(self._ledger(self.account_expense), 40)

    def test_a_credit_note_for_one_of_two_pieces_takes_back_its_share(self):
        self.style.categ_id = self.category_auto
        other = self._stock_piece(cost=100)
        invoice = self._create_invoice(self.style, quantity=2, post=False)
        invoice.invoice_line_ids.piece_ids = self.piece + other
        invoice.action_post()
        credit = self._refund(invoice, post=False)
        credit.invoice_line_ids.write({"quantity": 1, "piece_ids": self.piece.ids})
        credit.action_post()
        self.assertEqual(self._ledger(self.account_expense), 100)
