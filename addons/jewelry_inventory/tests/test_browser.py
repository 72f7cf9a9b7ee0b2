import base64

from odoo.tests import HttpCase, new_test_user, tagged

from .common import ROLES
from .test_label_print import read_codes
from .units_common import UnitsCommon


@tagged("post_install", "-at_install")
class TestPieceTours(HttpCase):
    """Journeys through the screens of pieces, as those who make them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in ("associate", "keeper"):
            new_test_user(cls.env, login=role, groups=ROLES[role])
        style = cls.env["product.template"].create(
            {"name": "Solitaire of the tour", "jewelry_kind": "piece"}
        )
        cls.piece = cls.env["stock.lot"].create(
            {
                "name": "P-TOUR",
                "product_id": style.product_variant_id.id,
                "list_price": 9000.0,
                "standard_price": 4321.0,
            }
        )
        company = cls.env.company
        stock = cls.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        cls.piece._take_in(company._get_opening_place(), stock.lot_stock_id)

    def test_a_keeper_enters_a_piece_and_takes_it_into_stock(self):
        self.start_tour("/odoo", "jewelry_keeper_enters_a_piece", login="keeper")
        piece = self.env["stock.lot"].search([("product_id.name", "=", "Trilogy of the tour")])
        self.assertEqual(piece.jewelry_kind, "piece")
        self.assertEqual(piece.standard_price, 1800.0)
        self.assertEqual(piece.gross_weight, 6.125)

    def test_an_associate_shows_a_piece_to_a_client(self):
        self.start_tour("/odoo", "jewelry_associate_shows_a_piece", login="associate")

    def test_the_label_printed_at_intake_is_scanned_anywhere(self):
        piece = self._enter_piece("P-LABEL")
        self.start_tour("/odoo", "jewelry_keeper_labels_a_piece", login="keeper")
        self.assertEqual(piece.piece_status, "available")
        printing = self.env["jewelry.label.print"].search([("lot_ids", "=", piece.id)])
        (code,) = read_codes(base64.b64decode(printing.file))
        self.env["res.partner"].create({"name": f"On the label: {code}"})
        self.start_tour(
            "/odoo", "jewelry_scan_of_a_printed_label_opens_its_piece", login="associate"
        )

    def _enter_piece(self, number):
        product = self.piece.product_id
        return self.env["stock.lot"].create({"name": number, "product_id": product.id})

    def test_scanning_a_piece_opens_it_from_anywhere(self):
        self.start_tour("/odoo", "jewelry_scan_opens_a_piece", login="associate")


@tagged("post_install", "-at_install")
class TestPieceUnits(UnitsCommon):
    """The units of the browser."""

    def test_the_suite_of_the_trunk_passes(self):
        self._run_units("jewelry_inventory")
