from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.count import NOWHERE, Place, Sighting, Step, judge_piece, judge_weight, share_out

CASE, TRAY, SAFE = Place("1/2/"), Place("1/2/3/"), Place("1/4/")
CLIENT, LOSS = Place("9/", "customer"), Place("8/", "inventory")
PLACES = [CASE, TRAY, SAFE, CLIENT, LOSS]
DIFFERENCES = {"missing", "unexpected", "misplaced", "weight"}
ROUND = range(1, 40)


@tagged("post_install", "-at_install")
class TestPieceRules(BaseCase):
    """What becomes of one piece."""

    def _judge(self, now, *steps, seen=None, scope=(CASE,)):
        return judge_piece(scope, now, list(steps), seen)

    def test_a_piece_seen_where_it_is_booked_is_all_right(self):
        self.assertEqual(self._judge(CASE, seen=Sighting(5, CASE)), (None, 1, 1))

    def test_a_piece_in_a_tray_lies_in_its_case(self):
        self.assertEqual(self._judge(TRAY, seen=Sighting(5, CASE)), (None, 1, 1))

    def test_a_piece_of_the_case_that_lies_in_a_tray_of_it_is_in_another_place(self):
        self.assertEqual(self._judge(CASE, seen=Sighting(5, TRAY)), ("misplaced", 1, 1))

    def test_a_piece_of_elsewhere_is_in_the_wrong_place(self):
        self.assertEqual(self._judge(SAFE, seen=Sighting(5, CASE)), ("misplaced", 0, 1))

    def test_places_with_similar_numbers_are_not_inside_each_other(self):
        other = Place("1/22/")
        self.assertEqual(self._judge(other, seen=Sighting(5, CASE)).kind, "misplaced")

    def test_a_piece_nobody_saw_is_missing(self):
        self.assertEqual(self._judge(CASE), ("missing", 1, 0))

    def test_a_piece_that_is_sold_or_lost_or_unheard_of_is_unexpected(self):
        for now in (CLIENT, LOSS, NOWHERE):
            verdict = self._judge(now, seen=Sighting(5, CASE))
            self.assertEqual(verdict, ("unexpected", 0, 1))

    def test_a_piece_sold_after_it_was_seen_is_all_right(self):
        verdict = self._judge(CLIENT, Step(6, CASE, CLIENT), seen=Sighting(5, CASE))
        self.assertEqual(verdict, (None, 1, 1))

    def test_a_piece_sold_before_it_could_be_seen_is_told(self):
        self.assertEqual(self._judge(CLIENT, Step(6, CASE, CLIENT)), ("sold", 0, 0))

    def test_a_piece_that_left_for_another_place_before_it_could_be_seen_is_told(self):
        self.assertEqual(self._judge(SAFE, Step(6, CASE, SAFE)), ("moved", 0, 0))

    def test_a_piece_that_came_after_the_place_was_counted_is_told(self):
        self.assertEqual(self._judge(CASE, Step(6, SAFE, CASE)), ("moved", 0, 0))

    def test_a_piece_that_went_through_is_told(self):
        steps = [Step(3, SAFE, CASE), Step(6, CASE, SAFE)]
        self.assertEqual(self._judge(SAFE, *steps), ("moved", 0, 0))

    def test_a_transfer_booked_after_the_piece_was_carried_over_is_no_difference(self):
        verdict = self._judge(CASE, Step(9, SAFE, CASE), seen=Sighting(5, CASE))
        self.assertEqual(verdict, (None, 1, 1))

    def test_a_piece_in_the_wrong_place_that_was_booked_on_since_is_told(self):
        verdict = self._judge(TRAY, Step(9, SAFE, TRAY), seen=Sighting(5, SAFE), scope=[CASE])
        self.assertEqual(verdict, (None, 1, 1))
        verdict = self._judge(CLIENT, Step(9, SAFE, CLIENT), seen=Sighting(5, CASE))
        self.assertEqual(verdict, ("moved", 1, 1))

    def test_a_move_in_the_very_second_of_the_scan_may_be_before_or_after_it(self):
        seen = Sighting(5, CASE)
        self.assertIsNone(self._judge(SAFE, Step(5, CASE, SAFE), seen=seen).kind)
        self.assertIsNone(self._judge(CASE, Step(5, SAFE, CASE), seen=seen).kind)

    def test_a_piece_that_has_nothing_to_do_with_the_place_makes_no_line(self):
        self.assertEqual(self._judge(SAFE), (None, 0, 0))
        self.assertEqual(self._judge(CLIENT, Step(3, SAFE, CLIENT)), (None, 0, 0))

    @given(
        st.lists(st.tuples(st.sampled_from(ROUND), st.sampled_from(PLACES)), max_size=4),
        st.sampled_from(PLACES),
        st.none() | st.tuples(st.sampled_from(ROUND), st.sampled_from(PLACES[:3])),
    )
    def test_only_a_difference_makes_expected_and_found_differ(self, moves, first, scan):
        steps, now = self._walk(first, moves)
        seen = Sighting(*scan) if scan else None
        kind, expected, found = judge_piece([CASE], now, steps, seen)
        self.assertIn(expected, (0, 1))
        self.assertEqual(found, int(bool(scan)), "what was seen is found")
        if kind not in DIFFERENCES:
            self.assertEqual(expected, found)

    def _walk(self, first, moves):
        """Return steps through these places in time, and the place at their end."""
        stays = [(0, first), *sorted(moves, key=lambda move: move[0])]
        ways = [
            Step(time, source, dest)
            for (_time, source), (time, dest) in pairwise(stays)
            if source != dest
        ]
        return ways, stays[-1][1]

    @given(
        st.lists(st.tuples(st.sampled_from(ROUND), st.sampled_from(PLACES)), max_size=5),
        st.sampled_from(PLACES),
        st.permutations(ROUND),
    )
    def test_where_goods_always_are_where_they_are_booked_no_move_makes_a_difference(
        self, moves, first, rounds
    ):
        """One goes to each place once, at any time, and scans what lies there at that moment."""
        steps, now = self._walk(first, moves)
        visits = dict(zip((CASE, TRAY), rounds, strict=False))
        seen = None
        for place, time in sorted(visits.items(), key=lambda visit: visit[1]):
            lies = [step.dest for step in steps if step.time <= time]
            if (lies[-1] if lies else first) == place:
                seen = Sighting(time, place)
        kind = judge_piece([CASE], now, steps, seen).kind
        self.assertNotIn(kind, DIFFERENCES)

    @given(st.lists(st.tuples(st.sampled_from(PLACES), st.none() | st.sampled_from(PLACES[:3]))))
    def test_differences_are_what_is_between_the_books_and_what_was_found(self, pieces):
        verdicts = [
            judge_piece([CASE], now, [], Sighting(5, place) if place else None)
            for now, place in pieces
        ]
        booked = sum(now in (CASE, TRAY) for now, _place in pieces)
        seen = sum(place is not None for _now, place in pieces)
        # One that is booked in the safe and was seen there makes no difference: it counts in both.
        elsewhere = sum(now == place == SAFE for now, place in pieces)
        differences = sum(v.expected - v.found for v in verdicts if v.kind in DIFFERENCES)
        self.assertEqual(differences, booked + elsewhere - seen)


@tagged("post_install", "-at_install")
class TestWeightRules(BaseCase):
    """What becomes of a parcel in a place."""

    def test_what_weighs_as_the_books_say_is_all_right(self):
        self.assertIsNone(judge_weight({CASE}, 5.0, [], Sighting(5, CASE, 5.0004)).kind)

    def test_what_weighs_less_or_more_is_a_difference(self):
        for weight in (4.999, 5.001):
            verdict = judge_weight({CASE}, 5.0, [], Sighting(5, CASE, weight))
            self.assertEqual(verdict.kind, "weight")
            self.assertEqual(str(verdict.found), str(weight))

    def test_what_was_taken_after_the_scale_is_no_difference(self):
        step = Step(6, CASE, SAFE, 2.0)
        self.assertIsNone(judge_weight({CASE}, 3.0, [step], Sighting(5, CASE, 5.0)).kind)

    def test_what_was_taken_before_the_scale_is(self):
        step = Step(4, CASE, SAFE, 2.0)
        self.assertEqual(judge_weight({CASE}, 3.0, [step], Sighting(5, CASE, 5.0)).kind, "weight")

    def test_a_parcel_nobody_weighed_is_missing_unless_it_just_came(self):
        self.assertEqual(judge_weight({CASE}, 5.0, [], None)[:2], ("missing", 5))
        self.assertEqual(judge_weight({CASE}, 5.0, [Step(4, SAFE, CASE, 5.0)], None).kind, "moved")

    def test_a_step_within_the_places_weighs_nothing(self):
        step = Step(6, CASE, TRAY, 2.0)
        verdict = judge_weight({CASE, TRAY}, 5.0, [step], Sighting(5, CASE, 5.0))
        self.assertIsNone(verdict.kind)

    def test_what_is_weighed_in_a_tray_is_not_weighed_again_with_its_case(self):
        shares = share_out([CASE, TRAY, SAFE], [CASE, TRAY])
        self.assertEqual(shares, {CASE: {CASE}, TRAY: {TRAY}, None: {SAFE}})

    def test_what_is_weighed_in_a_case_is_all_that_is_in_it(self):
        self.assertEqual(share_out([CASE, TRAY, SAFE], [CASE]), {CASE: {CASE, TRAY}, None: {SAFE}})

    @given(st.sets(st.sampled_from(PLACES)))
    def test_every_place_is_weighed_once_or_not_at_all(self, weighed):
        shares = share_out(PLACES, weighed)
        self.assertEqual(
            sorted(place for share in shares.values() for place in share), sorted(PLACES)
        )

    @given(
        st.integers(0, 10_000),
        st.integers(0, 10_000),
        st.lists(st.tuples(st.sampled_from(ROUND), st.integers(1, 100), st.booleans())),
        st.sampled_from(ROUND),
    )
    def test_moves_make_no_difference_whenever_they_are(self, first, error, moves, time):
        """What the scale shows is what lies there at that moment, with an error that is found."""
        steps = [
            Step(when, *((SAFE, CASE) if comes else (CASE, SAFE)), milli / 1000)
            for when, milli, comes in sorted(moves)
        ]
        change = lambda rows: sum(s.quantity * (1 if s.dest == CASE else -1) for s in rows)  # noqa: E731
        there = first / 1000 + change([step for step in steps if step.time <= time])
        now = first / 1000 + change(steps)
        weight = round(there + error / 1000, 3)
        verdict = judge_weight({CASE}, now, steps, Sighting(time, CASE, weight))
        self.assertAlmostEqual(float(verdict.found - verdict.expected), error / 1000, places=6)
        self.assertEqual(verdict.kind, "weight" if error else None)
