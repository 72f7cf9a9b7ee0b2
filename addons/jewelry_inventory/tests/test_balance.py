from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.balance import (
    CARATS,
    FINE,
    GRAMS,
    STONES,
    TOLERANCE,
    Measure,
    add,
    average_shift,
    difference,
    loss_permille,
    metal_content,
    stone_content,
)

DIAMOND = ("diamond", "natural")
GROWN = ("diamond", "lab_grown")

MILLIS = st.integers(min_value=1, max_value=10**6).map(lambda n: Decimal(n) / 1000)
METALS = st.builds(
    metal_content, MILLIS, st.sampled_from([585, 750, 916.67]), st.sampled_from(["Au", "Pt"])
)
STONE_LOTS = st.builds(
    stone_content, st.sampled_from([DIAMOND, GROWN]), MILLIS, st.integers(1, 500)
)
CONTENTS = st.lists(st.one_of(METALS, STONE_LOTS), min_size=1, max_size=6)


@tagged("post_install", "-at_install")
class TestBalance(BaseCase):
    """Contents, and what is missing between what went in and what came out."""

    def test_an_alloy_holds_its_grams_and_its_fine_grams(self):
        content = metal_content(5.2, 750, "Au")
        self.assertEqual(content[Measure(GRAMS)], Decimal("5.2"))
        self.assertEqual(content[Measure(FINE, "Au")], Decimal("3.9"))

    def test_parts_without_metal_count_only_as_grams(self):
        self.assertEqual(metal_content(0.4), {Measure(GRAMS): Decimal("0.4")})

    def test_a_balanced_setting_misses_nothing(self):
        mount, stone = metal_content(4.5, 750, "Au"), stone_content(DIAMOND, 1.01, 1)
        self.assertEqual(difference([mount, stone], [add([stone, mount])]), {})

    def test_what_is_missing_is_named_by_metal_and_kind_of_stone(self):
        missing = difference(
            [metal_content(4.5, 750, "Au"), stone_content(DIAMOND, 0.5, 10)],
            [metal_content(4.4, 750, "Au"), stone_content(DIAMOND, 0.45, 9)],
        )
        self.assertEqual(
            missing,
            {
                Measure(CARATS, DIAMOND): Decimal("0.05"),
                Measure(FINE, "Au"): Decimal("0.075"),
                Measure(GRAMS): Decimal("0.1"),
                Measure(STONES, DIAMOND): Decimal(1),
            },
        )

    def test_losses_close_the_gap(self):
        lost = metal_content(0.1, 750, "Au")
        missing = difference(
            [metal_content(4.5, 750, "Au")], [metal_content(4.4, 750, "Au")], [lost]
        )
        self.assertEqual(missing, {})

    def test_more_coming_out_than_went_in_is_negative(self):
        missing = difference([stone_content(DIAMOND, 1, 3)], [stone_content(DIAMOND, 1, 4)])
        self.assertEqual(missing, {Measure(STONES, DIAMOND): Decimal(-1)})

    def test_grown_stones_never_stand_in_for_natural_ones(self):
        missing = difference([stone_content(DIAMOND, 1, 1)], [stone_content(GROWN, 1, 1)])
        self.assertEqual(
            {measure.key for measure in missing}, {DIAMOND, GROWN}, "both kinds are off"
        )

    def test_less_than_a_milligram_is_no_difference(self):
        inputs = [metal_content("5.0000"), metal_content("0.0009")]
        self.assertEqual(difference(inputs, [metal_content("5")]), {})
        self.assertTrue(difference([metal_content("5.001")], [metal_content("5")]))

    @given(inputs=CONTENTS, lost=CONTENTS)
    def test_any_split_of_the_inputs_balances_with_the_rest_as_loss(self, inputs, lost):
        self.assertEqual(difference(inputs, inputs), {})
        self.assertEqual(difference([*inputs, *lost], inputs, lost), {})
        self.assertEqual(difference(inputs, [*inputs, *lost], gains=lost), {})

    @given(inputs=CONTENTS, extra=CONTENTS)
    def test_what_is_missing_is_exactly_what_was_left_out(self, inputs, extra):
        expected = {
            measure: amount for measure, amount in add(extra).items() if amount >= TOLERANCE
        }
        self.assertEqual(difference([*inputs, *extra], inputs), expected)


@tagged("post_install", "-at_install")
class TestLossShare(BaseCase):
    """How much of the inputs is lost, in thousandths."""

    def test_a_loss_is_a_share_of_all_metal_that_went_in(self):
        inputs = [metal_content(6, 750, "Au"), metal_content(4, 950, "Pt")]
        shares = loss_permille([metal_content(0.02, 750, "Au")], inputs)
        self.assertEqual(shares[GRAMS], 2)
        self.assertEqual(shares[FINE], Decimal("0.015") / Decimal("8.3") * 1000)

    def test_nothing_lost_has_no_share(self):
        self.assertEqual(loss_permille([], [metal_content(6)]), {})

    def test_losing_what_never_went_in_is_total(self):
        shares = loss_permille([stone_content(DIAMOND, 1, 1)], [metal_content(6)])
        self.assertEqual(shares, {CARATS: 1000, STONES: 1000})


@tagged("post_install", "-at_install")
class TestAverageShift(BaseCase):
    """How much the average stone has changed."""

    def test_smaller_stones_are_a_negative_shift(self):
        self.assertEqual(average_shift(("2.00", 40), ("0.90", 20)), -10)
        self.assertEqual(average_shift((2, 40), (1.2, 20)), 20)

    def test_nothing_to_compare_is_no_shift(self):
        for before, after in (((0, 0), (1, 2)), ((1, 2), (0, 2)), ((1, 0), (1, 2))):
            self.assertEqual(average_shift(before, after), 0)

    @given(carats=MILLIS, count=st.integers(1, 10**4), parts=st.integers(1, 10**3))
    def test_any_part_of_like_stones_has_no_shift(self, carats, count, parts):
        shift = average_shift((carats * parts, count * parts), (carats, count))
        self.assertAlmostEqual(shift, 0, 12)
