from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..tools import sourcing
from .sourcing_common import SourcingCommon

# Each step rounds what a lot still has to the microgram.
SLACK = Decimal("0.00001")

steps = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(1, 2000),
        st.sampled_from(["melt", "melt", "melt and undo", "buy", "sell"]),
    ),
    min_size=2,
    max_size=6,
)


@tagged("post_install", "-at_install")
class TestSourcingSequence(SourcingCommon):
    """Whatever is done to metal one after the other, no gram changes its source."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lots = cls.env["stock.lot"]
        for source in ("recycled", "mined", "fair_mined"):
            lot = cls._stock_metal(10, style=cls.metal_style)
            lot.material_source = source
            cls.lots |= lot

    @settings(max_examples=8, deadline=None)
    @given(steps)
    def test_grams_keep_their_source_through_melts_undone_melts_purchases_and_sales(self, steps):
        with self.env.cr.savepoint() as savepoint:
            # From here on all are mixes, into which purchases count as unknown.
            self._melt_into(self.lots[0], self.lots[1], 1000)
            self._melt_into(self.lots[1], self.lots[2], 1000)
            self._melt_into(self.lots[2], self.lots[0], 1000)
            for step in steps:
                self._walk(*step)
            savepoint.rollback()
        self.env.invalidate_all()

    def _walk(self, source, target, grams, kind):
        taken, given_to = self.lots[source], self.lots[target]
        grams = min(grams, int(taken.product_qty * 1000) - 1)
        expected = self._get_grams()
        if kind == "buy":
            taken._move_bulk(self.supplier_location, self.stock_location, grams / 1000, cost=1)
            bought = {sourcing.UNKNOWN: Decimal(grams) * 750 / 1_000_000}
            expected = sourcing.add([expected, bought])
        elif kind == "sell":
            sold = taken._get_metal_mix(self.gold, Decimal(grams) * 750 / 1_000_000)
            self._move_parcel(taken, grams / 1000, self.stock_location, self.customer_location)
            expected = {one: expected[one] - sold.get(one, 0) for one in expected}
        elif source != target:
            melt = self._melt_into(taken, given_to, grams)
            if kind == "melt and undo":
                melt.action_reverse()
        self._assert_close(self._get_grams(), expected, (source, target, grams, kind))

    def _melt_into(self, taken, target, grams):
        melt = self._melt([(taken, grams / 1000)], grams / 1000)
        melt.output_ids.lot_id = target
        melt.action_done()
        return melt

    def _get_grams(self):
        """Return {source: fine grams} of all that is in the store."""
        mixes = [
            lot._get_metal_mix(self.gold, fine)
            for lot in self.lots
            for fine in lot._get_fine_on_hand().values()
        ]
        return sourcing.add(mixes)

    def _assert_close(self, grams, expected, step):
        for source in sourcing.METAL_SOURCES:
            difference = abs(grams.get(source, 0) - expected.get(source, 0))
            self.assertLessEqual(difference, SLACK, (step, source, grams, expected))
