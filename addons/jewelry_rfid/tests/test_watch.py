from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .alarm_common import AlarmCommon


@tagged("-at_install", "post_install")
class TestWatch(AlarmCommon):
    """Looking for one piece by its signal."""

    def setUp(self):
        super().setUp()
        self.watch = self.env["jewelry.rfid.watch"].with_user(self.associate)

    def _hear(self, act):
        """Return what the windows are told, as channel and message."""
        return self._get_told(act, "jewelry_rfid_signal")

    def test_a_gateway_is_told_to_follow_what_somebody_looks_for(self):
        self.assertEqual(self._beat()["watch"], [])
        self.watch.start(self.piece.id)
        self.assertEqual(self._beat()["watch"], [self.tag.epc])

    def test_a_gateway_of_another_company_is_not(self):
        other = self.env["res.company"].create({"name": "Other store"})
        gateway = self._create_gateway("other", company_id=other.id)
        self.watch.start(self.piece.id)
        self.assertEqual(self._beat(gateway)["watch"], [])

    def test_it_ends_when_the_window_closes(self):
        self.watch.start(self.piece.id)
        self.watch.stop(self.piece.id)
        self.assertEqual(self._beat()["watch"], [])
        self.assertFalse(self.watch.renew(self.piece.id))

    def test_it_ends_by_itself_when_the_window_is_silent(self):
        self.watch.start(self.piece.id)
        with freeze_time(fields.Datetime.now() + timedelta(seconds=91)):
            self.assertFalse(self.gateway._get_watched_epcs())

    def test_it_ends_after_ten_minutes_however_often_it_is_renewed(self):
        self.watch.start(self.piece.id)
        start = fields.Datetime.now()
        for minute in range(1, 10):
            with freeze_time(start + timedelta(minutes=minute)):
                self.assertTrue(self.watch.renew(self.piece.id))
                self.assertEqual(self.gateway._get_watched_epcs(), {self.tag.epc})
        with freeze_time(start + timedelta(minutes=10, seconds=1)):
            self.assertFalse(self.watch.renew(self.piece.id))
            self.assertFalse(self.gateway._get_watched_epcs())
            self.watch.start(self.piece.id)
            self.assertEqual(self.gateway._get_watched_epcs(), {self.tag.epc})

    def test_one_window_that_closes_does_not_end_that_of_somebody_else(self):
        keeper = self._create_user("keeper")
        self.watch.start(self.piece.id)
        self.watch.with_user(keeper).start(self.piece.id)
        self.watch.stop(self.piece.id)
        self.assertEqual(self.gateway._get_watched_epcs(), {self.tag.epc})

    def test_what_is_forgotten_is_deleted(self):
        self.watch.start(self.piece.id)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            self.env["jewelry.rfid.watch"]._gc_watches()
        self.assertFalse(self.env["jewelry.rfid.watch"].search([]))

    def test_a_window_is_told_the_zones_where_the_piece_was_last_the_latest_first(self):
        self._send(self._row(self.tag, "appear", 300))
        self._send(self._row(self.tag, "move", 200, antenna=2))
        self._send(self._row(self.tag, "stay", 150, antenna=2))
        piece = self.watch.start(self.piece.id)
        self.assertEqual([each["zone"] for each in piece["zones"]], ["Window zone", "Case zone"])
        self.assertEqual((piece["number"], piece["present"]), (self.piece.name, True))

    def test_a_batch_tells_signals_in_their_order_to_who_looks_and_to_nobody_else(self):
        self.watch.start(self.piece.id)
        other = self._create_tag(5)

        def send():
            self._send(
                self._row(self.tag, ago=1, rssi=-40, antenna=2),
                self._row(self.tag, ago=3, rssi=-70),
                self._row(other, ago=2),
            )

        ((channel, message),) = self._hear(send)
        self.assertEqual(channel[1:], ["res.partner", self.associate.partner_id.id])
        self.assertEqual(message["lot_id"], self.piece.id)
        told = [(each["zone"], each["level"], each["left"]) for each in message["readings"]]
        self.assertEqual(told, [("Case zone", 20, False), ("Window zone", 80, False)])

    def test_a_signal_is_kept_and_told_and_nothing_else_follows_from_it(self):
        count = self.env["jewelry.count"].create(
            {"place_ids": self.case.ids, "company_id": self.company.id}
        )
        count.action_count_by_readers()
        self.watch.start(self.piece.id)
        rows = [self._row(self.tag, "signal", antenna=n, reads=3) for n in (1, 2, 3)]
        ((_channel, message),) = self._hear(lambda: self._send(*rows))
        self.assertEqual([each["left"] for each in message["readings"]], [False] * 3)
        seen = self._get_sightings()
        self.assertEqual((sum(seen.mapped("reads")), sum(seen.mapped("visits"))), (9, 0))
        self.assertFalse(self.tag.last_seen)
        self.assertFalse(self._get_proposals(self.tag) or self._get_alarms())
        self.assertFalse(count.sudo().scan_ids)

    def test_a_signal_of_an_antenna_without_a_zone_is_told_by_its_name(self):
        self.watch.start(self.piece.id)
        ((_channel, message),) = self._hear(
            lambda: self._send(self._row(self.tag, antenna=9, rssi=None, kind="leave"))
        )
        (reading,) = message["readings"]
        self.assertEqual((reading["zone"], reading["level"]), ("R1 / 9", None))
        self.assertTrue(reading["left"])

    def test_nobody_hears_anything_when_nobody_looks(self):
        self.watch.start(self.piece.id)
        self.watch.stop(self.piece.id)
        self.assertFalse(self._hear(lambda: self._send(self._row(self.tag))))

    def test_two_who_look_are_both_told(self):
        keeper = self._create_user("keeper")
        for user in (self.associate, keeper):
            self.watch.with_user(user).start(self.piece.id)
        told = self._hear(lambda: self._send(self._row(self.tag)))
        partners = {channel[2] for channel, _message in told}
        self.assertEqual(partners, {self.associate.partner_id.id, keeper.partner_id.id})

    def test_a_piece_without_a_live_tag_cannot_be_looked_for(self):
        with self.assertRaisesRegex(UserError, "no live tag"):
            self.watch.start(self._stock_piece().id)

    def test_nobody_but_staff_looks_for_pieces_and_staff_for_those_of_its_companies(self):
        for role in ("portal", "employee"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.watch.with_user(self._create_user(role)).start(self.piece.id)
        with self.assertRaises(AccessError):
            self.watch.with_user(self.device).start(self.piece.id)
        other = self.env["res.company"].create({"name": "Other store"})
        stranger = self._create_user(
            "keeper", login="far", company_id=other.id, company_ids=other.ids
        )
        with self.assertRaises(AccessError):
            self.watch.with_user(stranger).start(self.piece.id)

    def test_the_form_opens_the_meter_of_its_piece(self):
        action = self.piece.with_user(self.associate).action_find()
        self.assertEqual(
            (action["tag"], action["params"]), ("jewelry_rfid_find", {"lot_id": self.piece.id})
        )
