import base64
import json

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import JewelryCommon

PIXEL = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    )
)
COST = 4321.25
KEYS = {
    "number",
    "title",
    "status",
    "price",
    "photos",
    "facts",
    "stones",
    "reports",
    "company",
}


@tagged("post_install", "-at_install")
class TestPieceCard(JewelryCommon):
    """What is shown to a client, whoever shows it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.diamond = cls.env.ref("jewelry_inventory.species_diamond")
        cls.round = cls.env.ref("jewelry_inventory.shape_round")
        cls.alloy = cls.env.ref("jewelry_inventory.alloy_gold_750_yellow")
        cls.piece = cls._stock_piece(
            cost=COST,
            list_price=9000.0,
            gross_weight=4.2,
            length=18.5,
            ring_circumference=54.0,
            hallmark="GR 750",
            inscription="For ever",
            vendor_id=cls.vendor.id,
            vendor_ref="SECRET-REF",
            note="<p>SECRET-NOTE</p>",
            image_1920=PIXEL,
        )
        cls.env["jewelry.piece.metal"].create(
            {"lot_id": cls.piece.id, "alloy_id": cls.alloy.id, "weight": 4.0}
        )

    @classmethod
    def _set_stone(cls, **values):
        defaults = {
            "holder_id": cls.piece.id,
            "species_id": cls.diamond.id,
            "shape_id": cls.round.id,
            "carat": 0.5,
            "origin": "natural",
            "company_id": cls.company.id,
        }
        return cls.env["jewelry.stone"].create(defaults | values)

    def _get_card(self, role="associate"):
        return self.piece.with_user(self._create_user(role)).get_client_card()

    def _get_facts(self):
        return {fact["label"]: fact["value"] for fact in self._get_card()["facts"]}

    def test_the_card_holds_what_is_named_and_nothing_else(self):
        self.assertEqual(set(self._get_card()), KEYS)

    def test_no_card_holds_a_cost_a_vendor_or_a_note(self):
        self._set_stone()
        for role in ("associate", "keeper", "manager"):
            text = json.dumps(self._get_card(role))
            for secret in ("4321", "4,321", self.vendor.name, "SECRET-REF", "SECRET-NOTE"):
                with self.subTest(role=role, secret=secret):
                    self.assertNotIn(secret, text)

    def test_the_price_comes_with_its_currency(self):
        price = self._get_card()["price"]
        self.assertIn("9,000.00", price)
        self.assertIn(self.company.currency_id.symbol, price)

    def test_a_piece_without_a_price_says_none(self):
        self.piece.list_price = 0.0
        self.assertFalse(self._get_card()["price"])

    def test_the_facts_are_in_plain_words(self):
        facts = self._get_facts()
        self.assertIn("750 ‰", facts["Metal"])
        self.assertEqual(facts["Weight"], "4.20 g")
        self.assertEqual(facts["Size"], "18.5 mm")
        self.assertIn("EU 54", facts["Ring size"])
        self.assertEqual(facts["Hallmark"], "GR 750")
        self.assertEqual(facts["Inscription"], "For ever")

    def test_what_is_not_known_is_left_out(self):
        self.piece.write({"hallmark": False, "length": 0, "gross_weight": 0})
        self.assertFalse({"Hallmark", "Size", "Weight"} & set(self._get_facts()))

    def test_stones_are_shown_with_their_four_cs_the_largest_first(self):
        self._set_stone(carat=0.06, count=6)
        self._set_stone(
            carat=1.02,
            color_grade_id=self.env.ref("jewelry_inventory.grade_color_g").id,
            clarity_grade_id=self.env.ref("jewelry_inventory.grade_clarity_vs1").id,
        )
        large, small = self._get_card()["stones"]
        self.assertEqual((large["carat"], large["color"], large["clarity"]), ("1.02", "G", "VS1"))
        self.assertTrue(small["name"].startswith("6 "))

    def test_the_stones_are_added_up(self):
        self._set_stone(carat=0.06, count=6)
        self._set_stone(carat=1.0)
        self.assertIn("7 stones, together 1.06 ct", self._get_facts()["Stones"])

    def test_a_lab_grown_stone_is_never_shown_as_a_diamond_only(self):
        self._set_stone(origin="lab_grown")
        (stone,) = self._get_card()["stones"]
        self.assertIn("Lab-grown Diamond", stone["name"])
        self.assertEqual(stone["origin"], "Lab-grown")

    def test_treatments_are_told(self):
        treatment = self.env["jewelry.treatment"].search([], limit=1)
        self._set_stone(treatment_ids=[Command.link(treatment.id)])
        (stone,) = self._get_card()["stones"]
        self.assertEqual(stone["treatments"], treatment.name)

    def test_current_reports_of_the_piece_and_its_stones_are_named(self):
        stone = self._set_stone()
        laboratory = self.env["jewelry.laboratory"].search([], limit=1)
        reports = self.env["jewelry.grading.report"]
        reports.create(
            [
                {"laboratory_id": laboratory.id, "number": "1001", "stone_id": stone.id},
                {"laboratory_id": laboratory.id, "number": "1002", "piece_id": self.piece.id},
            ]
        )
        numbers = {report["number"] for report in self._get_card()["reports"]}
        self.assertEqual(numbers, {"1001", "1002"})

    def test_photos_are_shown_and_documents_are_not(self):
        values = {"raw": base64.b64decode(PIXEL), "mimetype": "image/png"}
        photo, document = self.env["ir.attachment"].create(
            [values | {"name": "photo.png"}, values | {"name": "bill.png"}]
        )
        self.piece.write({"photo_ids": photo.ids, "document_ids": document.ids})
        small = [photo["small"] for photo in self._get_card()["photos"]]
        self.assertEqual(len(small), 2)
        self.assertIn(f"stock.lot/{self.piece.id}/image_256", small[0])
        self.assertIn(f"/{photo.id}/", small[1])

    def test_a_photo_uploaded_before_saving_is_readable_by_all_staff(self):
        keeper = self._create_user("keeper")
        values = {"name": "x", "raw": base64.b64decode(PIXEL)}
        photo = self.env["ir.attachment"].with_user(keeper).create(values)
        self.piece.with_user(keeper).photo_ids = photo.ids
        associate = self._create_user("associate")
        self.env.invalidate_all()
        self.assertEqual(photo.with_user(associate).name, "x")

    def test_a_file_of_somebody_else_is_not_taken_over(self):
        mine = self.env["ir.attachment"].create({"name": "x", "raw": b"x"})
        with self.assertRaises(AccessError):
            self.piece.with_user(self._create_user("keeper")).document_ids = mine.ids

    def test_a_piece_that_cannot_be_bought_is_not_promised(self):
        self.assertFalse(self._get_card()["status"])
        self._move(self.piece, self.stock_location, self.bench)
        self.assertEqual(self._get_card("keeper")["status"], "Ask for availability")

    def test_the_button_turns_the_screen_to_the_client(self):
        action = self.piece.action_open_client_card()
        self.assertEqual(action["target"], "fullscreen")
        self.assertEqual(action["params"]["piece_id"], self.piece.id)

    def test_people_outside_the_staff_get_no_card(self):
        with self.assertRaises(AccessError):
            self._get_card("portal")
