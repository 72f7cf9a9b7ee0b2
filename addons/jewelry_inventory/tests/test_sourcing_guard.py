from odoo.exceptions import UserError
from odoo.tests import tagged

from .sourcing_common import SourcingCommon


@tagged("post_install", "-at_install")
class TestSourcingGuard(SourcingCommon):
    """What was found out of a source, or said of it, is not talked away from outside."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mined = cls._stock_metal(10, style=cls.metal_style)
        cls.mined.material_source = "mined"

    def _pretend(self, record):
        """Return the record as a keeper sees it who says to be the program."""
        return record.with_user(self.keeper).with_context(sourcing_carried=True)

    def test_no_context_turns_made_metal_into_recycled_metal(self):
        melt = self._melt([(self.mined, 10)], 10)
        melt.action_done()
        lot = melt.output_ids.lot_id
        with self._refused("follows from the weights", UserError):
            self._pretend(lot).material_source = "recycled"
        self.assertEqual((lot.material_source, lot.recycled_percent), ("mined", 0))

    def test_no_context_puts_a_certificate_on_more_than_it_covers(self):
        paper = self._create_paper(carat=0.1)
        stone = self._create_stone(carat=0.5)
        with self._refused("covers 0.100 ct"):
            self._pretend(stone).sourcing_ids = paper
        self.assertFalse(stone.sourcing_ids)

    def test_stones_that_are_bought_into_a_parcel_have_nobody_s_word_yet(self):
        parcel = self._stock_parcel(5, 100)
        group = parcel.stone_ids
        self._state(
            group,
            material_source="mined",
            country_ids=self.botswana,
            sourcing_ids=self._create_paper("warranty"),
            mine="Jwaneng",
        )
        parcel._move_bulk(self.supplier_location, self.stock_location, 5, 100, cost=1)
        self.assertEqual(group.carat, 10)
        self.assertFalse(group.has_warranty)
        self.assertEqual(group.origin_text, "Mixed: Botswana, unknown")
        self.assertEqual((group.material_source, group.mine), ("mixed", False))
        group.with_user(self.keeper).sourcing_ids |= self._create_paper("warranty")
        self.assertTrue(group.has_warranty)
