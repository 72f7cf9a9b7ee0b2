from lxml import etree
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import SaleCommon


@tagged("post_install", "-at_install")
class TestPieceQuotation(SaleCommon):
    def test_choosing_a_piece_chooses_its_style_and_one(self):
        form = Form(self.env["sale.order"])
        form.partner_id = self.client
        with form.order_line.new() as line:
            line.piece_id = self.high
            self.assertEqual(line.product_id, self.style)
        line = form.save().order_line
        self.assertEqual((line.product_uom_qty, line.price_unit), (1, 2000))

    def test_a_unique_style_proposes_its_only_piece(self):
        style = self._create_style(style_kind="unique")
        piece = self._stock_piece(style, cost=50, list_price=120)
        line = self._quote_quantity(1, style).order_line
        self.assertEqual((line.piece_id, line.price_unit), (piece, 120))

    def test_a_unique_style_proposes_nothing_once_its_piece_is_sold(self):
        style = self._create_style(style_kind="unique")
        self._deliver(self._sell(self._stock_piece(style)))
        self.assertFalse(self._quote_quantity(1, style).order_line.piece_id)

    def test_a_series_proposes_no_piece(self):
        self.assertFalse(self._quote_quantity(1).order_line.piece_id)

    def test_another_style_lets_go_of_the_piece(self):
        order = self._quote(self.high)
        with Form(order) as form, form.order_line.edit(0) as line:
            line.product_id = self._create_style(name="Brooch")
        self.assertFalse(order.order_line.piece_id)

    def test_a_piece_is_sold_once_by_quantity_one(self):
        order = self._quote(self.high)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            order.order_line.product_uom_qty = 2
            order.order_line.flush_recordset()

    def test_the_same_piece_is_not_twice_on_an_order(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._quote(self.high, self.high)

    def test_a_piece_of_another_style_is_refused(self):
        line = {"piece_id": self.high.id, "product_id": self._create_style(name="Brooch").id}
        with self.assertRaisesRegex(ValidationError, "one Solitaire"):
            self._quote(order_line=[Command.create(line)])

    def test_a_piece_is_not_sold_by_the_dozen(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        line = {"piece_id": self.high.id, "product_uom_id": dozen.id}
        with self.assertRaisesRegex(ValidationError, "Dozens"):
            self._quote(order_line=[Command.create(line)])

    def test_the_line_describes_the_piece_and_never_its_cost(self):
        self.high.write({"gross_weight": 3.42, "hallmark": "750", "ring_circumference": 54.4})
        name = self._quote(self.high).order_line.name
        for fact in (self.high.name, "3.420 g", "54.4 mm", "750"):
            self.assertIn(fact, name)
        self.assertNotIn("900", name)

    def test_a_quotation_warns_where_else_its_piece_is_quoted(self):
        other = self._quote(self.high)
        order = self._quote(self.high, self.low)
        self.assertIn(f"{self.high.name}: quoted on {other.name}", order.piece_warning)
        self.assertNotIn(self.low.name, order.piece_warning)
        (other + order)._action_cancel()
        self.assertFalse(self._quote(self.high).piece_warning)

    def test_a_quotation_warns_that_its_piece_is_sold(self):
        order, other = self._quote(self.high), self._quote(self.high)
        other.action_confirm()
        order.invalidate_recordset(["piece_warning"])
        self.assertEqual(order.piece_warning, f"{self.high.name}: Sold on {other.name}")
        self.assertFalse(other.piece_warning)

    def test_several_pieces_are_added_from_the_list(self):
        order = self._quote(self.low)
        action = order.order_line.with_context(order_id=order.id).action_add_pieces()
        self.assertIn(self.high, self.env["stock.lot"].search(action["domain"]))
        pieces = self.low + self.high
        back = pieces.with_context(**action["context"]).action_add_to_sale_order()
        self.assertEqual(back["res_id"], order.id)
        self.assertEqual(order.order_line.piece_id, pieces)
        self.assertEqual(order.amount_total, 2300)

    def test_what_a_stone_is_can_be_read_where_it_is_added(self):
        action = self._quote(self.low).action_add_pieces()
        views = {kind: view for view, kind in action["views"]}
        arch = etree.fromstring(self.env["stock.lot"].get_view(views["list"], "list")["arch"])
        shown = {
            field.get("name") for field in arch.iter("field") if field.get("optional") != "hide"
        }
        self.assertLessEqual({"carat_weight", "color_grade_id", "clarity_grade_id"}, shown)

    def test_scanning_adds_the_piece_and_says_when_there_is_none(self):
        self.high.former_number = "OLD-77"
        order = self.env["sale.order"].new({"partner_id": self.client.id})
        self.assertIsNone(order.on_barcode_scanned("OLD-77"))
        self.assertEqual(order.order_line.piece_id._origin, self.high)
        self.assertEqual(order.order_line.price_unit, 2000)
        self.assertIn("already", order.on_barcode_scanned(self.high.name)["warning"]["message"])
        self.assertIn("No piece is found", order.on_barcode_scanned("0000")["warning"]["message"])

    def test_a_piece_is_found_by_its_former_number(self):
        self.high.former_number = "OLD-77"
        found = self.env["stock.lot"].name_search("OLD-7", [("is_piece", "=", True)])
        self.assertEqual([self.high.id], [row[0] for row in found])

    def test_confirming_a_sold_piece_says_on_which_order(self):
        order, other = self._quote(self.high), self._sell(self.high)
        with self.assertRaisesRegex(UserError, f"{self.high.name}: Sold on {other.name}"):
            order.action_confirm()

    def test_confirming_a_delivered_piece_is_refused(self):
        order = self._quote(self.high)
        self._deliver(self._sell(self.high))
        with self.assertRaisesRegex(UserError, "Sold"):
            order.action_confirm()

    def test_confirming_a_piece_out_of_sale_is_refused(self):
        self._move(self.high, self.stock_location, self.bench)
        with self.assertRaisesRegex(UserError, "At the bench"):
            self._sell(self.high)

    def test_a_piece_not_yet_here_is_not_sold(self):
        with self.assertRaisesRegex(UserError, "Expected"):
            self._sell(self._create_piece())

    def test_a_piece_elsewhere_than_the_warehouse_is_not_promised(self):
        warehouse = self.env["stock.warehouse"].create(
            {"name": "Airport", "code": "AIR", "company_id": self.company.id}
        )
        with self.assertRaisesRegex(UserError, "ships from Airport"):
            self._sell(self.high, warehouse_id=warehouse.id)

    def test_an_expired_quotation_holds_nothing_and_warns_nobody(self):
        other = self._quote(self.high, validity_date=fields.Date.today())
        order = self._quote(self.high)
        self.assertIn(other.name, order.piece_warning)
        other.validity_date = fields.Date.subtract(fields.Date.today(), days=1)
        self.env.invalidate_all()
        self.assertFalse(order.piece_warning)
        order.action_confirm()
        self.assertEqual(self.high.piece_status, "reserved")

    def test_a_cancelled_quotation_warns_nobody(self):
        other, order = self._quote(self.high), self._quote(self.high)
        other._action_cancel()
        self.env.invalidate_all()
        self.assertFalse(order.piece_warning)

    def test_a_warning_never_names_the_customer_of_the_other(self):
        for other in (self._quote(self.high), self._sell(self.low)):
            order = self._quote(*other.order_line.piece_id, partner_id=self.vendor.id)
            with self.subTest(state=other.state):
                self.assertIn(other.name, order.piece_warning)
                self.assertNotIn(self.client.name, order.piece_warning)

    def test_a_surprise_is_held_without_saying_whose(self):
        other = self._quote(
            self.high,
            discretion_until=fields.Date.add(fields.Date.today(), days=9),
            discretion_partner_ids=self.vendor.ids,
        )
        warning = self._quote(self.high).piece_warning
        self.assertIn(other.name, warning)
        self.assertNotIn(self.vendor.name, warning)
        self.assertNotIn(self.client.name, warning)

    def test_reports_of_laboratories_are_in_the_text_of_the_line(self):
        self.env["jewelry.grading.report"].create(
            {
                "number": "2141438171",
                "laboratory_id": self.env["jewelry.laboratory"].search([], limit=1).id,
                "piece_id": self.high.id,
            }
        )
        self.assertIn("2141438171", self._quote(self.high).order_line.name)

    def test_a_cancelled_order_frees_its_piece(self):
        order = self._sell(self.high)
        order._action_cancel()
        self.assertEqual(self.high.piece_status, "available")
        self.assertEqual(self._sell(self.high).state, "sale")

    def test_a_quotation_confirmed_again_after_cancelling_takes_its_piece_again(self):
        order = self._sell(self.high)
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.high.piece_status, "reserved")

    def test_the_picture_of_a_line_is_its_pieces_own(self):
        line = self._quote(self.high).order_line
        self.assertFalse(line._get_piece_image())
        self.style.image_1920 = self._image("red")
        self.assertEqual(line._get_piece_image(), self.style.image_256)
        self.high.image_1920 = self._image("blue")
        self.assertEqual(line._get_piece_image(), self.high.image_256)
