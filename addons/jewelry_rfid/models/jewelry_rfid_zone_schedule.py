import logging
from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import schedule

_logger = logging.getLogger(__name__)

COUNT_PLANS = [("hours", "Every Few Hours"), ("times", "At Given Times")]


class JewelryRfidZone(models.Model):
    """When the place of a zone counts itself."""

    _inherit = "jewelry.rfid.zone"

    count_plan = fields.Selection(
        selection=COUNT_PLANS,
        string="Counts Itself",
        help="What is present is compared with the books, and only what differs is told.",
    )
    count_hours = fields.Float(
        string="Every (Hours)", default=2.0, help="Between the opening and the closing."
    )
    count_opening = fields.Float(string="From", default=9.0, help="By the clock of the shop.")
    count_closing = fields.Float(string="Until", default=18.0, help="By the clock of the shop.")
    count_times = fields.Char(string="At", help="Such as: 9:30, 18:00")
    count_date = fields.Datetime(string="Counted On", readonly=True, copy=False)
    auto_count_ids = fields.One2many(
        comodel_name="jewelry.rfid.auto.count", inverse_name="zone_id", string="Automatic Counts"
    )

    _count_hours_sane = models.Constraint(
        "CHECK (count_plan IS DISTINCT FROM 'hours' OR count_hours >= 0.25)",
        "Count every quarter of an hour at most.",
    )
    _count_opening_sane = models.Constraint(
        "CHECK (count_plan IS DISTINCT FROM 'hours' OR (count_opening >= 0 AND count_closing <= 24"
        " AND count_opening <= count_closing))",
        "The shop opens before it closes, from 0:00 to 24:00.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("count_plan", "count_times", "location_id")
    def _check_count_plan(self):
        """Refuse a plan without a place or without times."""
        for zone in self.filtered("count_plan"):
            if not zone.location_id:
                raise ValidationError(
                    self.env._("%(zone)s has no place that could be counted.", zone=zone.name)
                )
            if zone.count_plan == "times" and not zone._get_count_minutes():
                raise ValidationError(self.env._("Say when to count, such as: 9:30, 18:00"))

    def _get_count_minutes(self):
        """Return the minutes of the day at which the place is counted.

        :raises ValidationError: for what is no time
        """
        if self.count_plan == "hours":
            return schedule.spread_times(self.count_hours, self.count_opening, self.count_closing)
        try:
            return schedule.parse_times(self.count_times)
        except ValueError as error:
            raise ValidationError(
                self.env._("“%(text)s” is no time. Enter such as: 9:30, 18:00", text=str(error))
            ) from error

    # === SCHEDULED === #

    @api.model
    def _cron_count(self):
        """Count the places whose time has come, each in a transaction of its own."""
        now = fields.Datetime.now()
        zones = self.search([("count_plan", "!=", False), ("location_id", "!=", False)])
        due = zones.filtered(lambda zone: zone._is_count_due(now))
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for zone in due:
            zone._try_to_count(now)
            if not self.env["ir.cron"]._commit_progress(1):
                return

    def _is_count_due(self, now):
        clock = ZoneInfo(self.company_id.custody_tz or "UTC")
        here = now.replace(tzinfo=UTC).astimezone(clock)
        last = self.count_date and self.count_date.replace(tzinfo=UTC)
        return schedule.is_due(self._get_count_minutes(), last or None, here)

    def _try_to_count(self, now):
        """Count a place; what goes wrong there does not keep the others from counting."""
        try:
            self._count_itself(now)
        except Exception:
            self.env.cr.rollback()
            _logger.exception("The place of zone %s cannot count itself", self.id)

    # === BUSINESS METHODS === #

    def _count_itself(self, now):
        """Compare what is present with the books, and keep a row of figures; the count itself is
        kept only where it says something new.
        """
        self.count_date = now
        figures = {"outcome": "blind"}
        if self._is_watched():
            figures = self._count_present(now)
        self.env["jewelry.rfid.auto.count"].create(
            figures | {"zone_id": self.id, "company_id": self.company_id.id, "date": now}
        )

    def _is_watched(self):
        """Tell whether readers look at the place, all of them run, and their gateways have told us
        what they saw. Readers in the archive are none.
        """
        used = self._get_counted_zones().antenna_ids._filter_used()
        if not used & self.antenna_ids or used != used._filter_running():
            return False
        return all(gateway._has_told_all() for gateway in used.reader_id.gateway_id)

    def _get_counted_zones(self):
        """Return the zones that count for the place: its own, and those in it."""
        return self.search([("location_id", "child_of", self.location_id.ids)])

    def _count_present(self, now):
        """Make a count of what is present and close it; take it back where it says nothing new.

        :return: figures for a row of `jewelry.rfid.auto.count`
        """
        pending = self.env["jewelry.count"].search(
            [("auto_zone_id", "=", self.id), ("state", "=", "counted")], limit=1
        )
        known = pending._get_difference_keys()
        with self.env.cr.savepoint() as savepoint:
            count = self._make_count(now)
            figures, found = count._get_figures(), count._get_difference_keys()
            is_new = bool(found) and found != known
            if not is_new:
                savepoint.rollback()
        if is_new:
            pending._withdraw()
            count._remind_of_differences()
            return figures | {"outcome": "differs", "count_id": count.id}
        if found:
            return figures | {"outcome": "known", "count_id": pending.id}
        pending._withdraw()
        return figures | {"outcome": "clean"}

    def _make_count(self, now):
        """Return a count of the place that is closed already."""
        company = self.company_id
        counts = self.env["jewelry.count"].with_company(company)
        count = counts.with_context(tracking_disable=True).create(
            {
                "kind": "cycle",
                "company_id": company.id,
                "place_ids": self.location_id.ids,
                "auto_zone_id": self.id,
            }
        )
        count._set_state("open", {"start_date": now})
        count._scan_all_present(now)
        count._close()
        return count.with_context(tracking_disable=False)
