from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools import custody
from ..tools.custody import Exposure, Limit, Place

# 1 store > 2 stock > 3 safe (role) > 4 tray, 5 tray on hold (role); 6 window without a role;
# 7 transit; 8 somewhere else
PLACES = {
    place.id: place
    for place in (
        Place(2, (1, 2), ""),
        Place(3, (1, 2, 3), "safe"),
        Place(4, (1, 2, 3, 4), ""),
        Place(5, (1, 2, 3, 5), "hold"),
        Place(6, (1, 2, 6), ""),
        Place(7, (7,), "transit"),
    )
}
exposures = st.builds(
    Exposure,
    st.integers(0, 1000),
    *[st.integers(0, 10**9).map(float) for _amount in range(3)],
)


def measure(limit, amounts):
    return custody.measure(limit, custody.total_up(amounts, PLACES))


stocks = st.dictionaries(st.sampled_from(sorted(PLACES)), exposures)


class TestCustodyRules(BaseCase):
    """Places and limits, without a database."""

    def test_a_place_counts_for_the_nearest_that_has_a_role(self):
        anchors = {key: custody.find_anchor(place, PLACES) for key, place in PLACES.items()}
        self.assertEqual(anchors, {2: 2, 3: 3, 4: 3, 5: 5, 6: 6, 7: 7})

    def test_a_tray_has_the_role_of_its_safe_unless_it_has_its_own(self):
        roles = {key: custody.find_role(place, PLACES) for key, place in PLACES.items()}
        self.assertEqual(roles, {2: "", 3: "safe", 4: "safe", 5: "hold", 6: "", 7: "transit"})

    def test_a_limit_of_a_place_covers_all_that_is_inside_it(self):
        safe = Limit(1, 3, None, 10.0)
        covered = {key for key, place in PLACES.items() if custody.covers(safe, place, PLACES)}
        self.assertEqual(covered, {3, 4, 5})

    def test_a_limit_of_the_store_covers_what_has_no_place_of_its_own(self):
        store = Limit(1, 1, None, 10.0)
        covered = {key for key, place in PLACES.items() if custody.covers(store, place, PLACES)}
        self.assertEqual(covered, {2, 3, 4, 5, 6})

    def test_a_limit_of_a_role_covers_the_places_of_that_role_alone(self):
        for role, expected in (("safe", {3, 4}), ("hold", {5}), ("transit", {7}), ("bench", set())):
            limit = Limit(1, False, role, 10.0)
            covered = {key for key, place in PLACES.items() if custody.covers(limit, place, PLACES)}
            self.assertEqual(covered, expected, role)

    def test_what_goes_takes_away_what_came(self):
        came = Exposure(1, 100.0, 40.0, 100.0)
        self.assertEqual(came + -came, Exposure())

    def test_goods_in_unknown_places_count_for_no_limit(self):
        amounts = {8: Exposure(1, 100.0)}
        self.assertEqual(measure(Limit(1, 1, None, 0), amounts), Exposure())

    @given(stocks)
    def test_rows_of_the_page_add_up_to_all_that_there_is(self, amounts):
        rows = custody.fold(amounts, PLACES)
        self.assertEqual(custody.add_up(rows.values()), custody.add_up(amounts.values()))

    @given(stocks)
    def test_roles_share_out_all_that_there_is(self, amounts):
        roles = {custody.find_role(place, PLACES) for place in PLACES.values()}
        shares = [measure(Limit(1, False, role, 0), amounts) for role in roles]
        self.assertEqual(custody.add_up(shares), custody.add_up(amounts.values()))

    @given(stocks, st.sampled_from([1, 2, 3, 4, 7, "safe", "hold", "transit", ""]))
    def test_a_limit_counts_exactly_the_places_that_it_covers(self, amounts, target):
        is_role = isinstance(target, str)
        limit = Limit(1, False if is_role else target, target if is_role else None, 0)
        covered = [
            exposure
            for key, exposure in amounts.items()
            if custody.covers(limit, PLACES[key], PLACES)
        ]
        self.assertEqual(measure(limit, amounts), custody.add_up(covered))

    @given(stocks, stocks)
    def test_what_a_limit_counts_after_a_move_is_what_it_counted_and_the_change(self, before, move):
        limit = Limit(1, 3, None, 0)
        after = {
            key: before.get(key, Exposure()) + move.get(key, Exposure())
            for key in before.keys() | move.keys()
        }
        parts = [measure(limit, amounts) for amounts in (before, move)]
        self.assertEqual(measure(limit, after), custody.add_up(parts))

    @given(stocks)
    def test_a_move_inside_a_limit_changes_nothing_of_it(self, amounts):
        goods = Exposure(1, 7.0, 3.0, 0.0)
        moved = {3: -goods, 4: goods}
        limit = Limit(1, 3, None, 0)
        self.assertEqual(measure(limit, moved), Exposure())

    def test_a_limit_is_close_from_90_percent_and_over_only_above_it(self):
        levels = [custody.rate(used, 100) for used in (0, 89.99, 90, 100, 100.01)]
        self.assertEqual(levels, ["ok", "ok", "near", "near", "over"])

    def test_where_nothing_may_be_anything_is_too_much(self):
        self.assertEqual([custody.rate(used, 0) for used in (0, 0.01)], ["ok", "over"])

    def test_the_store_is_open_from_its_opening_until_before_its_closing(self):
        hours = [custody.is_open(hour, 9.5, 18) for hour in (0, 9.49, 9.5, 17.99, 18, 23.9)]
        self.assertEqual(hours, [False, False, True, True, False, False])

    def test_a_store_may_be_open_past_midnight(self):
        hours = [custody.is_open(hour, 20, 2) for hour in (0, 1.9, 2, 12, 20, 23)]
        self.assertEqual(hours, [True, True, False, False, True, True])

    @given(st.floats(0, 23.99))
    def test_equal_hours_never_close(self, hour):
        self.assertTrue(custody.is_open(hour, 9, 9))
