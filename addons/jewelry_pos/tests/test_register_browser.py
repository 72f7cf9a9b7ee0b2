import json
from urllib.parse import quote

from odoo.tests import HttpCase, tagged

from odoo.addons.jewelry_inventory.tests.common import VocabularyCommon
from odoo.addons.jewelry_inventory.tests.units_common import UnitsCommon

from .common import PosCommon

MINUTE = 60


@tagged("post_install", "-at_install")
class TestRegisterTours(PosCommon, VocabularyCommon, HttpCase):
    """What cashiers do at a register, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls._create_user(
            "associate", "point_of_sale.group_pos_user", login="cashier", password="cashier_pw"
        )
        cls.low.write({"name": "P-100", "former_number": "OLD-7", "inscription": "LASER 7"})
        cls._create_report(piece_id=cls.low.id)
        cls.high.name = "P-200"
        cls.other = cls._create_register("Register 2")

    def _tour(self, name, **options):
        self.config.with_user(self.cashier).open_ui()
        self.start_tour(
            f"/pos/ui/{self.config.id}", name, login="cashier", timeout=3 * MINUTE, **options
        )

    def _sell_elsewhere(self, piece, **values):
        """Sell a piece at the other register."""
        self._sell(piece, session=self._open_session(self.other), **values)

    def test_a_piece_is_found_by_whatever_is_on_its_label(self):
        _link, token = self.env["jewelry.link"]._issue(self.low)
        self._tour("jewelry_pos_scan", cookies={"passport": self.low._get_passport_url(token)})

    def test_a_piece_that_cannot_be_sold_is_refused_with_its_reason(self):
        for name in ("P-RESERVED", "P-TAKEN"):
            self._stock_piece(name=name)
        self._stock_piece(name="P-BENCH", place=self.bench)
        self._stock_piece(name="P-HOLD", place=self._create_place("Hold", jewelry_role="hold"))
        pieces = self.env["stock.lot"].search([("name", "in", ("P-RESERVED", "P-TAKEN"))])
        reserved, taken = pieces.sorted("name")
        self._reserve(reserved)
        self.env["jewelry.pos.claim"]._claim(taken, self.other, "somebody-else")
        self._tour("jewelry_pos_scan_refused")

    def _reserve(self, piece):
        move = self.env["stock.move"].create(
            {
                "product_id": piece.product_id.id,
                "product_uom_qty": 1,
                "location_id": self.stock_location.id,
                "location_dest_id": self.customer_location.id,
                "piece_id": piece.id,
                "company_id": self.company.id,
            }
        )
        move._action_confirm()
        move._action_assign()

    def test_a_piece_is_picked_without_a_mouse(self):
        self._tour("jewelry_pos_keyboard")

    def test_a_piece_that_leaves_the_order_is_free_for_others(self):
        self._tour("jewelry_pos_claims")

    def test_a_register_without_the_server_sells_a_piece_once(self):
        self._tour("jewelry_pos_offline")

    def test_a_receipt_tells_the_piece_and_a_gift_receipt_no_amount(self):
        self.company.write({"receipt_warranty": "Two years.", "receipt_passport": True})
        self._tour("jewelry_pos_receipt")
        order = self.env["pos.order.line"].search([("piece_id", "=", self.low.id)]).order_id
        self.assertEqual(order.user_id, self.cashier)

    def test_a_sold_piece_is_taken_back_and_another_sold_on_one_order(self):
        self._sell_elsewhere(self.low, partner_id=self.client.id)
        self._tour("jewelry_pos_exchange")
        self.assertEqual(self.low.piece_status, "available")
        self.assertEqual(self.high.piece_status, "sold")
        self.assertFalse(self.env["jewelry.sale.conflict"].search([]))

    def test_what_no_register_sold_only_a_manager_takes_back(self):
        self._move(self.low, self.stock_location, self.customer_location)
        self._tour("jewelry_pos_unknown_sale")

    def test_what_a_customer_waits_for_is_shown_once_they_are_picked(self):
        self._sell_elsewhere(self.low)
        self._sell_elsewhere(self.low, partner_id=self.client.id)
        self._sell_elsewhere(self.high, partner_id=self.client.id)
        self._tour("jewelry_pos_customer")

    def test_a_cashier_is_told_when_the_paid_piece_was_sold_elsewhere(self):
        rival = self._prepare_order(self.low, session=self._open_session(self.other))
        self._tour("jewelry_pos_conflict", cookies={"rival": quote(json.dumps(rival))})
        self.assertEqual(self.env["jewelry.sale.conflict"].search([]).config_id, self.config)


@tagged("post_install", "-at_install")
class TestRegisterUnits(UnitsCommon):
    """The units of the register's screens."""

    def test_the_suite_of_the_register_passes(self):
        self._run_units("jewelry_pos")
