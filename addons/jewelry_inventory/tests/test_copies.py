from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import TransformationCommon


class GoodsCommon(TransformationCommon):
    """One of each kind of goods, in stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.piece = cls._stock_mount(
            cost=500.0,
            list_price=1000.0,
            former_number="OLD-1",
            inscription="A & B 1999",
            price_locked=True,
        )
        cls.stone = cls._stock_stone()
        cls.parcel = cls._stock_parcel()
        cls.metal = cls._stock_metal()
        cls.goods = cls.piece + cls.stone.home_lot_id + cls.parcel + cls.metal
        cls.keeper = cls._create_user("keeper")
        cls.manager = cls._create_user("manager")


@tagged("post_install", "-at_install")
class TestCopies(GoodsCommon):
    """A copy is another piece of the same description: what is the piece's own stays behind."""

    def test_a_copy_takes_the_next_number_of_its_kind(self):
        patterns = (r"^P-\d{6}$", r"^P-\d{6}$")
        for lot, pattern in zip(self.goods, patterns, strict=False):
            copy = lot.copy()
            with self.subTest(kind=lot.jewelry_kind):
                self.assertRegex(copy.name, pattern)
                self.assertNotEqual(copy.name, lot.name)

    def test_no_copy_is_called_a_copy(self):
        for lot in self.goods:
            with self.subTest(kind=lot.jewelry_kind):
                self.assertNotIn("copy", lot.copy().name)

    def test_a_copy_may_be_given_a_number(self):
        self.assertEqual(self.piece.copy({"name": "R-77"}).name, "R-77")

    def test_a_copy_has_neither_cost_nor_history(self):
        copy = self.piece.copy()
        self.assertEqual(copy.standard_price, 0.0)
        self.assertFalse(copy.value_ids)
        self.assertFalse(copy.quant_ids)
        self.assertFalse(copy.received_date)
        self.assertEqual(copy.piece_status, "expected")

    def test_a_copy_is_priced_as_its_model_and_not_locked(self):
        copy = self.piece.copy()
        self.assertEqual(copy.list_price, 1000.0)
        self.assertFalse(copy.price_locked)
        self.assertFalse(copy.price_breakdown)

    def test_a_copy_has_no_marks_that_a_scan_finds_the_model_by(self):
        copy = self.piece.copy()
        self.assertFalse(copy.former_number or copy.inscription)
        for code in ("OLD-1", "A & B 1999"):
            self.assertEqual(self.env["stock.lot"]._get_piece_by_scan(code), self.piece)

    def test_a_copy_has_a_chain_of_its_own(self):
        copy = self.piece.copy()
        events = self.env["jewelry.provenance.event"]
        self.assertNotEqual(copy.chain_uuid, self.piece.chain_uuid)
        kinds = events.search([("chain_uuid", "=", copy.chain_uuid)]).mapped("kind")
        self.assertIn("commission", kinds)
        self.assertFalse({"receive", "cost", "move"} & set(kinds))

    def test_a_copy_has_no_stone_of_its_model(self):
        self._set_stones(self.piece, self.stone)
        self.assertFalse(self.piece.copy().stone_ids)
        self.assertEqual(self.stone.holder_id, self.piece)

    def test_a_copy_of_a_void_piece_is_not_void(self):
        piece = self._create_piece()
        piece.action_void("slip")
        copy = piece.copy()
        self.assertFalse(copy.void_reason)
        self.assertEqual(copy.piece_status, "expected")

    def test_a_piece_of_a_unique_style_has_no_copy(self):
        piece = self._create_piece(self._create_style(style_kind="unique"))
        with self._refused("has one piece, and no other"):
            piece.copy()

    def test_a_copy_of_a_stone_is_nowhere_and_has_no_report(self):
        self._create_report(stone_id=self.stone.id)
        copy = self.stone.copy()
        self.assertNotEqual(copy.number, self.stone.number)
        self.assertFalse(copy.holder_id | copy.home_lot_id)
        self.assertFalse(copy.report_ids)
        self.assertEqual(copy.state, "gone")

    def test_a_copy_of_a_lot_that_is_no_jewelry_is_named_as_in_core(self):
        box = self.env["product.product"].create({"name": "Box", "tracking": "lot"})
        lot = self.env["stock.lot"].create({"product_id": box.id, "name": "B-1"})
        self.assertIn("B-1", lot.copy().name)


@tagged("post_install", "-at_install")
class TestNothingIsDeleted(GoodsCommon):
    """Goods keep their number and what happened to them, whoever asks for what."""

    def test_no_goods_are_deleted_once_in_stock(self):
        for lot in self.goods:
            for user in (self.keeper, self.manager, self.env.user):
                with self.subTest(kind=lot.jewelry_kind, user=user.login):
                    with self._refused("", UserError):
                        lot.with_user(user).unlink()
                    self.assertTrue(lot.exists())

    def test_a_stone_is_not_deleted_by_anybody_of_the_store(self):
        for user in (self.keeper, self.manager):
            with self._refused("", AccessError):
                self.stone.with_user(user).unlink()

    def test_a_style_with_pieces_is_not_deleted(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.style.product_tmpl_id.unlink()
        self.assertTrue(self.style.exists())

    def test_an_archived_style_leaves_its_pieces_where_they_are(self):
        self.style.product_tmpl_id.action_archive()
        self.assertEqual(self.piece.piece_status, "available")
        self.assertEqual(self.env["stock.lot"]._get_piece_by_scan(self.piece.name), self.piece)
        self.assertEqual(self.env["stock.lot"].search([("name", "=", self.piece.name)]), self.piece)

    def test_a_parcel_that_was_never_in_stock_may_be_deleted(self):
        parcel = self._create_piece(self.parcel_style)
        parcel.unlink()
        self.assertFalse(parcel.exists())

    def test_the_card_of_an_empty_parcel_opens(self):
        stones = self.parcel.stone_ids
        self._move_parcel(self.parcel, 5.0, self.stock_location, self.customer_location, 100)
        self.assertEqual((stones.count, stones.carat), (0, 0.0))
        (card,) = self.parcel.get_client_card()["stones"]
        self.assertEqual(card["carat"], "0.000")

    def test_a_done_transformation_stays(self):
        setting = self._set_stones(self.piece, self.stone)
        with self._refused("", UserError):
            setting.unlink()

    def test_an_applied_repricing_stays(self):
        run = self.env["jewelry.price.run"].create({"company_id": self.company.id})
        run.action_preview()
        run.action_apply()
        with self._refused("stays on record", UserError):
            run.unlink()

    def test_a_word_in_use_is_archived_and_not_deleted(self):
        for word in (self.stone.species_id, self.stone.shape_id, self.stone.color_grade_id):
            with self.subTest(word=word._name):
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(IntegrityError),
                    self.env.cr.savepoint(),
                ):
                    word.unlink()
                word.action_archive()
                self.assertTrue(self.stone.display_name)

    def test_an_archived_word_is_not_offered(self):
        shape = self.stone.shape_id
        shape.action_archive()
        offered = [found[0] for found in shape.name_search(shape.name)]
        self.assertNotIn(shape.id, offered)


@tagged("post_install", "-at_install")
class TestNames(GoodsCommon):
    """What is typed into a field finds the goods that are meant."""

    def _find(self, model, text):
        return [found[0] for found in self.env[model].name_search(text)]

    def test_a_piece_by_its_number_and_that_of_a_former_system(self):
        for text in (self.piece.name, self.piece.name.lower(), "OLD-1", "old-1", "LD-1"):
            with self.subTest(text=text):
                self.assertEqual(self._find("stock.lot", text), self.piece.ids)

    def test_a_stone_by_its_number_and_that_of_its_report(self):
        self._create_report(stone_id=self.stone.id, number="2141438171")
        for text in (self.stone.number, "2141438171", "214143"):
            with self.subTest(text=text):
                self.assertEqual(self._find("jewelry.stone", text), self.stone.ids)

    def test_a_report_by_its_number(self):
        report = self._create_report(stone_id=self.stone.id, number="2141438171")
        self.assertEqual(self._find("jewelry.grading.report", "2141438171"), report.ids)

    def test_an_alloy_by_what_people_call_it(self):
        for text in (self.gold_18k.name, "18K"):
            with self.subTest(text=text):
                self.assertIn(self.gold_18k.id, self._find("jewelry.alloy", text))

    def test_what_nothing_is_called_finds_nothing(self):
        for model in ("stock.lot", "jewelry.stone", "jewelry.grading.report", "jewelry.alloy"):
            with self.subTest(model=model):
                self.assertFalse(self._find(model, "no such thing % _"))

    def test_the_number_of_a_piece_is_not_changed_on_its_form(self):
        form = Form(
            self.piece.with_user(self.keeper), "jewelry_inventory.stock_lot_view_form_piece"
        )
        with self.assertRaises(AssertionError):
            form.name = "R-2"
