import json
import stat

from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged
from odoo.tools import config

from ..tools.provenance import ANCHOR, ANCHOR_HEADS, ANCHOR_LINE, ANCHOR_LOST, digest
from .common import ProvenanceCommon


@tagged("post_install", "-at_install")
class TestProvenanceAnchor(ProvenanceCommon):
    def setUp(self):
        super().setUp()
        self.piece, self.other = self._create_serials(2)
        for piece in (self.piece, self.other):
            self._append(piece, "commission", "price", "owner")
        self.Check._cron_verify()

    def _read_lines(self):
        return [json.loads(line) for line in self.anchor_path.read_text().splitlines()]

    def _set_database_uuid(self, uuid):
        self.env["ir.config_parameter"].set_param("database.uuid", uuid)

    def _rebuild(self, piece):
        """Write the history anew, with fitting hashes and head, as the database's owner can."""
        previous = ""
        for event in self._get_rows(piece):
            event = event._replace(actor="nobody", previous=previous)
            previous = digest(event)
            self._tamper(
                """UPDATE jewelry_provenance_event SET actor = 'nobody', previous = %s, hash = %s
                    WHERE chain_uuid = %s AND seq = %s""",
                event.previous,
                previous,
                event.chain,
                event.seq,
            )
        self._tamper(
            "UPDATE jewelry_provenance_head SET hash = %s WHERE chain_uuid = %s",
            previous,
            piece.chain_uuid,
        )

    def _cut(self, piece, keep):
        """Cut the chain off behind `keep` events and set the head to match."""
        self._tamper(
            "DELETE FROM jewelry_provenance_event WHERE chain_uuid = %s AND seq > %s",
            piece.chain_uuid,
            keep,
        )
        rows = self._get_rows(piece)
        if rows:
            self._tamper(
                "UPDATE jewelry_provenance_head SET seq = %s, hash = %s WHERE chain_uuid = %s",
                keep,
                rows[-1].hash,
                piece.chain_uuid,
            )
        else:
            self._tamper(
                "DELETE FROM jewelry_provenance_head WHERE chain_uuid = %s", piece.chain_uuid
            )

    def test_the_first_night_leaves_a_line_outside_the_database(self):
        (line,) = self._read_lines()
        heads = self.Head.search([])
        self.assertEqual(
            line["database"], self.env["ir.config_parameter"].get_param("database.uuid")
        )
        self.assertEqual((line["name"], line["chains"]), (self.env.cr.dbname, len(heads)))
        self.assertEqual(line["events"], sum(heads.mapped("seq")))
        self.assertEqual(stat.S_IMODE(self.anchor_path.stat().st_mode), 0o600)

    def test_chains_that_grew_since_the_anchor_are_sound(self):
        self._append(self.piece, "ship")
        self._append(self._create_serials(), "commission")
        self.assertTrue(self.Event.verify_chains().ok)

    def test_a_rebuilt_chain_is_sound_in_itself_and_found_by_the_anchor(self):
        self._rebuild(self.piece)
        self.assertTrue(self.Event.verify_chains(anchored=False).ok)
        self._assert_fault(self.piece, 3, ANCHOR)

    def test_a_rebuilt_chain_that_grew_since_is_found(self):
        self._append(self.piece, "ship")
        self._rebuild(self.piece)
        self._assert_fault(self.piece, 3, ANCHOR)

    def test_an_end_cut_off_with_its_head_is_found(self):
        self._cut(self.piece, 2)
        self.assertTrue(self.Event.verify_chains(anchored=False).ok)
        self._assert_fault(self.piece, 3, ANCHOR)

    def test_a_whole_chain_removed_with_its_head_is_found(self):
        self._cut(self.piece, 0)
        self.assertTrue(self.Event.verify_chains(anchored=False).ok)
        self._assert_fault(self.piece, 3, ANCHOR)

    def test_a_chain_is_compared_only_when_it_is_asked_for(self):
        self._rebuild(self.piece)
        self.assertTrue(self.Event.verify_chains([self.other.chain_uuid]).ok)
        self.assertFalse(self.Event.verify_chains([self.piece.chain_uuid]).ok)

    def test_a_database_set_back_to_yesterday_is_found(self):
        self._append(self.piece, "ship")
        self.Check._cron_verify()
        self._cut(self.piece, 3)
        self.Check._get_last_anchored().unlink()
        self._assert_fault(self.piece, 4, ANCHOR)

    def test_damage_is_not_anchored_as_if_it_were_the_truth(self):
        self._rebuild(self.piece)
        with self.assertLogs("odoo.addons.jewelry_inventory", "ERROR"):
            self.Check._cron_verify()
        self.assertEqual(len(self._read_lines()), 1)
        self._assert_fault(self.piece, 3, ANCHOR)

    def test_a_changed_line_is_found(self):
        self.Check._cron_verify()
        text = self.anchor_path.read_text()
        self.anchor_path.write_text(text.replace('"events":', '"events":1', 1))
        self.assertEqual(self.Event.verify_chains().faults, (("", 2, ANCHOR_LINE),))

    def test_a_last_line_changed_or_taken_away_is_missed(self):
        self.Check._cron_verify()
        first, _last = self.anchor_path.read_text().splitlines()
        self.anchor_path.write_text(first + "\n")
        self.assertEqual(self.Event.verify_chains().faults, (("", 2, ANCHOR_LOST),))

    def test_an_anchor_file_that_is_gone_is_missed(self):
        self.anchor_path.unlink()
        self.assertEqual(self.Event.verify_chains().faults, (("", 1, ANCHOR_LOST),))

    def test_heads_that_are_gone_are_missed(self):
        for path in self.anchor_path.parent.glob("heads-*"):
            path.unlink()
        self.assertEqual(self.Event.verify_chains().faults, (("", 1, ANCHOR_HEADS),))

    def test_a_copied_database_says_that_it_is_a_fork(self):
        mother = self._read_lines()[0]["database"]
        self._set_database_uuid("copy")
        check = self.Check._run()
        self.assertEqual(check.state, "fork")
        self.assertIn(mother, check.message)

    def test_a_fork_begins_its_own_line_and_calls_the_managers_once(self):
        mother = self._read_lines()[0]["database"]
        self._set_database_uuid("copy")
        with self.assertLogs("odoo.addons.jewelry_inventory", "ERROR"):
            self.Check._cron_verify()
        self.Check._cron_verify()
        _mother, first, second = self._read_lines()
        self.assertEqual((first["database"], first["fork_of"]), ("copy", mother))
        self.assertEqual((second["database"], second["fork_of"]), ("copy", ""))
        self.assertEqual(self.Check.search([], limit=1).state, "ok")

    def test_a_copy_is_bound_by_what_its_origin_anchored_before(self):
        self._set_database_uuid("copy")
        self._rebuild(self.piece)
        self._assert_fault(self.piece, 3, ANCHOR)

    def test_a_copy_is_not_bound_by_what_its_origin_anchored_after(self):
        memory = self.Check._get_last_anchored()
        self._append(self.piece, "ship")
        self.Check._cron_verify()
        self._cut(self.piece, 3)
        self.Check._get_last_anchored().unlink()
        self.assertEqual(self.Check._get_last_anchored(), memory)
        self._set_database_uuid("copy")
        self.assertTrue(self.Event.verify_chains().ok)

    def test_a_neutralized_copy_neither_writes_nor_reads_anchors(self):
        for query in get_neutralization_queries(["jewelry_inventory"]):
            self.env.cr.execute(query)
        self.env.registry.clear_cache()
        self._set_database_uuid("copy")
        self.Check._cron_verify()
        self.assertEqual(len(self._read_lines()), 1)
        self.assertEqual(self.Check.search([], limit=1).state, "ok")

    def test_the_file_may_be_named_after_the_database(self):
        anchors = self.env["jewelry.provenance.anchor"]
        config.options["jewelry_anchor_file"] = "/var/lib/%d/anchors"
        self.assertEqual(str(anchors._get_log().path), f"/var/lib/{self.env.cr.dbname}/anchors")

    def test_without_an_option_the_file_lies_in_the_data_directory(self):
        config.options["jewelry_anchor_file"] = ""
        path = self.env["jewelry.provenance.anchor"]._get_log().path
        self.assertEqual(path.parts[-3:], ("jewelry", self.env.cr.dbname, "anchors.jsonl"))
        self.assertTrue(str(path).startswith(config["data_dir"]))
