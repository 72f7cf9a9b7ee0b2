from odoo import fields
from odoo.tests import tagged

from .alarm_common import Siren
from .test_race import BatchRaceCase


@tagged("-at_install", "post_install")
class TestAlarmHookRace(BatchRaceCase):
    """A batch prolongs an alarm while another program is told of it."""

    def setUp(self):
        super().setUp()
        self.siren = Siren(self._prolong)
        self.addCleanup(self.siren.stop)
        self.addCleanup(self._forget_alarm)
        with self._commit() as env:
            company = env["res.company"].browse(self.company_id)
            url = f"http://127.0.0.1:{self.siren.port}/"
            company.write({"rfid_alarm_url": url, "rfid_alarm_secret": "known to both"})
            now = fields.Datetime.now()
            tag = env["jewelry.rfid.tag"].search([("company_id", "=", company.id)], limit=1)
            zone = env["jewelry.rfid.zone"].search([("company_id", "=", company.id)], limit=1)
            lots = {tag.lot_id.id: (zone.id, now, now)}
            self.alarm_id = env["jewelry.rfid.alarm"]._create_alarms(company, lots).id

    def _forget_alarm(self):
        with self._commit() as env:
            env.cr.execute("DELETE FROM jewelry_rfid_alarm WHERE id = %s", [self.alarm_id])

    def _prolong(self):
        with self._commit() as env:
            alarm = env["jewelry.rfid.alarm"].browse(self.alarm_id)
            later = fields.Datetime.add(alarm.last_seen, seconds=30)
            alarm._prolong([(alarm.id, alarm.zone_id.id, later)])

    def test_what_was_told_is_noted_and_so_is_what_was_seen_meanwhile(self):
        with self._commit() as env:
            env["jewelry.rfid.alarm"]._cron_send()
        with self._commit() as env:
            alarm = env["jewelry.rfid.alarm"].browse(self.alarm_id)
            self.assertEqual((alarm.hook_state, alarm.hook_tries), ("sent", 1))
            self.assertEqual((alarm.last_seen - alarm.first_seen).seconds, 30)
        self.assertEqual(len(self.siren.received), 1)
