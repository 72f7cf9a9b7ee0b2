import json

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DOOR, PadCommon


@tagged("-at_install", "post_install")
class TestPad(PadCommon):
    """What a register is told of its pad."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls._create_user("associate", "point_of_sale.group_pos_user")

    def _read(self, config=None):
        return (config or self.config).with_user(self.cashier).read_pad()

    def _get_told(self, act):
        """Return what registers are told of their pads."""
        bus = self.env["bus.bus"].sudo()
        self.env.cr.precommit.run()
        last = bus.search([], order="id desc", limit=1).id or 0
        act()
        self.env.cr.precommit.run()
        sent = bus.search([("id", ">", last)], order="id")
        messages = [(json.loads(each.channel), json.loads(each.message)) for each in sent]
        return [
            (channel, message["payload"])
            for channel, message in messages
            if message["type"].endswith("-RFID_PAD")
        ]

    def test_a_register_reads_what_lies_on_its_pad_in_the_order_in_which_it_came(self):
        self._see(self.high)
        self._see(self.low)
        self.assertEqual(self._read()["piece_ids"], [self.high.id, self.low.id])
        self._see(self.high, kind="leave")
        self.assertEqual(self._read()["piece_ids"], [self.low.id])

    def test_a_register_without_a_pad_is_told_so(self):
        self.assertIs(self._read(self._create_register("Register 2")), False)

    def test_a_register_knows_whether_a_reader_looks_at_its_pad(self):
        self.assertFalse(self._read()["is_watched"])
        self._watch()
        self.assertTrue(self._read()["is_watched"])

    def test_a_register_loads_whether_it_has_a_pad(self):
        other = self._create_register("Register 2")
        for config, has_pad in ((self.config, True), (other, False)):
            (row,) = self.env["pos.config"]._load_pos_data_read(config, config)
            with self.subTest(register=config.name):
                self.assertIs(row["_has_rfid_pad"], has_pad)

    def test_a_batch_tells_the_open_register_once_what_lies_there(self):
        self._open_session()
        ((channel, message),) = self._get_told(lambda: self._see(self.low, self.high))
        self.assertIn(self.config.access_token, channel)
        self.assertEqual(set(message["piece_ids"]), {self.low.id, self.high.id})
        ((_channel, later),) = self._get_told(lambda: self._see(self.low, kind="leave"))
        self.assertEqual(later["piece_ids"], [self.high.id])
        self.assertGreaterEqual(later["time"], message["time"])

    def test_a_register_is_told_when_the_reader_of_its_pad_stops_or_runs_again(self):
        self._open_session()
        for state, is_watched in (("up", True), ("down", False), ("up", True)):
            ((_channel, message),) = self._get_told(lambda state=state: self._watch(state))
            with self.subTest(state=state):
                self.assertIs(message["is_watched"], is_watched)
        self.assertFalse(self._get_told(self._watch))

    def test_what_only_stays_or_happens_elsewhere_is_not_told(self):
        self._open_session()
        self._see(self.low)
        self.assertFalse(self._get_told(lambda: self._see(self.low, kind="stay")))
        self.assertFalse(self._get_told(lambda: self._see(self.high, antenna=DOOR)))

    def test_what_goes_from_the_pad_to_another_place_is_told(self):
        self._open_session()
        self._see(self.low)
        ((_channel, message),) = self._get_told(
            lambda: self._see(self.low, kind="move", antenna=DOOR)
        )
        self.assertEqual(message["piece_ids"], [])

    def test_a_closed_register_and_another_one_are_told_nothing(self):
        self.assertFalse(self._get_told(lambda: self._see(self.low)))
        self._open_session(self._create_register("Register 2"))
        self.assertFalse(self._get_told(lambda: self._see(self.high)))

    def test_a_tag_that_is_no_longer_live_or_no_piece_lies_there(self):
        self._see(self.low, self.high)
        self.tags[self.low].state = "retired"
        self.assertEqual(self._read()["piece_ids"], [self.high.id])

    def test_a_tag_that_is_lost_on_the_pad_goes_from_the_order_and_is_not_back_when_found(self):
        self._open_session()
        self._see(self.low, self.high)
        tag = self.tags[self.low]
        ((_channel, message),) = self._get_told(lambda: tag._set_ended("lost", "Fell off"))
        self.assertEqual(message["piece_ids"], [self.high.id])
        tag.action_find()
        self.assertEqual(self._read()["piece_ids"], [self.high.id])

    def test_a_pad_belongs_to_one_register(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._create_register("Register 2", rfid_pad_id=self.pad.id)

    def test_nobody_but_who_sells_reads_a_pad(self):
        for role in ("portal", "employee"):
            user = self._create_user(role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.config.with_user(user).read_pad()

    def test_what_is_told_holds_no_cost_and_no_price(self):
        self._see(self.low)
        self.assertEqual(set(self._read()), {"piece_ids", "is_watched", "time"})


@tagged("-at_install", "post_install")
class TestSoldAtTheDoor(PadCommon):
    """Pieces that were just paid for pass the door."""

    def _get_alarms(self, piece):
        return self.env["jewelry.rfid.alarm"].search([("lot_id", "=", piece.id)])

    def _sell_for_later(self, piece):
        """Sell a piece whose delivery is still to be made."""
        today = fields.Date.to_string(fields.Date.context_today(self.env.user))
        order = self._sell(piece, partner_id=self.client.id, shipping_date=today)
        self.assertEqual((order.state, piece.piece_status), ("paid", "reserved"))

    def test_a_piece_that_is_paid_for_may_leave_before_its_delivery_is_made(self):
        self._sell_for_later(self.low)
        self._see(self.low, self.high, antenna=DOOR)
        self.assertFalse(self._get_alarms(self.low))
        self.assertTrue(self._get_alarms(self.high))

    def test_the_reason_names_the_register(self):
        self._sell_for_later(self.low)
        reasons = (self.low + self.high)._get_exit_reasons()
        self.assertEqual(reasons, {self.low: "Sold at Register 1"})

    def test_a_piece_that_was_taken_back_may_not_leave(self):
        self._take_back(self._sell(self.low))
        self.assertEqual(self.low.piece_status, "available")
        self._see(self.low, antenna=DOOR)
        self.assertTrue(self._get_alarms(self.low))

    def test_a_piece_on_an_order_that_is_not_paid_may_not_leave(self):
        self._open_session()
        order = self._prepare_order(self.low, state="draft", payment_ids=[], amount_paid=0)
        self._sync(order)
        self._see(self.low, antenna=DOOR)
        self.assertTrue(self._get_alarms(self.low))
