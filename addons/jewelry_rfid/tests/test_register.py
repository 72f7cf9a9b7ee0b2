from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import jewelry_rfid_gateway
from ..tools.batch import DAY, MOST_ROWS, SECOND
from .reader_common import ReaderCommon, get_epc


@tagged("-at_install", "post_install")
class TestRegister(ReaderCommon):
    """Batches of sightings, from the message to the rows."""

    def test_a_batch_is_written_down_and_answered(self):
        tag, uuid = self._create_tag(1), str(uuid4())
        answer = self._send(self._row(tag, "appear", reads=7), batch=uuid, sequence=12)
        self.assertEqual(answer, {"batch": uuid, "accepted": 1, "duplicate": False, "refused": []})
        seen = self._get_sightings()
        self.assertEqual(
            (seen.tag_id, seen.lot_id, seen.zone_id), (tag, tag.lot_id, self.case_zone)
        )
        self.assertEqual((seen.reads, seen.visits, seen.rssi), (7, 1, -50.5))
        self.assertEqual(seen.day, seen.last_seen.date())
        batch = self.env["jewelry.rfid.batch"].search([("uuid", "=", uuid)])
        self.assertEqual((batch.gateway_id, batch.sequence), (self.gateway, 12))
        self.assertEqual((batch.accepted, batch.refused), (1, 0))

    def test_the_same_batch_again_writes_nothing_and_says_so(self):
        tag, uuid = self._create_tag(1), str(uuid4())
        self._send(self._row(tag, reads=7), batch=uuid)
        again = self._send(self._row(tag, reads=7), batch=uuid)
        self.assertEqual(again | {"refused": []}, again)
        self.assertTrue(again["duplicate"])
        self.assertEqual(self._get_sightings().reads, 7)

    def test_another_batch_of_the_day_adds_to_the_row_of_the_day(self):
        tag = self._create_tag(1)
        noon = self.now - self.now % DAY
        times = [{"first": noon + n * SECOND, "last": noon + n * SECOND} for n in (-1, 1, 2)]
        self._send(self._row(tag, "appear", **times[1], reads=2, rssi=-70))
        self._send(self._row(tag, **times[2], reads=3, rssi=-40, tid="E280AA"))
        self._send(self._row(tag, **times[0], reads=4, rssi=None))
        today, yesterday = self._get_sightings().sorted("day", reverse=True)
        self.assertEqual((today.reads, today.visits, today.rssi, today.tid), (5, 1, -40, "E280AA"))
        self.assertEqual(today.last_seen - today.first_seen, timedelta(seconds=1))
        self.assertEqual((yesterday.reads, yesterday.day), (4, today.day - timedelta(days=1)))

    def test_a_malformed_row_is_refused_alone_and_named(self):
        tag = self._create_tag(1)
        answer = self._send(self._row("XYZ"), self._row(tag), ["short"], self._row(tag, antenna=-1))
        self.assertEqual(answer["accepted"], 1)
        self.assertEqual([index for index, _reason in answer["refused"]], [0, 2, 3])
        self.assertIn("hexadecimal", answer["refused"][0][1])
        self.assertEqual(len(self._get_sightings()), 1)

    def test_a_message_of_another_shape_is_refused_as_a_whole(self):
        wrong = [
            {"batch": "1"},
            {"batch": None},
            {"sequence": "1"},
            {"sequence": -1},
            {"sent": "now"},
            {"sent": None},
            {"sightings": {}},
            {"sightings": None},
            {"sightings": [[]] * (MOST_ROWS + 1)},
        ]
        for values in wrong:
            with self.subTest(values=str(values)[:40]), self.assertRaises(UserError):
                self._send(**values)

    def test_an_empty_batch_is_taken(self):
        self.assertEqual(self._send()["accepted"], 0)

    def test_what_nobody_has_tagged_is_kept_and_listed(self):
        self._send(self._row(get_epc(9), reads=2), self._row(get_epc(9), antenna=2, reads=3))
        unknown = self.env["jewelry.rfid.unknown"].search([("company_id", "=", self.company.id)])
        self.assertEqual((unknown.epc, unknown.reads), (get_epc(9), 5))
        self.assertFalse(self._get_sightings().tag_id)

    def test_a_tag_that_is_entered_later_gets_what_was_seen_of_it(self):
        self._send(self._row(get_epc(9) + "0000"))
        tag = self._create_tag(9)
        self.assertEqual(self._get_sightings().tag_id, tag)
        self.assertEqual(self._get_sightings().lot_id, tag.lot_id)
        self.assertFalse(
            self.env["jewelry.rfid.unknown"].search([("company_id", "=", self.company.id)])
        )

    def test_what_was_seen_of_a_tag_before_it_was_live_is_its_own_when_it_is(self):
        for number, state in enumerate(("written", "lost")):
            tag = self._create_tag(number, state=state)
            self._send(self._row(tag.epc + "0000"), self._row(tag.epc))
            self.assertFalse(self._get_sightings(tag.epc).tag_id)
            tag._set_live({})
            with self.subTest(state=state):
                seen = self._get_sightings(tag.epc) + self._get_sightings(tag.epc + "0000")
                self.assertEqual((seen.tag_id, seen.lot_id), (tag, tag.lot_id))

    def test_what_was_seen_while_a_tag_was_lost_is_added_to_what_was_seen_before(self):
        tag = self._create_tag(1)
        self._send(self._row(tag, "appear", ago=30, reads=2))
        tag._set_ended("lost", "Fell off")
        self._send(self._row(tag, "appear", ago=20, reads=3))
        self.assertEqual(len(self._get_sightings()), 2)
        tag.action_find()
        seen = self._get_sightings()
        self.assertEqual((seen.lot_id, seen.reads, seen.visits), (tag.lot_id, 5, 2))
        self.assertEqual(seen.last_seen - seen.first_seen, timedelta(seconds=10))

    def test_a_chip_that_hangs_on_another_piece_begins_a_row_of_its_own(self):
        first = self._create_tag(1)
        self._send(self._row(first, "appear", ago=30, reads=2))
        first._set_ended("retired", "Taken off")
        second = self._create_tag(1)
        self._send(self._row(second, ago=10, reads=3))
        rows = {seen.lot_id: (seen.reads, seen.visits) for seen in self._get_sightings()}
        self.assertEqual(rows, {first.lot_id: (2, 1), second.lot_id: (3, 0)})
        (mine,) = self._get_sightings().filtered(lambda seen: seen.tag_id == second)
        self.assertEqual(mine.first_seen, mine.last_seen)

    def test_a_keeper_tags_a_piece_with_what_readers_have_seen(self):
        self._send(self._row(get_epc(9), tid="E280AA"))
        unknown = self.env["jewelry.rfid.unknown"].search([("company_id", "=", self.company.id)])
        piece = self._stock_piece(place=self.case)
        dialog = self.env["jewelry.rfid.unknown.tag"].with_user(self._create_user("keeper"))
        dialog = dialog.with_context(default_epc=unknown.epc, default_tid=unknown.tid)
        dialog.create({"lot_id": piece.id}).action_tag()
        tag = piece.rfid_tag_id
        self.assertEqual((tag.epc, tag.tid, tag.state), (get_epc(9), "E280AA", "live"))
        self.assertEqual(self._get_sightings().lot_id, piece)
        self.assertFalse(unknown.exists())

    def test_a_number_that_a_reader_pads_is_known(self):
        tag = self._create_tag(1)
        self._send(self._row(tag.epc + "00000000"))
        self.assertEqual(self._get_sightings().tag_id, tag)
        self.assertEqual(tag.last_zone_id, self.case_zone)

    def test_a_number_in_lower_case_is_known(self):
        tag = self._create_tag(0xABCDEF)
        self._send(self._row(tag.epc.lower()))
        self.assertEqual(self._get_sightings().tag_id, tag)

    def test_a_tag_of_another_company_is_unknown_here(self):
        tag = self._create_tag(1)
        other = self.env["res.company"].create({"name": "Other store"})
        gateway = self._create_gateway("other", company_id=other.id)
        self._send(self._row(tag), gateway=gateway)
        seen = self.env["jewelry.rfid.sighting"].search([("company_id", "=", other.id)])
        self.assertEqual((len(seen), seen.tag_id.id, tag.last_zone_id.id), (1, False, False))

    def test_a_reader_that_nobody_entered_is_remembered_and_its_sightings_kept(self):
        tag = self._create_tag(1)
        self.assertEqual(self._send(self._row(tag, reader="R9", antenna=4))["accepted"], 1)
        antenna = self._get_sightings().antenna_id
        self.assertEqual((antenna.reader_id.code, antenna.port), ("R9", 4))
        self.assertEqual((antenna.reader_id.state, antenna.zone_id.id), ("new", False))
        self.assertEqual(antenna.reader_id.gateway_id, self.gateway)
        self.assertFalse(tag.last_seen)

    def test_readers_that_are_suspiciously_many_are_refused(self):
        tag = self._create_tag(1)
        with patch.object(jewelry_rfid_gateway, "MOST_ANTENNAS", 5):
            answer = self._send(*(self._row(tag, reader=f"X{n}") for n in range(9)), self._row(tag))
        self.assertEqual(answer["accepted"], 3)
        self.assertEqual(
            {reason for _row, reason in answer["refused"]}, {"too many unknown readers"}
        )
        self.assertEqual(len(self.gateway.reader_ids.antenna_ids), 5)

    def test_a_clock_that_is_an_hour_late_is_corrected(self):
        tag = self._create_tag(1)
        hour = 3600
        self._send(self._row(tag, ago=hour), sent=self.now - hour * SECOND)
        late = fields.Datetime.now() - tag.last_seen
        self.assertLess(abs(late), timedelta(seconds=60))

    def test_a_clock_that_is_days_wrong_is_refused_with_the_reason(self):
        with self.assertRaisesRegex(UserError, "clock of Gateway shop-1 is wrong by 2 days"):
            self._send(sent=self.now - 2 * DAY - SECOND)

    def test_what_is_older_than_it_is_kept_is_refused(self):
        self.env["ir.config_parameter"].set_param("jewelry_rfid.sighting_days", "3")
        tag = self._create_tag(1)
        answer = self._send(self._row(tag, ago=4 * 24 * 3600), self._row(tag, ago=2 * 24 * 3600))
        self.assertEqual(answer["accepted"], 1)
        self.assertEqual(answer["refused"], [[0, "older than sightings are kept"]])

    def test_a_batch_costs_as_many_queries_for_a_thousand_sightings_as_for_ten(self):
        tags = [self._create_tag(number) for number in range(20)]
        self._send(*(self._row(tag) for tag in tags))
        counts = []
        for size in (10, 1000):
            rows = [self._row(tags[n % 20], ago=size - n / 1000) for n in range(size)]
            rows = [[*row[:5], int(row[5]), int(row[6]), *row[7:]] for row in rows]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._send(*rows)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        # The first one fills what the program remembers.
        self.assertLessEqual(counts[1], counts[0])
        self.assertLess(counts[1], 40)

    def test_what_a_sighting_mentions_outlives_it_and_no_key_asks_the_database_for_it(self):
        tag = self._create_tag(1)
        self._send(self._row(tag))
        for record in (tag, tag.lot_id):
            with self.subTest(record=record), self.assertRaises(UserError):
                record.unlink()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.company.unlink()
        self.env.cr.execute(
            """
            SELECT string_agg(conname, ' ' ORDER BY conname) FROM pg_constraint
             WHERE conrelid = 'jewelry_rfid_sighting'::regclass AND contype = 'f'
            """
        )
        self.assertEqual(self.env.cr.fetchone(), ("jewelry_rfid_sighting_antenna_id_fkey",))

    def test_what_is_old_is_deleted_and_what_is_young_is_kept(self):
        tag, old = self._create_tag(1), str(uuid4())
        self.env["ir.config_parameter"].set_param("jewelry_rfid.sighting_days", "3")
        self._send(self._row(tag, ago=2 * 24 * 3600), self._row(tag), batch=old)
        yesterday, today = self._get_sightings().sorted("day")
        long_ago = fields.Datetime.now() - timedelta(days=5)
        yesterday.day = long_ago.date()
        batch = self.env["jewelry.rfid.batch"].search([("uuid", "=", old)])
        batch.received_date = long_ago
        self._send(self._row(tag))
        with self.enter_registry_test_mode():
            self.env.ref("jewelry_rfid.ir_cron_forget").method_direct_trigger()
        self.assertFalse(yesterday.exists() or batch.exists())
        self.assertEqual(self._get_sightings(), today)
        self.assertEqual(
            self.env["jewelry.rfid.batch"].search_count([("gateway_id", "=", self.gateway.id)]), 1
        )


@tagged("-at_install", "post_install")
class TestOwnGateway(ReaderCommon):
    """A device speaks for its own gateway, and nobody else for it."""

    def test_nobody_but_a_device_registers_or_beats(self):
        for role in ("associate", "keeper", "manager", "portal", "employee"):
            user = self._create_user(role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env["jewelry.rfid.batch"].with_user(user).register_batch(
                    str(uuid4()), self.gateway.code, 1, self.now, []
                )
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env["jewelry.rfid.reader"].with_user(user).heartbeat(self.gateway.code)

    def test_the_code_of_another_gateway_is_refused(self):
        other = self._create_gateway("shop-2")
        other._require_device()
        batches = self.env["jewelry.rfid.batch"].with_user(self.device)
        for code in ("shop-2", "", None, "nonsense"):
            with self.subTest(code=code), self.assertRaises(AccessError):
                batches.register_batch(str(uuid4()), code, 1, self.now, [])

    def test_a_gateway_in_the_archive_is_refused(self):
        self.gateway.active = False
        with self.assertRaises(AccessError):
            self._send()

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_the_device_reads_nothing(self):
        models = ["jewelry.rfid.gateway", "jewelry.rfid.sighting", "jewelry.rfid.tag", "stock.lot"]
        for model in models:
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.device).search([]).read(["display_name"])
