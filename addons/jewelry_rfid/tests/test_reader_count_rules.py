from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import reader_count as rules
from ..tools.batch import SECOND, Row

ZONES = {("R", 1): 11, ("R", 2): 22, ("R", 4): 11}
ROWS = st.lists(
    st.builds(
        Row,
        st.just("stay"),
        st.sampled_from(["AA", "BB", "CC", "CC00"]),
        st.none(),
        st.just("R"),
        st.integers(1, 4),
        st.just(0),
        st.integers(0, 400 * SECOND),
        st.just(1),
        st.one_of(st.none(), st.floats(-90, -20)),
    ),
    max_size=30,
)


def row(epc="AA", antenna=1, last=0, rssi=-50.0):
    """Return a sighting so many seconds after the beginning."""
    return Row("stay", epc, None, "R", antenna, 0, last * SECOND, 1, rssi)


@tagged("post_install", "-at_install")
class TestStrongest(BaseCase):
    """Which zone a chip is in."""

    def _find(self, *rows, tags=None, since=0):
        best = rules.find_strongest(rows, ZONES, tags or {}, since)
        return {key: each.zone for key, each in best.items()}

    def test_the_stronger_zone_wins(self):
        weak, strong = row(rssi=-70), row(antenna=2, last=1, rssi=-40)
        self.assertEqual(self._find(weak, strong), {"AA": 22})
        self.assertEqual(self._find(strong, weak), {"AA": 22})

    def test_antennas_of_one_zone_are_strong_together(self):
        rows = row(rssi=-70), row(antenna=2, last=1, rssi=-60), row(antenna=4, last=2, rssi=-50)
        self.assertEqual(self._find(*rows), {"AA": 11})

    def test_a_zone_that_lost_it_long_ago_loses(self):
        strong = row(rssi=-30)
        self.assertEqual(self._find(strong, row(antenna=2, last=120, rssi=-70)), {"AA": 11})
        self.assertEqual(self._find(strong, row(antenna=2, last=121, rssi=-70)), {"AA": 22})
        again = row(last=60, rssi=-80)
        self.assertEqual(self._find(strong, again, row(antenna=2, last=121)), {"AA": 11})

    def test_any_signal_wins_over_none(self):
        self.assertEqual(self._find(row(rssi=None), row(antenna=2, last=1, rssi=-95)), {"AA": 22})

    def test_what_was_read_before_and_elsewhere_does_not_count(self):
        self.assertEqual(self._find(row(last=9), since=10 * SECOND), {})
        self.assertEqual(self._find(row(last=10), since=10 * SECOND), {"AA": 11})
        self.assertEqual(self._find(row(antenna=3)), {})

    def test_a_tag_that_is_read_by_two_numbers_is_one(self):
        self.assertEqual(self._find(row("CC"), row("CC00"), tags={"CC": 5, "CC00": 5}), {5: 11})

    @given(ROWS, st.integers(0, 400 * SECOND))
    def test_each_chip_that_was_read_in_time_is_in_one_zone_that_has_read_it(self, rows, since):
        tags = {"CC": 5, "CC00": 5}
        best = rules.find_strongest(rows, ZONES, tags, since)
        good = [
            each for each in rows if each.last >= since and (each.reader, each.antenna) in ZONES
        ]
        self.assertEqual(best.keys(), {tags.get(each.epc, each.epc) for each in good})
        for key, each in best.items():
            own = [row for row in good if tags.get(row.epc, row.epc) == key]
            self.assertIn(each.zone, {ZONES[row.reader, row.antenna] for row in own})
            in_zone = [row for row in own if ZONES[row.reader, row.antenna] == each.zone]
            self.assertEqual(each.last, max(row.last for row in in_zone))

    @given(ROWS)
    def test_the_order_in_which_rows_come_does_not_matter(self, rows):
        # Of two rows of one moment the order decides.
        single = list({row.last: row for row in rows}.values())
        forward = rules.find_strongest(single, ZONES, {}, 0)
        self.assertEqual(rules.find_strongest(single[::-1], ZONES, {}, 0), forward)


PLACES = st.one_of(st.none(), st.integers(1, 3))


@tagged("post_install", "-at_install")
class TestTally(BaseCase):
    """How many pieces are what."""

    def test_places_and_sums(self):
        live = rules.tally(
            [
                ("found", 1, 1, False, 5),
                ("missing", 1, None, True, 2),
                ("missing", 2, None, False, 3),
                ("misplaced", 2, 1, False, 1),
                ("misplaced", None, 2, False, 4),
                ("unexpected", None, 1, False, 6),
            ]
        )
        self.assertEqual((live["expected"], live["found"], live["read"]), (11, 6, 16))
        kinds = [live[kind] for kind in ("missing", "misplaced", "unexpected", "untagged")]
        self.assertEqual(kinds, [5, 5, 6, 3])
        self.assertEqual(
            live["places"],
            {
                1: {"expected": 7, "found": 5, "read": 12},
                2: {"expected": 4, "found": 1, "read": 4},
            },
        )

    @given(st.lists(st.tuples(PLACES, PLACES, st.booleans(), st.integers(1, 9)), max_size=20))
    def test_found_and_missing_are_the_expected(self, rows):
        rows = [
            ("found" if seen else "missing", home, seen, has_tag, count)
            for home, seen, has_tag, count in rows
            if home or seen
        ]
        live = rules.tally(rows)
        self.assertEqual(live["found"] + live["missing"], live["expected"])
        self.assertEqual(
            sum(each["expected"] for each in live["places"].values()), live["expected"]
        )
        self.assertEqual(sum(each["found"] for each in live["places"].values()), live["found"])
        self.assertEqual(sum(each["read"] for each in live["places"].values()), live["read"])


@tagged("post_install", "-at_install")
class TestLeft(BaseCase):
    """Which chips had left before a count began."""

    def test_a_known_chip_that_left_a_counted_zone_before_the_count_is_told_with_its_zone(self):
        left = [
            row(last=5)._replace(kind="leave"),
            row(last=15)._replace(kind="leave"),
            row("BB", last=5),
            row("CC", last=5)._replace(kind="leave"),
            row("BB", antenna=3, last=5)._replace(kind="leave"),
        ]
        found = rules.find_left(left, ZONES, {"AA": 1, "BB": 2}, 10 * SECOND)
        self.assertEqual(found, {(1, 11)})
