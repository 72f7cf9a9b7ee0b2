from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .reader_common import ReaderCommon, get_epc


@tagged("-at_install", "post_install")
class TestPresence(ReaderCommon):
    """Where a tag is, by what readers saw last."""

    def _get_state(self, tag):
        return tag.last_zone_id, tag.is_present

    def test_a_tag_appears_moves_and_leaves(self):
        tag = self._create_tag(1)
        self._send(self._row(tag, "appear", ago=30))
        self.assertEqual(self._get_state(tag), (self.case_zone, True))
        self._send(self._row(tag, "move", ago=20, antenna=2))
        self.assertEqual(self._get_state(tag), (self.window_zone, True))
        self._send(self._row(tag, "leave", ago=20, antenna=2))
        self.assertEqual(self._get_state(tag), (self.window_zone, False))

    def test_staying_changes_when_it_was_seen_and_not_since_when_it_is_there(self):
        tag = self._create_tag(1)
        self._send(self._row(tag, "appear", ago=300))
        since = tag.present_since
        self._send(self._row(tag, ago=100))
        self.assertEqual(
            (tag.present_since, tag.last_seen - since), (since, timedelta(seconds=200))
        )

    def test_a_batch_that_comes_late_never_moves_a_tag_back(self):
        tag = self._create_tag(1)
        self._send(self._row(tag, "move", ago=10, antenna=2))
        seen = tag.last_seen
        for kind in ("appear", "stay", "leave"):
            self._send(self._row(tag, kind, ago=60))
        self.assertEqual((*self._get_state(tag), tag.last_seen), (self.window_zone, True, seen))
        self.assertEqual(sum(self._get_sightings().mapped("reads")), 4)

    def test_a_leave_that_comes_first_is_not_undone_by_the_stay_before_it(self):
        tag = self._create_tag(1)
        self._send(self._row(tag, "appear", ago=60))
        self._send(self._row(tag, "leave", ago=10))
        self._send(self._row(tag, "stay", ago=10))
        self.assertEqual(self._get_state(tag), (self.case_zone, False))

    def test_what_leaves_the_field_of_one_reader_stays_in_that_of_another(self):
        tag = self._create_tag(1)
        self._send(self._row(tag, "appear", ago=30, antenna=2))
        self._send(self._row(tag, "leave", ago=10, antenna=1))
        self.assertEqual(self._get_state(tag), (self.window_zone, True))

    def test_two_gateways_at_one_reader_agree_on_one_place(self):
        tag, second = self._create_tag(1), self._create_gateway("shop-2")
        self._create_reader(second, "R1", [self.case_zone, self.window_zone])
        for gateway in (self.gateway, second):
            self._send(self._row(tag, "appear", ago=10), gateway=gateway)
        self.assertEqual(self._get_state(tag), (self.case_zone, True))
        self.assertEqual(len(self._get_sightings().antenna_id), 2)
        self.assertFalse(self._get_proposals(tag))

    def test_a_tag_that_is_not_live_is_nowhere(self):
        for number, state in enumerate(("written", "lost", "retired")):
            tag = self._create_tag(number, state=state)
            self._send(self._row(tag))
            with self.subTest(state=state):
                self.assertFalse(tag.last_seen)

    def test_an_antenna_that_gets_a_zone_counts_from_then_on(self):
        tag = self._create_tag(1)
        self._send(self._row(tag, antenna=9, ago=10))
        self.assertFalse(tag.last_zone_id)
        self._get_sightings().antenna_id.zone_id = self.case_zone
        self._send(self._row(tag, antenna=9, ago=5))
        self.assertEqual(self._get_state(tag), (self.case_zone, True))

    def test_a_piece_tells_where_it_was_seen_and_is_found_by_it(self):
        here, there = self._create_tag(1), self._create_tag(2)
        unseen = self._create_tag(3).lot_id
        bare = self._stock_piece(place=self.case)
        self._send(self._row(here, ago=10), self._row(there, "leave", antenna=2, ago=10))
        lots = (here + there).lot_id + unseen + bare
        self.assertEqual(lots.mapped("rfid_zone_id.id"), [self.case_zone.id, self.window_zone.id])
        self.assertEqual(lots.mapped("rfid_present"), [True, False, False, False])
        found = {
            "zone": [("rfid_zone_id", "=", self.case_zone.id)],
            "another zone": [("rfid_zone_id", "!=", self.case_zone.id)],
            "no zone": [("rfid_zone_id", "=", False)],
            "by name": [("rfid_zone_id", "ilike", "window")],
            "present": [("rfid_present", "=", True)],
            "absent": [("rfid_present", "=", False)],
            "late": [("rfid_last_seen", "<", "2000-01-01")],
            "lately": [("rfid_last_seen", ">", "2000-01-01")],
        }
        found = {
            name: self.env["stock.lot"].search([*domain, ("id", "in", lots.ids)], order="id")
            for name, domain in found.items()
        }
        self.assertEqual(found["zone"], here.lot_id)
        self.assertEqual(found["another zone"], lots - here.lot_id)
        self.assertEqual(found["no zone"], unseen + bare)
        self.assertEqual(found["by name"], there.lot_id)
        self.assertEqual(found["present"], here.lot_id)
        self.assertEqual(found["absent"], lots - here.lot_id)
        self.assertFalse(found["late"])
        self.assertEqual(found["lately"], (here + there).lot_id)

    def test_who_may_read_pieces_and_no_tags_reads_them_without(self):
        tag = self._create_tag(1)
        self._send(self._row(tag, ago=10))
        clerk = self._create_user("employee", "stock.group_stock_user")
        names = ["name", "rfid_zone_id", "rfid_last_seen", "rfid_present", "rfid_elsewhere"]
        (values,) = tag.lot_id.with_user(clerk).read(names)
        self.assertEqual(values["name"], tag.lot_id.name)
        self.assertFalse(any(values[name] for name in names[1:]))

    def test_a_piece_knows_nothing_of_a_tag_that_hung_on_it_before(self):
        tag = self._create_tag(1)
        self._send(self._row(tag, ago=10))
        tag.state = "retired"
        tag.lot_id.invalidate_recordset()
        self.assertFalse(tag.lot_id.rfid_last_seen)

    def test_many_pieces_are_asked_for_in_as_many_queries_as_one(self):
        tags = self.env["jewelry.rfid.tag"].union(*(self._create_tag(n) for n in range(6)))
        self._send(*(self._row(tag, ago=1) for tag in tags))
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(3):
            tags.lot_id.mapped("rfid_present")

    # === WHAT NOBODY SEES LEAVING === #

    def test_a_zone_in_the_archive_lets_go_of_what_is_there_and_is_none(self):
        tag = self._create_tag(1)
        self._send(self._row(tag, "appear", ago=30, antenna=2))
        self.window_zone.active = False
        self.assertFalse(tag.is_present)
        self._send(self._row(tag, ago=20, antenna=2))
        self.assertFalse(tag.is_present)
        ports = [each["port"] for each in self._beat()["readers"][0]["antennas"]]
        self.assertEqual(ports, [1, 3])

    def test_an_antenna_that_looks_elsewhere_lets_go_of_what_it_saw_before(self):
        antenna = self.gateway.reader_ids.antenna_ids[0]
        for number, zone in enumerate((self.window_zone, self.env["jewelry.rfid.zone"])):
            antenna.zone_id = self.case_zone
            tag = self._create_tag(number)
            self._send(self._row(tag, "appear", ago=30 - number))
            antenna.zone_id = zone
            with self.subTest(zone=zone.name):
                self.assertFalse(tag.is_present)
            self._send(self._row(tag, "leave", ago=20 - number))
            self.assertFalse(tag.is_present)

    def test_what_another_antenna_of_the_zone_reads_as_well_stays_present(self):
        first, second = self.gateway.reader_ids.antenna_ids[:2]
        second.zone_id = self.case_zone
        tag = self._create_tag(1)
        self._send(self._row(tag, "appear", ago=30), self._row(tag, "appear", ago=25, antenna=2))
        second.zone_id = self.window_zone
        self.assertEqual(self._get_state(tag), (self.case_zone, True))
        first.zone_id = False
        self.assertFalse(tag.is_present)

    def test_a_tag_that_is_lost_is_present_nowhere_also_when_it_is_found_again(self):
        tag = self._create_tag(1)
        self._send(self._row(tag, "appear", ago=30))
        tag._set_ended("lost", "Fell off")
        self.assertFalse(tag.is_present)
        tag.action_find()
        self.assertFalse(tag.lot_id.rfid_present)

    # === WHAT STAYS ON RECORD === #

    def test_what_has_seen_something_is_archived_and_never_deleted(self):
        reader = self.gateway.reader_ids
        antenna = reader.antenna_ids[0]
        self._send(self._row(get_epc(1)))
        manager = self._create_user("manager")
        for record in (antenna, reader, self.gateway):
            with self.subTest(record=record._name), self.assertRaisesRegex(UserError, "on record"):
                record.with_user(manager).unlink()
        reader.active = False
        with self.assertRaisesRegex(UserError, "on record"):
            self.gateway.with_user(manager).unlink()
        self.assertTrue(self._get_sightings())

    def test_what_has_seen_nothing_is_deleted(self):
        gateway = self._create_gateway("shop-2")
        reader = self._create_reader(gateway, "R1", [self.case_zone])
        gateway.with_user(self._create_user("manager")).unlink()
        self.assertFalse(reader.exists())

    def test_a_zone_where_something_happened_stays_on_record(self):
        manager, tag = self._create_user("manager"), self._create_tag(1)
        self._send(self._row(tag, "appear", ago=30, antenna=3))
        self._send(self._row(tag, "move", ago=20, antenna=2))
        self.gateway.reader_ids.antenna_ids.zone_id = False
        for zone in (self.door_zone, self.window_zone):
            with self.subTest(zone=zone.name), self.assertRaisesRegex(UserError, zone.name):
                zone.with_user(manager).unlink()
        self.case_zone.with_user(manager).unlink()

    def test_a_zone_that_an_antenna_looks_at_is_not_deleted_whatever_was_seen(self):
        manager = self._create_user("manager")
        with self.assertRaisesRegex(UserError, "Antennas look at Case zone"):
            self.case_zone.with_user(manager).unlink()
        spare = self._create_zone("Spare", self.case)
        spare.with_user(manager).unlink()
        self.assertFalse(spare.exists())

    def test_a_message_never_writes_to_a_chatter(self):
        tag = self._create_tag(1)
        last = self.env["mail.message"].search([], order="id desc", limit=1)
        self._send(self._row(tag), self._row(get_epc(5)))
        self.assertEqual(self.env["mail.message"].search([], order="id desc", limit=1), last)
