from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.price import (
    MakeUp,
    MetalPart,
    PricePolicy,
    Tier,
    compute_price,
    get_floor,
    mark_up,
    round_price,
)
from ..tools.reprice import PieceRow, PriceRule, UsedRate, compare_prices, describe, quote_piece


def D(value):
    return Decimal(str(value))


def amounts(highest=100_000, places=2):
    return st.decimals(0, highest, places=places)


rates = amounts(500, 6)
metals = st.lists(
    st.builds(MetalPart, st.sampled_from(["gold", "silver"]), amounts(500, 3), rates), max_size=3
).map(tuple)
make_ups = st.builds(
    MakeUp, metals, amounts(500, 3), amounts(), st.none() | amounts(5_000), amounts()
)
tiers = st.lists(
    st.builds(Tier, amounts(), st.decimals("0.5", 6, places=3), amounts(500)), max_size=4
).map(lambda found: tuple(sorted({tier.start: tier for tier in found}.values())))
endings = st.sampled_from(
    [(0, 0), ("0.05", 0), (1, "0.99"), (10, 9), (100, 90), (100, 95), (100, 0), (500, 0)]
)
policies = st.builds(
    lambda ending, **values: PricePolicy(step=D(ending[0]), ending=D(ending[1]), **values),
    endings,
    loss=st.decimals(0, 30, places=2),
    labour_piece=amounts(500),
    labour_gram=amounts(50),
    mark_stones=st.booleans(),
    tiers=tiers,
    nearest=st.booleans(),
    margin=st.decimals(0, 200, places=2),
    floor_factor=st.decimals(0, 3, places=3),
)

KEYSTONE = PricePolicy(tiers=(Tier(D(0), D(2)),))


def gold(grams, rate):
    return MakeUp(metals=(MetalPart("gold", D(grams), D(rate)),), grams=D(grams))


@tagged("post_install", "-at_install")
class TestPriceRules(BaseCase):
    def test_a_ring_is_metal_with_loss_plus_stones_plus_labour_times_the_markup(self):
        policy = KEYSTONE._replace(loss=D(10), labour_piece=D(80), labour_gram=D(4))
        ring = gold("3.750", "100")._replace(grams=D(5), stones=D(300))
        result = compute_price(ring, policy)
        self.assertEqual(result.values, (D(375),))
        self.assertEqual(result.loss, D("37.50"))
        self.assertEqual(result.labour, D(100))
        self.assertEqual(result.stones, D(300))
        self.assertEqual(result.base, D("812.50"))
        self.assertEqual(result.price, D(1625))

    def test_labour_stated_on_the_piece_replaces_the_policys(self):
        policy = PricePolicy(labour_piece=D(80), labour_gram=D(4))
        result = compute_price(gold(1, 100)._replace(labour=D("12.50")), policy)
        self.assertEqual(result.price, D("112.50"))

    def test_stones_at_their_own_price_are_not_marked_up(self):
        ring = gold(1, 100)._replace(stones=D(1000))
        marked = compute_price(ring, KEYSTONE)
        apart = compute_price(ring, KEYSTONE._replace(mark_stones=False))
        self.assertEqual((marked.price, apart.price), (D(2200), D(1200)))

    def test_two_metals_are_valued_each_at_its_own_rate(self):
        parts = (MetalPart("gold", D(2), D(100)), MetalPart("platinum", D(3), D(30)))
        result = compute_price(MakeUp(metals=parts), PricePolicy())
        self.assertEqual(result.values, (D(200), D(90)))
        self.assertEqual(result.price, D(290))

    def test_a_tier_marks_up_the_whole_amount(self):
        table = (Tier(D(0), D(3)), Tier(D(1000), D("2.5"), D(100)))
        self.assertEqual(mark_up(D(500), table), D(1500))
        self.assertEqual(mark_up(D(2000), table), D(5100))

    def test_below_the_first_tier_nothing_is_added(self):
        self.assertEqual(mark_up(D(50), (Tier(D(100), D(2)),)), D(50))
        self.assertEqual(mark_up(D(50), ()), D(50))

    def test_just_above_a_lower_tier_the_price_waits_instead_of_falling(self):
        table = (Tier(D(0), D(3)), Tier(D(1000), D(2)))
        self.assertEqual(mark_up(D(1000), table), D(3000))
        self.assertEqual(mark_up(D(1400), table), D(3000))
        self.assertEqual(mark_up(D(1600), table), D(3200))

    def test_endings_as_jewelers_write_them(self):
        cases = [
            # step, ending, amount, up, nearest
            (10, 9, "1231.40", 1239, 1229),
            (10, 9, "1229", 1229, 1229),
            (100, 95, "1231.40", 1295, 1195),
            (100, 90, "1240.00", 1290, 1290),
            (100, 0, "1231.40", 1300, 1200),
            (1, "0.99", "12.34", "12.99", "11.99"),
            (1, "0.99", "12.50", "12.99", "12.99"),
            ("0.05", 0, "12.33", "12.35", "12.35"),
        ]
        for step, ending, amount, up, nearest in cases:
            policy = PricePolicy(step=D(step), ending=D(ending))
            with self.subTest(step=step, ending=ending, amount=amount):
                self.assertEqual(round_price(D(amount), policy), D(up))
                policy = policy._replace(nearest=True)
                self.assertEqual(round_price(D(amount), policy), D(nearest))

    def test_something_that_costs_is_never_rounded_to_nothing(self):
        policy = PricePolicy(step=D(100), nearest=True)
        self.assertEqual(round_price(D(3), policy), D(100))
        self.assertEqual(round_price(D(0), policy), D(0))

    def test_the_floor_is_cost_with_margin_or_a_multiple_of_today_whichever_is_more(self):
        policy = PricePolicy(margin=D(20), floor_factor=D("1.1"))
        self.assertEqual(get_floor(D(1000), D(500), policy), D(1200))
        self.assertEqual(get_floor(D(100), D(500), policy), D(550))

    def test_a_price_lifted_to_its_floor_still_ends_as_it_should(self):
        policy = PricePolicy(step=D(100), ending=D(95), nearest=True, margin=D(0))
        result = compute_price(gold(1, 100)._replace(cost=D(500)), policy)
        self.assertEqual((result.floor, result.price), (D(500), D(595)))
        self.assertTrue(result.lifted)

    def test_a_price_by_markup_is_not_lifted(self):
        self.assertFalse(compute_price(gold(1, 100), KEYSTONE).lifted)

    @given(make_ups, policies)
    def test_the_parts_of_any_price_add_up_to_it(self, make_up, policy):
        result = compute_price(make_up, policy)
        parts = sum(result.values) + result.loss + result.labour + result.stones
        self.assertEqual(parts, result.base)
        self.assertEqual(result.base + result.markup + result.rounding, result.price)

    @given(make_ups, policies)
    def test_no_price_is_below_its_floor(self, make_up, policy):
        result = compute_price(make_up, policy)
        self.assertGreaterEqual(result.price, result.floor)
        self.assertGreaterEqual(result.floor, make_up.cost * (1 + policy.margin / 100))
        self.assertGreaterEqual(result.floor, result.base * policy.floor_factor)

    @given(make_ups, policies)
    def test_every_price_above_zero_has_the_ending(self, make_up, policy):
        result = compute_price(make_up, policy)
        if policy.step and result.price:
            self.assertEqual(result.price % policy.step, policy.ending)

    @given(amounts(500, 3), rates, rates, make_ups, policies)
    def test_no_price_falls_when_its_metal_gets_dearer(self, fine, one, other, make_up, policy):
        low, high = sorted((one, other))
        prices = [
            compute_price(
                make_up._replace(metals=(*make_up.metals, MetalPart("gold", fine, rate))), policy
            ).price
            for rate in (low, high)
        ]
        self.assertLessEqual(*prices)

    @given(st.lists(amounts(), min_size=2, max_size=6), tiers)
    def test_no_tier_makes_the_dearer_piece_the_cheaper_one(self, sums, table):
        results = [mark_up(amount, table) for amount in sorted(sums)]
        for low, high in pairwise(results):
            self.assertLessEqual(low, high)

    @given(make_ups, policies, rates)
    def test_stones_are_worth_the_same_whatever_metals_cost(self, make_up, policy, rate):
        moved = make_up._replace(metals=tuple(part._replace(rate=rate) for part in make_up.metals))
        before, after = compute_price(make_up, policy), compute_price(moved, policy)
        self.assertEqual(before.stones, after.stones)
        self.assertEqual(before.stones, make_up.stones)

    @given(make_ups, policies)
    def test_a_breakdown_is_kept_as_texts_that_say_the_same(self, make_up, policy):
        result = compute_price(make_up, policy)
        kept = describe(make_up, result, "Rings", ["2026-01-01 00:00:00"] * len(result.values))
        self.assertEqual(D(kept["price"]), result.price)
        self.assertEqual(tuple(D(part["value"]) for part in kept["metals"]), result.values)
        parts = [kept["base"], kept["markup"], kept["rounding"]]
        self.assertEqual(sum(map(D, parts)), result.price)


@tagged("post_install", "-at_install")
class TestQuoteRules(BaseCase):
    RULE = PriceRule(7, "Rings", KEYSTONE, {1: UsedRate("gold", D(100), "2026-01-01 00:00:00")})

    def _quote(self, rule=RULE, **values):
        row = PieceRow(5, 1, 1, False, *["0"] * 7, metal_ids=[1], fines=["2.000"])
        return quote_piece(row._replace(**values), rule)

    def test_a_quote_tells_which_way_the_price_moves(self):
        self.assertEqual(self._quote(old="390.00").state, "up")
        self.assertEqual(self._quote(old="410.00").state, "down")
        self.assertEqual(self._quote(old="400").state, "same")
        self.assertEqual(self._quote().new, D(400))

    def test_a_locked_piece_is_quoted_and_stays_locked(self):
        quote = self._quote(locked=True, old="10")
        self.assertEqual((quote.state, quote.old, quote.new), ("locked", D(10), D(400)))

    def test_a_piece_without_policy_rate_or_value_keeps_its_price(self):
        cases = [
            ("no_policy", {"rule": None}),
            ("no_rate", {"metal_ids": [1, 2], "fines": ["1", "1"]}),
            ("empty", {"metal_ids": [], "fines": []}),
        ]
        for state, values in cases:
            with self.subTest(state=state):
                quote = self._quote(old="55", **values)
                self.assertEqual((quote.state, quote.new), (state, D(55)))
                self.assertFalse(quote.lifted)

    def test_stones_without_a_stated_value_count_what_they_were_when_loose(self):
        held = {"held_cost": "100", "held_price": "250"}
        self.assertEqual(self._quote(**held).new, D(600))
        apart = self.RULE._replace(policy=KEYSTONE._replace(mark_stones=False))
        self.assertEqual(self._quote(apart, **held).new, D(650))

    def test_a_stated_stone_value_counts_instead_of_what_the_stones_were_when_loose(self):
        self.assertEqual(self._quote(stones="50", held_cost="100").new, D(500))

    def test_prices_are_compared_by_amount_and_not_by_digits(self):
        self.assertEqual(compare_prices(D("1.0"), D("1.00")), "same")
