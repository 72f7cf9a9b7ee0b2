from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..tools.weight import fine_weight, to_decimal
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

    def test_an_alloy_is_on_a_piece_once(self):
        self._create_metal(3)
        with self._refused_by_database("jewelry.piece.metal", "already on the piece"):
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

    @given(
        st.integers(min_value=1, max_value=5_000_000),
        st.sampled_from(["375_yellow", "417_yellow", "585_white_nickel", "750_rose", "999_9"]),
    )
    @settings(max_examples=40)
    def test_stored_fine_grams_are_those_of_the_rules_to_the_milligram(self, milligrams, code):
        alloy = self._ref(f"alloy_gold_{code}")
        metal = self._create_metal(milligrams / 1000, alloy)
        metal.invalidate_recordset()
        expected = fine_weight(Decimal(milligrams) / 1000, alloy.fineness)
        self.assertEqual(to_decimal(metal.fine_weight), expected)
        metal.unlink()
