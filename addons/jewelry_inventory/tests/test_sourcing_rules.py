"""Pure rules of sourcing: mixes are conserved to the microgram."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import sourcing
from ..tools.sourcing import FAIR_MINED, MICRO, MINED, MIXED, RECYCLED, UNKNOWN

GRAMS = st.integers(0, 10**9).map(lambda micrograms: micrograms * MICRO)
MIXES = st.dictionaries(st.sampled_from(sourcing.METAL_SOURCES), GRAMS.filter(bool), max_size=4)


@tagged("post_install", "-at_install")
class TestMixes(BaseCase):
    """What is divided stays the same in all."""

    @given(total=GRAMS, mix=MIXES)
    def test_the_parts_of_a_total_sum_to_it(self, total, mix):
        parts = sourcing.apportion(total, mix)
        self.assertEqual(sum(parts.values()), total)
        self.assertTrue(all(grams > 0 for grams in parts.values()))
        self.assertLessEqual(parts.keys(), mix.keys() or {UNKNOWN})

    @given(mix=MIXES, grams=GRAMS)
    def test_nothing_is_made_or_lost_by_taking(self, mix, grams):
        share, left = sourcing.take(mix, grams)
        self.assertEqual(sum(share.values()), grams)
        self.assertTrue(all(rest > 0 for rest in left.values()))
        beyond = max(grams - sum(mix.values()), 0)
        made = sourcing.add([share, left])
        expected = sourcing.add([mix, {UNKNOWN: beyond}])
        self.assertEqual(made, expected)

    @given(mix=MIXES, needs=st.lists(GRAMS, min_size=1, max_size=6))
    def test_recycled_grams_are_conserved_whoever_gets_them(self, mix, needs):
        dealt = sourcing.add(sourcing.deal(mix, needs))
        for source in (MINED, RECYCLED, FAIR_MINED):
            self.assertEqual(dealt.get(source, 0), mix.get(source, 0))
        self.assertGreaterEqual(dealt.get(UNKNOWN, 0), mix.get(UNKNOWN, 0))

    @given(mix=MIXES)
    def test_a_percentage_is_between_none_and_all(self, mix):
        percents = [sourcing.percent(mix, source) for source in sourcing.METAL_SOURCES]
        self.assertTrue(all(0 <= percent <= 100 for percent in percents))
        self.assertAlmostEqual(sum(percents), 100 if mix else 0)

    @given(mix=MIXES.filter(bool), needs=st.lists(GRAMS.filter(bool), min_size=2, max_size=4))
    def test_everybody_gets_the_same_mix_but_for_rounding(self, mix, needs):
        total = sum(mix.values())
        needs = [sourcing.round_micro(total * need / sum(needs)) for need in needs]
        for need, share in zip(needs[:-1], sourcing.deal(mix, needs), strict=False):
            exact = need * mix.get(RECYCLED, 0) / total
            self.assertLessEqual(abs(share.get(RECYCLED, 0) - exact), 10 * MICRO)

    def test_half_and_half(self):
        mix = {RECYCLED: Decimal(5), MINED: Decimal(5)}
        shares = sourcing.deal(mix, [Decimal(4), Decimal(6)])
        self.assertEqual(shares[0], {RECYCLED: Decimal(2), MINED: Decimal(2)})
        self.assertEqual(shares[1], {RECYCLED: Decimal(3), MINED: Decimal(3)})

    def test_a_microgram_cannot_be_shared(self):
        mix = dict.fromkeys(sourcing.METAL_SOURCES, MICRO)
        rest = (len(mix) - 2) * MICRO
        share, left = sourcing.take(mix, 2 * MICRO)
        self.assertEqual((sum(share.values()), sum(left.values())), (2 * MICRO, rest))

    def test_only_what_buyers_pay_for_is_told_apart_from_what_is_proven(self):
        for source in (RECYCLED, FAIR_MINED):
            self.assertEqual(sourcing.state(source), f"{source}_stated")
            self.assertIn(sourcing.state(source), sourcing.METAL_SOURCES)
        for source in (MINED, UNKNOWN, MIXED):
            self.assertEqual(sourcing.state(source), source)

    @given(mix=MIXES)
    def test_proving_moves_grams_and_makes_none(self, mix):
        proven = sourcing.prove(mix, RECYCLED)
        self.assertEqual(sum(proven.values()), sum(mix.values()))
        stated = sourcing.state(RECYCLED)
        self.assertEqual(proven.get(RECYCLED, 0), mix.get(RECYCLED, 0) + mix.get(stated, 0))
        self.assertNotIn(stated, proven)
        for source in {MINED, UNKNOWN, FAIR_MINED, sourcing.state(FAIR_MINED)}:
            self.assertEqual(proven.get(source, 0), mix.get(source, 0))
        self.assertEqual(sourcing.prove(proven, RECYCLED), proven)

    def test_proven_and_stated_metal_has_one_source(self):
        mix = {RECYCLED: Decimal(1), sourcing.state(RECYCLED): Decimal(3)}
        self.assertEqual(sourcing.main_source(mix), RECYCLED)
        self.assertEqual(sourcing.percent(mix, RECYCLED), 25)
        self.assertEqual(sourcing.percent(mix, *mix), 100)

    def test_what_is_unknown_is_not_recycled(self):
        self.assertEqual(
            sourcing.percent({RECYCLED: Decimal(1), UNKNOWN: Decimal(3)}, RECYCLED), 25
        )

    def test_of_nothing_nothing_is_recycled(self):
        self.assertEqual(sourcing.percent({}, RECYCLED), 0)
        self.assertEqual(sourcing.deal({}, []), [])

    def test_the_source_of_a_mix(self):
        self.assertEqual(sourcing.main_source({RECYCLED: Decimal(1)}), RECYCLED)
        self.assertEqual(sourcing.main_source({RECYCLED: Decimal(1), MINED: Decimal(1)}), MIXED)
        self.assertEqual(sourcing.main_source({RECYCLED: Decimal(0)}), UNKNOWN)
