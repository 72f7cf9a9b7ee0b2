import base64
import signal
import time
from tempfile import TemporaryDirectory

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import tagged

from .kill_common import PATIENCE, KillCase

# A server that does nothing but scheduled actions.
CRON = ("--no-http", "--max-cron-threads=1")
BATCH = 20


@tagged("post_install", "-at_install", "-standard", "jewelry_full")
class TestKilledImport(KillCase):
    """A server that is killed while a file comes in, each time a little later in its batch, and
    one that is started again. Two servers and a copy of the database take a minute.
    """

    ROWS = 240
    KILLS = 3

    def _wait(self, server, is_done):
        """Wait until rows in stock and state of the import are what is waited for."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            row = self._ask(
                "SELECT COALESCE(row_done, 0), state FROM jewelry_import WHERE id = %s", self.job_id
            )
            if is_done(*row):
                return row
            self.assertIsNone(server.poll(), "the server ended by itself")
            time.sleep(0.05)
        raise AssertionError(f"Nothing more came in: {row}")

    # === THE IMPORT === #

    def _prepare(self):
        """Leave a checked import that runs: stones with numbers, costs and prices of their own."""
        registry = Registry.new(self.database)
        with registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})
            rows = "".join(
                f"K-{n:04},{0.3 + n / 1000:.3f},{100 + n}.25,{300 + n}\n" for n in range(self.ROWS)
            )
            job = env["jewelry.import"].create(
                {
                    "file": base64.b64encode(f"number,carat,cost,price\n{rows}".encode()),
                    "filename": "killed.csv",
                    "batch_size": BATCH,
                }
            )
            job.action_read()
            job.action_check()
            job.action_import()
            # Nothing else of the store needs to run here.
            cron = env.ref("jewelry_inventory.ir_cron_import")
            env["ir.cron"].search([("id", "!=", cron.id)]).active = False
            self.job_id, self.cost = job.id, job.cost_total
        self._forget()

    def _work(self):
        """Kill servers in the middle of a batch, and let the last one finish."""
        done = 0
        with TemporaryDirectory() as folder:
            for kill in range(self.KILLS):
                server = self._start_server(folder, *CRON)
                self.addCleanup(server.kill)
                done = self._wait(server, lambda rows, _state, done=done: rows > done)[0]
                # Somewhere in the batch after the last one that was kept.
                time.sleep(0.1 + 0.13 * kill)
                server.send_signal(signal.SIGKILL)
                self.assertEqual(server.wait(), -signal.SIGKILL)
                self._assert_whole_batches()
            server = self._start_server(folder, *CRON)
            self.addCleanup(server.kill)
            self._wait(server, lambda _rows, state: state != "running")
            server.kill()
            server.wait()

    def _assert_whole_batches(self):
        """Check that exactly the rows that the import counts are in stock, each valued."""
        rows, state = self._ask(
            "SELECT row_done, state FROM jewelry_import WHERE id = %s", self.job_id
        )
        self.assertEqual((rows % BATCH, state), (0, "running"))
        self.assertLess(rows, self.ROWS)
        stones, pieces = self._ask(
            "SELECT (SELECT COUNT(*) FROM jewelry_stone WHERE number LIKE 'K-%%'),"
            " (SELECT COUNT(*) FROM stock_lot WHERE name LIKE 'K-%%')"
        )
        self.assertEqual((stones, pieces), (rows, rows))

    def _assert_all_in_stock_once(self):
        registry = Registry.new(self.database)
        with registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            job = env["jewelry.import"].browse(self.job_id)
            self.assertEqual(
                (job.state, job.row_done), ("done", self.ROWS), job.error_ids.mapped("message")
            )
            lots = env["stock.lot"].search([("name", "like", "K-%")], order="name")
            numbers = [f"K-{n:04}" for n in range(self.ROWS)]
            self.assertEqual(lots.mapped("name"), numbers)
            self.assertEqual(
                env["jewelry.stone"]
                .search([("holder_id", "in", lots.ids)], order="number")
                .mapped("number"),
                numbers,
            )
            self.assertEqual(lots.mapped("standard_price"), [100.25 + n for n in range(self.ROWS)])
            quants = env["stock.quant"].search(
                [("lot_id", "in", lots.ids), ("location_id.usage", "=", "internal")]
            )
            self.assertEqual(sorted(quants.mapped("lot_id.name")), numbers)
            self.assertEqual(set(quants.mapped("quantity")), {1})
            self._assert_provenance(env, lots)
            self.assertAlmostEqual(job.cost_booked, self.cost, 2)
            self.assertTrue(job.is_tied_out)
            self.assertAlmostEqual(sum(lots.mapped("total_value")), self.cost, 2)
        self._forget()

    def _assert_provenance(self, env, lots):
        """Each piece came in once, and its chain is whole."""
        events = env["jewelry.provenance.event"]
        uuids = lots.mapped("chain_uuid")
        self.assertEqual(events.verify_chains(uuids, anchored=False).faults, ())
        received = events._read_group(
            [("chain_uuid", "in", uuids), ("kind", "=", "count_in")], ["chain_uuid"], ["__count"]
        )
        self.assertEqual({count for _uuid, count in received}, {1})
        self.assertEqual(len(received), self.ROWS)

    def test_a_killed_server_leaves_whole_batches_and_the_next_one_takes_in_the_rest_once(self):
        self._prepare()
        self._work()
        self._assert_all_in_stock_once()
