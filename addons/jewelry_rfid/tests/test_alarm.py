from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.jewelry_inventory.tests.common import TransformationCommon

from .alarm_common import DOOR, AlarmCommon
from .reader_common import get_epc

MINUTE = 60


@tagged("-at_install", "post_install")
class TestAlarm(AlarmCommon):
    """Pieces at doors: which are told of, once, and until when."""

    def test_a_piece_at_the_door_that_is_not_sold_is_told_of_in_the_same_transaction(self):
        self._pass(ago=10)
        alarm = self._get_alarms()
        self.assertEqual((alarm.zone_id, alarm.state, alarm.stays), (self.door_zone, "open", 1))
        seen = fields.Datetime.to_datetime(alarm.first_seen)
        self.assertAlmostEqual(seen.timestamp(), self.now / 1000 - 10, delta=1.01)

    def test_a_piece_in_a_case_is_none(self):
        self._send(self._row(self.tag, "appear"))
        self.assertFalse(self._get_alarms())

    def test_an_unknown_number_or_a_tag_that_is_no_longer_live_is_none(self):
        retired = self._create_tag(2, state="retired")
        self._pass(get_epc(99), retired)
        self.assertFalse(self.Alarm.search([("company_id", "=", self.company.id)]))

    def test_a_stay_at_the_door_is_one_alarm_however_often_it_is_read(self):
        self._pass(ago=120)
        for ago in (90, 60, 30):
            self._pass(ago=ago, kind="stay")
        self._pass(ago=20, kind="leave")
        alarm = self._get_alarms()
        self.assertEqual((len(alarm), alarm.stays), (1, 1))
        self.assertGreaterEqual(alarm.last_seen - alarm.first_seen, timedelta(seconds=99))

    def test_a_piece_that_ran_through_is_told_of_though_it_has_left_already(self):
        self._send(
            self._row(self.tag, "appear", 12, antenna=DOOR),
            self._row(self.tag, "leave", 10, antenna=DOOR),
        )
        self.assertEqual(len(self._get_alarms()), 1)

    def test_a_piece_that_two_readers_spell_differently_is_told_of(self):
        long = f"{self.tag.epc}0000"
        for rows in (
            [self._row(self.tag, ago=15), self._row(long, "appear", 10, antenna=DOOR)],
            [self._row(long, "appear", 9, antenna=DOOR), self._row(self.tag, ago=14)],
            [self._row(self.tag, "appear", 8, antenna=DOOR), self._row(long, ago=13)],
        ):
            self._get_alarms().unlink()
            self._send(*rows)
            self.assertEqual(self.tag.last_zone_id, self.door_zone)
            self.assertEqual(len(self._get_alarms()), 1)

    def test_a_door_in_the_archive_rings_no_more(self):
        self.door_zone.active = False
        self._pass(ago=10)
        self.assertFalse(self._get_alarms())

    def test_a_piece_that_is_back_in_its_case_meanwhile_is_none(self):
        self._send(
            self._row(self.tag, "move", 12, antenna=DOOR), self._row(self.tag, "move", 5, antenna=1)
        )
        self.assertFalse(self._get_alarms())

    def test_a_piece_in_its_case_that_the_door_loses_sight_of_is_none(self):
        self._send(self._row(self.tag, "appear", 30, antenna=DOOR), self._row(self.tag, "move", 20))
        self._pass(ago=5, kind="leave")
        self.assertFalse(self._get_alarms())

    def test_a_batch_that_comes_late_tells_nothing_of_a_piece_seen_elsewhere_since(self):
        self._send(self._row(self.tag, "appear", 5))
        self._pass(ago=600)
        self.assertFalse(self._get_alarms())

    def test_a_batch_that_comes_late_does_not_set_the_end_of_a_stay_back(self):
        self._pass(ago=10)
        last = self._get_alarms().last_seen
        self._pass(ago=100, kind="stay")
        self.assertEqual(self._get_alarms().mapped("last_seen"), [last])

    def test_a_batch_of_last_night_is_told_of(self):
        self._pass(ago=8 * 3600)
        self.assertEqual(len(self._get_alarms()), 1)

    def test_an_answered_stay_is_over_and_a_new_one_after_some_minutes_is_new(self):
        self._pass(ago=1000)
        self._answer(self._get_alarms())
        self._pass(ago=800, kind="stay")
        self.assertEqual(self._get_alarms().mapped("state"), ["acknowledged"])
        self._pass(ago=400)
        self.assertEqual(self._get_alarms().mapped("state"), ["open", "acknowledged"])

    def test_what_was_answered_counts_no_more_once_the_piece_was_seen_inside(self):
        self._pass(ago=240)
        self._answer(self._get_alarms())
        self._send(self._row(self.tag, "move", 180))
        told = self._get_told(lambda: self._pass(ago=60))
        self.assertEqual(self._get_alarms().mapped("state"), ["open", "acknowledged"])
        self.assertEqual(len(told), 1)

    def test_that_a_piece_lay_inside_before_it_was_answered_for_rings_no_more(self):
        self._send(self._row(self.tag, "appear", 600))
        self._pass(ago=240)
        self._answer(self._get_alarms())
        self._pass(ago=60)
        self.assertEqual(self._get_alarms().mapped("state"), ["acknowledged"])

    def test_one_batch_that_tells_of_the_way_back_and_out_again_rings_too(self):
        self._pass(ago=240)
        self._answer(self._get_alarms())
        inside, door = (
            self._row(self.tag, "move", 180),
            self._row(self.tag, "move", 60, antenna=DOOR),
        )
        self._send(inside, door)
        self.assertEqual(self._get_alarms().mapped("state"), ["open", "acknowledged"])

    def test_a_piece_that_comes_again_before_anybody_answers_is_told_of_again_in_one_row(self):
        self._pass(ago=1000)
        told = self._get_told(lambda: self._pass(ago=10))
        self.assertEqual(self._get_alarms().stays, 2)
        self.assertEqual([alarm["stays"] for _to, each in told for alarm in each["raised"]], [2])

    def test_many_pieces_are_told_of_in_one_message_to_the_company(self):
        tags = [self._create_tag(number) for number in range(10, 15)]
        ((channel, message),) = self._get_told(lambda: self._pass(*tags))
        self.assertEqual(channel[1:], ["res.company", self.company.id, "jewelry_rfid_alarm"])
        self.assertEqual(message["company_id"], self.company.id)
        numbers = {alarm["number"] for alarm in message["raised"]}
        self.assertEqual(numbers, {tag.lot_id.name for tag in tags})
        self.assertEqual({alarm["zone"] for alarm in message["raised"]}, {"Door zone"})

    def test_what_only_stays_is_no_message(self):
        self._pass(ago=60)
        self.assertFalse(self._get_told(lambda: self._pass(ago=10, kind="stay")))

    def test_many_pieces_at_the_door_ask_no_more_questions_than_few(self):
        counts = []
        for start, number in ((100, 2), (200, 12), (300, 12)):
            tags = [self._create_tag(start + each) for each in range(number)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._pass(*tags)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1])
        self.assertLessEqual(counts[1], counts[0] + 3)

    def test_many_pieces_that_stay_ask_no_more_questions_than_few(self):
        counts = []
        for start, number in ((100, 2), (200, 9)):
            tags = [self._create_tag(start + each) for each in range(number)]
            self._pass(*tags, ago=60)
            rows = [self._row(tag, "stay", 10, antenna=DOOR) for tag in tags]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._send(*rows)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_a_piece_that_goes_on_to_another_door_is_one_alarm_at_the_door_where_it_is(self):
        back = self._create_zone("Back door", self.env["stock.location"], kind="door")
        self._create_reader(self.gateway, "R2", [back])
        self._pass(ago=60)
        self._send(self._row(self.tag, "move", 10, reader="R2", antenna=1))
        alarm = self._get_alarms()
        self.assertEqual((len(alarm), alarm.zone_id, alarm.stays), (1, back, 1))

    def test_a_batch_without_a_door_asks_nothing_of_alarms(self):
        self._send(self._row(self.tag, "appear", 20))
        with self._count_queries_on("jewelry_rfid_alarm") as asked:
            self._send(self._row(self.tag, ago=5))
        self.assertEqual(asked, [])

    def test_the_database_holds_one_open_alarm_a_piece(self):
        self._pass()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._get_alarms().copy()

    def test_another_company_is_told_nothing(self):
        other = self.env["res.company"].create({"name": "Other store"})
        door = self._create_zone("O", self.env["stock.location"], kind="door", company_id=other.id)
        gateway = self._create_gateway("other", company_id=other.id)
        self._create_reader(gateway, "R1", [door])
        self._send(self._row(self.tag, "appear", 5), gateway=gateway)
        self.assertFalse(self._get_alarms())


@tagged("-at_install", "post_install")
class TestExit(AlarmCommon):
    """What may leave."""

    def _leave(self, piece, dest, **values):
        """Bring a piece somewhere by a transfer, done, or by a bare move without papers."""
        if not values.pop("papers", True):
            return self._move(piece, self.case, dest)
        kind = self.env["stock.picking.type"].search(
            [("code", "=", "outgoing"), ("company_id", "=", self.company.id)], limit=1
        )
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": self.case.id,
                "location_dest_id": dest.id,
            }
        )
        return self._move(piece, self.case, dest, picking_id=picking.id)

    def test_a_sold_piece_may_leave(self):
        self._leave(self.piece, self.customer_location, papers=False)
        self._pass()
        self.assertFalse(self._get_alarms())

    def test_a_piece_that_goes_back_to_its_vendor_may_leave(self):
        self._move(self.piece, self.case, self.supplier_location)
        self._pass()
        self.assertFalse(self._get_alarms())

    def test_a_piece_that_comes_in_before_it_is_received_is_no_alarm(self):
        piece = self._create_piece()
        tag = self.env["jewelry.rfid.tag"].create({"epc": get_epc(7), "lot_id": piece.id})
        self._pass(tag)
        self.assertFalse(self._get_alarms(piece))

    def test_a_memo_leaves_with_papers_and_not_without(self):
        memo = self._create_place("Memo", jewelry_role="memo_out")
        for number, papers in ((3, True), (4, False)):
            tag = self._create_tag(number)
            self._leave(tag.lot_id, memo, papers=papers)
            self.assertEqual(tag.lot_id.piece_status, "memo_out")
            self._pass(tag)
            with self.subTest(papers=papers):
                self.assertEqual(bool(self._get_alarms(tag.lot_id)), not papers)

    def test_papers_of_an_earlier_memo_do_not_cover_the_next(self):
        memo = self._create_place("Memo", jewelry_role="memo_out")
        self._leave(self.piece, memo)
        self._move(self.piece, memo, self.case)
        self._leave(self.piece, memo, papers=False)
        self._pass()
        self.assertEqual(len(self._get_alarms()), 1)

    def test_what_is_on_the_way_by_a_transfer_may_leave(self):
        way = self._create_place("Way", jewelry_role="transit")
        self._leave(self.piece, way)
        self._pass()
        self.assertFalse(self._get_alarms())

    def test_a_customers_own_ring_goes_home_once_it_is_handed_over_and_not_from_the_bench(self):
        customer = self.env["res.partner"].create({"name": "Ring's owner"})
        bench = self._create_place("Bench", jewelry_role="bench")
        ring = self._create_piece()
        self._move(ring, self.supplier_location, bench, owner=customer)
        tag = self.env["jewelry.rfid.tag"].create({"epc": get_epc(8), "lot_id": ring.id})
        self._pass(tag)
        alarm = self._get_alarms(ring)
        self.assertEqual(alarm.state, "open")
        self._answer(alarm)
        self._move(ring, bench, self.customer_location, owner=customer)
        self._pass(tag)
        self.assertEqual(len(self._get_alarms(ring)), 1)

    def test_layaway_hold_bench_and_what_was_declared_lost_may_not_leave(self):
        for number, role in enumerate(("layaway", "hold", "bench"), 20):
            tag = self._create_tag(number, place=self._create_place(role, jewelry_role=role))
            self._pass(tag)
            with self.subTest(role=role):
                self.assertEqual(len(self._get_alarms(tag.lot_id)), 1)
        loss = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "in", (self.company.id, False))], limit=1
        )
        self._move(self.piece, self.case, loss)
        self.assertEqual(self.piece.piece_status, "lost")
        self._pass()
        self.assertEqual(len(self._get_alarms()), 1)

    def test_reasons_are_asked_for_many_pieces_as_for_few(self):
        memo = self._create_place("Memo", jewelry_role="memo_out")
        tags = self.env["jewelry.rfid.tag"].union(*(self._create_tag(30 + n) for n in range(5)))
        for tag in tags:
            self._leave(tag.lot_id, memo)
        counts = []
        ids = tags.lot_id.ids
        for lots in map(self.env["stock.lot"].browse, (ids[:2], ids)):
            self.env.flush_all()
            self.env.invalidate_all()
            with self._count_queries_on("") as asked:
                self.assertEqual(len(lots._get_exit_reasons()), len(lots))
            counts.append(len(asked))
        self.assertEqual(counts[0], counts[1], asked)


@tagged("-at_install", "post_install")
class TestBulkExit(TransformationCommon, AlarmCommon):
    """Parcels and metal may leave when nothing of them is left."""

    def test_a_parcel_rings_as_long_as_some_of_it_is_in_the_store(self):
        parcel = self._stock_parcel(carat=5, count=100)
        tag = self.env["jewelry.rfid.tag"].create({"epc": get_epc(9), "lot_id": parcel.id})
        self._pass(tag)
        alarm = self._get_alarms(parcel)
        self.assertEqual(alarm.state, "open")
        self._answer(alarm)
        self._move_parcel(parcel, 5, self.stock_location, self.customer_location, 100)
        self.assertTrue(parcel._get_exit_reasons())
        memo = self._create_place("Memo", jewelry_role="memo_out")
        self._move_parcel(parcel, 5, self.customer_location, memo, 100)
        self.assertTrue(parcel._get_exit_reasons())
        self._move_parcel(parcel, 2, memo, self.stock_location, 40)
        self.assertFalse(parcel._get_exit_reasons())


@tagged("-at_install", "post_install")
class TestAlarmAnswer(AlarmCommon):
    """Who answers, and what happens when nobody does."""

    def test_whoever_answers_first_is_noted_and_the_alarm_goes_from_all_screens(self):
        self._pass()
        alarm = self._get_alarms()
        ((channel, message),) = self._get_told(lambda: self._answer(alarm, state="false"))
        self.assertEqual(channel[1:], ["res.company", self.company.id, "jewelry_rfid_alarm"])
        self.assertEqual(message, {"company_id": self.company.id, "answered": alarm.ids})
        self.assertEqual(
            (alarm.state, alarm.done_by_id, alarm.note),
            ("false", self.associate, "Shown in the daylight"),
        )
        self.assertTrue(alarm.done_date)
        with self.assertRaisesRegex(UserError, "has answered this already"):
            self._answer(alarm, user=self._create_user("keeper"))

    def test_an_answer_says_why(self):
        self._pass()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._answer(self._get_alarms(), note="  ")

    def test_nobody_writes_an_alarm_by_hand(self):
        self._pass()
        manager = self._create_user("manager")
        alarm = self._get_alarms().with_user(manager)
        for act in (
            lambda: alarm.write({"state": "false", "note": "x"}),
            alarm.unlink,
            lambda: alarm.copy(),
        ):
            self.assertRaises(AccessError, act)

    def test_the_bell_shows_open_alarms_and_neither_cost_nor_price(self):
        self._pass(ago=20)
        other = self._create_tag(2)
        self._pass(other, ago=10)
        self._answer(self._get_alarms(other.lot_id))
        alarms = self.Alarm.with_user(self.associate).get_open()
        mine = [each for each in alarms if each["company_id"] == self.company.id]
        self.assertEqual([each["number"] for each in mine], [self.piece.name])
        self.assertEqual(
            set(mine[0]),
            {"id", "company_id", "lot_id", "number", "title", "zone", "time", "stays"},
        )

    def test_nobody_but_staff_sees_alarms(self):
        for user in (self._create_user("portal"), self._create_user("employee"), self.device):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.Alarm.with_user(user).get_open()

    def test_managers_are_told_when_nobody_answers_in_time_once_and_then_no_more(self):
        manager, other = self._create_user("manager"), self.env["res.company"].create({"name": "O"})
        self._create_user("manager", login="far", company_id=other.id, company_ids=other.ids)
        self.company.rfid_alarm_minutes = 5
        self._pass()
        alarm = self._get_alarms()
        self.Alarm._cron_escalate()
        self.assertFalse(alarm.activity_ids)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=6)):
            self.Alarm._cron_escalate()
            self.Alarm._cron_escalate()
        self.assertIn(manager, alarm.activity_ids.user_id)
        self.assertNotIn("far", alarm.activity_ids.user_id.mapped("login"))
        self.assertEqual(len(alarm.activity_ids), len(alarm.activity_ids.user_id))
        self.assertIn(self.piece.name, alarm.activity_ids[0].summary)
        self._answer(alarm)
        self.assertFalse(alarm.activity_ids)

    def test_managers_are_not_told_of_what_is_answered_or_where_nobody_wants_it(self):
        self._create_user("manager")
        self._pass()
        answered = self._get_alarms()
        self._answer(answered)
        tag = self._create_tag(2)
        self._pass(tag)
        self.company.rfid_alarm_minutes = 0
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self.Alarm._cron_escalate()
        self.assertFalse((answered + self._get_alarms(tag.lot_id)).activity_ids)

    def test_the_job_is_called_for_when_the_minutes_are_over(self):
        self.company.rfid_alarm_minutes = 7
        cron = self.env.ref("jewelry_rfid.ir_cron_escalate")
        before = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self._pass()
        trigger = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]) - before
        wait = trigger.call_at - fields.Datetime.now()
        self.assertAlmostEqual(wait.total_seconds(), 7 * MINUTE, delta=5)
