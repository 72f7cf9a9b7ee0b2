from decimal import Decimal

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..tools import balance
from .common import TransformationCommon


class MetalCommon(TransformationCommon):
    """A bench that melts, casts, assembles and takes apart, with books in real time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        styles = cls.style | cls.stone_style | cls.parcel_style
        styles.categ_id = cls.category_auto
        cls.manager = cls._create_user("manager")
        cls.metal_style = cls._create_metal_style(categ_id=cls.category_auto.id)

    def _melt(self, ins, grams, *lines, **values):
        """Return the draft that melts pieces and lots of metal (with grams) into a new lot."""
        taken = [
            self._prepare_line("in", lot, **({"metal_weight": weight} if weight else {}))
            for lot, weight in ins
        ]
        out = self._prepare_line("out", product_id=self.metal_style.id, metal_weight=grams)
        return self._create_transformation("melt", *taken, out, *lines, **values)

    def _lose(self, grams, **values):
        return self._prepare_line("loss", alloy_id=self.gold_18k.id, metal_weight=grams, **values)


@tagged("post_install", "-at_install")
class TestLooseMetal(MetalCommon):
    """Grain, wire, sheet and scrap: lots of an alloy in grams."""

    def test_metal_is_weighed_in_grams_at_an_average_cost(self):
        lot = self._stock_metal(10, 600, style=self.metal_style)
        self.assertEqual(lot.product_uom_id, self.env.ref("uom.product_uom_gram"))
        self.assertEqual(lot.product_id.cost_method, "average")
        self.assertRegex(lot.name, r"^M-\d{6}$")
        self.assertEqual(lot.alloy_id, self.gold_18k)
        self.assertEqual((lot.product_qty, self._value(lot)), (10, 600))

    def test_metal_without_an_alloy_is_refused(self):
        with self._refused("choose the alloy", ValidationError):
            self._create_style(jewelry_kind="metal")

    def test_metal_that_is_not_weighed_is_refused(self):
        with self._refused("in the unit g", ValidationError):
            self._create_metal_style(uom_id=self.env.ref("uom.product_uom_unit").id)

    def test_metal_is_not_kept_in_kilograms_which_would_hide_half_a_gram(self):
        with self._refused("in the unit g", ValidationError):
            self._create_metal_style(uom_id=self.env.ref("uom.product_uom_kgm").id)

    def test_no_cent_of_metal_remains_when_it_is_used_in_parts(self):
        lot = self._stock_metal(3, 100, style=self.metal_style)
        for _part in range(3):
            self._melt([(lot, 1)], 1).action_done()
        self.assertEqual(self._value(lot), 0)
        self.assertEqual(self._value(self.metal_style), 100)

    def test_a_keeper_takes_metal_into_stock(self):
        keeper = self._create_user("keeper")
        lot = self.env["stock.lot"].with_user(keeper).create({"product_id": self.metal_style.id})
        opening = self._create_account("Opening", "300100", "equity")
        self.company.piece_opening_account_id = opening
        intake = self.env["jewelry.parcel.intake"].with_user(keeper)
        values = {"lot_id": lot.id, "quantity": 12.345, "cost": 800}
        intake.create(values).action_take_in()
        self.assertEqual((lot.product_qty, self._value(lot)), (12.345, 800))
        self.assertEqual(lot.location_id, self.stock_location)
        self.assertEqual(self._ledger(opening), -800)
        self.assertEqual(self._ledger(self.account_stock_valuation), 800)

    def test_metal_of_a_client_has_no_value(self):
        lot = self.env["stock.lot"].create({"product_id": self.metal_style.id})
        values = {"lot_id": lot.id, "quantity": 5, "cost": 800, "owner_id": self.owner.id}
        self.env["jewelry.parcel.intake"].create(values).action_take_in()
        self.assertEqual(lot._get_stock_quants().owner_id, self.owner)
        self.assertEqual(self._value(self.metal_style), 0)

    def test_copper_is_no_fine_metal(self):
        copper = self._ref("alloy_copper")
        self.assertEqual(copper._get_content(2), {balance.Measure(balance.GRAMS): 2})


@tagged("post_install", "-at_install")
class TestMelt(MetalCommon):
    """Old pieces and scrap become a lot of metal."""

    def test_a_melted_piece_becomes_its_metal_at_its_cost(self):
        piece = self._stock_mount(cost=500, gross=5)
        melting = self._melt([(piece, 0)], 5)
        melting.action_done()
        lot = melting.output_ids.lot_id
        self.assertEqual((lot.product_qty, self._value(lot)), (5, 500))
        self.assertEqual(lot.location_id, self.stock_location)
        self.assertEqual(piece.piece_status, "used")
        self.assertEqual(self._value(self.style), 0)
        self._assert_balanced(melting)

    def test_lots_of_two_alloys_melt_into_one_of_their_fineness(self):
        pure, copper = self._ref("alloy_gold_999_9"), self._ref("alloy_copper")
        gold = self._stock_metal(7.501, 750, alloy=pure)
        other = self._stock_metal(2.5, 1, alloy=copper)
        melting = self._melt([(gold, 7.501), (other, 2.499)], 10)
        melting.action_done()
        self.assertEqual(melting.output_ids.lot_id.alloy_id, self.gold_18k)
        self.assertEqual(melting.output_value, 751)

    def test_a_finer_alloy_than_went_in_is_refused(self):
        lot = self._stock_metal(10, 300, alloy=self._ref("alloy_gold_585_yellow"))
        with self._refused(r"1\.650 g of fine Gold is too much", UserError):
            self._melt([(lot, 10)], 10).action_done()

    def test_silver_does_not_become_gold(self):
        lot = self._stock_metal(10, 10, alloy=self._ref("alloy_silver_925"))
        with self._refused("fine Silver is missing", UserError):
            self._melt([(lot, 10)], 10).action_done()

    def test_slag_within_the_norm_is_lost_at_its_share_of_all_that_was_melted(self):
        first = self._stock_metal(2, 100, style=self.metal_style)
        second = self._stock_metal(8, 900, style=self.metal_style)
        melting = self._melt([(first, 2), (second, 8)], 9.9, self._lose(0.1))
        self.assertFalse(melting.needs_approval, "10 per mille")
        melting.action_done()
        self.assertEqual(melting.loss_value, 10)
        self.assertEqual(self._ledger(self.losses), 10)
        self.assertEqual(melting.output_value, 990)
        self._assert_balanced(melting)

    def test_normal_slag_stays_in_the_cost_where_its_line_states_none(self):
        lot = self._stock_metal(10, 1000, style=self.metal_style)
        slag = self._lose(0.1, cost_rule="stated", stated_value=0)
        melting = self._melt([(lot, 10)], 9.9, slag)
        melting.action_done()
        self.assertEqual((melting.loss_value, melting.output_value), (0, 1000))
        self.assertEqual(self._ledger(self.losses), 0)

    def test_slag_above_the_norm_takes_a_reason_and_a_second_person(self):
        lot = self._stock_metal(10, 1000, style=self.metal_style)
        melting = self._melt([(lot, 10)], 9.8, self._lose(0.2))
        with self._refused("Enter the reason", UserError):
            melting.action_done()
        melting.loss_reason = "Crucible cracked"
        with self._refused("must approve", UserError):
            melting.action_done()
        melting.with_user(self.manager).action_approve_loss()
        melting.action_done()
        self.assertEqual(melting.loss_value, 20)

    def test_a_gain_takes_a_second_person_and_brings_no_cost(self):
        lot = self._stock_metal(10, 1000, style=self.metal_style)
        gain = self._prepare_line("gain", alloy_id=self.gold_18k.id, metal_weight=0.1)
        melting = self._melt([(lot, 10)], 10.1, gain, loss_reason="Old solder")
        with self._refused("must approve", UserError):
            melting.action_done()
        melting.with_user(self.manager).action_approve_loss()
        melting.action_done()
        self.assertEqual(melting.output_value, 1000)
        self._assert_balanced(melting)

    def test_stones_of_a_melted_piece_come_out_at_their_cost(self):
        piece, stone = self._stock_mount(cost=500), self._stock_stone(cost=1000, carat=1)
        self._set_stones(piece, stone)
        loose = self._prepare_line("out", stone.home_lot_id, stones=stone)
        melting = self._melt([(piece, 0)], 5, loose)
        melting.action_done()
        self.assertEqual(stone.state, "loose")
        self.assertEqual(stone.home_lot_id.standard_price, 1000)
        self.assertEqual(melting.output_ids.mapped("value"), [500, 1000])

    def test_a_forgotten_stone_is_named(self):
        piece, stone = self._stock_mount(cost=500), self._stock_stone(cost=1000, carat=1)
        self._set_stones(piece, stone)
        with self._refused(r"1\.000 ct of Diamond \(Natural\) is missing", UserError):
            self._melt([(piece, 0)], 5).action_done()

    def test_springs_are_told_apart_from_gold(self):
        piece = self._stock_mount(cost=500, gross=5, other_weight=0.5)
        piece._set_metals({self.gold_18k: 4.5})
        spring = self._prepare_line("loss", metal_weight=0.5, loss_kind="weighed")
        melting = self._melt([(piece, 0)], 4.5, spring)
        melting.action_done()
        self.assertEqual(melting.output_ids.lot_id.product_qty, 4.5)

    def test_gold_of_a_client_stays_theirs_and_is_worth_nothing(self):
        piece = self._stock_mount(cost=0, gross=5, owner=self.owner)
        melting = self._melt([(piece, 0)], 5)
        melting.action_done()
        lot = melting.output_ids.lot_id
        self.assertEqual(lot._get_stock_quants().owner_id, self.owner)
        self.assertEqual((self._value(lot), melting.output_value), (0, 0))

    def test_gold_of_a_client_is_not_melted_with_ours(self):
        ours = self._stock_metal(5, 300, style=self.metal_style)
        theirs = self._stock_mount(cost=0, gross=5, owner=self.owner)
        with self._refused("different owners", UserError):
            self._melt([(ours, 5), (theirs, 0)], 10).action_done()

    def test_of_a_lot_of_two_owners_only_ours_is_melted(self):
        lot = self._stock_metal(5, 300, style=self.metal_style)
        lot._move_bulk(self.supplier_location, self.stock_location, 2, owner=self.owner)
        with self._refused(r"only 5\.000", UserError):
            self._melt([(lot, 6)], 6).action_done()
        self._melt([(lot, 5)], 5).action_done()
        self.assertEqual(lot._get_stock_quants().mapped("quantity"), [2])

    def test_melting_is_undone(self):
        stone = self._stock_stone(cost=1000, carat=1)
        pieces = self._stock_mount(cost=500) | self._stock_mount(cost=300, gross=4)
        self._set_stones(pieces[1], stone)
        self._lose_and_undo(pieces, stone)
        self.assertEqual(pieces.mapped("piece_status"), ["available", "available"])
        self.assertEqual(pieces.mapped("standard_price"), [500, 1300])
        self.assertEqual(pieces.mapped("gross_weight"), [5, 4.2])
        self.assertEqual(pieces[1]._get_metals(), {self.gold_18k: 4})
        self.assertEqual(stone.holder_id, pieces[1])
        self.assertEqual(self._value(self.metal_style), 0)
        self.assertEqual(self._ledger(self.losses), 0)

    def _lose_and_undo(self, pieces, stone):
        loose = self._prepare_line("out", stone.home_lot_id, stones=stone)
        ins = [(piece, 0) for piece in pieces]
        melting = self._melt(ins, 8.95, self._lose(0.05), loose)
        melting.action_done()
        self._assert_balanced(melting)
        self.assertEqual(melting.output_ids[0].lot_id.product_qty, 8.95)
        self._assert_balanced(melting._reverse())

    def test_a_broken_stone_comes_back_into_its_piece_when_melting_is_undone(self):
        stone = self._stock_stone(cost=1000, carat=1)
        pieces = self._stock_mount(cost=500) | self._stock_mount(cost=300, gross=4)
        self._set_stones(pieces[1], stone)
        broken = self._prepare_line("loss", stones=stone, loss_kind="weighed")
        melting = self._melt([(piece, 0) for piece in pieces], 9, broken)
        melting.action_done()
        self.assertEqual((stone.state, melting.loss_value), ("gone", 1000))
        melting.action_reverse()
        self.assertEqual(stone.holder_id, pieces[1])
        self.assertEqual(pieces.mapped("standard_price"), [500, 1300])


@tagged("post_install", "-at_install")
class TestCast(MetalCommon):
    """Metal becomes pieces; sprue and dust remain."""

    def _cast(self, lot, grams, *lines, **values):
        out = self._prepare_line(
            "out", product_id=self.style.id, gross_weight=values.pop("weighed", 0)
        )
        goes_in = self._prepare_line("in", lot, metal_weight=grams)
        return self._create_transformation("cast", goes_in, out, *lines, **values)

    def test_a_casting_takes_the_metal_its_cost_and_the_labour(self):
        lot = self._stock_metal(10, 1000, style=self.metal_style)
        sprue = self._prepare_line("out", lot, metal_weight=3)
        casting = self._cast(lot, 10, sprue, self._lose(0.1), weighed=6.9, costs=[50])
        casting.action_done()
        piece = casting.output_ids[0].lot_id
        self.assertEqual(piece.gross_weight, 6.9)
        self.assertEqual(piece._get_metals(), {self.gold_18k: Decimal("6.9")})
        self.assertEqual(piece.fine_weight, 5.175)
        self.assertEqual(piece.piece_status, "available")
        self.assertEqual(casting.loss_value, 10)
        self.assertAlmostEqual(piece.standard_price, 724.85, 2, "6.9 of 9.9 g that share 1040")
        self.assertEqual(lot.product_qty, 3)
        self.assertEqual(piece.standard_price + self._value(lot), 1040)
        self._assert_balanced(casting)

    def test_sprue_of_a_stated_cost_leaves_the_labour_to_the_casting(self):
        lot = self._stock_metal(10, 1000, style=self.metal_style)
        casting = self._create_transformation(
            "cast",
            self._prepare_line("in", lot, metal_weight=10),
            self._prepare_line("out", product_id=self.style.id, gross_weight=7),
            self._prepare_line("out", lot, metal_weight=3, cost_rule="stated", stated_value=300),
            costs=[50],
        )
        casting.action_done()
        self.assertEqual(casting.output_ids.mapped("value"), [750, 300])

    def test_a_tree_becomes_pieces_that_share_the_cost_by_weight(self):
        lot = self._stock_metal(10, 1000, style=self.metal_style)
        second = self._prepare_line(
            "out", product_id=self.style.id, gross_weight=4, alloy_id=self.gold_18k.id
        )
        casting = self._cast(lot, 10, second, weighed=6)
        casting.action_done()
        pieces = casting.output_ids.lot_id
        self.assertEqual(pieces.mapped("gross_weight"), [6, 4])
        self.assertEqual(pieces.mapped("standard_price"), [600, 400])
        self.assertEqual(pieces[1]._get_metals(), {self.gold_18k: 4})

    def test_a_casting_that_weighs_less_than_went_in_says_so(self):
        lot = self._stock_metal(10, 1000, style=self.metal_style)
        with self._refused(r"0\.500 g of metal and other parts is missing", UserError):
            self._cast(lot, 10, weighed=9.5).action_done()

    def test_casting_loses_up_to_its_norm(self):
        lot = self._stock_metal(10, 1000, style=self.metal_style)
        self.assertFalse(self._cast(lot, 10, self._lose(0.2), weighed=9.8).needs_approval)
        self.assertTrue(self._cast(lot, 10, self._lose(0.201), weighed=9.799).needs_approval)

    def test_gold_of_a_client_is_cast_into_their_piece(self):
        lot = self._stock_metal(10, 0, style=self.metal_style, owner=self.owner)
        casting = self._cast(lot, 10)
        casting.action_done()
        piece = casting.output_ids.lot_id
        self.assertEqual(piece._get_stock_quants().owner_id, self.owner)
        self.assertEqual(piece.standard_price, 0)

    def test_casting_is_undone(self):
        lot = self._stock_metal(10, 1000, style=self.metal_style)
        casting = self._cast(lot, 10, self._lose(0.1), weighed=9.9, costs=[50])
        casting.action_done()
        piece = casting.output_ids.lot_id
        self._assert_balanced(casting._reverse())
        self.assertEqual(piece.piece_status, "used")
        self.assertEqual((lot.product_qty, self._value(lot)), (10, 1000))
        self.assertEqual(self._ledger(self.labour), 0)
        self.assertEqual(self._ledger(self.losses), 0)


@tagged("post_install", "-at_install")
class TestAssemble(MetalCommon):
    """Pieces, stones and metal become one piece, and it comes apart again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chain = cls._stock_mount(cost=300, gross=4)
        cls.pendant = cls._stock_mount(cost=500, gross=3, other_weight=0.5)
        cls.pendant._set_metals({cls.gold_18k: 2.5})
        cls.stone = cls._stock_stone(cost=1000, carat=1)
        cls._set_stones(cls.pendant, cls.stone)

    def _assemble(self, *lines, out=None, **values):
        into = {"lot": out} if out else {"product_id": self.style.id}
        return self._create_transformation(
            "assemble",
            self._prepare_line("in", self.chain),
            self._prepare_line("in", self.pendant),
            self._prepare_line("out", **into),
            *lines,
            **values,
        )

    def test_a_necklace_is_its_chain_its_pendant_and_the_work(self):
        solder = self._stock_metal(1, 60, style=self.metal_style)
        soldering = self._prepare_line("in", solder, metal_weight=0.1)
        assembling = self._assemble(soldering, costs=[40])
        assembling.action_done()
        necklace = assembling.output_ids.lot_id
        self.assertEqual(necklace.standard_price, 300 + 1500 + 6 + 40)
        self.assertEqual(necklace.gross_weight, 7.3)
        self.assertEqual(necklace.other_weight, 0.5)
        self.assertEqual(necklace._get_metals(), {self.gold_18k: Decimal("6.6")})
        self.assertEqual(necklace.stone_ids, self.stone)
        parts = self.chain | self.pendant
        self.assertEqual(parts.mapped("piece_status"), ["used", "used"])
        self._assert_balanced(assembling)

    def test_small_stones_of_a_parcel_are_assembled(self):
        parcel = self._stock_parcel(carat=5, count=100, cost=1000)
        melee = self._prepare_line("in", parcel, carat=1, stone_count=20)
        assembling = self._assemble(melee, out=self.chain)
        assembling.action_done()
        self.assertEqual(self.chain.stone_count, 21)
        self.assertEqual(self.chain.standard_price, 300 + 1500 + 200)
        self.assertEqual(parcel.stone_ids.count, 80)

    def test_assembling_is_undone_part_by_part(self):
        assembling = self._assemble(out=self.chain, costs=[40])
        assembling.action_done()
        self.assertEqual(self.chain.gross_weight, 7.2)
        self._assert_balanced(assembling._reverse())
        self.assertEqual(self.chain.standard_price, 300)
        self.assertEqual(self.chain._get_metals(), {self.gold_18k: 4})
        self.assertEqual((self.chain.gross_weight, self.chain.other_weight), (4, 0))
        self.assertEqual(self.pendant.standard_price, 1500)
        self.assertEqual((self.pendant.gross_weight, self.pendant.other_weight), (3.2, 0.5))
        self.assertEqual(self.pendant._get_metals(), {self.gold_18k: Decimal("2.5")})
        self.assertEqual(self.stone.holder_id, self.pendant)
        self.assertEqual(self.pendant.piece_status, "available")

    def test_a_necklace_is_taken_apart_into_a_new_piece_a_stone_and_metal(self):
        self._assemble(out=self.chain).action_done()
        apart = self._create_transformation(
            "disassemble",
            self._prepare_line("in", self.chain),
            self._prepare_line("out", self.chain, gross_weight=4.5),
            self._prepare_line("out", self.stone.home_lot_id, stones=self.stone),
            self._prepare_line("out", product_id=self.metal_style.id, metal_weight=2.5),
        )
        apart.action_done()
        self.assertEqual(self.stone.state, "loose")
        self.assertEqual(self.stone.home_lot_id.standard_price, 1000)
        self.assertEqual(self.chain._get_metals(), {self.gold_18k: 4})
        metal = apart.output_ids[2].lot_id
        self.assertEqual(metal.product_qty, 2.5)
        self.assertEqual(self.chain.standard_price + self._value(metal), 800)
        self._assert_balanced(apart)

    def test_a_new_piece_that_comes_out_beside_the_main_one_weighs_what_is_stated(self):
        apart = self._create_transformation(
            "disassemble",
            self._prepare_line("in", self.chain),
            self._prepare_line("out", self.chain),
            self._prepare_line(
                "out", product_id=self.style.id, gross_weight=1, alloy_id=self.gold_18k.id
            ),
        )
        apart.action_done()
        link = apart.output_ids[1].lot_id
        self.assertEqual((self.chain.gross_weight, link.gross_weight), (3, 1))
        self.assertEqual((self.chain.standard_price, link.standard_price), (225, 75))
        self._assert_balanced(apart)
        self._assert_balanced(apart._reverse())
        self.assertEqual((self.chain.gross_weight, self.chain.standard_price), (4, 300))

    def test_part_of_an_owner_does_not_become_part_of_ours(self):
        theirs = self._stock_mount(cost=0, gross=2, owner=self.owner)
        with self._refused("different owners", UserError):
            self._assemble(self._prepare_line("in", theirs)).action_done()

    def test_a_filed_joint_within_the_norm_is_expensed(self):
        assembling = self._assemble(self._lose(0.1), out=self.chain)
        self.assertFalse(assembling.needs_approval)
        assembling.action_done()
        self.assertEqual(self._ledger(self.losses), assembling.loss_value)
        self.assertEqual(assembling.loss_value, 12.31, "0.1 g of 6.5 g that cost 800")
        self.assertEqual(self.chain._get_metals(), {self.gold_18k: Decimal("6.4")})
        self._assert_balanced(assembling)


@tagged("post_install", "-at_install")
class TestPeriodicMetal(MetalCommon):
    """The same with books that are closed once a period."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.style | cls.stone_style | cls.metal_style).categ_id = cls.category

    def test_periodic_work_in_progress_is_empty_after_the_closing(self):
        old = self._stock_mount(cost=500, gross=5)
        melting = self._melt([(old, 0)], 4.95, self._lose(0.05))
        melting.action_done()
        lot = melting.output_ids.lot_id
        casting = self._create_transformation(
            "cast",
            self._prepare_line("in", lot, metal_weight=4.95),
            self._prepare_line("out", product_id=self.style.id),
            costs=[70],
        )
        casting.action_done()
        self.assertEqual(self._ledger(self.wip), 70 - 5, "until the closing")
        self._close()
        self.assertEqual(self._ledger(self.wip), 0)
        self.assertEqual(self._ledger(self.labour), -70)
        self.assertEqual(self._ledger(self.losses), 5)
        self.assertEqual(self._ledger(self.account_stock_valuation), 565)
        self.assertEqual(casting.output_ids.lot_id.standard_price, 565)
