from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .reader_common import ReaderCommon


@tagged("-at_install", "post_install")
class TestGatewaySilence(ReaderCommon):
    """Who is told when nobody looks at a door any more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager")
        cls.gateway.responsible_id = cls.manager

    def _watch(self):
        with self.enter_registry_test_mode():
            self.env.ref("jewelry_rfid.ir_cron_watch").method_direct_trigger()
        return self.gateway.activity_ids

    def _report(self, state):
        self._beat(readers=[{"code": "R1", "state": state, "antennas": [1]}])

    def _fall_silent(self):
        self._report("up")
        self.gateway.heartbeat_date = fields.Datetime.now() - timedelta(minutes=4)

    def _stop_reader(self, minutes=6):
        self._report("down")
        reader = self.gateway.reader_ids
        reader.state_date = fields.Datetime.now() - timedelta(minutes=minutes)

    def test_whoever_answers_for_a_silent_gateway_is_told_which_zones_nobody_looks_at(self):
        self._fall_silent()
        activity = self._watch()
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn(self.gateway.name, activity.summary)
        for zone in ("Case zone", "Window zone", "Door zone"):
            self.assertIn(zone, activity.note)

    def test_they_are_told_once_also_after_they_have_ticked_it_off(self):
        self._fall_silent()
        self._watch()
        self.assertEqual(len(self._watch()), 1)
        self.gateway.activity_ids.action_done()
        self.assertFalse(self._watch())

    def test_it_is_taken_back_when_the_gateway_is_heard_again_and_told_again_the_next_time(self):
        self._fall_silent()
        self._watch()
        self._report("up")
        self.assertFalse(self._watch())
        self._fall_silent()
        self.assertTrue(self._watch())

    def test_a_reader_that_stays_stopped_is_told_of_by_its_code(self):
        self._stop_reader()
        activity = self._watch()
        self.assertIn("R1", activity.summary)
        self.assertIn("Door zone", activity.note)

    def test_a_reader_that_is_reached_again_within_minutes_is_not(self):
        self._stop_reader(minutes=2)
        self.assertFalse(self._watch())

    def test_the_time_of_a_reader_begins_when_its_state_changes(self):
        self._stop_reader()
        began = self.gateway.reader_ids.state_date
        self._report("down")
        self.assertEqual(self.gateway.reader_ids.state_date, began)
        self._report("up")
        self.assertGreater(self.gateway.reader_ids.state_date, began)

    def test_nobody_is_told_of_what_runs_was_never_heard_of_or_was_put_away(self):
        self.assertFalse(self._watch())
        self._report("up")
        self.assertFalse(self._watch())
        self._stop_reader()
        self.gateway.reader_ids.active = False
        self.assertFalse(self._watch())
        self._fall_silent()
        self.gateway.active = False
        self.assertFalse(self._watch())

    def _report_all(self, **states):
        reports = [
            {"code": code, "state": state, "antennas": [1]} for code, state in states.items()
        ]
        self._beat(readers=reports)
        self.gateway.reader_ids.state_date = fields.Datetime.now() - timedelta(minutes=6)

    def test_a_door_that_dies_after_a_bench_is_told_of_as_well(self):
        self._create_reader(self.gateway, "R2", [self.case_zone])
        self._report_all(R1="up", R2="down")
        self.assertIn("R2", self._watch().summary)
        self._report_all(R1="down", R2="down")
        self.assertEqual(len(self._watch()), 2)
        news = self.gateway.activity_ids.sorted("id")[-1]
        self.assertIn("R1", news.summary)
        self.assertNotIn("R2", news.summary)
        self.assertIn("Door zone", news.note)
        self.gateway.heartbeat_date = fields.Datetime.now() - timedelta(minutes=4)
        self.assertEqual(len(self._watch()), 3)
        self.assertEqual(len(self._watch()), 3)

    def test_a_reader_that_runs_again_is_told_of_anew_when_it_stops_anew(self):
        self._create_reader(self.gateway, "R2", [self.case_zone])
        self._report_all(R1="down", R2="down")
        self._watch()
        self._report_all(R1="up", R2="down")
        self.assertEqual(len(self._watch()), 1)
        self._report_all(R1="down", R2="down")
        self.assertEqual(len(self._watch()), 2)

    def test_a_zone_that_another_running_reader_looks_at_is_seen(self):
        other = self._create_gateway("shop-2")
        self._create_reader(other, "R1", [self.door_zone])
        self._beat(other, readers=[{"code": "R1", "state": "up", "antennas": [1]}])
        self._stop_reader()
        note = self._watch().note
        self.assertIn("Case zone", note)
        self.assertNotIn("Door zone", note)

    def test_what_waits_too_long_at_a_gateway_is_told_of_once(self):
        self._report("up")
        up = [{"code": "R1", "state": "up", "antennas": [1]}]
        self._beat(spooled=40, readers=up)
        self.assertFalse(self._watch())
        self.gateway.spooled_date = fields.Datetime.now() - timedelta(minutes=11)
        self.assertIn("does not come", self._watch().summary)
        self.assertEqual(len(self._watch()), 1)
        self._send()
        self.assertFalse(self._watch(), "it comes, and there is little of it")
        self._beat(spooled=6_000, readers=up)
        self.assertTrue(self._watch(), "it comes, and there is ever more of it")

    def test_batches_that_were_refused_are_told_of_once(self):
        up = [{"code": "R1", "state": "up", "antennas": [1]}]
        self._beat(refused=1, readers=up)
        self.assertIn("refused", self._watch().summary)
        self._beat(refused=2, readers=up)
        self.assertEqual(len(self._watch()), 1)

    def test_the_reminder_of_a_key_is_another_one(self):
        self.gateway._make_key()
        self._fall_silent()
        self._watch()
        self.gateway._remind_key()
        self.gateway._remind_key()
        self.assertEqual(len(self.gateway.activity_ids), 2)
        self.gateway._make_key()
        self.assertEqual(len(self.gateway.activity_ids), 1)
        self.assertTrue(self.gateway.told_troubles)

    def test_without_anybody_named_whoever_entered_the_gateway_is_told(self):
        self.gateway.responsible_id = False
        self._fall_silent()
        self.assertEqual(self._watch().user_id, self.gateway.create_uid)
