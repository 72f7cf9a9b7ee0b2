from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .test_race import CHIPS, BatchRaceCase


@tagged("post_install", "-at_install")
class TestReaderCountRace(BatchRaceCase):
    """Gateways count at once, and somebody closes the count meanwhile."""

    def setUp(self):
        super().setUp()
        self.answers = {}
        with self._commit() as env:
            company = env["res.company"].browse(self.company_id)
            counts = env["jewelry.count"].with_context(allowed_company_ids=company.ids)
            count = counts.create(
                {
                    "kind": "cycle",
                    "company_id": company.id,
                    "place_ids": [Command.set(company._get_stock_place().ids)],
                }
            )
            count._start()
            count._start_readers()
            begun = fields.Datetime.now() - timedelta(minutes=1)
            count.write({"start_date": begun, "readers_date": begun})
            self.count_id = count.id
        self.addCleanup(self._forget_count)

    def _forget_count(self):
        with self._commit() as env:
            for table in ("jewelry_count_line", "jewelry_count_scan", "jewelry_count_tie_out"):
                env.cr.execute(f"DELETE FROM {table} WHERE count_id = %s", [self.count_id])
            env.cr.execute("DELETE FROM jewelry_count WHERE id = %s", [self.count_id])
            messages = [("model", "=", "jewelry.count"), ("res_id", "=", self.count_id)]
            env["mail.message"].search(messages).unlink()

    def _close(self, env):
        count = env["jewelry.count"].browse(self.count_id)
        count._check_state("open")
        count._lock()
        count._close()

    def _read(self, gateway, antenna=1):
        return self._send(self.devices[gateway], self._rows(range(CHIPS), antenna, 1_000))

    def test_gateways_that_see_the_same_chips_make_one_scan_of_each(self):
        self.assertEqual(self._race(self._read(0), self._read(1, 2)), [None, None])
        with self._commit() as env:
            count = env["jewelry.count"].browse(self.count_id)
            self.assertEqual((len(count.scan_ids), len(count.scan_ids.lot_id)), (CHIPS, CHIPS))
            self.assertEqual(sum(count.part_ids.mapped("scan_count")), CHIPS)

    def test_what_is_read_while_the_count_closes_is_compared_or_no_scan_at_all(self):
        for _turn in range(4):
            refusals = self._race(self._close, self._read(0), self._read(1, 2))
            self.assertEqual(refusals[1:], [None, None])
            with self._commit() as env:
                count = env["jewelry.count"].browse(self.count_id)
                if count.state == "counted":
                    self.assertEqual(count.found_quantity, len(count.scan_ids))
                    count.action_reopen()
                else:
                    self.assertIn("Scans are coming in right now", refusals[0])
                env.cr.execute(
                    "DELETE FROM jewelry_count_scan WHERE count_id = %s", [self.count_id]
                )
