from uuid import uuid4

from odoo.tests import tagged
from odoo.tools import SQL

from .common import RaceCase


@tagged("post_install", "-at_install")
class TestSourcingRace(RaceCase):
    """Keepers who put one certificate on stones at once: it covers no more than it says."""

    def setUp(self):
        super().setUp()
        with self._commit() as env:
            self.company_id = env["res.company"].create({"name": f"Race {uuid4()}"}).id
            stone = {
                "company_id": self.company_id,
                "species_id": env.ref("jewelry_inventory.species_diamond").id,
                "shape_id": env.ref("jewelry_inventory.shape_round").id,
                "origin": "natural",
                "carat": 0.6,
            }
            stones = env["jewelry.stone"].create([stone, stone])
            self.stone_ids, self.chains = stones.ids, stones.mapped("chain_uuid")
            paper = env["jewelry.sourcing.document"].create(
                {
                    "kind": "kimberley",
                    "number": "RACE1",
                    "issuer_id": env.company.partner_id.id,
                    "company_id": self.company_id,
                    "issue_date": "2026-01-01",
                    "carat": 1.0,
                }
            )
            self.paper_id = paper.id
        self.addCleanup(self._forget)

    def _forget(self):
        with self._commit() as env:
            paper = env["jewelry.sourcing.document"].browse(self.paper_id)
            paper.stone_ids = False
            paper.unlink()
            env["res.company"].browse(self.company_id).active = False
            # A stone is never deleted, but what no test needs any more.
            env.flush_all()
            env.execute_query(
                SQL("DELETE FROM jewelry_stone WHERE id = ANY(%s) RETURNING id", self.stone_ids)
            )

    def test_one_of_two_is_refused_when_both_together_are_too_much(self):
        def attach(stone_id):
            def work(env):
                env["jewelry.sourcing.attach"].create(
                    {"document_id": self.paper_id, "stone_ids": [stone_id]}
                ).action_attach()

            return work

        refusals = self._race(*map(attach, self.stone_ids))
        (refusal,) = filter(None, refusals)
        self.assertIn("covers 1.000 ct, and would be on 1.200 ct", refusal)
        with self._commit() as env:
            paper = env["jewelry.sourcing.document"].browse(self.paper_id)
            self.assertEqual((len(paper.stone_ids), paper.used_carat), (1, 0.6))
