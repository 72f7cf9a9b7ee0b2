from decimal import Decimal
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .sourcing_common import SourcingCommon


@tagged("post_install", "-at_install")
class TestRecycledMetal(SourcingCommon):
    """Percent recycled follows from weights, through everything that is done to metal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.recycled = cls._stock_metal(10, style=cls.metal_style)
        cls.recycled.material_source = "recycled"
        cls.declaration = cls._create_paper("recycled", carat=0)
        cls._state(cls.recycled, sourcing_ids=cls.declaration)
        cls.mined = cls._stock_metal(10, style=cls.metal_style)
        cls.mined.material_source = "mined"

    def _melt_down(self, ins, grams, *lines):
        melt = self._melt(ins, grams, *lines)
        melt.action_done()
        return melt.output_ids.lot_id

    # === STATED === #

    def test_metal_is_of_unknown_source_until_somebody_says_more(self):
        lot = self._stock_metal(1, style=self.metal_style)
        self.assertEqual((lot.material_source, lot.recycled_percent), ("unknown", 0))
        self.assertIn("100.00 % of the metal is of unknown source", lot.recycled_note)

    def test_a_stated_source_is_all_of_it(self):
        self.assertEqual(self.recycled.recycled_percent, 100)
        self.assertEqual(self.mined.recycled_percent, 0)
        self.assertFalse(self.mined.recycled_note)

    def test_nobody_states_a_mix(self):
        with self._refused("mixed by melting and casting"):
            self.mined.material_source = "mixed"

    # === MELTED === #

    def test_half_recycled_metal_comes_of_two_equal_lots(self):
        lot = self._melt_down([(self.recycled, 10), (self.mined, 10)], 20)
        self.assertEqual(lot.recycled_percent, 50)
        self.assertEqual(lot.material_source, "mixed")
        self.assertEqual(self._get_mix(lot), {"recycled": 7.5, "mined": 7.5})

    def test_fine_grams_count_and_not_gross_ones(self):
        pure_alloy = self.env.ref("jewelry_inventory.alloy_gold_999")
        pure = self._stock_metal(10, alloy=pure_alloy)
        pure.material_source = "recycled"
        melt = self._melt(
            [(pure, 10), (self.mined, 10)],
            10,
            self._prepare_line("out", product_id=pure.product_id.id, metal_weight=10),
        )
        melt.action_done()
        # 9.99 g of 17.49 g, where half of the gross weight is recycled.
        for lot in melt.output_ids.lot_id:
            self.assertEqual(lot.recycled_percent, 57.12)

    def test_a_loss_takes_its_share_of_each_source(self):
        melt = self._melt(
            [(self.recycled, 10), (self.mined, 10)], 19.9, self._lose(0.1, loss_kind="weighed")
        )
        melt.action_done()
        lot, loss = melt.output_ids.lot_id, melt.loss_ids
        self.assertEqual(lot.recycled_percent, 50)
        lost = loss.sourcing["metals"]["gold"]
        self.assertEqual(sum(map(Decimal, lost.values())), Decimal("0.075"))
        self.assertEqual(
            Decimal(lost["recycled"]) + Decimal(str(self._get_mix(lot)["recycled"])), Decimal("7.5")
        )

    def test_a_lot_that_gave_some_keeps_its_mix(self):
        lot = self._melt_down([(self.recycled, 6), (self.mined, 2)], 8)
        part = self._melt_down([(lot, 3)], 3)
        self.assertEqual((lot.recycled_percent, part.recycled_percent), (75, 75))
        rest = self._melt_down([(lot, 5)], 5)
        self.assertEqual(rest.recycled_percent, 75)

    def test_what_is_melted_into_a_lot_is_mixed_with_what_is_there(self):
        melt = self._melt([(self.recycled, 5)], 5)
        melt.output_ids.lot_id = self.mined
        melt.action_done()
        # 5 g of 15 g.
        self.assertEqual(self.mined.recycled_percent, 33.33)
        self.assertEqual(self._get_mix(self.mined), {"recycled": 3.75, "mined": 7.5})

    def test_metal_that_is_bought_into_a_mix_is_of_unknown_source(self):
        lot = self._melt_down([(self.recycled, 10)], 10)
        lot._move_bulk(self.supplier_location, self.stock_location, 10, cost=1)
        self.assertEqual(lot.recycled_percent, 50)
        self.assertEqual(self._get_mix(lot), {"recycled": 7.5, "unknown": 7.5})

    def test_metal_that_is_sold_from_a_mix_changes_nothing(self):
        lot = self._melt_down([(self.recycled, 6), (self.mined, 2)], 8)
        self._move_parcel(lot, 4, self.stock_location, self.customer_location)
        self.assertEqual(lot.recycled_percent, 75)

    # === OLD PIECES === #

    def test_a_melted_trade_in_is_recycled_metal(self):
        ring = self._stock_mount(gross=4, stock_type="trade_in")
        lot = self._melt_down([(ring, 0)], 4)
        self.assertEqual((lot.material_source, lot.recycled_percent), ("recycled", 100))

    def test_a_piece_that_came_back_from_a_customer_is_recycled_metal(self):
        ring = self._stock_mount(gross=4)
        self._move(ring, self.stock_location, self.customer_location)
        self._move(ring, self.customer_location, self.stock_location)
        self.assertEqual(self._melt_down([(ring, 0)], 4).recycled_percent, 100)

    def test_a_new_piece_that_is_melted_stays_what_it_is(self):
        ring = self._stock_mount(gross=4)
        ring.material_source = "mined"
        lot = self._melt_down([(ring, 0)], 4)
        self.assertEqual((lot.material_source, lot.recycled_percent), ("mined", 0))

    # === PIECES === #

    def _cast(self, ins, gross, sprue=0.0):
        style = self._create_style(name="Cast", categ_id=self.category_auto.id)
        taken = [self._prepare_line("in", lot, metal_weight=grams) for lot, grams in ins]
        lines = [self._prepare_line("out", product_id=style.id, gross_weight=gross)]
        if sprue:
            lines.append(
                self._prepare_line("out", product_id=self.metal_style.id, metal_weight=sprue)
            )
        cast = self._create_transformation("cast", *taken, *lines)
        cast.action_done()
        return cast

    def test_a_casting_and_its_sprue_are_of_the_same_mix(self):
        cast = self._cast([(self.recycled, 6), (self.mined, 4)], 7, 3)
        piece, sprue = (line.lot_id for line in cast.output_ids)
        self.assertEqual((piece.recycled_percent, sprue.recycled_percent), (60, 60))

    def test_setting_a_stone_leaves_the_metal_as_it_is(self):
        piece = self._cast([(self.recycled, 6), (self.mined, 4)], 10).output_ids.lot_id
        stone = self._stock_stone()
        self._set_stones(piece, stone)
        self.assertEqual(piece.recycled_percent, 60)
        self._unset_stones(piece, stone)
        self.assertEqual(piece.recycled_percent, 60)

    def test_metal_that_is_added_to_a_piece_is_mixed_with_its_own(self):
        piece = self._stock_mount(gross=6)
        piece.material_source = "mined"
        work = self._create_transformation(
            "assemble",
            self._prepare_line("in", piece),
            self._prepare_line("in", self.recycled, metal_weight=2),
            self._prepare_line("out", piece),
        )
        work.action_done()
        self.assertEqual(piece.recycled_percent, 25)

    def test_lots_that_come_back_from_the_bench_stay_apart(self):
        lines = [
            self._prepare_line(side, lot, metal_weight=10)
            for side in ("in", "out")
            for lot in (self.recycled, self.mined)
        ]
        self._create_transformation("return", *lines).action_done()
        self.assertEqual(self.recycled.recycled_percent, 100)
        self.assertEqual(self.mined.recycled_percent, 0)

    # === UNDOING === #

    def test_undoing_a_melt_gives_back_what_each_was(self):
        ring = self._stock_mount(gross=4, stock_type="trade_in")
        melt = self._melt([(ring, 0), (self.mined, 10)], 14)
        melt.action_done()
        melt.action_reverse()
        self.assertEqual((ring.material_source, ring.recycled_percent), ("unknown", 0))
        self.assertEqual((self.mined.material_source, self.mined.recycled_percent), ("mined", 0))

    def test_undoing_gives_back_a_part_of_a_lot_that_is_still_there(self):
        lot = self._melt_down([(self.recycled, 6), (self.mined, 2)], 8)
        melt = self._melt([(lot, 4)], 4)
        melt.action_done()
        melt.action_reverse()
        self.assertEqual(lot.recycled_percent, 75)
        self.assertEqual(sum(self._get_mix(lot).values()), 6)

    # === CONSERVED === #

    @settings(max_examples=8)
    @given(
        grams=st.lists(st.integers(1, 5000), min_size=3, max_size=3),
        sprue=st.integers(1, 999),
        lost=st.integers(0, 3),
    )
    def test_recycled_grams_are_conserved_from_lots_to_piece_sprue_and_loss(
        self, grams, sprue, lost
    ):
        with self.env.cr.savepoint() as savepoint:
            self._assert_conserved([gram / 1000 for gram in grams], sprue / 1000, lost / 1000)
            savepoint.rollback()
        self.env.invalidate_all()

    def _assert_conserved(self, grams, share, lost):
        unknown = self._stock_metal(5, style=self.metal_style)
        ins = list(zip((self.recycled, self.mined, unknown), grams, strict=True))
        total = round(sum(grams), 3)
        lost = min(lost, round(total / 2000, 3))
        sprue = round((total - lost) * share, 3)
        style = self._create_style(name="Cast", categ_id=self.category_auto.id)
        lines = [self._prepare_line("in", lot, metal_weight=weight) for lot, weight in ins]
        lines.append(self._prepare_line("out", product_id=style.id))
        if sprue:
            lines.append(
                self._prepare_line("out", product_id=self.metal_style.id, metal_weight=sprue)
            )
        if lost:
            lines.append(self._lose(lost, loss_kind="weighed"))
        cast = self._create_transformation("cast", *lines)
        cast.action_done()
        took, gave = self._sum(cast.input_ids), self._sum(cast.output_ids | cast.loss_ids)
        self.assertEqual(took, gave)
        self.assertEqual(took["recycled"], Decimal(str(grams[0])) * 750 / 1000)
        for lot in cast.output_ids.lot_id:
            self.assertTrue(0 <= lot.recycled_percent <= 100)

    def _sum(self, lines):
        total = {}
        for line in lines:
            for source, grams in line.sourcing["metals"].get("gold", {}).items():
                total[source] = total.get(source, 0) + Decimal(grams)
        return total

    # === ORIGINS AND PAPERS === #

    def test_countries_and_papers_of_metals_unite(self):
        self._state(self.recycled, country_ids=self.canada)
        self._state(self.mined, country_ids=self.botswana)
        lot = self._melt_down([(self.recycled, 5), (self.mined, 5)], 10)
        self.assertEqual(lot.sourcing_ids, self.declaration)
        self.assertEqual(lot.origin_text, "Mixed: Botswana, Canada")

    def test_a_known_country_and_an_unknown_one_are_mixed(self):
        self._state(self.mined, country_ids=self.botswana)
        lot = self._melt_down([(self.recycled, 5), (self.mined, 5)], 10)
        self.assertEqual(lot.origin_text, "Mixed: Botswana, unknown")
        self._state(lot, country_ids=self.botswana)
        self.assertEqual(lot.origin_text, "Botswana")

    # === GUARDS === #

    def test_a_keeper_does_not_state_another_source_for_what_was_made_here(self):
        lot = self._melt_down([(self.recycled, 6), (self.mined, 2)], 8)
        with self._refused("follows from the weights", UserError):
            lot.with_user(self.keeper).material_source = "recycled"
        lot.with_user(self.manager).material_source = "mined"
        self.assertEqual((lot.recycled_percent, len(lot.metal_source_ids)), (0, 0))

    def test_papers_on_diamonds_are_not_for_metal(self):
        with self._refused("is for diamonds: put it on the stones", ValidationError):
            self._state(self.mined, sourcing_ids=self._create_paper())

    def test_the_grams_by_source_are_written_by_nobody(self):
        lot = self._melt_down([(self.recycled, 6), (self.mined, 2)], 8)
        row = lot.metal_source_ids[:1]
        for user in (self.keeper, self.manager):
            self.assertFalse(row.with_user(user).has_access("write"))
            self.assertTrue(row.with_user(user).has_access("read"))

    def test_each_mix_is_an_event(self):
        lot = self._melt_down([(self.recycled, 6), (self.mined, 2)], 8)
        self.assertIn('"recycled":"75.00"', self._get_events(lot)[-1].payload)
        self.recycled.material_source = "unknown"
        self.assertIn('"source":"unknown"', self._get_events(self.recycled)[-1].payload)

    def test_a_transformation_that_fails_leaves_the_sources_as_they_were(self):
        costing = self.registry["jewelry.transformation"]
        with (
            patch.object(costing, "_post_entry", side_effect=UserError("No account")),
            self._refused("No account", UserError),
        ):
            self._melt_down([(self.recycled, 6), (self.mined, 2)], 8)
        self.assertFalse(self.recycled.metal_source_ids)
        self.assertEqual(self.recycled.recycled_percent, 100)
