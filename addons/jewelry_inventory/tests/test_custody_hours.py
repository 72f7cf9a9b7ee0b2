from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .custody_common import CustodyCommon

# A Thursday, a Sunday and a holiday, in winter: Paris is one hour ahead of UTC, New York five back.
THURSDAY, SUNDAY, HOLIDAY = "2026-01-15", "2026-01-18", "2026-01-22"


@tagged("post_install", "-at_install")
class TestCustodyClock(CustodyCommon):
    """By whose clock the store is open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"custody_opening": 9, "custody_closing": 18})
        cls.company.partner_id.tz = False
        cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)]
        ).partner_id.tz = False

    def _get_period(self, clock, user=None):
        exposures = self.env["jewelry.custody.exposure"].with_user(user or self.manager)
        with freeze_time(clock):
            return exposures._get_period(self.company.with_user(user or self.manager))

    def test_the_clock_of_the_store_rules_and_not_that_of_who_looks(self):
        self.company.partner_id.tz = "Europe/Paris"
        for zone in ("America/New_York", "Asia/Tokyo", False):
            self.manager.tz = zone
            with self.subTest(zone=zone):
                self.assertEqual(self._get_period(f"{THURSDAY} 08:30:00"), "open")
                self.assertEqual(self._get_period(f"{THURSDAY} 17:30:00"), "closed")

    def test_without_a_zone_it_is_utc_for_everybody(self):
        for zone in ("America/New_York", "Asia/Tokyo", False):
            self.manager.tz = zone
            with self.subTest(zone=zone):
                self.assertEqual(self._get_period(f"{THURSDAY} 08:30:00"), "closed")
                self.assertEqual(self._get_period(f"{THURSDAY} 17:30:00"), "open")

    def test_a_store_without_a_zone_has_that_of_its_warehouse(self):
        address = self.env["res.partner"].create({"name": "Shop", "tz": "Europe/Paris"})
        house = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        house.partner_id = address
        self.company.invalidate_recordset(["custody_tz"])
        self.assertEqual(self.company.custody_tz, "Europe/Paris")
        self.company.partner_id.tz = "America/New_York"
        self.assertEqual(self.company.custody_tz, "America/New_York")

    def test_the_page_says_by_which_clock(self):
        self.assertEqual(self._read_page()["clock"], "")
        self.company.partner_id.tz = "Europe/Paris"
        self.assertEqual(self._read_page()["clock"], "Europe/Paris")

    def test_the_settings_say_by_which_clock(self):
        settings = self.env["res.config.settings"].with_company(self.company)
        self.assertFalse(settings.create({}).custody_tz)
        self.company.partner_id.tz = "Europe/Paris"
        self.assertEqual(settings.create({}).custody_tz, "Europe/Paris")


@tagged("post_install", "-at_install")
class TestCustodyCalendar(TestCustodyClock):
    """A store whose hours differ by weekday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        days = [(str(day), 10.0, 19.0) for day in range(5)] + [("5", 10.0, 14.0)]
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Opening hours",
                "company_id": cls.company.id,
                "tz": "Europe/Paris",
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": f"Day {day}",
                                "dayofweek": day,
                                "hour_from": start,
                                "hour_to": end,
                                "day_period": "morning",
                            }
                        )
                        for day, start, end in days
                    ),
                ],
            }
        )

    def _use_calendar(self):
        self.company.custody_calendar_id = self.calendar

    def test_each_weekday_has_its_own_hours(self):
        self._use_calendar()
        for clock, period in (
            (f"{THURSDAY} 08:59:59", "closed"),
            (f"{THURSDAY} 09:00:00", "open"),
            (f"{THURSDAY} 17:59:59", "open"),
            (f"{THURSDAY} 18:00:00", "closed"),
            ("2026-01-17 12:59:00", "open"),
            ("2026-01-17 13:00:00", "closed"),
            (f"{SUNDAY} 11:00:00", "closed"),
        ):
            with self.subTest(clock=clock):
                self.assertEqual(self._get_period(clock), period)

    def test_on_a_holiday_it_is_closed(self):
        self._use_calendar()
        self.assertEqual(self._get_period(f"{HOLIDAY} 11:00:00"), "open")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Inventory",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": datetime(2026, 1, 21, 23),
                "date_to": datetime(2026, 1, 22, 22, 59, 59),
            }
        )
        self.assertEqual(self._get_period(f"{HOLIDAY} 11:00:00"), "closed")
        self.assertEqual(self._get_period("2026-01-23 11:00:00"), "open")

    def test_the_clock_is_that_of_the_calendar_in_summer_as_well(self):
        self._use_calendar()
        self.company.partner_id.tz = "Asia/Tokyo"
        self.assertEqual(self.company.custody_tz, "Europe/Paris")
        self.assertEqual(self._get_period("2026-07-16 08:00:00"), "open")
        self.assertEqual(self._get_period("2026-07-16 17:00:00"), "closed")

    def test_everybody_moves_by_the_same_hours(self):
        self._use_calendar()
        for user in (self.associate, self.keeper, self.auditor):
            with self.subTest(user=user.login):
                self.assertEqual(self._get_period(f"{SUNDAY} 11:00:00", user), "closed")

    def test_without_a_calendar_every_day_is_the_same(self):
        self.company.partner_id.tz = "Europe/Paris"
        for day in (THURSDAY, SUNDAY, HOLIDAY):
            self.assertEqual(self._get_period(f"{day} 11:00:00"), "open")

    def test_a_limit_of_the_night_holds_on_sunday(self):
        self._use_calendar()
        piece = self._stock(self.safe)
        self._create_limit(0, self.window, period="closed", name="Night")
        for clock, asked in ((f"{SUNDAY} 11:00:00", True), (f"{THURSDAY} 11:00:00", False)):
            picking = self._create_transfer(piece, self.safe, self.window)
            with freeze_time(clock):
                action = picking.button_validate()
            self.assertEqual(action is not True, asked, clock)
            picking.filtered(lambda each: each.state != "done").action_cancel()

    def test_a_calendar_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(UserError):
            self.company.custody_calendar_id = other.resource_calendar_id
            self.env.flush_all()

    def test_the_settings_hide_the_daily_hours_where_a_calendar_rules(self):
        manager = self._create_user("manager", "base.group_system", login="settings")
        form = Form(self.env["res.config.settings"].with_user(manager))
        form.custody_calendar_id = self.calendar
        form.save().execute()
        self.assertEqual(self.company.custody_calendar_id, self.calendar)
        self.assertEqual(self.company.custody_tz, "Europe/Paris")
