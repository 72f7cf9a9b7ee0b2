from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.schedule import fit, propose, propose_days, split

ROUNDINGS = st.sampled_from([0.01, 1.0, 0.001, 0.05, 0.25, 10.0, 100.0])
UNITS = st.integers(0, 10_000_000)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
COUNTS = st.integers(1, 120)
RHYTHMS = st.sampled_from(["week", "fortnight", "month"])


def _sum(amounts):
    return sum((Decimal(str(amount)) for amount in amounts), Decimal(0))


def _amount(units, rounding):
    return float(units * Decimal(str(rounding)))


@tagged("post_install", "-at_install")
class TestSchedule(BaseCase):
    """Instalments are fixed amounts that add up to the cent."""

    @given(UNITS, st.integers(1, 60), ROUNDINGS)
    def test_equal_parts_add_up_and_differ_by_less_than_a_unit_each(self, units, count, rounding):
        total = _amount(units, rounding)
        parts = split(total, count, rounding)
        self.assertEqual(_sum(parts), Decimal(str(total)))
        self.assertEqual(len(parts), min(count, units))
        self.assertTrue(all(part > 0 for part in parts))
        self.assertEqual(len(set(parts[:-1])), min(len(parts[:-1]), 1))
        if parts:
            self.assertLess(parts[-1] - parts[0], count * rounding)

    @given(UNITS, UNITS, st.integers(0, 60), ROUNDINGS)
    def test_a_proposal_adds_up_and_begins_with_the_first_payment(
        self, units, first_units, count, rounding
    ):
        total, first = _amount(units, rounding), _amount(first_units, rounding)
        parts = propose(total, first, count, rounding)
        if first_units and units:
            self.assertEqual(parts[0], min(total, first))
        if count:
            self.assertEqual(_sum(parts), Decimal(str(total)))

    @given(st.lists(st.integers(1, 1_000_000), min_size=1, max_size=20), UNITS, ROUNDINGS)
    def test_what_is_fitted_adds_up_and_leaves_the_first_ones_alone(self, units, total, rounding):
        amounts = [_amount(number, rounding) for number in units]
        fitted = fit(amounts, _amount(total, rounding), rounding)
        self.assertEqual(_sum(fitted), Decimal(str(_amount(total, rounding))))
        changed = [place for place, amount in enumerate(amounts) if fitted[place] != amount]
        # All behind the first that changed are used up, unless there was something to add.
        if changed and total < sum(units):
            self.assertFalse(any(fitted[changed[0] + 1 :]))
            self.assertLess(fitted[changed[0]], amounts[changed[0]])

    @given(st.lists(st.integers(1, 1_000_000), min_size=1, max_size=20), UNITS, ROUNDINGS)
    def test_what_fits_is_not_fitted_again(self, units, total, rounding):
        amounts = [_amount(number, rounding) for number in units]
        fitted = fit(amounts, _amount(total, rounding), rounding)
        self.assertEqual(fit(fitted, _amount(total, rounding), rounding), fitted)
        self.assertEqual(fit(amounts, float(_sum(amounts)), rounding), amounts)
        self.assertEqual(len(fitted), len(amounts))
        self.assertTrue(all(amount >= 0 for amount in fitted))

    @given(st.lists(st.integers(1, 1_000_000), min_size=1, max_size=20), UNITS, UNITS, ROUNDINGS)
    def test_what_grows_and_shrinks_again_loses_no_unit(self, units, more, less, rounding):
        total = _amount(sum(units) + more, rounding)
        grown = fit([_amount(number, rounding) for number in units], total, rounding)
        self.assertEqual(_sum(grown), Decimal(str(total)))
        rest = _amount(max(sum(units) + more - less, 0), rounding)
        self.assertEqual(_sum(fit(grown, rest, rounding)), Decimal(str(rest)))

    # === DAYS === #

    @given(DAYS, COUNTS, RHYTHMS)
    def test_days_rise_from_the_first_on_and_there_are_as_many_as_amounts(
        self, start, count, rhythm
    ):
        days = propose_days(start, count, rhythm)
        self.assertEqual((len(days), days[0]), (count, start))
        self.assertTrue(all(one < other for one, other in pairwise(days)))

    @given(DAYS, COUNTS)
    def test_each_month_has_one_day_the_same_or_its_last(self, start, count):
        for number, day in enumerate(propose_days(start, count, "month")):
            months = start.year * 12 + start.month - 1 + number
            self.assertEqual(day.year * 12 + day.month - 1, months)
            self.assertEqual(day.day, min(start.day, monthrange(day.year, day.month)[1]))

    @given(DAYS, COUNTS, st.sampled_from([("week", 7), ("fortnight", 14)]))
    def test_weeks_keep_the_day_of_the_week(self, start, count, rhythm):
        name, step = rhythm
        days = propose_days(start, count, name)
        self.assertEqual({day.weekday() for day in days}, {start.weekday()})
        self.assertEqual(days[-1], start + timedelta(days=step * (count - 1)))

    @given(DAYS, COUNTS, RHYTHMS, st.integers(0, 2000))
    def test_an_end_moves_no_day_but_those_behind_it(self, start, count, rhythm, length):
        end = start + timedelta(days=length)
        free = propose_days(start, count, rhythm)
        bound = propose_days(start, count, rhythm, end)
        self.assertEqual(bound, [min(day, end) for day in free])
        self.assertEqual(bound, sorted(bound))
        self.assertLessEqual(max(bound), end)

    def test_the_29th_of_february_comes_back_in_each_month(self):
        days = propose_days(date(2028, 2, 29), 13, "month")
        self.assertEqual((days[1], days[12]), (date(2028, 3, 29), date(2029, 2, 28)))

    # === EXAMPLES === #

    def test_a_third_of_a_hundred_leaves_the_cent_to_the_last(self):
        self.assertEqual(split(100, 3, 0.01), [33.33, 33.33, 33.34])

    def test_nothing_has_no_instalments(self):
        self.assertEqual((split(0, 3, 0.01), propose(0, 0, 3, 0.01)), ([], []))

    def test_less_units_than_instalments_make_fewer(self):
        self.assertEqual(split(0.02, 5, 0.01), [0.01, 0.01])

    def test_the_last_day_of_a_month_comes_back_after_a_shorter_one(self):
        days = propose_days(date(2026, 12, 31), 4, "month")
        self.assertEqual(
            [day.isoformat()[5:] for day in days], ["12-31", "01-31", "02-28", "03-31"]
        )

    def test_weeks_and_fortnights(self):
        self.assertEqual(propose_days(date(2026, 1, 1), 2, "week")[1], date(2026, 1, 8))
        self.assertEqual(propose_days(date(2026, 1, 1), 2, "fortnight")[1], date(2026, 1, 15))

    def test_no_day_is_after_the_end(self):
        days = propose_days(date(2026, 1, 1), 5, "month", end=date(2026, 3, 15))
        self.assertEqual(days[2:], [date(2026, 3, 1), date(2026, 3, 15), date(2026, 3, 15)])

    def test_what_is_taken_off_is_taken_off_the_last_ones(self):
        self.assertEqual(fit([400, 320, 320, 320], 1000, 0.01), [400, 320, 280, 0])
        self.assertEqual(fit([400, 320], 1000, 0.01), [400, 600])
