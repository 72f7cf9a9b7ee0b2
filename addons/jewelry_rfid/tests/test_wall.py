import json
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..const import ALARM_CHANNEL, COUNT_CHANNEL, WALL_CHANNEL
from .reader_common import ReaderCommon, get_epc

CHANNELS = (WALL_CHANNEL, ALARM_CHANNEL, COUNT_CHANNEL)


@tagged("-at_install", "post_install")
class TestWall(ReaderCommon):
    """The wall of places and what it is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.associate = cls._create_user("associate")
        cls.tags = [cls._create_tag(number) for number in range(3)]

    def _get_wall(self, user=None):
        wall = self.env["jewelry.rfid.wall"].with_user(user or self.associate)
        return wall.with_company(self.company).get_wall()

    def _get_tile(self, zone, user=None):
        return next(tile for tile in self._get_wall(user)["zones"] if tile["id"] == zone.id)

    def _get_messages(self, send):
        """Return the messages on the bus of the wall that a batch causes."""
        bus = self.env["bus.bus"].sudo()
        self.env.cr.precommit.run()
        last = bus.search([], order="id desc", limit=1).id or 0
        send()
        self.env.cr.precommit.run()
        sent = bus.search([("id", ">", last)], order="id")
        messages = [(json.loads(each.channel), json.loads(each.message)) for each in sent]
        return [
            (channel, message["payload"])
            for channel, message in messages
            if message["type"] == "jewelry_rfid_wall"
        ]

    def test_a_tile_says_how_many_of_how_many_are_there(self):
        first, second, _third = self.tags
        stranger = self._create_tag(7, place=self.window)
        self._send(self._row(first), self._row(second, antenna=2), self._row(stranger))
        tile = self._get_tile(self.case_zone)
        numbers = ("present", "expected", "missing", "strange")
        self.assertEqual([tile[name] for name in numbers], [2, 3, 2, 1])
        tile = self._get_tile(self.window_zone)
        self.assertEqual([tile[name] for name in numbers], [1, 1, 1, 1])

    def test_a_tile_shows_the_pieces_that_came_last(self):
        first, second, third = self.tags
        self._send(self._row(first, "appear", ago=30))
        self._send(self._row(second, "appear", ago=20), self._row(third, "appear", ago=10))
        self._send(self._row(first, ago=5))
        pieces = self._get_tile(self.case_zone)["pieces"]
        expected = [tag.lot_id.name for tag in (third, second, first)]
        self.assertEqual([piece["number"] for piece in pieces], expected)

    def test_what_has_left_is_not_shown(self):
        self._send(self._row(self.tags[0], "appear", ago=30))
        self._send(self._row(self.tags[0], "leave", ago=20))
        tile = self._get_tile(self.case_zone)
        self.assertEqual((tile["present"], tile["pieces"]), (0, []))

    def test_a_zone_is_watched_while_its_reader_and_gateway_run(self):
        self.assertFalse(self._get_tile(self.case_zone)["watched"])
        self._beat(readers=[{"code": "R1", "state": "up", "antennas": [1]}])
        self.assertTrue(self._get_tile(self.case_zone)["watched"])
        self._beat(readers=[{"code": "R1", "state": "down", "antennas": [1]}])
        self.assertFalse(self._get_tile(self.case_zone)["watched"])

    def test_readers_and_gateways_in_the_archive_watch_nothing(self):
        self._beat(readers=[{"code": "R1", "state": "up", "antennas": [1]}])
        for record in (self.gateway.reader_ids, self.gateway):
            record.active = False
            with self.subTest(record=record._name):
                self.assertFalse(self._get_tile(self.case_zone)["watched"])
            record.active = True

    def test_the_wall_is_told_of_what_nobody_saw_leaving(self):
        tag, antenna = self.tags[0], self.gateway.reader_ids.antenna_ids[0]
        acts = {
            "lost": lambda: tag._set_ended("lost", "Fell off"),
            "turned away": lambda: antenna.write({"zone_id": False}),
            "archived": lambda: self.case_zone.write({"active": False}),
        }
        for number, (name, act) in enumerate(acts.items()):
            tag.state, antenna.zone_id = "live", self.case_zone
            self._send(self._row(tag, "appear", ago=30 - number))
            ((_channel, message),) = self._get_messages(act)
            (zone,) = message["zones"]
            with self.subTest(name=name):
                self.assertEqual((zone["id"], zone["present"]), (self.case_zone.id, 0))
                self.assertEqual([each["id"] for each in zone["left"]], [tag.lot_id.id])

    def test_what_wants_attention_is_counted(self):
        self._send(
            self._row(get_epc(99)),
            self._row(self.tags[0], antenna=2),
            self._row(self.tags[1], antenna=8),
        )
        wall = self._get_wall()
        self.assertEqual((wall["unknown"], wall["elsewhere"], wall["unplaced"]), (1, 1, 1))

    def test_silent_gateways_are_counted_for_those_who_may_look_at_them(self):
        self._beat()
        self.gateway.heartbeat_date = fields.Datetime.now() - timedelta(minutes=4)
        for role, count in (("associate", 0), ("keeper", 1), ("manager", 1)):
            user = self._create_user(role, login=f"wall_{role}")
            with self.subTest(role=role):
                wall = self.env["jewelry.rfid.wall"].with_user(user).get_wall()
                self.assertEqual(wall["silent"], count)

    def test_a_batch_is_one_message_to_the_company_and_names_what_changed(self):
        first, second, third = self.tags
        self._send(self._row(third, "appear", ago=50))

        def send():
            self._send(
                self._row(first, "appear", ago=10),
                self._row(second, "appear", ago=10),
                self._row(third, "move", ago=10, antenna=2),
            )

        ((channel, message),) = self._get_messages(send)
        self.assertEqual(channel[1:], ["res.company", self.company.id, "jewelry_rfid_wall"])
        case, window = message["zones"]
        self.assertEqual((case["id"], case["present"]), (self.case_zone.id, 2))
        self.assertEqual(
            {piece["id"] for piece in case["came"]}, {t.lot_id.id for t in (first, second)}
        )
        self.assertEqual([piece["id"] for piece in case["left"]], [third.lot_id.id])
        self.assertEqual((window["came_count"], window["left_count"]), (1, 0))

    def test_what_only_stays_is_no_message(self):
        self._send(self._row(self.tags[0], "appear", ago=50))
        messages = self._get_messages(lambda: self._send(self._row(self.tags[0], ago=10)))
        self.assertEqual(messages, [])

    def test_a_message_of_many_pieces_names_a_few_and_counts_all(self):
        tags = self.tags + [self._create_tag(number) for number in range(10, 20)]
        rows = [self._row(tag, "appear", ago=10) for tag in tags]
        ((_channel, message),) = self._get_messages(lambda: self._send(*rows))
        (zone,) = message["zones"]
        self.assertEqual((len(zone["came"]), zone["came_count"]), (8, 13))

    def test_neither_wall_nor_message_tells_a_cost_or_price(self):
        piece = self.tags[0].lot_id
        piece.sudo().with_context(disable_auto_revaluation=True).standard_price = 4711.5
        piece.list_price = 9876.5
        ((_channel, message),) = self._get_messages(
            lambda: self._send(self._row(self.tags[0], "appear", ago=10))
        )
        text = json.dumps([self._get_wall(), message])
        for secret in ("4711", "9876", "price", "cost"):
            self.assertNotIn(secret, text)

    def test_the_wall_of_a_store_is_that_of_its_company(self):
        other = self.env["res.company"].create({"name": "Other store"})
        self.associate.company_ids += other
        self._send(self._row(self.tags[0], "appear", ago=10))
        wall = (
            self.env["jewelry.rfid.wall"].with_user(self.associate).with_company(other).get_wall()
        )
        self.assertEqual((wall["company"], wall["zones"]), ("Other store", []))

    def test_nobody_but_staff_sees_the_wall(self):
        for user in (self._create_user("portal"), self._create_user("employee"), self.device):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._get_wall(user)

    def test_the_wall_asks_no_more_questions_for_many_pieces_than_for_few(self):
        self._send(*(self._row(tag, "appear", ago=10) for tag in self.tags))
        counts = []
        self._get_wall()
        for start in (50, 60):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._get_wall()
            counts.append(self.env.cr.sql_log_count - before)
            tags = [self._create_tag(start + number) for number in range(9)]
            self._send(*(self._row(tag, "appear", ago=5) for tag in tags))
        self.assertLessEqual(counts[1], counts[0])


@tagged("-at_install", "post_install")
class TestWallChannel(ReaderCommon):
    """Who hears of the wall and of alarms."""

    def _get_channels(self, user, channels=CHANNELS):
        websocket = self.env["ir.websocket"].with_user(user)
        request = SimpleNamespace(session=SimpleNamespace(uid=user.id))
        with patch("odoo.addons.bus.models.ir_websocket.wsrequest", request):
            return websocket._build_bus_channel_list([*channels, "other"])

    def test_staff_hears_of_its_own_companies(self):
        channels = self._get_channels(self._create_user("associate"))
        # Records are among them, which are not to be compared with texts.
        pairs = [each for each in channels if isinstance(each, tuple)]
        texts = [each for each in channels if isinstance(each, str)]
        self.assertIn("other", texts)
        for name in CHANNELS:
            self.assertIn((self.company, name), pairs)
            self.assertNotIn(name, texts)

    def test_who_looks_at_a_count_hears_of_counts_and_who_does_not_hears_of_none(self):
        associate, count = self._create_user("associate"), (self.company, COUNT_CHANNEL)
        pairs = [
            [each for each in self._get_channels(associate, asked) if isinstance(each, tuple)]
            for asked in ((), (COUNT_CHANNEL,))
        ]
        self.assertNotIn(count, pairs[0])
        self.assertIn(count, pairs[1])

    def test_nobody_else_hears_of_any(self):
        for role in ("portal", "employee"):
            channels = self._get_channels(self._create_user(role))
            with self.subTest(role=role):
                self.assertFalse([each for each in channels if "jewelry_rfid_" in str(each)])
