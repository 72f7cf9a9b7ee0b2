from datetime import UTC, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_open

from ..tools.batch import SECOND
from .reader_common import ReaderCommon


@tagged("-at_install", "post_install")
class TestHeartbeat(ReaderCommon):
    """What a gateway tells of itself, and what it is told."""

    def test_a_heartbeat_says_that_the_gateway_runs(self):
        self.assertEqual(self.gateway.state, "new")
        self._beat(version="2.1", spooled=7, refused=1)
        gateway = self.gateway
        self.assertEqual(
            (gateway.state, gateway.version, gateway.spooled, gateway.refused), ("up", "2.1", 7, 1)
        )

    def test_a_gateway_that_is_not_heard_of_for_minutes_is_silent(self):
        self._beat()
        self.gateway.heartbeat_date = fields.Datetime.now() - timedelta(minutes=4)
        self.assertEqual(self.gateway.state, "silent")
        for state, found in {"silent": True, "up": False, "new": False}.items():
            domain = [("state", "=", state), ("id", "=", self.gateway.id)]
            self.assertEqual(bool(self.env["jewelry.rfid.gateway"].search(domain)), found)

    def test_it_is_told_the_time_and_what_its_antennas_look_at(self):
        self.gateway.reader_ids.antenna_ids[0].power = 24
        answer = self._beat()
        self.assertLess(abs(answer["time"] - self.gateway._get_time()), 60 * SECOND)
        self.assertEqual(answer["watch"], [])
        (reader,) = answer["readers"]
        self.assertEqual(reader["code"], "R1")
        self.assertEqual(
            reader["antennas"][:2],
            [
                {"port": 1, "zone": "Case zone", "power": 24.0},
                {"port": 2, "zone": "Window zone", "power": None},
            ],
        )

    def test_readers_are_known_from_the_first_heartbeat(self):
        report = {"code": "R7", "driver": "llrp", "state": "up", "message": "", "antennas": [1, 2]}
        self._beat(readers=[report, report | {"code": "R8", "antennas": []}])
        seventh, eighth = self.gateway.reader_ids.filtered(lambda each: each.code in ("R7", "R8"))
        self.assertEqual((seventh.driver, seventh.state), ("llrp", "up"))
        self.assertEqual(seventh.antenna_ids.mapped("port"), [1, 2])
        self.assertFalse(eighth.antenna_ids)

    def test_an_antenna_without_a_zone_is_a_zone_of_its_own_at_the_gateway(self):
        answer = self._beat(readers=[{"code": "R7", "state": "up", "antennas": [1]}])
        self.assertEqual(answer["readers"][1], {"code": "R7", "antennas": []})

    def test_a_reader_that_fails_says_why(self):
        reader = self.gateway.reader_ids
        self._beat(readers=[{"code": "R1", "state": "failed", "message": "no route " * 99}])
        self.assertEqual(reader.state, "failed")
        self.assertTrue(reader.message.startswith("no route"))
        self._beat(readers=[{"code": "R1", "state": "up", "message": ""}])
        self.assertEqual((reader.state, reader.message), ("up", ""))

    def test_a_reader_that_is_not_named_any_more_is_down_and_one_never_named_is_new(self):
        reader = self.gateway.reader_ids
        self._beat(readers=[])
        self.assertEqual(reader.state, "new")
        self._beat(readers=[{"code": "R1", "driver": "llrp", "state": "up", "antennas": [1]}])
        self._beat(readers=[{"code": "R2", "state": "up", "antennas": [1]}])
        self.assertEqual((reader.state, reader.driver), ("down", "llrp"))
        self.assertEqual(reader.message, "The gateway does not name it any more.")
        reader.state_date = since = fields.Datetime.now() - timedelta(hours=1)
        self._beat(readers=[])
        self.assertEqual(reader.state_date, since)

    def test_it_is_told_since_when_a_count_waits_for_what_is_present(self):
        self.assertIsNone(self._beat()["counting"])
        times = []
        for minutes in (9, 5):
            count = self.env["jewelry.count"].create(
                {"place_ids": self.case.ids, "company_id": self.company.id}
            )
            count.action_count_by_readers()
            begun = fields.Datetime.now() - timedelta(minutes=minutes)
            count.sudo().readers_date = begun
            times.append(int(begun.replace(tzinfo=UTC).timestamp()) * SECOND)
            self.assertEqual(self._beat()["counting"], times[-1])
        count.action_cancel()
        self.assertEqual(self._beat()["counting"], times[0])
        self.assertIsNone(self._beat(self._create_gateway("shop-2"))["counting"])

    def test_it_is_noted_since_when_something_waits_there(self):
        self._beat(spooled=5)
        self.gateway.spooled_date = since = fields.Datetime.now() - timedelta(minutes=9)
        self._beat(spooled=9)
        self.assertEqual(self.gateway.spooled_date, since)
        self._beat(spooled=0)
        self.assertFalse(self.gateway.spooled_date)

    def test_nonsense_about_readers_does_not_stop_a_heartbeat(self):
        nonsense = [
            None,
            7,
            {},
            {"code": 3},
            {"code": "R1", "antennas": ["x", True, 999], "state": []},
        ]
        self._beat(readers=nonsense)
        self.assertEqual(self.gateway.state, "up")
        self.assertEqual(self.gateway.reader_ids.state, "failed")
        self.assertEqual(len(self.gateway.reader_ids.antenna_ids), 3)
        self._beat(readers="nonsense")

    def test_a_heartbeat_without_counts_is_refused(self):
        for values in ({"sent": None}, {"spooled": -1}, {"refused": "many"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._beat(**values)

    def test_a_wrong_clock_is_shown(self):
        self._beat(sent=self.gateway._get_time() - 90 * SECOND)
        self.assertAlmostEqual(self.gateway.clock_offset, 90, delta=5)


@tagged("-at_install", "post_install")
class TestKeys(ReaderCommon):
    """Keys of gateways: made by managers, shown once, replaced and revoked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager")

    def _check_key(self, key):
        keys = self.env["res.users.apikeys"]
        return keys._check_credentials(scope="rpc", key=key)

    def _make_key(self):
        return self.gateway.with_user(self.manager)._make_key()

    def test_a_manager_makes_a_key_that_opens_as_the_device(self):
        self.assertEqual(self._check_key(self._make_key()), self.device.id)

    def test_the_device_is_a_share_user_with_no_other_right(self):
        groups = self.device.all_group_ids
        self.assertTrue(self.device.share)
        self.assertEqual(groups, self.env.ref("jewelry_rfid.group_device").all_implied_ids)
        self.assertEqual(self.device.company_ids, self.company)

    def test_a_key_lasts_a_year_and_the_gateway_says_until_when(self):
        self.assertFalse(self.gateway.key_expiration)
        self._make_key()
        left = self.gateway.key_expiration - fields.Datetime.now()
        self.assertEqual(round(left / timedelta(days=1)), 365)

    def test_a_new_key_lets_the_old_one_live_one_more_day(self):
        old, new = self._make_key(), self._make_key()
        self.assertEqual([self._check_key(key) for key in (old, new)], [self.device.id] * 2)
        ends = self.gateway._get_keys().sorted("id").mapped("expiration_date")
        self.assertEqual(round((ends[0] - fields.Datetime.now()) / timedelta(hours=1)), 24)
        self.assertEqual(round((ends[1] - fields.Datetime.now()) / timedelta(days=1)), 365)

    def test_a_third_key_does_not_let_the_first_live_longer(self):
        self._make_key()
        first = self.gateway._get_keys()
        self._make_key()
        soon = fields.Datetime.now() + timedelta(hours=2)
        first.sudo().expiration_date = soon
        self._make_key()
        self.assertEqual(first.expiration_date, soon)

    def test_a_stolen_key_is_revoked_at_once(self):
        keys = [self._make_key(), self._make_key()]
        self.gateway.with_user(self.manager).action_revoke_keys()
        self.assertEqual([self._check_key(key) for key in keys], [None, None])
        self.assertFalse(self.gateway.key_expiration)
        self.assertEqual(self._check_key(self._make_key()), self.device.id)

    def test_nobody_but_a_manager_makes_or_revokes_a_key(self):
        for role in ("associate", "keeper", "employee"):
            gateway = self.gateway.with_user(self._create_user(role))
            for act in ("_make_key", "action_revoke_keys"):
                with self.subTest(role=role, act=act), self.assertRaises(AccessError):
                    getattr(gateway, act)()

    def test_no_manager_chooses_whose_key_it_is(self):
        gateway = self.gateway.with_user(self.manager)
        with self.assertRaises(AccessError):
            gateway.user_id = self.env.ref("base.user_admin")
        with self.assertRaises(AccessError):
            gateway.create(
                {"name": "X", "code": "x", "user_id": self.env.ref("base.user_admin").id}
            )

    def test_a_key_that_ends_soon_is_reminded_of_once(self):
        self._make_key()
        self.gateway._get_keys().expiration_date = fields.Datetime.now() + timedelta(days=9)
        self.gateway.responsible_id = self.manager
        for _night in range(2):
            with self.enter_registry_test_mode():
                self.env.ref("jewelry_rfid.ir_cron_remind_keys").method_direct_trigger()
        activity = self.gateway.activity_ids
        self.assertEqual((len(activity), activity.user_id), (1, self.manager))
        self.assertEqual(activity.date_deadline, self.gateway.key_expiration.date())

    def test_a_new_key_ends_the_reminder_and_a_young_key_needs_none(self):
        self._make_key()
        self.env["jewelry.rfid.gateway"]._cron_remind_keys()
        self.assertFalse(self.gateway.activity_ids)
        self.gateway._remind_key()
        self._make_key()
        self.assertFalse(self.gateway.activity_ids)

    def test_a_copy_for_tests_has_no_key_and_no_gateway(self):
        key = self._make_key()
        self.env.flush_all()
        with file_open("jewelry_rfid/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertFalse(self.gateway.active)
        self.assertIsNone(self._check_key(key))

    def test_two_gateways_of_a_company_have_two_codes(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_gateway("shop-1")

    def test_a_gateway_stays_in_its_company(self):
        other = self.env["res.company"].create({"name": "Other store"})
        with self.assertRaises(AccessError):
            self.gateway.company_id = other
