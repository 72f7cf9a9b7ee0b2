from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Barrier, Thread
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config, mute_logger


@tagged("post_install", "-at_install")
class TestProvenanceConcurrency(BaseCase):
    """Transactions that commit, on the chains of two contacts; a migration cleans up."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # The main thread locks registries as long as tests run; racers need one too.
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))
        folder = mkdtemp()
        self.addCleanup(rmtree, folder)
        option = {"jewelry_anchor_file": str(Path(folder, "anchors.jsonl"))}
        self.startPatcher(patch.dict(config.options, option))
        with self._commit() as env:
            self.last_check = env["jewelry.provenance.check"].search([], limit=1).id or 0
            partners = env["res.partner"].create([{"name": "Race 1"}, {"name": "Race 2"}])
            self.partner_ids, self.chains = partners.ids, partners.mapped("chain_uuid")
        self.addCleanup(self._clean)

    @contextmanager
    def _commit(self):
        """Give the block a transaction of its own as superuser and commit it."""
        with self.registry.cursor() as cursor:
            yield api.Environment(cursor, SUPERUSER_ID, {})

    def _clean(self):
        with mute_logger("odoo.addons.jewelry_inventory"), self._commit() as env:
            env["jewelry.provenance.event"].migrate_events(self._drop_chains, "test")
            env["jewelry.provenance.check"].search([("id", ">", self.last_check)]).unlink()
            env["res.partner"].browse(self.partner_ids).unlink()

    def _drop_chains(self, cr):
        for table in ("jewelry_provenance_event", "jewelry_provenance_head"):
            cr.execute(f"DELETE FROM {table} WHERE chain_uuid = ANY(%s)", [self.chains])

    def _race(self, *works):
        """Run `works`, each in a thread and a transaction that began before any of them wrote."""
        start = Barrier(len(works))
        threads = [Thread(target=self._run, args=(work, start)) for work in works]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    def _run(self, work, start):
        tries = []

        def attempt():
            env.cr.execute("SELECT 1 FROM jewelry_provenance_head LIMIT 1")
            if not tries:
                tries.append(start.wait())
            work(env)

        with self._commit() as env:
            retrying(attempt, env)

    def _append(self, *order):
        """Return work that appends an event for each contact of `order`, by its place."""

        def work(env):
            partners = env["res.partner"].browse([self.partner_ids[place] for place in order])
            env["jewelry.provenance.event"]._append(
                [(partner, "content", {}) for partner in partners]
            )

        return work

    def _get_numbers(self):
        with self._commit() as env:
            events = env["jewelry.provenance.event"].search([("chain_uuid", "in", self.chains)])
            self.assertTrue(
                env["jewelry.provenance.event"].verify_chains(self.chains, anchored=False).ok
            )
            return sorted((self.chains.index(event.chain_uuid), event.seq) for event in events)

    def test_two_that_continue_a_chain_both_commit_one_behind_the_other(self):
        self._race(self._append(0))
        self._race(self._append(0), self._append(0))
        self.assertEqual(self._get_numbers(), [(0, 1), (0, 2), (0, 3)])

    def test_two_that_begin_the_same_chain_both_commit_one_behind_the_other(self):
        self._race(self._append(0), self._append(0))
        self.assertEqual(self._get_numbers(), [(0, 1), (0, 2)])

    def test_two_that_take_the_same_chains_in_opposite_order_do_not_block_each_other(self):
        self._race(self._append(0, 1), self._append(1, 0))
        self.assertEqual(self._get_numbers(), [(0, 1), (0, 2), (1, 1), (1, 2)])
