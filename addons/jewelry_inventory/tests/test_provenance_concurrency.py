from odoo.tests import tagged

from .common import RaceCase


@tagged("post_install", "-at_install")
class TestProvenanceConcurrency(RaceCase):
    """Transactions that commit, on the chains of two contacts; a migration cleans up."""

    def setUp(self):
        super().setUp()
        with self._commit() as env:
            partners = env["res.partner"].create([{"name": "Race 1"}, {"name": "Race 2"}])
            self.partner_ids, self.chains = partners.ids, partners.mapped("chain_uuid")

    def _clean(self):
        res = super()._clean()
        with self._commit() as env:
            env["res.partner"].browse(self.partner_ids).unlink()
        return res

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
