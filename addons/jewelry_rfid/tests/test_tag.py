from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.jewelry_inventory.tools.epcis import Names, to_epcis
from odoo.addons.jewelry_inventory.tools.provenance import Event, is_public, read_payload

from ..tools import epc
from .tag_common import CHIP, OTHER_CHIP, TID, TagCommon


@tagged("post_install", "-at_install")
class TestTag(TagCommon):
    """A chip comes to a piece, stays, and leaves it."""

    def test_a_chip_that_is_read_is_the_live_tag_of_the_piece(self):
        tag = self._tag(self.ring, CHIP.lower(), tid=TID)
        self.assertEqual((tag.epc, tag.tid, tag.state), (CHIP, TID, "live"))
        self.assertEqual(self.ring.rfid_tag_id, tag)
        self.assertEqual(tag.company_id, self.ring.company_id)
        self.assertTrue(tag.live_date)
        self.assertEqual(tag.create_uid, self.keeper)

    def test_the_chain_of_the_piece_tells_of_its_tags(self):
        self._tag(self.ring, tid=TID)
        self._tag(self.ring, OTHER_CHIP, reason="Chip is dead")
        events = self._get_events(self.ring)
        self.assertEqual(events.mapped("kind"), ["tag", "untag", "tag"])
        told = [read_payload(event.payload) for event in events]
        self.assertEqual(told[0], {"epc": CHIP, "tid": TID})
        self.assertEqual(told[1], {"epc": CHIP, "tid": TID, "why": "retired"})
        self.assertEqual(told[2], {"epc": OTHER_CHIP})
        self.assertEqual(events[1].sudo().reason, "Chip is dead")
        self.assertIn("Tagged", events[0].summary)
        self.assertIn(CHIP, events[1].summary)

    def test_a_passport_and_its_epcis_say_nothing_of_chips_but_that_there_was_one(self):
        self._tag(self.ring)
        event = self._get_events(self.ring)
        row = Event(
            event.chain_uuid,
            event.seq,
            event.kind,
            event.event_time,
            event.actor,
            event.payload,
            event.previous or "",
            event.hash,
        )
        said = to_epcis(row, Names("https://shop.example", {}))
        self.assertEqual((said["type"], said["action"]), ("ObjectEvent", "OBSERVE"))
        self.assertTrue(said["bizStep"].endswith("#Bizstep-tagging"))
        self.assertFalse(is_public(event.kind, read_payload(event.payload)))

    def test_a_chip_on_another_piece_is_refused_by_the_name_of_that(self):
        self._tag(self.ring)
        with self._refused(f"{CHIP} is the tag of {self.ring.name}", UserError):
            self._tag(self.other_ring, f"{CHIP[:8]} {CHIP[8:]}")
        self.assertFalse(self.other_ring.rfid_tag_ids)

    def test_a_number_that_is_printed_for_another_piece_is_refused(self):
        self._print(self.ring)
        with self._refused(f"is the tag of {self.ring.name}", UserError):
            self._tag(self.other_ring, self.ring.rfid_tag_ids.epc)

    def test_a_chip_of_a_company_that_one_does_not_see_is_refused_without_a_name(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_lot(company_id=company.id)
        stranger.with_company(company).sudo()._tag(CHIP)
        with self._refused("on a piece of another company", UserError):
            self._tag(self.ring)

    def test_the_same_chip_again_changes_nothing(self):
        tag = self._tag(self.ring)
        self.assertEqual(self._tag(self.ring), tag)
        self.assertEqual(self.ring.rfid_tag_ids, tag)
        self.assertEqual(len(self._get_events(self.ring)), 1)

    def test_another_chip_needs_a_reason_and_the_old_one_stays_on_record(self):
        old = self._tag(self.ring)
        for reason in (None, "", "  "):
            with self._refused("Enter the reason for another one", UserError):
                self._tag(self.ring, OTHER_CHIP, reason=reason)
        new = self._tag(self.ring, OTHER_CHIP, reason=" Torn off ")
        self.assertEqual((old.state, old.reason), ("retired", "Torn off"))
        self.assertTrue(old.end_date)
        self.assertEqual(self.ring.rfid_tag_id, new)
        self.assertEqual(self.ring.rfid_tag_ids, new | old)

    def test_a_retired_chip_may_hang_on_another_piece(self):
        self._tag(self.ring)
        self._tag(self.ring, OTHER_CHIP, reason="Swapped")
        tag = self._tag(self.other_ring)
        self.assertEqual(self.Tag._find_by_epc([CHIP]), {CHIP: tag})

    def test_a_retired_chip_comes_back_to_its_piece_as_a_row_of_its_own(self):
        first = self._tag(self.ring)
        self._tag(self.ring, OTHER_CHIP, reason="Swapped")
        again = self._tag(self.ring, CHIP, reason="Swapped back")
        self.assertNotEqual(again, first)
        self.assertEqual(first.state, "retired")
        self.assertEqual(self.ring.rfid_tag_id, again)

    def test_what_is_no_chip_of_a_piece_is_refused(self):
        for text, message in (
            ("P-000123", "not hexadecimal"),
            ("0" * 24, "blank"),
            (TID, "TID"),
            ("3066C4409047E140075BCD", "96 bits"),
            ("F73795211411234548566CB0AFC4", "check digit"),
            ("AB" * 80, "31 words"),
            ("", "not hexadecimal"),
        ):
            with self._refused(message, UserError):
                self._tag(self.ring, text)
        self.assertFalse(self.ring.rfid_tag_ids)

    def test_chips_of_schemes_that_are_only_known_by_name_are_taken_as_they_are(self):
        tag = self._tag(self.ring, "2D76451FD4499602D2000000")
        self.assertEqual((tag.epc, tag.scheme), ("2D76451FD4499602D2000000", False))

    def test_many_chips_are_taken_at_once_or_none_is(self):
        texts = {ring: f"ABCD{number:020}" for number, ring in enumerate(self.rings)}
        lots = self.env["stock.lot"].with_user(self.keeper)
        for chip, message in (
            (texts[self.ring], "One chip was read for two pieces"),
            ("0" * 24, "blank"),
        ):
            with self._refused(message, UserError):
                lots._tag_many(texts | {self.third_ring: chip}, {})
        self.assertFalse(self.rings.rfid_tag_ids)
        tags = lots._tag_many(texts, {self.ring: TID})
        self.assertEqual(tags.lot_id, self.rings)
        self.assertEqual(set(tags.mapped("state")), {"live"})
        self.assertEqual(self.ring.rfid_tag_id.tid, TID)
        self.assertFalse(lots._tag_many({}, {}))

    def test_many_chips_take_as_many_queries_as_one(self):
        lots = self.env["stock.lot"]
        counts = []
        for chips, pieces in (("AA", self.ring), ("BB", self.rings)):
            texts = {ring: f"{chips}{ring.id:022}" for ring in pieces}
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            lots._tag_many(texts, dict.fromkeys(pieces, TID), "Swapped")
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 6)

    def test_the_number_of_the_maker_stays_when_a_tag_is_found_again(self):
        tag = self._tag(self.ring, tid=TID)
        tag._set_ended("lost", "Fell off")
        self._tag(self.ring)
        self.assertEqual((tag.state, tag.tid), ("live", TID))

    def test_a_void_piece_gets_no_tag_and_loses_the_one_it_has(self):
        self._tag(self.ring)
        self.ring.with_user(self.manager).action_void("Entered twice")
        self.assertEqual(self.ring.rfid_tag_ids.state, "retired")
        self.assertEqual(self.ring.rfid_tag_ids.reason, "Entered twice")
        with self._refused("is void", UserError):
            self._tag(self.ring, OTHER_CHIP)

    def test_a_tag_tells_what_its_number_says(self):
        tag = self._tag(self.ring, "3476451FD40000000000162E")
        self.assertEqual((tag.scheme, tag.content), ("GIAI-96", "urn:epc:id:giai:9521141.5678"))
        own = self._tag(self.other_ring, epc.encode(epc.make_own("8A3F12CD", 42)))
        self.assertEqual((own.scheme, own.content), ("Own number", "42"))

    def test_tags_are_neither_deleted_nor_written_by_hand(self):
        tag = self._tag(self.ring)
        with self._refused("stay on record", UserError):
            tag.sudo().unlink()
        with self._refused("cannot be changed", AccessError):
            tag.sudo().epc = OTHER_CHIP
        with self._refused("cannot be changed", AccessError):
            tag.sudo().lot_id = self.other_ring
        for values in ({"state": "live"}, {"tid": TID}, {"reason": "x"}):
            with self._refused("", AccessError):
                tag.with_user(self.manager).write(values)

    def test_a_piece_of_a_tag_is_found_with_or_without_it(self):
        tag = self._tag(self.ring)
        lots = self.env["stock.lot"]
        mine = [("id", "in", self.rings.ids)]
        self.assertEqual(lots.search([*mine, ("rfid_tag_id", "=", tag.id)]), self.ring)
        self.assertEqual(lots.search([*mine, ("rfid_tag_id", "!=", False)]), self.ring)
        without = lots.search([*mine, ("rfid_tag_id", "=", False)])
        self.assertEqual(without, self.rings - self.ring)
        self.assertEqual(lots.search([*mine, ("rfid_tag_id", "in", [tag.id, False])]), self.rings)

    def test_an_associate_tags_nothing(self):
        with self.assertRaises(AccessError):
            self._tag(self.ring, user=self.associate)


@tagged("post_install", "-at_install")
class TestTagEnd(TagCommon):
    """Tags are lost, found and retired."""

    def _end(self, tags, state="lost", reason="Fell off"):
        action = tags.with_user(self.keeper).action_end()
        dialog = self.env[action["res_model"]].with_user(self.keeper)
        with Form(dialog.with_context(**action["context"])) as form:
            form.state, form.reason = state, reason
        form.record.action_end()

    def test_a_lost_tag_is_live_no_longer_and_says_why(self):
        tag = self._tag(self.ring)
        self._end(tag)
        self.assertEqual((tag.state, tag.reason), ("lost", "Fell off"))
        self.assertFalse(self.ring.rfid_tag_id)
        self.assertFalse(self.Tag._find_by_epc([CHIP]))
        self.assertEqual(self._get_events(self.ring).mapped("kind"), ["tag", "untag"])

    def test_a_lost_tag_is_found_by_a_button_or_by_reading_it(self):
        for find in (
            lambda tag: tag.with_user(self.keeper).action_find(),
            lambda tag: self._tag(tag.lot_id, tag.epc),
        ):
            tag = self._tag(self.ring)
            self._end(tag)
            find(tag)
            self.assertEqual((tag.state, tag.reason, tag.end_date), ("live", False, False))
            self.assertEqual(self.ring.rfid_tag_ids, tag)

    def test_a_lost_tag_is_not_found_where_its_piece_or_its_number_has_moved_on(self):
        tag = self._tag(self.ring)
        self._end(tag)
        other = self._tag(self.ring, OTHER_CHIP)
        with self._refused("has a new tag by now", UserError):
            tag.with_user(self.keeper).action_find()
        self._end(other, "retired")
        self._tag(self.other_ring, CHIP)
        with self._refused(f"is the tag of {self.other_ring.name}", UserError):
            tag.with_user(self.keeper).action_find()
        with self._refused("Only a lost tag", UserError):
            other.with_user(self.keeper).action_find()

    def test_a_retired_tag_stays_retired(self):
        tag = self._tag(self.ring)
        self._end(tag, "retired")
        for state in ("lost", "retired"):
            with self._refused("no longer live already", UserError):
                self._end(tag, state)
        self.assertEqual(tag.state, "retired")

    def test_a_written_tag_that_was_never_read_leaves_no_event(self):
        self._print(self.ring)
        self._end(self.ring.rfid_tag_ids, "retired", "Label was spoilt")
        self.assertFalse(self._get_events(self.ring))

    def test_an_associate_ends_and_finds_nothing(self):
        tag = self._tag(self.ring)
        with self.assertRaises(AccessError):
            tag.with_user(self.associate).action_end()
        self._end(tag)
        with self.assertRaises(AccessError):
            tag.with_user(self.associate).action_find()


@tagged("post_install", "-at_install")
class TestFind(TagCommon):
    """A piece is found by what a reader sees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.item = "3066C4409047E140075BCD15"
        cls.asset = "3876451FD59B2C2BF10000000000000000000000000000000000"
        cls.plus = "FB342CDE795211411234538566CB0AFC4"

    def test_padded_and_small_letters_are_found_in_one_query(self):
        for piece, number in zip(self.rings, (self.item, self.asset, self.plus), strict=True):
            self._tag(piece, number)
        padded = epc.pad(self.plus)
        asked = [self.item.lower(), self.asset + "0000", padded, CHIP, "no chip"]
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(2):  # the tags, and their numbers
            found = self.Tag._find_by_epc(asked)
        self.assertEqual(list(found), asked[:3])
        self.assertEqual([tag.lot_id for tag in found.values()], list(self.rings))
        self.assertEqual(self.Tag._find_by_epc([]), {})

    def test_only_a_live_tag_is_found(self):
        self._print(self.ring)
        number = self.ring.rfid_tag_ids.epc
        self.assertFalse(self.Tag._find_by_epc([number]))
        self._tag(self.ring, number)
        self.assertEqual(self.Tag._find_by_epc([number])[number].lot_id, self.ring)

    def test_a_scan_of_a_chip_opens_its_piece(self):
        self._tag(self.ring, self.item)
        lots = self.env["stock.lot"].with_user(self.associate)
        for code in (
            self.item,
            self.item.lower(),
            self.item + "0000",
            "urn:epc:tag:sgtin-96:3.95060001343.05.123456789",
            "urn:epc:id:sgtin:95060001343.05.123456789",
        ):
            self.assertEqual(lots._get_piece_by_scan(code), self.ring, code)
        self.assertFalse(lots._get_piece_by_scan("urn:epc:id:sgtin:95060001343.05.12345678"))

    def test_the_serial_number_of_a_chip_is_not_the_number_of_a_piece(self):
        self._tag(self.ring, self.item)
        self.other_ring.name = "123456789"
        lots = self.env["stock.lot"]
        self.assertEqual(
            lots._get_piece_by_scan("urn:epc:id:sgtin:95060001343.05.123456789"), self.ring
        )
        self.assertEqual(lots._get_piece_by_scan("123456789"), self.other_ring)

    def test_an_asset_is_found_by_its_number_in_every_form_of_a_chip(self):
        self._tag(self.ring, self.asset)
        self._tag(self.other_ring, "FA3952114132E83C2BF20")
        lots = self.env["stock.lot"]
        self.assertEqual(lots._get_piece_by_scan("urn:epc:id:giai:9521141.32a%2Fb"), self.ring)
        self.assertEqual(
            lots._get_piece_by_scan("urn:epc:id:giai:952114.132a%2Fd"), self.other_ring
        )

    def test_many_scans_are_answered_at_once(self):
        self._tag(self.ring, self.item)
        codes = [self.item, self.other_ring.name, "nothing"]
        found = self.env["stock.lot"]._get_pieces_by_scan(codes)
        self.assertEqual(
            found, {self.item: self.ring, codes[1]: self.other_ring, "nothing": self.rings[:0]}
        )

    def test_other_scans_find_what_they_found(self):
        self.assertEqual(self.env["stock.lot"]._get_piece_by_scan(self.ring.name), self.ring)
        self.assertFalse(self.env["stock.lot"]._get_piece_by_scan(CHIP))
