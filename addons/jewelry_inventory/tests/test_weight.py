from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import weight

milligrams = st.integers(min_value=0, max_value=10_000_000).map(lambda mg: Decimal(mg) / 1000)
finenesses = st.sampled_from([375, 417, 585, 750, 800, 916, 925, 950, 990, 999])


@tagged("post_install", "-at_install")
class TestWeight(BaseCase):
    def test_units_are_what_the_trade_defines(self):
        self.assertEqual(weight.GRAMS_PER_CARAT, Decimal("0.2"))
        self.assertEqual(weight.GRAMS_PER_PENNYWEIGHT, Decimal("1.55517384"))
        self.assertEqual(weight.GRAMS_PER_TROY_OUNCE, Decimal("31.1034768"))
        self.assertEqual(weight.GRAMS_PER_UNIT["tola"], Decimal("11.6638038"))

    def test_a_troy_ounce_is_twenty_pennyweights_and_480_grains(self):
        self.assertEqual(weight.convert(1, "ozt", "dwt"), 20)
        self.assertEqual(weight.convert(1, "ozt", "grain"), 480)

    def test_a_carat_is_a_hundred_points(self):
        self.assertEqual(weight.convert("0.52", "ct", "point"), 52)
        self.assertEqual(weight.convert(5, "ct", "g"), 1)

    def test_an_unknown_unit_is_refused(self):
        with self.assertRaises(KeyError):
            weight.convert(1, "oz", "g")

    def test_a_float_is_read_as_the_decimal_it_shows(self):
        self.assertEqual(weight.to_decimal(0.1), Decimal("0.1"))

    def test_half_a_milligram_is_rounded_away_from_zero(self):
        self.assertEqual(weight.round_milli(0.0005), Decimal("0.001"))
        self.assertEqual(weight.round_milli(2.0015), Decimal("2.002"))
        self.assertEqual(weight.round_milli(-0.0005), Decimal("-0.001"))
        self.assertEqual(weight.round_milli("0.00049"), 0)

    def test_net_weight_takes_off_stones_and_other_parts(self):
        self.assertEqual(weight.net_weight(5.25, 1.03, 0.4), Decimal("4.644"))

    def test_net_weight_of_a_wrong_measurement_shows_as_negative(self):
        self.assertLess(weight.net_weight(0.1, 1), 0)

    def test_fine_weight_uses_the_alloys_own_fineness(self):
        self.assertEqual(weight.fine_weight(5, 585), Decimal("2.925"))
        self.assertEqual(weight.fine_weight(10, 916), Decimal("9.160"))
        self.assertEqual(weight.fine_weight(10, "916.67"), Decimal("9.167"))

    def test_light_pieces_may_be_off_by_two_hundredths_of_a_gram(self):
        self.assertFalse(weight.is_weighing_off(3.02, 3, 0))
        self.assertTrue(weight.is_weighing_off(3.021, 3, 0))

    def test_heavy_pieces_may_be_off_by_half_a_percent(self):
        self.assertFalse(weight.is_weighing_off(100, "99.5", 0))
        self.assertTrue(weight.is_weighing_off(100, "99.499", 0))

    def test_stones_and_other_parts_count_in_a_weighing(self):
        self.assertFalse(weight.is_weighing_off(6, 5, 2.5, 0.5))
        self.assertTrue(weight.is_weighing_off(6, 5, 2.5))

    def test_alloying_18k_down_to_14k_adds_282_milligrams_a_gram(self):
        self.assertEqual(weight.alloyed_weight(1, 750, 585) - 1, Decimal("0.282"))

    def test_alloying_fine_gold_to_18k_adds_a_third(self):
        self.assertEqual(weight.alloyed_weight(1, 999, 750) - 1, Decimal("0.332"))

    def test_carats_are_printed_with_two_decimals(self):
        self.assertEqual(weight.carat_text(0.495), "0.50")
        self.assertEqual(weight.carat_text(0.504), "0.50")
        self.assertEqual(weight.carat_text(1), "1.00")

    def test_melee_is_printed_with_three_decimals(self):
        self.assertEqual(weight.carat_text(0.005), "0.005")

    @given(milligrams)
    def test_rounding_to_the_milligram_keeps_milligrams(self, grams):
        self.assertEqual(weight.round_milli(grams), grams)
        self.assertEqual(weight.round_milli(float(grams)), grams)

    @given(milligrams, st.sampled_from(sorted(weight.GRAMS_PER_UNIT)))
    def test_a_weight_converted_there_and_back_is_the_same(self, grams, unit):
        back = weight.convert(weight.convert(grams, "g", unit), unit, "g")
        self.assertEqual(weight.round_milli(back), grams)

    @given(milligrams, milligrams, milligrams)
    def test_net_stones_and_other_parts_add_up_to_gross(self, net, carats, other):
        gross = net + weight.stone_grams(carats) + other
        self.assertEqual(weight.net_weight(gross, carats, other), net)
        self.assertFalse(weight.is_weighing_off(gross, net, carats, other))

    @given(milligrams, finenesses, finenesses)
    def test_alloying_keeps_the_fine_grams(self, grams, before, after):
        alloyed = weight.alloyed_weight(grams, before, after)
        difference = weight.fine_weight(alloyed, after) - weight.fine_weight(grams, before)
        self.assertLessEqual(abs(difference), Decimal("0.001"))

    @given(milligrams, finenesses)
    def test_fine_weight_never_exceeds_the_weight(self, grams, fineness):
        self.assertLessEqual(weight.fine_weight(grams, fineness), grams)
