import shutil
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from tempfile import TemporaryDirectory

from common import RealStoreCase

MOTHER, COPY = "verify_mother", "verify_copy"
ANCHOR = "env['jewelry.provenance.check']._cron_verify()\nenv.cr.commit()\n"
APPEND = """
piece = env["stock.lot"].search([("name", "=", "R-1001")])
env["jewelry.provenance.event"]._append([(piece, "price", {{"new": "{price}"}})])
env.cr.commit()
"""
EXPORT = """
from base64 import b64encode
from odoo.addons.jewelry_inventory.tools.verifier import build_verifier
piece = env["stock.lot"].search([("name", "=", "R-1001")])
answer = {
    "passport": b64encode(piece._get_passport_file()).decode(),
    "program": b64encode(build_verifier()).decode(),
    "key": env["jewelry.provenance.key"]._get_key().get_public(),
}
"""
# What the owner of a database can do who knows how events are sealed: write the chain anew.
REBUILD = """
from odoo.addons.jewelry_inventory.tools.provenance import digest
piece = env["stock.lot"].search([("name", "=", "R-1001")])
previous = ""
env.cr.execute("ALTER TABLE jewelry_provenance_event DISABLE TRIGGER USER")
for row in piece._fetch_chains([piece.chain_uuid]):
    row = row._replace(payload=row.payload.replace('"100"', '"900"'), previous=previous)
    previous = digest(row)
    env.cr.execute(
        "UPDATE jewelry_provenance_event SET payload = %s, previous = %s, hash = %s"
        " WHERE chain_uuid = %s AND seq = %s",
        [row.payload, row.previous, previous, row.chain, row.seq],
    )
env.cr.execute("ALTER TABLE jewelry_provenance_event ENABLE TRIGGER USER")
env.cr.execute(
    "UPDATE jewelry_provenance_head SET hash = %s WHERE chain_uuid = %s",
    [previous, piece.chain_uuid],
)
env.cr.commit()
"""
SEALED = "ALTER TABLE jewelry_provenance_event {} TRIGGER USER"
CHAIN = "(SELECT chain_uuid FROM stock_lot WHERE name = 'R-1001')"


class TestVerify(RealStoreCase):
    """`./store verify` ends with 1 and names the first bad event, whatever was done to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.drop, MOTHER)
        cls.drop(MOTHER)
        cls.prepared.build(MOTHER, ["jewelry_demo"])
        for price in ("100", "200"):
            cls.prepared.shell(MOTHER, APPEND.format(price=price) + ANCHOR)

    def setUp(self):
        self.addCleanup(self.drop, COPY)
        self.copy(MOTHER, COPY)

    def copy(self, source, target):
        """Copy the database and its anchor file, as a backup that is put in place."""
        self.drop(target)
        self.prepared.databases.copy(source, target)
        shutil.copytree(self.anchors(source), self.anchors(target))

    def tamper(self, statement):
        """Do what the owner of the database can do."""
        for part in (SEALED.format("DISABLE"), statement, SEALED.format("ENABLE")):
            self.prepared.databases.query(COPY, part)

    def count(self):
        """The number of events in the chain of R-1001."""
        query = f"SELECT count(*) FROM jewelry_provenance_event WHERE chain_uuid = {CHAIN}"
        return self.prepared.databases.query(COPY, query)[0][0]

    def verify(self, code):
        done = self.run_store("verify", "--database", COPY)
        self.assertEqual(done.returncode, code, done.stdout)
        return done.stdout

    def assert_named(self, wanted):
        """Assert that exactly one thing is said to be damaged."""
        said = [line for line in self.verify(1).splitlines() if line.startswith("damaged: ")]
        self.assertEqual(len(said), 1, said)
        self.assertIn(wanted, said[0])

    def export(self, database):
        """Let a database export the passport of R-1001, and the program that checks it."""
        answer = self.prepared.ask(database, EXPORT)
        folder = Path(self.enterContext(TemporaryDirectory()))
        for name in ("passport", "program"):
            (folder / name).write_bytes(b64decode(answer[name]))
        return folder, answer["key"]

    def check(self, folder, code, *options):
        """Run the program of a customer, which has Python alone, on the file."""
        command = [sys.executable, "-I", "-S", folder / "program", folder / "passport", *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def replace_key(self):
        """Take the signing key away, so that the next signature is by another one."""
        (self.anchors(COPY) / "signing_key.pem").unlink()

    def test_a_passport_of_a_sound_database_is_sound_by_key_and_by_anchor(self):
        folder, key = self.export(COPY)
        kept = self.anchors(COPY) / "anchors.jsonl"
        self.assertIn("SOUND", self.check(folder, 0, "--key", key, "--anchor", kept))

    def test_a_passport_of_a_damaged_database_is_not_sound(self):
        self.tamper(
            "UPDATE jewelry_provenance_event SET payload = replace(payload, '100', '900')"
            f" WHERE chain_uuid = {CHAIN} AND payload LIKE '%\"100\"%'"
        )
        self.verify(1)
        folder, key = self.export(COPY)
        said = self.check(folder, 1, "--key", key)
        self.assertIn(f"event {self.count() - 1}: the event was changed", said)

    def test_a_passport_of_a_rebuilt_chain_is_not_sound(self):
        self.prepared.shell(COPY, REBUILD)
        self.verify(1)
        folder, key = self.export(COPY)
        self.assertIn("the event is not the one that was anchored", self.check(folder, 1))
        self.check(folder, 1, "--key", key)

    def test_what_another_key_has_signed_is_not_sound(self):
        _folder, key = self.export(COPY)
        self.replace_key()
        folder, other = self.export(COPY)
        self.assertNotEqual(other, key)
        self.assertIn("by another key", self.check(folder, 1, "--key", key))

    def test_a_rebuilt_chain_that_is_anchored_anew_is_found_by_what_others_kept(self):
        _folder, key = self.export(COPY)
        kept = self.anchors(MOTHER) / "anchors.jsonl"
        self.prepared.shell(COPY, REBUILD)
        self.prepared.databases.query(COPY, "TRUNCATE jewelry_provenance_check CASCADE")
        shutil.rmtree(self.anchors(COPY))
        self.prepared.shell(COPY, ANCHOR)
        folder, other = self.export(COPY)
        # By itself it is consistent: the key and the anchors that others have kept give it away.
        self.check(folder, 0, "--key", other)
        self.check(folder, 1, "--key", key)
        self.check(folder, 1, "--anchor", kept)

    def test_sound_chains_end_with_0(self):
        self.assertRegex(self.verify(0), r"[1-9]\d+ events in [1-9]\d+ chains: all sound")

    def test_a_payload_altered_with_the_trigger_disabled(self):
        self.tamper(
            "UPDATE jewelry_provenance_event SET payload = replace(payload, '100', '900')"
            f" WHERE chain_uuid = {CHAIN} AND payload LIKE '%\"100\"%'"
        )
        self.assert_named(f"R-1001, event {self.count() - 1}: changed after it was written")

    def test_an_event_removed(self):
        self.tamper(f"DELETE FROM jewelry_provenance_event WHERE chain_uuid = {CHAIN} AND seq = 1")
        self.assert_named("R-1001, event 1: missing")

    def test_events_and_head_rolled_back_together(self):
        last = self.count()
        self.tamper(
            f"DELETE FROM jewelry_provenance_event WHERE chain_uuid = {CHAIN} AND seq = {last}"
        )
        self.tamper(
            "UPDATE jewelry_provenance_head SET seq = event.seq, hash = event.hash"
            f" FROM jewelry_provenance_event event WHERE event.chain_uuid = {CHAIN}"
            f" AND event.seq = {last - 1}"
            " AND jewelry_provenance_head.chain_uuid = event.chain_uuid"
        )
        self.assert_named(f"R-1001, event {last}: not the event that was anchored")

    def test_a_head_rolled_back_alone(self):
        last = self.count()
        self.tamper(
            f"UPDATE jewelry_provenance_head SET seq = {last - 1} WHERE chain_uuid = {CHAIN}"
        )
        self.assert_named(f"R-1001, event {last}: not where the chain's head says")

    def test_an_anchor_file_rolled_back(self):
        file = self.anchors(COPY) / "anchors.jsonl"
        first, _last = file.read_text().splitlines()
        file.write_text(first + "\n")
        self.assert_named("Line 2 of the anchor file: the line of the last anchor is missing")

    def test_an_anchor_file_that_is_gone(self):
        shutil.rmtree(self.anchors(COPY))
        self.assert_named("Line 1 of the anchor file: the line of the last anchor is missing")

    def test_a_backup_that_went_its_own_way_and_was_put_in_place(self):
        last = self.count()
        self.tamper(
            f"DELETE FROM jewelry_provenance_event WHERE chain_uuid = {CHAIN} AND seq = {last}"
        )
        self.tamper(
            "UPDATE jewelry_provenance_head SET seq = event.seq, hash = event.hash"
            f" FROM jewelry_provenance_event event WHERE event.chain_uuid = {CHAIN}"
            f" AND event.seq = {last - 1}"
            " AND jewelry_provenance_head.chain_uuid = event.chain_uuid"
        )
        self.prepared.shell(COPY, APPEND.format(price="300"))
        self.assert_named(f"R-1001, event {last}: not the event that was anchored")

    def test_a_copy_under_its_own_name_says_that_it_is_a_fork(self):
        rename = "UPDATE ir_config_parameter SET value = 'copy' WHERE key = 'database.uuid'"
        self.prepared.databases.query(COPY, rename)
        self.assertIn("from here on a fork", self.verify(0))
