from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import JewelryCommon


@tagged("post_install", "-at_install")
class TestPiece(JewelryCommon):
    def test_a_jewelry_style_is_costed_piece_by_piece_whatever_its_category(self):
        self.category.property_cost_method = "standard"
        self.assertEqual(self.style.cost_method, "specific")
        self.assertEqual(self.style.tracking, "serial")
        self.assertTrue(self.style.lot_valuated)

    def test_a_piece_takes_the_next_number_of_the_store(self):
        first, second = self._create_piece(), self._create_piece()
        self.assertRegex(first.name, r"^P-\d{6}$")
        self.assertEqual(int(second.name[2:]), int(first.name[2:]) + 1)

    def test_a_number_is_unique_in_the_company_over_all_styles(self):
        self._create_piece(name="R-1")
        other = self._create_style(name="Eternity")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_piece(style=other, name="R-1")

    def test_a_shared_style_puts_its_piece_in_the_company(self):
        self.assertFalse(self.style.company_id)
        self.assertEqual(self._create_piece().company_id, self.company)

    def test_a_piece_is_never_deleted(self):
        piece = self._create_piece()
        with self.assertRaisesRegex(UserError, "Void"):
            piece.unlink()

    def test_a_void_piece_keeps_its_number(self):
        piece = self._create_piece(name="R-2")
        piece.action_void("typed twice")
        self.assertEqual(piece.piece_status, "void")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_piece(name="R-2")

    def test_voiding_asks_for_a_reason_and_spares_stock(self):
        with self.assertRaisesRegex(UserError, "Enter the reason"):
            self._create_piece().action_void(" ")
        with self.assertRaisesRegex(UserError, "out of stock first"):
            self._stock_piece().action_void("slip")

    def test_jewelry_must_be_tracked(self):
        with self.assertRaises(ValidationError):
            self.style.product_tmpl_id.tracking = "lot"

    def test_the_status_follows_the_piece(self):
        piece = self._create_piece()
        self.assertEqual(piece.piece_status, "expected")
        self._move(piece, self.supplier_location, self.stock_location)
        self.assertEqual(piece.piece_status, "available")
        self._move(piece, self.stock_location, self.bench)
        self.assertEqual(piece.piece_status, "bench")
        self._move(piece, self.bench, self.stock_location)
        self._move(piece, self.stock_location, self.customer_location)
        self.assertEqual(piece.piece_status, "sold")

    def test_a_place_that_changes_its_role_changes_its_pieces(self):
        piece = self._stock_piece(place=self.safe)
        self.safe.jewelry_role = "hold"
        self.assertEqual(piece.piece_status, "hold")

    def test_why_a_piece_cannot_be_sold(self):
        free, held, theirs = self._stock_piece(), self._stock_piece(), self._stock_piece()
        theirs.stock_type = "customer"
        self._move(held, self.stock_location, self.bench)
        reasons = (free + held + theirs)._get_unavailability()
        self.assertEqual(reasons, {held: "At the bench", theirs: "Belongs to a customer"})

    def test_a_piece_cannot_leave_a_place_where_it_is_not(self):
        piece = self._stock_piece()
        self._move(piece, self.stock_location, self.customer_location)
        other_customer = self.customer_location.copy()
        with self.assertRaisesRegex(UserError, "not in the place that it would be taken from"):
            self._move(piece, self.stock_location, other_customer)

    def test_a_scan_finds_a_piece_by_number_or_former_number(self):
        piece = self._create_piece(former_number="OLD-77", inscription="A & B 1999")
        for code in (piece.name, "OLD-77", " OLD-77 ", "A & B 1999"):
            self.assertEqual(self.env["stock.lot"]._get_piece_by_scan(code), piece)
        self.assertFalse(self.env["stock.lot"]._get_piece_by_scan("nothing"))
        self.assertFalse(self.env["stock.lot"]._get_piece_by_scan(""))

    def test_a_scan_finds_a_piece_by_the_serial_number_in_a_gs1_code(self):
        piece = self._create_piece(name="P-GS1")
        find = self.env["stock.lot"]._get_piece_by_scan
        for code in ("21P-GS1", "010952112345678521P-GS1", "]C1010952112345678521P-GS1"):
            self.assertEqual(find(code), piece, code)
        for code in ("10P-GS1", "010952112345678521P-GS2", "17999999", "21"):
            self.assertFalse(find(code), code)

    def test_a_number_that_looks_like_gs1_is_a_number_first(self):
        plain, other = self._create_piece(name="21A7"), self._create_piece(name="A7")
        self.assertEqual(self.env["stock.lot"]._get_piece_by_scan("21A7"), plain)
        self.assertEqual(self.env["stock.lot"]._get_piece_by_scan("21A7B"), other.browse())

    def test_a_scan_finds_loose_stones_and_parcels(self):
        for kind in ("stone", "parcel"):
            style = self._create_style(jewelry_kind=kind)
            lot = self._create_piece(style, name=f"{kind}-1")
            self.assertEqual(self.env["stock.lot"]._get_piece_by_scan(f"{kind}-1"), lot)

    def test_age_counts_from_the_first_receipt(self):
        piece = self._stock_piece()
        received = piece.received_date
        self._move(piece, self.stock_location, self.customer_location)
        self._move(piece, self.customer_location, self.stock_location)
        self.assertEqual(piece.received_date, received)
        self.assertEqual(piece.age_days, 0)

    def test_a_piece_that_was_not_weighed_has_no_warning(self):
        self.assertFalse(self._create_piece().weight_warning)
        self.assertFalse(self._create_piece(gross_weight=3.0).weight_warning)

    def test_a_unique_style_has_the_price_of_its_piece(self):
        style = self._create_style(style_kind="unique", list_price=1.0)
        piece = self._create_piece(style, list_price=700.0)
        self.assertEqual(style.list_price, 700.0)
        piece.list_price = 800.0
        self.assertEqual(style.list_price, 800.0)

    def test_a_new_style_has_no_price_that_nobody_gave(self):
        styles = self.env["product.template"]
        self.assertEqual(styles.create({"name": "Ring", "jewelry_kind": "piece"}).list_price, 0)
        self.assertEqual(styles.create({"name": "Box"}).list_price, 1)
        with Form(styles) as form:
            form.name = "Brooch"
            form.jewelry_kind = "piece"
        self.assertEqual(form.record.list_price, 0)

    def test_the_price_of_the_piece_wins_over_that_of_the_unique_style(self):
        style = self._create_style(style_kind="unique")
        self._create_piece(style, list_price=700.0)
        style.product_tmpl_id.list_price = 5.0
        self.assertEqual(style.list_price, 700.0)

    def test_a_style_that_becomes_unique_takes_the_price_of_its_piece(self):
        self._create_piece(list_price=700.0)
        self.style.product_tmpl_id.style_kind = "unique"
        self.assertEqual(self.style.list_price, 700.0)

    def test_a_series_keeps_its_own_price(self):
        self._create_piece(list_price=700.0)
        self.assertEqual(self.style.list_price, 1000.0)

    def test_a_unique_style_has_one_piece(self):
        style = self._create_style(style_kind="unique")
        piece = self._create_piece(style)
        with self.assertRaisesRegex(ValidationError, "one piece"), self.env.cr.savepoint():
            self._create_piece(style)
        piece.action_void("typed twice")
        self.assertTrue(self._create_piece(style))

    def test_a_style_with_two_pieces_does_not_become_unique(self):
        self._create_piece()
        self._create_piece()
        with self.assertRaisesRegex(ValidationError, "one piece"):
            self.style.product_tmpl_id.style_kind = "unique"

    def test_a_scan_opens_the_piece_in_its_own_form(self):
        piece = self._create_piece(name="P-SCAN")
        action = self.env["stock.lot"].open_by_scan("P-SCAN")
        self.assertEqual((action["res_model"], action["res_id"]), ("stock.lot", piece.id))
        form = self.env.ref("jewelry_inventory.stock_lot_view_form_piece")
        self.assertEqual(action["views"], [(form.id, "form")])
        self.assertFalse(self.env["stock.lot"].open_by_scan("nothing"))

    def test_a_lot_that_is_no_jewelry_keeps_the_form_of_core(self):
        product = self.env["product.product"].create({"name": "Box", "tracking": "lot"})
        lot = self.env["stock.lot"].create({"product_id": product.id, "name": "B-1"})
        self.assertFalse(lot.get_formview_id())
