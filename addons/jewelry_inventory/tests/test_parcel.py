from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import TransformationCommon


@tagged("post_install", "-at_install")
class TestParcel(TransformationCommon):
    """Parcels have carats and a count, and an average cost by carat."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parcel = cls._stock_parcel(carat=5, count=100, cost=1000)

    def _get_amount(self, parcel=None):
        group = (parcel or self.parcel).stone_ids
        return group.carat, group.count

    def _draft(self, kind, ins, outs, *losses, **values):
        """Return a draft; `ins` and `outs` as (parcel or None, carats, count)."""
        lines = [
            self._prepare_line(
                direction,
                lot,
                carat=carat,
                stone_count=count,
                product_id=(lot.product_id if lot else self.parcel_style).id,
            )
            for direction, side in (("in", ins), ("out", outs))
            for lot, carat, count in side
        ]
        return self._create_transformation(kind, *lines, *losses, **values)

    def _do(self, *args, **values):
        draft = self._draft(*args, **values)
        draft.action_done()
        return draft

    # === COUNTS === #

    def test_a_received_parcel_has_the_count_that_was_planned(self):
        self.assertEqual(self._get_amount(), (5, 100))
        self.assertEqual(self.parcel.product_qty, 5)
        self.assertEqual(self._value(self.parcel), 1000)

    def test_a_sale_takes_the_stones_that_its_carats_make(self):
        self._move_parcel(self.parcel, 1, self.stock_location, self.customer_location)
        self.assertEqual(self._get_amount(), (4, 80))

    def test_a_stated_count_is_believed(self):
        self._move_parcel(self.parcel, 1, self.stock_location, self.customer_location, count=18)
        self.assertEqual(self._get_amount(), (4, 82))

    def test_a_sold_out_parcel_is_empty_and_can_be_filled_again(self):
        self._move_parcel(self.parcel, 5, self.stock_location, self.customer_location)
        self.assertEqual(self._get_amount(), (0, 0))
        self._move_parcel(self.parcel, 2, self.supplier_location, self.stock_location, count=41)
        self.assertEqual(self._get_amount(), (2, 41))

    def test_moving_within_the_store_changes_no_count(self):
        self._move_parcel(self.parcel, 2, self.stock_location, self.bench)
        self.assertEqual(self._get_amount(), (5, 100))
        self.assertEqual(self.parcel._get_amount_in(self.bench), (2, 40))
        self.assertEqual(self.parcel._get_amount_in(self.stock_location), (3, 60))

    def test_a_parcel_is_described_once(self):
        with self._refused("described already", ValidationError):
            self._create_stone(holder_id=self.parcel.id, carat=1)

    # === COST === #

    def test_no_cent_remains_when_a_parcel_is_sold_in_parts(self):
        self.parcel_style.categ_id = self.category_auto
        parcel = self._stock_parcel(carat=3, count=3, cost=100)
        moves = [
            self._move_parcel(parcel, 1, self.stock_location, self.customer_location)
            for _ in range(3)
        ]
        self.assertEqual(sum(move.value for move in moves), 100)

    def test_what_left_a_parcel_keeps_its_value(self):
        move = self._move_parcel(self.parcel, 1, self.stock_location, self.customer_location)
        self.parcel.standard_price = 300
        self.assertEqual(move.value, 200)

    # === SPLIT, MIX, RE-GRADE === #

    def test_a_split_parcel_shares_carats_stones_and_cost(self):
        self._do(
            "split",
            [(self.parcel, 5, 100)],
            [(self.parcel, 3, 59), (None, 2, 41)],
        )
        self.assertEqual(self._get_amount(), (3, 59))
        self.assertEqual(self._value(self.parcel), 600)
        new = (
            self.env["stock.lot"].search([("product_id", "=", self.parcel_style.id)]) - self.parcel
        )
        self.assertEqual(self._get_amount(new), (2, 41))
        self.assertEqual(self._value(new), 400)
        self.assertEqual(new.stone_ids.species_id, self.parcel.stone_ids.species_id)

    def test_a_part_is_split_off_without_touching_the_rest(self):
        split = self._do("split", [(self.parcel, 2, 41)], [(None, 2, 41)])
        self.assertEqual(self._get_amount(), (3, 59))
        self.assertEqual(self._value(split.output_ids.lot_id), 400)

    def test_mixed_parcels_cost_the_weighted_average(self):
        other = self._stock_parcel(carat=3, count=50, cost=150)
        self._do("mix", [(self.parcel, 5, 100), (other, 3, 50)], [(self.parcel, 8, 150)])
        self.assertEqual(self._get_amount(), (8, 150))
        self.assertEqual(self._get_amount(other), (0, 0))
        self.assertAlmostEqual(self.parcel.standard_price, (5 * 200 + 3 * 50) / 8)
        self.assertEqual(self._value(self.parcel_style), 1150)

    def test_natural_and_grown_stones_are_never_mixed(self):
        grown = self._stock_parcel(carat=3, count=50, cost=150, origin="lab_grown")
        draft = self._draft("mix", [(self.parcel, 5, 100), (grown, 3, 50)], [(None, 8, 150)])
        with self._refused("natural and lab-grown", UserError):
            draft.action_done()

    def test_stones_of_two_species_are_never_mixed(self):
        ruby = self._ref("species_corundum")
        other = self._stock_parcel(
            carat=3,
            count=50,
            species_id=ruby.id,
            color_grade_id=False,
            clarity_grade_id=False,
        )
        draft = self._draft("mix", [(self.parcel, 5, 100), (other, 3, 50)], [(None, 8, 150)])
        with self._refused("different species", UserError):
            draft.action_done()

    def test_a_regraded_parcel_shares_its_cost_by_carat_or_as_stated(self):
        draft = self._draft(
            "regrade", [(self.parcel, 5, 100)], [(None, 2, 35), (None, 2, 40), (None, 1, 25)]
        )
        best = draft.output_ids[0]
        best.cost_rule, best.stated_value = "stated", 700
        draft.action_done()
        self.assertEqual(draft.output_ids.mapped("value"), [700, 200, 100])

    def test_a_sorting_loss_within_the_norm_is_expensed_by_carat(self):
        self.parcel_style.categ_id = self.category_auto
        loss = self._prepare_line("loss", self.parcel, carat=0.02, stone_count=1)
        draft = self._do("regrade", [(self.parcel, 5, 100)], [(None, 4.98, 99)], loss)
        self.assertEqual(draft.loss_value, 4)
        self.assertEqual(self._ledger(self.losses), 4)
        self.assertEqual(draft.output_ids.value, 996)

    def test_a_missing_stone_is_named(self):
        draft = self._draft("regrade", [(self.parcel, 5, 100)], [(None, 5, 99)])
        with self._refused(r"1 \S+ of Diamond \(Natural\) is missing", UserError):
            draft.action_done()

    def test_a_parcel_gives_no_more_than_it_has(self):
        for carat, count in ((5.001, 100), (5, 101), (5, 99), (4, 100), (1, 0)):
            with (
                self.subTest(carat=carat, count=count),
                self._refused("only|Take both stones and carats", UserError),
            ):
                self._do("split", [(self.parcel, carat, count)], [(None, carat, count)])

    def test_a_parcel_of_a_vendor_is_not_mixed_with_ours(self):
        theirs = self._stock_parcel(carat=3, count=50, cost=0)
        theirs.quant_ids.filtered(lambda quant: quant.quantity > 0).owner_id = self.owner
        draft = self._draft("mix", [(self.parcel, 5, 100), (theirs, 3, 50)], [(None, 8, 150)])
        with self._refused("different owners", UserError):
            draft.action_done()

    def test_mixing_is_undone(self):
        other = self._stock_parcel(carat=3, count=50, cost=150)
        mix = self._do("mix", [(self.parcel, 5, 100), (other, 3, 50)], [(self.parcel, 8, 150)])
        mix.action_reverse()
        self.assertEqual(self._get_amount(), (5, 100))
        self.assertEqual(self._get_amount(other), (3, 50))
        self.assertEqual(self._value(self.parcel), 1000)
        self.assertEqual(self._value(other), 150)

    # === PARCELS AND PIECES === #

    def _set_melee(self, mount, carat, count, *lines, **values):
        draft = self._create_transformation(
            "set",
            self._prepare_line("in", mount),
            self._prepare_line("in", self.parcel, carat=carat, stone_count=count),
            self._prepare_line("out", mount),
            *lines,
            **values,
        )
        draft.action_done()
        return draft

    def test_melee_becomes_a_group_in_the_piece(self):
        mount = self._stock_mount(cost=500, gross=5)
        self._set_melee(mount, 1.5, 30)
        group = mount.stone_ids
        self.assertEqual((group.carat, group.count, group.state), (1.5, 30, "set"))
        self.assertEqual(group.color_grade_id, self.parcel.stone_ids.color_grade_id)
        self.assertEqual(mount.gross_weight, 5.3)
        self.assertEqual(mount.standard_price, 800)
        self.assertEqual(self._get_amount(), (3.5, 70))

    def test_a_melee_that_breaks_while_set_is_lost_by_its_carats(self):
        mount = self._stock_mount(cost=500, gross=5)
        loss = self._prepare_line(
            "loss", self.parcel, carat=0.05, stone_count=1, loss_kind="weighed"
        )
        setting = self._set_melee(mount, 1.5, 30, loss)
        self.assertEqual((mount.stone_ids.carat, mount.stone_ids.count), (1.45, 29))
        self.assertEqual(setting.loss_value, 10)
        self.assertEqual(mount.standard_price, 790)

    def test_part_of_a_group_goes_back_into_the_parcel_at_its_cost(self):
        mount = self._stock_mount(cost=500, gross=5)
        self._set_melee(mount, 1.5, 30)
        group = mount.stone_ids
        back = self._prepare_line("out", self.parcel, stones=group, carat=0.5, stone_count=10)
        self._unset_stones(mount, [], back)
        self.assertEqual((group.carat, group.count), (1, 20))
        self.assertEqual(self._get_amount(), (4, 80))
        self.assertEqual(mount.standard_price, 700)
        self.assertEqual(mount.gross_weight, 5.2)
        self.assertEqual(self._value(self.parcel), 800)

    def test_a_whole_group_goes_into_a_new_parcel(self):
        mount = self._stock_mount(cost=500, gross=5)
        self._set_melee(mount, 1.5, 30)
        group = mount.stone_ids
        back = self._prepare_line("out", stones=group, product_id=self.parcel_style.id)
        unsetting = self._unset_stones(mount, [], back)
        new = unsetting.output_ids.lot_id - mount
        self.assertEqual(self._get_amount(new), (1.5, 30))
        self.assertEqual(group.state, "gone", "counted in the parcel now")
        self.assertEqual(mount.standard_price, 500)

    def test_more_stones_than_the_group_has_do_not_come_out(self):
        mount = self._stock_mount(cost=500, gross=5)
        self._set_melee(mount, 1.5, 30)
        for carat, count in ((1.6, 30), (1.5, 29), (0.5, 31)):
            back = self._prepare_line(
                "out", self.parcel, stones=mount.stone_ids, carat=carat, stone_count=count
            )
            with self.subTest(carat=carat), self._refused("Take all of it", UserError):
                self._unset_stones(mount, [], back)

    def test_a_group_is_not_a_loose_stone(self):
        mount = self._stock_mount(cost=500, gross=5)
        self._set_melee(mount, 1.5, 30)
        with self._refused("one number is for one loose stone", UserError):
            self._unset_stones(mount, mount.stone_ids)

    def test_setting_melee_is_undone(self):
        mount = self._stock_mount(cost=500, gross=5)
        self._set_melee(mount, 1.5, 30, costs=[60]).action_reverse()
        self.assertEqual(self._get_amount(), (5, 100))
        self.assertEqual(mount.standard_price, 500)
        self.assertFalse(mount.stone_ids)
        self.assertEqual(self._value(self.parcel), 1000)

    def test_a_parcel_must_be_described(self):
        self.parcel.stone_ids.holder_id = False
        draft = self._draft("split", [(self.parcel, 1, 20)], [(None, 1, 20)])
        with self._refused("Describe the stones", UserError):
            draft.action_done()
