import hmac
import json
from datetime import timedelta
from hashlib import sha256
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from .alarm_common import AlarmCommon, Siren

SECRET = "a-key-that-both-sides-know"


@tagged("-at_install", "post_install")
class TestAlarmHook(AlarmCommon):
    """How another program is told of alarms."""

    def setUp(self):
        super().setUp()
        self.siren = Siren()
        self.addCleanup(self.siren.stop)
        self.company.write(
            {
                "rfid_alarm_url": f"http://127.0.0.1:{self.siren.port}/alarm?token=T0PSECRET",
                "rfid_alarm_secret": SECRET,
            }
        )

    def _run(self, later=0):
        """Run the job, as it will be run so many seconds later."""
        moment = fields.Datetime.now() + timedelta(seconds=later)
        with freeze_time(moment), patch.object(self.env.cr, "commit", self.env.flush_all):
            self.Alarm._cron_send()

    def test_a_batch_waits_for_nobody_and_the_job_is_called_for(self):
        cron = self.env.ref("jewelry_rfid.ir_cron_hook")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self._pass()
        self.assertEqual((self._get_alarms().hook_state, self.siren.received), ("waiting", []))
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), before + 1)

    def test_the_other_program_learns_what_is_where_and_can_tell_that_it_is_genuine(self):
        self._pass()
        self._run()
        ((path, headers, body),) = self.siren.received
        alarm = self._get_alarms()
        self.assertEqual(path, "/alarm?token=T0PSECRET")
        self.assertEqual(headers["Content-Type"], "application/json")
        text = headers["X-Jewelry-Timestamp"].encode() + b"." + body
        expected = hmac.new(SECRET.encode(), text, sha256).hexdigest()
        self.assertEqual(headers["X-Jewelry-Signature"], f"sha256={expected}")
        self.assertEqual(headers["X-Jewelry-Delivery"], f"{alarm.id}-1")
        message = json.loads(body)
        self.assertEqual(
            {name: message[name] for name in ("event", "id", "stay", "door", "piece", "company")},
            {
                "event": "rfid.alarm",
                "id": alarm.id,
                "stay": 1,
                "door": "Door zone",
                "piece": self.piece.name,
                "company": self.company.name,
            },
        )
        self.assertEqual(message["time"], f"{alarm.first_seen.isoformat()}Z")
        for secret in ("price", "cost", SECRET):
            self.assertNotIn(secret, body.decode())
        self.assertEqual((alarm.hook_state, alarm.hook_tries), ("sent", 1))

    def test_what_was_sent_is_not_sent_again(self):
        self._pass()
        self._run()
        self._run(later=3600)
        self.assertEqual(len(self.siren.received), 1)

    def test_a_program_that_fails_is_told_again_later_and_later(self):
        self.siren.answers = [500, 503]
        self._pass()
        alarm = self._get_alarms()
        with self.assertLogs("odoo.addons.jewelry_rfid.models", "WARNING") as logs:
            self._run()
            self._run(later=5)
            self.assertEqual((len(self.siren.received), alarm.hook_error), (1, "HTTP 500"))
            self._run(later=20)
        self._run(later=30)
        self.assertEqual((alarm.hook_state, alarm.hook_error), ("waiting", "HTTP 503"))
        self._run(later=60)
        self.assertEqual((alarm.hook_state, alarm.hook_error), ("sent", False))
        deliveries = [headers["X-Jewelry-Delivery"] for _p, headers, _b in self.siren.received]
        self.assertEqual(deliveries, [f"{alarm.id}-1"] * 3)
        for secret in (SECRET, "T0PSECRET", "127.0.0.1"):
            self.assertNotIn(secret, "".join(logs.output))

    def test_a_program_that_is_not_there_is_given_up_after_some_tries(self):
        self.siren.stop()
        self._pass()
        alarm = self._get_alarms()
        with self.assertLogs("odoo.addons.jewelry_rfid.models", "WARNING") as logs:
            for hour in range(12):
                self._run(later=3700 * hour)
        self.assertEqual((alarm.hook_state, alarm.hook_tries), ("failed", 10))
        self.assertEqual(alarm.hook_error, "ConnectionError")
        self.assertNotIn("T0PSECRET", "".join(logs.output))

    def test_nobody_is_led_elsewhere(self):
        self.siren.answers = [302]
        self._pass()
        with self.assertLogs("odoo.addons.jewelry_rfid.models", "WARNING"):
            self._run()
        self.assertEqual([path.split("?")[0] for path, _h, _b in self.siren.received], ["/alarm"])
        self.assertEqual(self._get_alarms().hook_error, "HTTP 302")

    def test_a_failing_alarm_does_not_hold_up_the_next(self):
        self.siren.answers = [500]
        self._pass(self.tag, self._create_tag(2))
        with self.assertLogs("odoo.addons.jewelry_rfid.models", "WARNING"):
            self._run()
        alarms = self.Alarm.search([("company_id", "=", self.company.id)])
        self.assertEqual(sorted(alarms.mapped("hook_state")), ["sent", "waiting"])

    def test_an_alarm_that_rings_again_is_sent_again(self):
        self._pass(ago=1000)
        self._run()
        self._pass(ago=10)
        self._run()
        stays = [json.loads(body)["stay"] for _path, _headers, body in self.siren.received]
        self.assertEqual(stays, [1, 2])

    def test_what_rings_again_while_it_is_told_of_is_told_of_again(self):
        self._pass(ago=1000)
        self.siren.meanwhile = lambda: self._pass(ago=10)
        self._run()
        alarm = self._get_alarms()
        self.assertEqual((alarm.stays, alarm.hook_state), (2, "waiting"))
        self.siren.meanwhile = lambda: None
        self._run()
        self.assertEqual(alarm.hook_state, "sent")
        first, second = (json.loads(body) for _path, _headers, body in self.siren.received)
        self.assertEqual((first["stay"], second["stay"]), (1, 2))
        self.assertGreater(second["time"], first["time"])

    def test_nothing_sounds_for_what_somebody_has_answered(self):
        self.siren.answers = [500]
        self._pass()
        with self.assertLogs("odoo.addons.jewelry_rfid.models", "WARNING"):
            self._run()
        alarm = self._get_alarms()
        self._answer(alarm)
        self._run(later=3600)
        self.assertEqual((len(self.siren.received), alarm.hook_state), (1, "failed"))
        self.assertEqual(alarm.hook_error, "It was answered first.")

    def test_nothing_sounds_for_what_is_answered_while_another_alarm_is_told_of(self):
        other = self._create_tag(2)
        self._pass(self.tag, other)
        self.siren.meanwhile = lambda: self._answer(self._get_alarms(other.lot_id))
        self._run()
        ((_path, _headers, body),) = self.siren.received
        self.assertEqual(json.loads(body)["piece"], self.piece.name)

    def test_an_address_that_is_not_encrypted_is_refused(self):
        for url in ("http://guard.example/", "ftp://guard.example/", "https://a:b@guard.example/"):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                self.company.rfid_alarm_url = url

    def test_what_came_into_the_database_by_another_way_is_not_sent_in_the_open(self):
        self._pass()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_company SET rfid_alarm_url = 'http://192.0.2.1/' WHERE id = %s",
            [self.company.id],
        )
        self.company.invalidate_recordset()
        with self.assertLogs("odoo.addons.jewelry_rfid.models", "WARNING"):
            self._run()
        self.assertIn("not encrypted", self._get_alarms().hook_error)

    def test_nothing_is_sent_unsigned(self):
        self.company.rfid_alarm_secret = False
        self._pass()
        with self.assertLogs("odoo.addons.jewelry_rfid.models", "WARNING"):
            self._run()
        self.assertEqual(self.siren.received, [])

    def test_a_store_without_another_program_sends_nothing(self):
        self.company.rfid_alarm_url = False
        self._pass()
        self._run()
        self.assertEqual((self._get_alarms().hook_state, self.siren.received), (False, []))

    def test_nobody_but_administrators_reads_the_key_or_the_address_which_may_hold_one(self):
        portal = new_test_user(self.env, "siren_portal", groups="base.group_portal")
        for user in (portal, self.associate, self._create_user("manager")):
            for name in ("rfid_alarm_secret", "rfid_alarm_url"):
                with self.subTest(user=user.login, field=name), self.assertRaises(AccessError):
                    self.company.with_user(user).read([name])
        admin = self.company.with_user(self.env.ref("base.user_admin"))
        self.assertIn("T0PSECRET", admin.read(["rfid_alarm_url"])[0]["rfid_alarm_url"])
