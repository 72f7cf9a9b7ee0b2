from uuid import uuid4

from odoo.tests import tagged

from .common import RaceCase
from .fake_gia import KEY
from .report_common import FakeGiaCase

NUMBERS = ("9000000001", "9000000001", "9000000002", "9000000003")


@tagged("post_install", "-at_install")
class TestReportRace(FakeGiaCase, RaceCase):
    """Keepers who ask at once: each gets an answer, and no lookup is paid for twice."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._forget)
        with self._commit() as env:
            company = env["res.company"].create({"name": f"Race {uuid4()}"})
            company.write({"gia_url": f"{self.fake.base}/graphql", "gia_key": KEY})
            self.company_id = company.id
            env.ref("jewelry_inventory.laboratory_gia").provider = "gia"

    def _forget(self):
        with self._commit() as env:
            env["jewelry.report.lookup"].search([("company_id", "=", self.company_id)]).unlink()
            env["res.company"].browse(self.company_id).write({"gia_key": False, "active": False})

    def test_each_of_those_who_ask_at_once_gets_an_answer(self):
        def look_up(number):
            def work(env):
                company = env["res.company"].browse(self.company_id)
                laboratory = env.ref("jewelry_inventory.laboratory_gia")
                row = env["jewelry.report.lookup"]._look_up(laboratory, number, company)
                self.assertEqual(row.state, "done")

            return work

        refusals = self._race(*map(look_up, NUMBERS))
        self.assertEqual(refusals, [None] * len(NUMBERS))
        # None of the transactions was run again, which would have asked again.
        self.assertEqual(len(self.fake.asked), len(NUMBERS))
        with self._commit() as env:
            rows = env["jewelry.report.lookup"].search([("company_id", "=", self.company_id)])
            self.assertEqual(sorted(rows.mapped("number")), sorted(NUMBERS))
