import random

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import batch as rules
from .reader_common import get_epc, prepare_row

NOW = 1_795_000_000_000
ZONES = {("R1", 1): 1, ("R1", 2): 2}
TAGS = {get_epc(number): 100 + number for number in range(4)}
TAG = TAGS[get_epc(1)]

rows = st.builds(
    rules.Row,
    st.sampled_from(sorted(rules.KINDS)),
    st.integers(0, 3).map(get_epc),
    st.none() | st.just("E280"),
    st.just("R1"),
    st.integers(1, 3),
    st.just(NOW - 10 * rules.DAY),
    st.integers(NOW - 3 * rules.DAY, NOW),
    st.integers(0, 50),
    st.none() | st.floats(-80, -20),
)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True, allow_infinity=True)
    | st.text(max_size=80)
    # Halves of characters, and numbers that no fraction holds.
    | st.text(st.characters(), max_size=8)
    | st.just(10**400),
    lambda inner: st.lists(inner, max_size=10) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


def _row(kind, last, antenna=1, number=1):
    return rules.Row(kind, get_epc(number), None, "R1", antenna, last, last, 1, None)


@tagged("-at_install", "post_install")
class TestReading(BaseCase):
    """What of a message can be used."""

    def _refuse(self, **values):
        good, refused = rules.read_rows([prepare_row(get_epc(1), NOW, **values)])
        self.assertFalse(good)
        return refused[0]

    def test_a_row_as_gateways_send_it_is_read(self):
        good, refused = rules.read_rows([prepare_row("e2 ".strip() + "ab", NOW, tid="e280")])
        self.assertFalse(refused)
        self.assertEqual(good[0], rules.Row("stay", "E2AB", "E280", "R1", 1, NOW, NOW, 1, -50.5))

    def test_each_value_that_makes_no_sense_is_named(self):
        wrong = {
            "kind": ["seen", None, [], 1],
            "epc": ["", "E2A", "XYZ0", None, 1, "E2" * 63, "E2\n"],
            "tid": ["E2A", 7],
            "reader": ["", "a\x00b", "R\ud800", " R1", "r" * 65, None],
            "antenna": [-1, 256, True, "1", 1.0],
            "first": [0, -1, None, "now", 1.5, 2**60],
            "last": [0, NOW - 1 - 10**15, None],
            "reads": [-1, 2**31, True, None],
            "rssi": [float("nan"), float("inf"), 101, -201, "-50", True, 10**400, -(10**400)],
        }
        for name, values in wrong.items():
            for value in values:
                with self.subTest(name=name, value=value):
                    self.assertTrue(self._refuse(**{name: value}))

    def test_whatever_is_read_as_a_text_can_be_stored(self):
        self.assertEqual(rules.read_text(None), "")
        self.assertEqual(rules.read_text("fine ✓ \x00\ud800 x"), "fine ✓    x")
        self.assertEqual(len(rules.read_text("x" * 9999)), rules.LONGEST_TEXT)

    @given(anything)
    def test_texts_and_codes_are_what_the_database_stores(self, value):
        rules.read_text(value).encode()
        if rules.is_code(value):
            value.encode()

    def test_the_last_time_is_not_before_the_first(self):
        self.assertIn("later", self._refuse(first=NOW + 1))

    def test_what_may_be_missing_may_be_missing(self):
        good, _refused = rules.read_rows([prepare_row(get_epc(1), NOW, rssi=None, tid=None)])
        self.assertEqual((good[0].rssi, good[0].tid), (None, None))

    def test_one_bad_row_does_not_take_the_others_with_it(self):
        good, refused = rules.read_rows(
            [prepare_row(get_epc(1), NOW), "nonsense", prepare_row(get_epc(2), NOW), [1, 2], {}]
        )
        self.assertEqual((sorted(good), sorted(refused)), ([0, 2], [1, 3, 4]))

    @given(st.lists(anything, max_size=12))
    def test_whatever_comes_each_row_is_either_read_or_refused(self, values):
        good, refused = rules.read_rows(values)
        self.assertEqual(sorted([*good, *refused]), list(range(len(values))))

    def test_values_become_an_array_of_the_database(self):
        self.assertEqual(rules.as_array([]), "{}")
        self.assertEqual(rules.as_array([1, None, -2]), "{1,NULL,-2}")
        self.assertEqual(rules.as_array(["E2AB", None]), "{E2AB,NULL}")
        self.assertEqual(rules.as_array([True, False, -50.5]), "{True,False,-50.5}")

    def test_a_uuid_is_told_from_other_texts(self):
        self.assertTrue(rules.is_uuid("6f1c2a9e-0000-4000-8000-0123456789ab"))
        for value in ("", None, 7, "6F1C2A9E-0000-4000-8000-0123456789AB", "6f1c2a9e", "x" * 36):
            with self.subTest(value=value):
                self.assertFalse(rules.is_uuid(value))


@tagged("-at_install", "post_install")
class TestClock(BaseCase):
    """Gateways whose clock is wrong."""

    def test_the_time_that_a_message_takes_is_no_error_of_a_clock(self):
        self.assertEqual(rules.get_offset(NOW - 900, NOW), 0)
        self.assertEqual(rules.get_offset(NOW + 900, NOW), 0)

    def test_a_clock_that_is_late_or_early_is_corrected(self):
        hour = 3600 * rules.SECOND
        for offset in (hour, -hour):
            row = _row("stay", NOW - offset)
            good, refused = rules.settle_times(
                {0: row}, rules.get_offset(NOW - offset, NOW), NOW, 9
            )
            self.assertFalse(refused)
            self.assertEqual((good[0].first, good[0].last), (NOW, NOW))

    def test_what_is_too_old_is_refused(self):
        found = {1: _row("stay", NOW - 9 * rules.DAY - 1), 2: _row("stay", NOW - 9 * rules.DAY)}
        good, refused = rules.settle_times(found, 0, NOW, 9)
        self.assertEqual((sorted(good), sorted(refused)), ([2], [1]))

    def test_what_was_read_by_a_clock_that_was_set_back_since_is_read_now_and_in_its_order(self):
        hour = 3600 * rules.SECOND
        found = {
            n: _row(kind, NOW + hour + n) for n, kind in enumerate(("appear", "move", "leave"))
        }
        good, refused = rules.settle_times(found, 0, NOW, 9)
        self.assertFalse(refused)
        self.assertEqual({(row.first, row.last) for row in good.values()}, {(NOW, NOW)})
        (latest,) = rules.find_latest(good.values(), ZONES, TAGS).values()
        self.assertEqual(latest.kind, "leave")

    def test_a_first_time_of_another_century_is_none(self):
        good, _refused = rules.settle_times({0: _row("stay", NOW)._replace(first=1)}, 0, NOW, 9)
        self.assertEqual(good[0].first, NOW - 9 * rules.DAY)

    @given(st.integers(1, 2**43), st.integers(1, 2**43), st.integers(-rules.DAY, rules.DAY))
    def test_whatever_a_clock_says_what_is_kept_lies_between_the_oldest_and_now(self, a, b, offset):
        row = _row("stay", max(a, b))._replace(first=min(a, b))
        good, refused = rules.settle_times({0: row}, offset, NOW, 9)
        self.assertEqual(len(good) + len(refused), 1)
        for kept in good.values():
            self.assertTrue(NOW - 9 * rules.DAY <= kept.first <= kept.last <= NOW)

    def test_what_is_a_little_ahead_is_read_now(self):
        good, _refused = rules.settle_times({0: _row("stay", NOW + 2_000)}, 0, NOW, 9)
        self.assertEqual((good[0].first, good[0].last), (NOW, NOW))


@tagged("-at_install", "post_install")
class TestFolding(BaseCase):
    """Many rows become one for each day, chip and antenna."""

    def test_rows_of_one_day_become_one(self):
        seen = rules.fold(
            [
                _row("appear", NOW)._replace(reads=3, rssi=-60.0),
                _row("stay", NOW + 5)._replace(reads=4, rssi=-40.0, tid="E280"),
                _row("leave", NOW + 5)._replace(reads=0),
            ]
        )
        key = (NOW // rules.DAY, get_epc(1), "R1", 1)
        self.assertEqual(seen, {key: rules.Seen(NOW, NOW + 5, 7, -40.0, 1, "E280")})

    def test_another_day_or_antenna_is_another_row(self):
        seen = rules.fold(
            [_row("stay", NOW), _row("stay", NOW - rules.DAY), _row("move", NOW, antenna=2)]
        )
        self.assertEqual(len(seen), 3)

    def test_reads_never_exceed_what_a_column_holds(self):
        most = 2**31 - 1
        (seen,) = rules.fold([_row("stay", NOW)._replace(reads=most)] * 2).values()
        self.assertEqual(seen.reads, most)

    @given(st.lists(rows, max_size=30))
    def test_no_read_and_no_visit_is_lost_or_made_up(self, found):
        seen = rules.fold(found).values()
        self.assertEqual(sum(each.reads for each in seen), sum(row.reads for row in found))
        visits = sum(row.kind in rules.ARRIVALS for row in found)
        self.assertEqual(sum(each.visits for each in seen), visits)

    @given(st.lists(rows, max_size=30), st.randoms(use_true_random=False))
    def test_the_order_of_rows_changes_nothing_but_the_tid(self, found, chance):
        mixed = chance.sample(found, len(found))
        forget = {key: each._replace(tid=None) for key, each in rules.fold(found).items()}
        again = {key: each._replace(tid=None) for key, each in rules.fold(mixed).items()}
        self.assertEqual(forget, again)


@tagged("-at_install", "post_install")
class TestLatest(BaseCase):
    """Where a chip is after all that was seen of it."""

    def _find(self, *found):
        return rules.find_latest(found, ZONES, TAGS)

    def test_the_last_row_counts_in_whatever_order_they_come(self):
        early, late = _row("stay", NOW), _row("move", NOW + 1, antenna=2)
        for found in ((early, late), (late, early)):
            self.assertEqual(self._find(*found), {TAG: late})

    def test_a_leave_is_later_than_a_read_of_the_same_moment(self):
        stay, leave = _row("stay", NOW), _row("leave", NOW)
        for found in ((stay, leave), (leave, stay)):
            self.assertEqual(self._find(*found), {TAG: leave})

    def test_leaving_one_zone_does_not_end_the_presence_in_another(self):
        moved, left = _row("move", NOW, antenna=2), _row("leave", NOW + 1, antenna=1)
        self.assertEqual(self._find(moved, left), {TAG: moved})

    def test_a_chip_with_two_numbers_is_where_it_was_seen_last_by_either(self):
        short, long = get_epc(1), get_epc(1) + "0000"
        tags = {short: 7, long: 7}
        case, door = _row("stay", NOW), _row("appear", NOW + 1, antenna=2)._replace(epc=long)
        for found in ((case, door), (door, case)):
            self.assertEqual(rules.find_latest(found, ZONES, tags), {7: door})

    def test_a_number_that_nobody_knows_is_nowhere(self):
        self.assertEqual(self._find(_row("stay", NOW)._replace(epc=get_epc(99))), {})

    def test_an_antenna_without_a_zone_says_nothing(self):
        self.assertEqual(self._find(_row("stay", NOW, antenna=3)), {})

    @given(st.lists(rows, max_size=20))
    def test_nothing_that_was_seen_later_is_passed_over(self, found):
        latest = rules.find_latest(found, ZONES, TAGS)
        for row in found:
            if row.kind != "leave" and (row.reader, row.antenna) in ZONES:
                self.assertGreaterEqual(latest[TAGS[row.epc]].last, row.last)

    def test_five_thousand_rows_are_read_and_folded_in_a_fraction_of_a_second(self):
        chance = random.Random(1)
        sent = [prepare_row(get_epc(chance.randrange(4000)), NOW) for _each in range(5000)]
        good, refused = rules.read_rows(sent)
        self.assertFalse(refused)
        self.assertEqual(len(rules.fold(good.values())), len({row[1] for row in sent}))
