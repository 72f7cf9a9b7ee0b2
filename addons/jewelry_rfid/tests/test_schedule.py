from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import schedule

CLOCK = ZoneInfo("Europe/Berlin")


@tagged("post_install", "-at_install")
class TestSchedule(BaseCase):
    """When a case counts itself."""

    def _is_due(self, minutes, now, last=None):
        return schedule.is_due(minutes, last, now)

    def test_times_are_read_however_they_are_written(self):
        self.assertEqual(schedule.parse_times("18:00, 9:30;09:30  0:05"), [5, 570, 1080])
        self.assertEqual(schedule.parse_times(""), [])
        self.assertEqual(schedule.parse_times(None), [])

    def test_what_is_no_time_is_named(self):
        for text in ("24:00", "9", "9:60", "nine", "9:30-18:00", "-1:00"):
            with self.subTest(text=text), self.assertRaisesRegex(ValueError, text[:2]):
                schedule.parse_times(f"10:00, {text}")

    def test_hours_are_spread_from_the_opening_to_the_closing(self):
        self.assertEqual(schedule.spread_times(4, 9, 18), [540, 780, 1020])
        self.assertEqual(schedule.spread_times(9, 9, 18), [540, 1080])
        self.assertEqual(schedule.spread_times(12, 0, 24), [0, 720])
        self.assertEqual(schedule.spread_times(0, 9, 18), [])

    def test_a_time_is_due_once(self):
        now = datetime(2026, 1, 15, 9, 31, tzinfo=CLOCK)
        self.assertTrue(self._is_due([570], now))
        self.assertFalse(self._is_due([570], now, now - timedelta(seconds=30)))
        self.assertTrue(self._is_due([570], now, now - timedelta(minutes=2)))

    def test_a_time_is_due_for_an_hour_and_not_before(self):
        nine = datetime(2026, 1, 15, 9, tzinfo=CLOCK)
        moments = {timedelta(seconds=-1): False, timedelta(): True, timedelta(minutes=59): True}
        moments |= {timedelta(hours=1): False}
        for after, due in moments.items():
            with self.subTest(after=after):
                self.assertEqual(self._is_due([540], nine + after), due)

    def test_the_clock_is_that_of_the_shop(self):
        now = datetime(2026, 7, 1, 7, 10, tzinfo=ZoneInfo("UTC")).astimezone(CLOCK)
        self.assertTrue(self._is_due([9 * 60], now))
        self.assertFalse(self._is_due([7 * 60], now))

    def test_a_time_shortly_before_midnight_is_due_shortly_after_it(self):
        late = datetime(2026, 1, 15, 23, 58, tzinfo=CLOCK)
        after = late + timedelta(minutes=4)
        self.assertTrue(self._is_due([23 * 60 + 58], after, late - timedelta(minutes=1)))
        self.assertFalse(self._is_due([23 * 60 + 58], after, late + timedelta(minutes=1)))
        self.assertFalse(self._is_due([23 * 60 + 58], late - timedelta(minutes=1)))

    @settings(deadline=None)
    @given(
        st.lists(st.integers(0, 1439), unique=True, max_size=8),
        st.integers(1, 45),
        st.integers(0, 59),
    )
    def test_who_looks_often_enough_counts_each_time_once(self, minutes, step, start):
        day = datetime(2026, 1, 15, tzinfo=CLOCK)
        last, counted, now = None, [], day + timedelta(minutes=start)
        while now < day + timedelta(days=1):
            if self._is_due(minutes, now, last):
                last = now
                counted.append(now)
            now += timedelta(minutes=step)
        seen = [m for m in minutes if start < m + 60 and m <= 1439]
        # Times that lie between two looks are counted together.
        self.assertLessEqual(len(counted), len(seen))
        for minute in seen:
            moment = day + timedelta(minutes=minute)
            late = min((c for c in counted if c >= moment), default=None)
            if moment + timedelta(minutes=step) < day + timedelta(days=1) and minute >= start:
                self.assertIsNotNone(late)
                self.assertLess(late - moment, timedelta(minutes=step))
