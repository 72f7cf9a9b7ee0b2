from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .reader_common import get_epc
from .reader_count_common import ReaderCountCommon


@tagged("-at_install", "post_install")
class TestAutoCount(ReaderCountCommon):
    """A smart case counts itself, and only what differs is brought to somebody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case_zone.write({"count_plan": "times", "count_times": "9:30"})

    def setUp(self):
        super().setUp()
        self._beat(readers=[{"code": "R1", "state": "up", "antennas": [1, 2, 3]}])
        self._read_tags(*self.tags, kind="appear")

    def _count(self):
        """Let the case count itself, and return the row of figures."""
        self.case_zone._count_itself(fields.Datetime.now())
        return self._get_rows()[:1]

    def _get_rows(self):
        return self.env["jewelry.rfid.auto.count"].search([("zone_id", "=", self.case_zone.id)])

    def _get_counts(self, *states):
        domain = [("auto_zone_id", "=", self.case_zone.id)]
        return self.env["jewelry.count"].search(
            domain + ([("state", "in", states)] if states else [])
        )

    def _leave(self, *tags, ago=5):
        self._send(*(self._row(tag, "leave", ago=ago) for tag in tags))

    def _get_figures(self, row):
        names = ("expected", "found", "missing", "misplaced", "unexpected", "unknown", "untagged")
        return [row[name] for name in names]

    def test_where_nothing_differs_only_figures_stay(self):
        before = self.env["jewelry.count"].search_count([])
        row = self._count()
        self.assertEqual(row.outcome, "clean")
        self.assertEqual(self._get_figures(row), [4, 4, 0, 0, 0, 0, 0])
        self.assertFalse(row.count_id)
        self.assertEqual(self.env["jewelry.count"].search_count([]), before)
        self.assertFalse(self.env["jewelry.count.scan"].search([("is_by_reader", "=", True)]))

    def test_what_differs_waits_for_the_managers(self):
        self._leave(self.tags[0])
        self._read_tags(self.stray)
        row = self._count()
        count = row.count_id
        self.assertEqual((row.outcome, count.state), ("differs", "counted"))
        self.assertEqual(self._get_figures(row), [4, 3, 1, 1, 0, 0, 0])
        expected = {self.tags[0].lot_id: "missing", self.stray.lot_id: "misplaced"}
        self.assertEqual(self._get_kinds(count), expected)
        self.assertIn(self.manager, count.activity_ids.user_id)
        self.assertIn("has counted itself", count.activity_ids[0].summary)

    def test_who_is_named_at_the_place_is_reminded_and_nobody_else(self):
        self.case.count_user_id = self.keeper
        self._leave(self.tags[0])
        self.assertEqual(self._count().count_id.activity_ids.user_id, self.keeper)

    def test_the_same_differences_are_not_brought_twice(self):
        self._leave(self.tags[0])
        first = self._count().count_id
        row = self._count()
        self.assertEqual((row.outcome, row.count_id), ("known", first))
        self.assertEqual(self._get_counts(), first)
        self.assertEqual(len(first.activity_ids.filtered(lambda a: a.user_id == self.manager)), 1)

    def test_other_differences_take_the_place_of_those_before(self):
        self._leave(self.tags[0])
        first = self._count().count_id
        self._leave(self.tags[1])
        second = self._count().count_id
        self.assertEqual((first.state, second.state), ("cancelled", "counted"))
        self.assertFalse(first.activity_ids)
        self.assertEqual(len(second.line_ids), 2)

    def test_what_is_back_needs_nobody_any_more(self):
        self._leave(self.tags[0])
        count = self._count().count_id
        self._read_tags(self.tags[0], ago=1)
        self.assertEqual(self._count().outcome, "clean")
        self.assertEqual(count.state, "cancelled")
        self.assertFalse(count.activity_ids)

    def test_what_somebody_has_begun_to_explain_stays(self):
        self._leave(self.tags[0])
        count = self._count().count_id
        count.line_ids.with_user(self.manager).reason = "theft"
        self._read_tags(self.tags[0], ago=1)
        self._count()
        self.assertEqual((count.state, count.line_ids.reason), ("counted", "theft"))

    def test_a_manager_applies_what_a_case_has_found(self):
        self._read_tags(self.stray)
        count = self._count().count_id
        count.with_user(self.manager).action_apply()
        self.assertEqual(self.stray.lot_id.location_id, self.case)
        self.assertEqual(self._count().outcome, "clean")

    def test_pieces_without_a_tag_are_told_and_not_missed(self):
        self._stock_piece(place=self.case)
        row = self._count()
        self.assertEqual((row.outcome, row.untagged, row.expected), ("clean", 1, 4))

    def test_a_number_that_nobody_knows_is_told_and_is_no_difference(self):
        self._read_tags(get_epc(99))
        row = self._count()
        self.assertEqual((row.outcome, row.unknown), ("clean", 1))

    def test_what_was_not_read_lately_is_not_present(self):
        self.tags[0].flush_recordset()
        self.tags[0].sudo().last_seen = fields.Datetime.now() - timedelta(minutes=20)
        self.assertEqual(self._count().missing, 1)

    def test_where_no_reader_looks_nothing_is_missed(self):
        states = [
            {"readers": [{"code": "R1", "state": "down", "antennas": [1]}]},
            {"readers": [{"code": "R1", "state": "up", "antennas": [1]}], "spooled": 9_000},
        ]
        self._leave(*self.tags)
        for values in states:
            self._beat(**values)
            with self.subTest(values=values):
                row = self._count()
                self.assertEqual((row.outcome, row.missing, row.count_id.id), ("blind", 0, False))
        self._beat(readers=states[1]["readers"])
        self.gateway.heartbeat_date = fields.Datetime.now() - timedelta(minutes=10)
        self.assertEqual(self._count().outcome, "blind")
        self.assertFalse(self._get_counts())

    def test_readers_in_the_archive_make_no_case_blind_and_look_at_none(self):
        old = self._create_reader(self.gateway, "R0", [self.case_zone])
        far = self._create_gateway("shop-0")
        self._create_reader(far, "R1", [self.case_zone])
        self.assertEqual(self._count().outcome, "blind")
        old.active = far.active = False
        self.assertEqual(self._count().outcome, "clean")
        self.gateway.reader_ids.active = False
        self.assertEqual(self._count().outcome, "blind")

    def test_what_still_waits_at_the_gateway_is_not_missed(self):
        up = [{"code": "R1", "state": "up", "antennas": [1]}]
        batches = self.env["jewelry.rfid.batch"].search([("gateway_id", "=", self.gateway.id)])
        long_ago = fields.Datetime.now() - timedelta(minutes=20)
        for tag in self.tags:
            tag.sudo().last_seen = long_ago
        self._beat(readers=up, spooled=4_000)
        self.assertEqual(self._count().outcome, "blind")
        # What it sends now was read then.
        batches.last_seen = long_ago
        self._beat(readers=up, spooled=100)
        self.assertEqual(self._count().outcome, "blind")
        self._read_tags(*self.tags, ago=1)
        self.assertEqual(self._count().outcome, "clean")

    def test_a_case_that_is_emptied_is_missed_although_nothing_is_read_any_more(self):
        self._leave(*self.tags)
        batches = self.env["jewelry.rfid.batch"].search([("gateway_id", "=", self.gateway.id)])
        batches.last_seen = fields.Datetime.now() - timedelta(hours=9)
        self.assertEqual(self._count().missing, 4)

    def test_a_chip_is_counted_once_whose_number_was_seen_before_it_had_a_piece(self):
        # As a program has left it that did not say of whom it was.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE jewelry_rfid_sighting SET tag_id = NULL, lot_id = NULL WHERE epc = %s",
            [self.tags[0].epc],
        )
        self.env.invalidate_all()
        row = self._count()
        self.assertEqual((row.outcome, row.unknown), ("clean", 0))

    def test_a_piece_that_lies_in_yet_another_place_is_another_difference(self):
        trays = [self._create_place(f"Tray {n}", location_id=self.case.id) for n in (1, 2)]
        zones = [self._create_zone(place.name, place) for place in trays]
        self._create_reader(self.gateway, "R2", zones)
        up = {"state": "up", "antennas": [1, 2, 3]}
        self._beat(readers=[up | {"code": "R1"}, up | {"code": "R2"}])
        self._read_tags(self.stray, ago=5, reader="R2", antenna=1)
        first = self._count().count_id
        self._read_tags(self.stray, ago=1, reader="R2", antenna=2)
        second = self._count().count_id
        self.assertEqual((first.state, second.state), ("cancelled", "counted"))
        self.assertEqual(second.line_ids.found_place_id, trays[1])

    def test_a_case_that_cannot_count_keeps_no_other_from_counting(self):
        zones = self.env["jewelry.rfid.zone"]
        zones.search([("id", "!=", self.case_zone.id)]).count_plan = False
        self.case_zone.sequence = 2
        broken = self._create_zone("Broken", self.case, sequence=1)
        clock = datetime.now(ZoneInfo(self.company.custody_tz or "UTC"))
        (broken + self.case_zone).write({"count_plan": "times", "count_times": f"{clock:%H:%M}"})
        # A place that is no place of the store any more is counted by nobody.
        broken.location_id = self._create_place("Gone")
        broken.location_id.usage = "inventory"
        name = "odoo.addons.jewelry_rfid.models.jewelry_rfid_zone_schedule"
        reader = self._create_reader(self.gateway, "R3", [broken])
        up = {"state": "up", "antennas": [1, 2, 3]}
        self._beat(readers=[up | {"code": "R1"}, up | {"code": reader.code}])
        with self.enter_registry_test_mode(), self.assertLogs(name, "ERROR"):
            self.env.ref("jewelry_rfid.ir_cron_count").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._get_rows().outcome, "clean")
        self.assertFalse(broken.auto_count_ids)

    def test_counts_that_are_thrown_away_leave_no_gaps_in_the_numbers_of_others(self):
        numbers = []
        for _each in range(2):
            numbers.append(int(self._create_count().name.strip("CT")))
            self._count()
        self.assertEqual(numbers[1], numbers[0] + 1)

    def test_a_count_that_a_manager_opens_again_judges_all_of_it(self):
        untagged = self._stock_piece(place=self.case)
        self._leave(self.tags[0])
        count = self._count().count_id.with_user(self.manager)
        count.action_reopen()
        count.action_count_by_readers()
        count.action_sign()
        kinds = self._get_kinds(count)
        self.assertEqual(kinds[self.tags[0].lot_id], "missing")
        self.assertIn(untagged, kinds)

    def test_the_schedule_counts_what_is_due_once(self):
        zones = self.env["jewelry.rfid.zone"]
        # Other zones of the database are none of this test.
        zones.search([("id", "!=", self.case_zone.id)]).count_plan = False
        clock = datetime.now(ZoneInfo(self.company.custody_tz or "UTC"))
        self.case_zone.count_times = f"{clock:%H:%M}"
        for _turn in range(2):
            with self.enter_registry_test_mode():
                self.env.ref("jewelry_rfid.ir_cron_count").method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(len(self._get_rows()), 1)

    def test_a_plan_that_makes_no_sense_is_refused(self):
        zone = self.case_zone
        for values in (
            {"count_times": "25:00"},
            {"count_times": ""},
            {"location_id": False},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                zone.write(values)

    def test_who_counts_does_not_see_figures_of_what_should_be_there(self):
        row = self._count()
        with self.assertRaises(AccessError):
            row.with_user(self.associate).read(["expected"])
        self.assertEqual(row.with_user(self.keeper).expected, 4)
        with self.assertRaises(AccessError):
            row.with_user(self.manager).write({"expected": 5})
