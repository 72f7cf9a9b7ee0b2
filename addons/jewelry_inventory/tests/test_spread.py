from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.spread import spread

CENTS = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents) / 100)
WEIGHTS = st.lists(st.integers(0, 10**7).map(lambda c: Decimal(c) / 100), min_size=1, max_size=40)


@tagged("post_install", "-at_install")
class TestSpread(BaseCase):
    def test_the_last_cent_goes_to_the_largest(self):
        self.assertEqual(
            spread("1000.01", [100, 200, 700], "0.01"),
            [Decimal("100"), Decimal("200"), Decimal("700.01")],
        )

    def test_without_weights_the_parts_are_even(self):
        self.assertEqual(spread(10, [0, 0], "0.01"), [Decimal(5), Decimal(5)])

    def test_half_a_cent_is_rounded_away_from_zero(self):
        for sign in (1, -1):
            shares = [sign * Decimal(share) for share in ("0.01", "0.03", "0.01")]
            self.assertEqual(spread(sign * Decimal("0.05"), [1, 2, 1]), shares)

    def test_a_currency_without_cents_is_spread_in_whole_units(self):
        self.assertEqual(spread(100, [1, 2], step=1), [33, 67])

    def test_nothing_is_spread_over_nobody(self):
        self.assertEqual(spread(0, []), [])

    def test_what_cannot_be_spread_is_refused(self):
        for weights in ([], [1, -1]):
            with self.subTest(weights=weights), self.assertRaises(ValueError):
                spread(10, weights)

    @given(total=CENTS, weights=WEIGHTS)
    def test_the_parts_add_up_and_are_fair_to_a_cent(self, total, weights):
        parts = spread(total, weights, "0.01")
        self.assertEqual(sum(parts), total)
        base = sum(weights)
        for part, weight in zip(parts, weights, strict=True):
            share = total * weight / base if base else total / len(weights)
            self.assertLessEqual(abs(part - share), Decimal("0.01") * len(weights))
