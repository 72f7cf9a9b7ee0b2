from decimal import Decimal

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TransformationCommon


@tagged("post_install", "-at_install")
class TestTransformationRules(TransformationCommon):
    """What is refused, and what the message says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mount = cls._stock_mount(cost=500, gross=5.0)
        cls.stone = cls._stock_stone(cost=1000, carat=1.5)
        cls.keeper = cls._create_user(
            "keeper", company_id=cls.company.id, company_ids=cls.company.ids
        )
        cls.manager = cls._create_user(
            "manager", company_id=cls.company.id, company_ids=cls.company.ids
        )

    def _assert_refused(self, message, transformation):
        with self._refused(message, UserError):
            transformation.action_done()

    # === INPUTS === #

    def test_a_stone_that_is_set_is_not_set_again(self):
        self._set_stones(self.mount, self.stone)
        other = self._stock_mount()
        self._assert_refused(
            f"Already set in {self.mount.name}", self._prepare_setting(other, self.stone)
        )

    def test_a_stone_is_named_once(self):
        self._assert_refused(
            "one line", self._prepare_setting(self.mount, [self.stone, self.stone])
        )

    def test_a_sold_piece_is_not_worked_on(self):
        self._move(self.mount, self.stock_location, self.customer_location)
        self._assert_refused("Sold", self._prepare_setting(self.mount, self.stone))

    def test_a_piece_promised_to_somebody_is_not_worked_on(self):
        move = self.env["stock.move"].create(
            {
                "product_id": self.style.id,
                "product_uom_qty": 1,
                "location_id": self.stock_location.id,
                "location_dest_id": self.customer_location.id,
            }
        )
        move._action_confirm()
        move._action_assign()
        self._assert_refused("Reserved", self._prepare_setting(self.mount, self.stone))

    def test_a_piece_at_the_bench_is_worked_on(self):
        self._move(self.mount, self.stock_location, self.bench)
        self._set_stones(self.mount, self.stone)
        self.assertEqual(self.mount.piece_status, "bench")

    def test_a_piece_on_hold_is_not_worked_on(self):
        hold = self._create_place("Hold", jewelry_role="hold")
        self._move(self.mount, self.stock_location, hold)
        self._assert_refused("On hold", self._prepare_setting(self.mount, self.stone))

    def test_a_loose_stone_must_be_described(self):
        lot = self._stock_piece(self.stone_style)
        setting = self._create_transformation(
            "set",
            self._prepare_line("in", self.mount),
            self._prepare_line("in", lot),
            self._prepare_line("out", self.mount),
        )
        self._assert_refused("Describe the stones", setting)

    def test_something_must_go_in_and_something_come_out(self):
        self._assert_refused("that goes in", self._create_transformation("set"))
        one_sided = self._create_transformation("set", self._prepare_line("in", self.mount))
        self._assert_refused("that comes out", one_sided)

    def test_a_stone_alone_does_not_come_out_of_setting(self):
        draft = self._create_transformation(
            "set",
            self._prepare_line("in", self.stone.home_lot_id),
            self._prepare_line("out", self.stone.home_lot_id, stones=self.stone),
        )
        self._assert_refused("cannot be on this side of “Set stones”", draft)

    def test_a_stone_of_another_piece_is_not_unset_here(self):
        self._set_stones(self.mount, self.stone)
        other = self._stock_mount()
        self._assert_refused(
            "nothing that goes in holds it", self._prepare_unsetting(other, self.stone)
        )

    def test_a_stone_does_not_take_the_number_of_another(self):
        other = self._stock_stone(cost=10, carat=1)
        self._set_stones(self.mount, self.stone)
        draft = self._prepare_unsetting(self.mount, self.stone)
        draft.output_ids[-1].lot_id = other.home_lot_id
        self._assert_refused("the number of something else", draft)

    # === WEIGHTS === #

    @mute_logger("odoo.sql_db")
    def test_negative_weights_are_refused(self):
        for field in ("carat", "stone_count", "metal_weight", "gross_weight"):
            with (
                self.subTest(field=field),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                draft = self._create_transformation(
                    "set", self._prepare_line("in", self.mount, **{field: -1})
                )
                draft.flush_recordset()

    def test_a_piece_keeps_some_metal(self):
        self._assert_refused(
            "nothing would be left for the metal",
            self._prepare_setting(self.mount, self.stone, weighed=0.3),
        )

    def test_more_cannot_be_lost_of_an_alloy_than_there_is(self):
        silver = self._ref("alloy_silver_925")
        loss = self._prepare_line("loss", alloy_id=silver.id, metal_weight=0.1)
        self._assert_refused(
            "the alloy of what is lost", self._prepare_setting(self.mount, self.stone, loss)
        )

    def test_what_is_missing_on_the_scale_is_named(self):
        self._assert_refused(
            r"0\.010 g of metal and other parts is missing",
            self._prepare_setting(self.mount, self.stone, weighed=5.29),
        )

    def test_what_is_too_much_on_the_scale_is_named(self):
        self._assert_refused(
            r"0\.020 g of metal and other parts is too much",
            self._prepare_setting(self.mount, self.stone, weighed=5.32),
        )

    def test_a_weighing_that_agrees_is_accepted(self):
        self._set_stones(self.mount, self.stone, weighed=5.3)
        self.assertEqual(self.mount.gross_weight, 5.3)

    # === LOSSES === #

    def _prepare_filing(self, grams, weighed, **values):
        """Return a setting in which metal was filed off."""
        loss = self._prepare_line("loss", alloy_id=self.gold_18k.id, metal_weight=grams, **values)
        return self._prepare_setting(self.mount, self.stone, loss, weighed=weighed)

    def test_filings_within_the_norm_are_lost_at_their_share_of_the_cost(self):
        setting = self._prepare_filing(0.02, 5.28)
        setting.action_done()
        self.assertEqual(setting.loss_value, 2.0, "0.02 g of 5 g that cost 500")
        self.assertEqual(self.mount.standard_price, 1498)
        self.assertEqual(self.mount._get_metals(), {self.gold_18k: Decimal("4.98")})
        self.assertEqual(self.mount.fine_weight, 3.735)

    def test_a_loss_above_the_norm_asks_for_a_reason_and_a_second_person(self):
        setting = self._prepare_filing(0.1, 5.2)
        self.assertTrue(setting.needs_approval)
        self._assert_refused("Enter the reason", setting)
        setting.loss_reason = "Bezel filed down"
        self._assert_refused("manager who did not enter", setting)
        setting.with_user(self.manager).action_approve_loss()
        setting.action_done()
        self.assertEqual(setting.loss_approved_by_id, self.manager)

    def test_weighed_filings_need_nobodys_approval(self):
        setting = self._prepare_filing(0.1, 5.2, loss_kind="weighed")
        self.assertFalse(setting.needs_approval)
        setting.action_done()

    def test_a_gain_asks_for_a_reason_and_a_second_person(self):
        gain = self._prepare_line("gain", alloy_id=self.gold_18k.id, metal_weight=0.01)
        setting = self._prepare_setting(self.mount, self.stone, gain, weighed=5.31)
        self._assert_refused("Enter the reason", setting)
        setting.loss_reason = "Solder"
        setting.with_user(self.manager).action_approve_loss()
        setting.action_done()
        self.assertEqual(self.mount._get_metals(), {self.gold_18k: Decimal("5.01")})
        self.assertEqual(self.mount.standard_price, 1500, "a gain brings no cost")

    def test_the_companys_own_norm_wins(self):
        self.env["jewelry.loss.norm"].create(
            {"kind": "set", "permille": 50, "company_id": self.company.id}
        )
        self.assertFalse(self._prepare_filing(0.1, 5.2).needs_approval)

    def test_nobody_approves_their_own_loss(self):
        setting = self._prepare_filing(0.1, 5.2)
        setting.loss_reason = "Filed"
        own = setting.with_user(self.manager).sudo().copy({"loss_reason": "Filed"})
        self.assertEqual(own.create_uid, self.manager)
        with self._refused("Somebody else", UserError):
            own.sudo(False).action_approve_loss()

    def test_only_a_manager_approves_a_loss(self):
        setting = self._prepare_filing(0.1, 5.2)
        setting.loss_reason = "Filed"
        with self._refused("Only a manager", AccessError):
            setting.with_user(self.keeper).action_approve_loss()

    def test_a_change_after_the_approval_asks_for_another(self):
        setting = self._prepare_filing(0.1, 5.2)
        setting.loss_reason = "Filed"
        setting.with_user(self.manager).action_approve_loss()
        setting.with_user(self.keeper).loss_ids.metal_weight = 0.2
        self.assertFalse(setting.loss_approved_by_id)

    def test_other_parts_are_lost_without_an_alloy(self):
        self.mount.write({"other_weight": 0.5, "gross_weight": 5.5})
        loss = self._prepare_line("loss", metal_weight=0.5, loss_kind="weighed", reason="Spring")
        self._set_stones(self.mount, self.stone, loss)
        self.assertEqual(self.mount.other_weight, 0)
        self.assertEqual(self.mount.net_weight, 5)

    # === PAIRS === #

    def test_one_of_a_matched_pair_is_not_set_alone(self):
        mate = self._stock_stone(cost=900, carat=1.5, mate_id=self.stone.id)
        self._assert_refused(
            f"matched with {mate.number}", self._prepare_setting(self.mount, self.stone)
        )
        self._set_stones(self.mount, self.stone + mate)
        self.assertEqual(self.mount.stone_ids, mate + self.stone)

    def test_a_stone_whose_mate_is_elsewhere_is_not_sold_alone(self):
        mate = self._stock_stone(cost=900, carat=1.5, mate_id=self.stone.id)
        self._set_stones(self.mount, self.stone + mate)
        self._unset_stones(self.mount, self.stone)
        home = self.stone.home_lot_id
        self.assertIn(mate.number, home._get_unavailability()[home])

    def _hand_over(self, *stones, source=None, dest=None):
        """Deliver stones by one transfer that no order is behind."""
        places = {
            "location_id": (source or self.stock_location).id,
            "location_dest_id": (dest or self.customer_location).id,
        }
        lots = [stone.home_lot_id for stone in stones]
        lines = [{"lot_id": lot.id, "product_id": lot.product_id.id, "quantity": 1} for lot in lots]
        moves = [
            {
                "product_id": line["product_id"],
                "product_uom_qty": 1,
                "move_line_ids": [Command.create(line | places)],
            }
            | places
            for line in lines
        ]
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "move_ids": [Command.create(move) for move in moves],
            }
            | places
        )
        picking.button_validate()
        return picking

    def test_one_of_a_matched_pair_is_not_delivered_alone_by_hand(self):
        mate = self._stock_stone(cost=900, carat=1.5, mate_id=self.stone.id)
        home, other = self.stone.home_lot_id.name, mate.home_lot_id.name
        with self._refused(f"{home}: Matched with {other}", UserError):
            self._hand_over(self.stone)
        self.assertEqual(self.stone.home_lot_id.piece_status, "available")
        self.assertEqual(self._hand_over(self.stone, mate).state, "done")
        self.assertEqual((self.stone | mate).home_lot_id.mapped("piece_status"), ["sold"] * 2)

    def test_one_of_a_matched_pair_moves_alone_within_the_store_and_back_to_the_vendor(self):
        mate = self._stock_stone(cost=900, carat=1.5, mate_id=self.stone.id)
        self.assertEqual(self._hand_over(self.stone, dest=self.bench).state, "done")
        self.assertEqual(self._hand_over(mate, dest=self.supplier_location).state, "done")

    def test_a_stone_whose_pair_is_broken_is_delivered_alone(self):
        self._stock_stone(cost=900, carat=1.5, mate_id=self.stone.id)
        self.stone.with_user(self.manager).action_break_pair("Chipped")
        self.assertEqual(self._hand_over(self.stone).state, "done")

    def test_a_manager_breaks_a_pair_with_a_reason(self):
        mate = self._stock_stone(cost=900, carat=1.5, mate_id=self.stone.id)
        with self._refused("Only a manager", AccessError):
            self.stone.with_user(self.keeper).action_break_pair("Sold apart")
        with self._refused("A manager can break", UserError):
            self.stone.with_user(self.keeper).mate_id = False
        with self._refused("Enter the reason", UserError):
            self.stone.with_user(self.manager).action_break_pair(" ")
        self.stone.with_user(self.manager).action_break_pair("Chipped")
        self.assertFalse(self.stone.mate_id | mate.mate_id)
        self.assertIn("Chipped", mate.home_lot_id.message_ids[0].body)
        self._set_stones(self.mount, self.stone)

    # === GUARDS === #

    def test_a_keeper_does_the_whole_work(self):
        setting = self._prepare_setting(self.mount, self.stone, costs=[80])
        setting.with_user(self.keeper).action_done()
        self.assertEqual(setting.state, "done")

    def test_an_associate_reads_without_costs_and_does_nothing(self):
        associate = self._create_user(
            "associate", company_id=self.company.id, company_ids=self.company.ids
        )
        setting = self._prepare_setting(self.mount, self.stone, costs=[80])
        seen = setting.with_user(associate)
        self.assertEqual(seen.name, setting.name)
        self.assertNotIn("input_value", seen.fields_get())
        self.assertNotIn("value", seen.output_ids.fields_get())
        self.assertFalse(seen.cost_ids.has_access("read"))
        for method in ("action_done", "action_cancel", "action_approve_loss", "action_reverse"):
            with self.subTest(method=method), self._refused("", AccessError):
                getattr(seen, method)()

    def test_the_state_and_the_approval_are_written_by_nobody(self):
        setting = self._prepare_setting(self.mount, self.stone).with_user(self.keeper)
        for vals in ({"state": "done"}, {"loss_approved_by_id": self.manager.id}):
            with self._refused("Use the buttons", AccessError):
                setting.write(vals)
            with self._refused("Use the buttons", AccessError):
                setting.create({"kind": "set"} | vals)

    def test_what_is_done_does_not_change(self):
        setting = self._set_stones(self.mount, self.stone, costs=[80]).with_user(self.keeper)
        for record, vals in (
            (setting, {"kind": "unset"}),
            (setting.output_ids, {"gross_weight": 9}),
            (setting.cost_ids, {"amount": 9}),
        ):
            with self._refused("not a draft", UserError):
                record.write(vals)
        with self._refused("is never deleted", UserError):
            setting.unlink()
        with self._refused("not a draft", UserError):
            setting.action_done()

    def test_a_stone_in_stock_is_not_moved_by_writing_its_holder(self):
        with self._refused("Set, unset or sell", UserError):
            self.stone.with_user(self.keeper).holder_id = self.mount

    def test_a_cancelled_draft_leaves_everything_alone(self):
        setting = self._prepare_setting(self.mount, self.stone)
        setting.action_cancel()
        self._assert_refused("not a draft", setting)
        self.assertEqual(self.stone.state, "loose")


@tagged("post_install", "-at_install")
class TestUndo(TransformationCommon):
    """A transformation is undone by its opposite."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.style.categ_id = cls.stone_style.categ_id = cls.category_auto
        cls.mount = cls._stock_mount(cost=500, gross=5.0)
        cls.stone = cls._stock_stone(cost=1000, carat=1.5)

    def test_undoing_brings_back_cost_weight_place_and_ledger(self):
        loss = self._prepare_line("loss", alloy_id=self.gold_18k.id, metal_weight=0.02)
        setting = self._set_stones(self.mount, self.stone, loss, costs=[80])
        opposite = setting._reverse()
        self.assertEqual((opposite.kind, opposite.state), ("unset", "done"))
        self.assertEqual(self.mount.standard_price, 500)
        self.assertEqual(self.mount.gross_weight, 5)
        self.assertEqual(self.mount._get_metals(), {self.gold_18k: 5})
        self.assertEqual(self.stone.state, "loose")
        self.assertEqual(self.stone.home_lot_id.standard_price, 1000)
        for account in (self.wip, self.labour, self.losses, self.account_stock_valuation):
            self.assertEqual(self._ledger(account), 0)

    def test_undoing_brings_a_broken_stone_back(self):
        self._set_stones(self.mount, self.stone)
        loss = self._prepare_line("loss", stones=self.stone, loss_kind="weighed")
        breaking = self._create_transformation(
            "unset",
            self._prepare_line("in", self.mount),
            self._prepare_line("out", self.mount),
            loss,
        )
        breaking.action_done()
        self.assertEqual(self._ledger(self.losses), 1000)
        breaking.action_reverse()
        self.assertEqual(self.stone.holder_id, self.mount)
        self.assertEqual(self.stone.home_lot_id.piece_status, "used")
        self.assertEqual(self.mount.standard_price, 1500)
        self.assertEqual(self._ledger(self.losses), 0)

    def test_what_went_on_since_cannot_be_undone(self):
        setting = self._set_stones(self.mount, self.stone)
        unsetting = self._unset_stones(self.mount, self.stone)
        with self.assertRaisesRegex(UserError, f"{self.mount.name}.* worked on"):
            setting.action_reverse()
        unsetting.action_reverse()
        self.assertEqual(self.stone.holder_id, self.mount)

    def test_what_was_sold_since_cannot_be_undone(self):
        setting = self._set_stones(self.mount, self.stone)
        self._move(self.mount, self.stock_location, self.customer_location)
        with self.assertRaisesRegex(UserError, "Sold"):
            setting.action_reverse()

    def test_what_was_revalued_since_cannot_be_undone(self):
        setting = self._set_stones(self.mount, self.stone)
        self.mount._set_cost({self.mount: 1400}, "write_down")
        with self.assertRaisesRegex(UserError, "worked on or revalued since"):
            setting.action_reverse()

    def test_a_transformation_is_undone_once(self):
        setting = self._set_stones(self.mount, self.stone)
        setting.action_reverse()
        with self.assertRaisesRegex(UserError, "it has not been done, or has been undone already"):
            setting.action_reverse()

    def test_a_draft_is_not_undone(self):
        with self.assertRaisesRegex(UserError, "it has not been done, or has been undone already"):
            self._prepare_setting(self.mount, self.stone).action_reverse()


@tagged("post_install", "-at_install")
class TestLateCost(TransformationCommon):
    """What a stone costs more or less after it was set."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.style.categ_id = cls.stone_style.categ_id = cls.category_auto
        cls.revaluation = cls._create_account("Revaluation", "600920", "expense")
        cls.company.piece_revaluation_account_id = cls.revaluation
        cls.mount = cls._stock_mount(cost=500, gross=5.0)
        cls.stone = cls._stock_stone(cost=1000, carat=1.5)
        cls._set_stones(cls.mount, cls.stone)

    def test_a_late_cost_of_a_set_stone_reaches_the_piece(self):
        home = self.stone.home_lot_id
        home._set_cost({home: 1100}, "correction", "late bill")
        self.assertEqual(self.mount.standard_price, 1600)
        self.assertEqual(self._value(self.style), 1600)
        self.assertEqual(self._ledger(self.revaluation), -100, "posted once")

    def test_an_unset_stone_takes_its_late_cost_along(self):
        home = self.stone.home_lot_id
        home._set_cost({home: 1100}, "correction")
        self._unset_stones(self.mount, self.stone)
        self.assertEqual(home.standard_price, 1100)
        self.assertEqual(self.mount.standard_price, 500)

    def test_a_late_cost_of_a_stone_in_a_sold_piece_is_expensed(self):
        self._move(self.mount, self.stock_location, self.customer_location)
        invoice = self._create_account_move("out_invoice", self.style, price_unit=3000, post=False)
        invoice.invoice_line_ids.piece_ids = self.mount
        invoice.action_post()
        home = self.stone.home_lot_id
        home._set_cost({home: 1100}, "bill")
        self.assertEqual(self._ledger(self.account_expense), 1600)
