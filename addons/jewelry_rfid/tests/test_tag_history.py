from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tools.provenance import read_payload

from .tag_common import TagCommon

CHIPS = [f"ABCD{number:020}" for number in range(4)]
PIECES = st.integers(0, 2)
STEPS = st.one_of(
    st.tuples(st.just("read"), PIECES, st.sampled_from(CHIPS), st.sampled_from(["", "Swapped"])),
    st.tuples(st.just("print"), PIECES),
    st.tuples(st.just("answer"), PIECES),
    st.tuples(st.just("end"), PIECES, st.sampled_from(["lost", "retired"])),
    st.tuples(st.just("find"), PIECES),
)


@tagged("post_install", "-at_install")
class TestTagHistory(TagCommon):
    """Whatever is done to tags, in whatever order, what is kept of them holds together."""

    @given(st.lists(STEPS, min_size=3, max_size=14))
    @settings(max_examples=40, suppress_health_check=[HealthCheck.differing_executors])
    def test_a_piece_has_one_live_tag_and_its_chain_tells_which(self, steps):
        point = self.env.cr.savepoint(flush=True)
        try:
            for step in steps:
                self._take(*step)
                self._check_tags()
            self._check_chains()
        finally:
            point.close(rollback=True)
            self.env.invalidate_all()

    def _take(self, name, place, *values):
        """Do one thing to a piece; what is refused changes nothing."""
        piece = self.rings[place].with_user(self.keeper)
        before = self._get_rows()
        try:
            with self.env.cr.savepoint():
                getattr(self, f"_take_{name}")(piece, *values)
                self.env.flush_all()
        except UserError:
            self.env.invalidate_all()
            self.assertEqual(self._get_rows(), before)

    def _take_read(self, piece, chip, reason):
        piece._tag(chip, reason=reason)

    def _take_print(self, piece):
        piece._write_tags()

    def _take_answer(self, piece):
        (tag,) = piece.rfid_tag_ids.filtered(lambda tag: tag.state == "written") or [None]
        if tag:
            done, problems = piece._read_back(f"EPC {tag.epc}={tag.epc}")
            self.assertEqual((done, problems), (tag, []))

    def _take_end(self, piece, state):
        tag = piece.rfid_tag_ids.filtered(lambda tag: tag.state in ("live", "written", "lost"))[:1]
        if tag and tag.state != state:
            tag._set_ended(state, "Said so")

    def _take_find(self, piece):
        piece.rfid_tag_ids.filtered(lambda tag: tag.state == "lost")[:1].action_find()

    # === WHAT HOLDS === #

    def _get_rows(self):
        tags = self.Tag.search([("lot_id", "in", self.rings.ids)])
        return [(tag.id, tag.lot_id.id, tag.epc, tag.state, tag.reason) for tag in tags]

    def _check_tags(self):
        """Assert that numbers and pieces are matched one to one."""
        tags = self.Tag.search([("lot_id", "in", self.rings.ids)])
        live = tags.filtered(lambda tag: tag.state == "live")
        used = live | tags.filtered(lambda tag: tag.state == "written")
        self.assertEqual(len(live.lot_id), len(live))
        self.assertEqual(len(set(used.mapped("epc"))), len(used))
        for ring in self.rings:
            written = (used - live).filtered(lambda tag, ring=ring: tag.lot_id == ring)
            self.assertLessEqual(len(written), 1)
        ended = tags - used
        self.assertTrue(all(tag.reason and tag.end_date for tag in ended))
        self.assertFalse(any(tag.reason or tag.end_date for tag in used))
        found = self.Tag._find_by_epc(tags.mapped("epc"))
        self.assertEqual(set(found.values()), set(live))

    def _check_chains(self):
        """Assert that each chain, read from its start, ends with the tag that the piece has."""
        for ring in self.rings:
            on_piece = None
            for event in self._get_events(ring):
                number = read_payload(event.payload)["epc"]
                if event.kind == "tag":
                    self.assertIsNone(on_piece)
                    on_piece = number
                elif on_piece == number:
                    on_piece = None
            self.assertEqual(on_piece or False, ring.rfid_tag_id.epc)


@tagged("post_install", "-at_install")
class TestTagRemote(TagCommon):
    """What nobody does from outside."""

    def _call(self, user, model, method, ids, *arguments):
        """Call a method as `/json/2` and the browser do."""
        records = self.env[model].with_user(user).browse(ids)
        return get_public_method(records, method)(records, *arguments)

    def test_only_what_is_meant_to_be_called_is_public(self):
        for model, method in (
            ("stock.lot", "_tag"),
            ("stock.lot", "_tag_many"),
            ("stock.lot", "_write_tags"),
            ("stock.lot", "_read_back"),
            ("jewelry.rfid.tag", "_set_live"),
            ("jewelry.rfid.tag", "_set_ended"),
            ("jewelry.rfid.access", "_get_password"),
        ):
            with self.assertRaises(AccessError, msg=method):
                self._call(self.manager, model, method, [])

    def test_an_associate_changes_no_tag_by_any_public_method(self):
        tag = self._tag(self.ring)
        for model, method, ids, arguments in (
            ("stock.lot", "action_tag", self.ring.ids, ()),
            ("jewelry.rfid.tag", "action_end", tag.ids, ()),
            ("jewelry.rfid.tag", "action_find", tag.ids, ()),
            ("jewelry.rfid.tag", "action_show_password", tag.ids, ()),
            ("jewelry.rfid.tag", "write", tag.ids, ({"state": "retired"},)),
            ("jewelry.rfid.tag", "unlink", tag.ids, ()),
            ("jewelry.rfid.tag", "create", [], ([{"epc": "AB", "lot_id": self.ring.id}],)),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self._call(self.associate, model, method, ids, *arguments)
        self.assertEqual(tag.state, "live")

    def test_a_manager_makes_no_tag_by_hand(self):
        values = [{"epc": "ABCD", "lot_id": self.ring.id, "state": "live"}]
        with self.assertRaises(AccessError):
            self._call(self.manager, "jewelry.rfid.tag", "create", [], values)
