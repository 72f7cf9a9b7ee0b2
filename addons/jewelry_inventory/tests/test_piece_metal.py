import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import VocabularyCommon


@tagged("post_install", "-at_install")
class TestPieceMetal(VocabularyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.piece = cls._create_lot()

    def _create_metal(self, weight, alloy=None):
        return self.env["jewelry.piece.metal"].create(
            {
                "lot_id": self.piece.id,
                "alloy_id": (alloy or self.gold_18k).id,
                "weight": weight,
            }
        )

    def test_fine_grams_follow_the_fineness_of_the_alloy(self):
        self.assertEqual(self._create_metal(4.644).fine_weight, 3.483)

    def test_fine_grams_of_22_karat_are_916_thousandths(self):
        alloy = self._ref("alloy_gold_916")
        self.assertEqual(self._create_metal(10, alloy).fine_weight, 9.16)

    def test_half_a_milligram_of_fine_metal_is_rounded_up(self):
        self.assertEqual(self._create_metal(0.002).fine_weight, 0.002)

    def test_fine_grams_follow_a_new_weight(self):
        metal = self._create_metal(4)
        metal.weight = 8
        self.assertEqual(metal.fine_weight, 6)

    def test_a_piece_may_have_several_alloys(self):
        self._create_metal(3)
        self.assertTrue(self._create_metal(1, self._ref("alloy_platinum_950")))

    @mute_logger("odoo.sql_db")
    def test_an_alloy_is_on_a_piece_once(self):
        self._create_metal(3)
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            self._create_metal(1)

    def test_an_alloy_that_weighs_nothing_is_refused_with_the_name_of_the_piece(self):
        for weight in (0, -1):
            with (
                self.subTest(weight=weight),
                self._refused(f"{self.piece.name}: the weight of 18K"),
            ):
                self._create_metal(weight)

    def test_metal_is_in_the_company_of_its_piece(self):
        self.assertEqual(self._create_metal(1).company_id, self.company)

    def test_metal_is_named_by_its_alloy(self):
        self.assertEqual(self._create_metal(1).display_name, "18K Yellow Gold")
