from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools.provenance import read_payload
from .common import TransformationCommon


@tagged("post_install", "-at_install")
class TestSetStones(TransformationCommon):
    """Stones go into a piece and come out again, with their cost, their weight and their place."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mount = cls._stock_mount(cost=500, gross=5.0)
        cls.stone = cls._stock_stone(cost=1000, carat=1.5)

    # === CONTENT === #

    def test_a_set_stone_is_held_by_the_piece_and_keeps_its_number(self):
        number, home = self.stone.number, self.stone.home_lot_id
        self._set_stones(self.mount, self.stone)
        self.assertEqual(self.stone.holder_id, self.mount)
        self.assertEqual(self.stone.state, "set")
        self.assertEqual((self.stone.number, self.stone.home_lot_id), (number, home))
        self.assertEqual(home.piece_status, "used")
        self.assertEqual(self.mount.piece_status, "available")

    def test_the_piece_grows_by_a_fifth_of_a_gram_a_carat(self):
        self._set_stones(self.mount, self.stone)
        self.assertEqual(self.mount.gross_weight, 5.3)
        self.assertEqual(self.mount.net_weight, 5.0)
        self.assertEqual(self.mount.carat_weight, 1.5)

    def test_the_piece_comes_back_to_the_place_it_came_from(self):
        self._move(self.mount, self.stock_location, self.bench)
        self._set_stones(self.mount, self.stone)
        self.assertEqual(self.mount.location_id, self.bench)

    def test_the_piece_goes_where_the_document_says(self):
        self._set_stones(self.mount, self.stone, place_id=self.safe.id)
        self.assertEqual(self.mount.location_id, self.safe)

    def test_an_unset_stone_returns_to_its_number_and_the_piece_to_its_weight(self):
        self._set_stones(self.mount, self.stone)
        self._unset_stones(self.mount, self.stone)
        self.assertEqual(self.stone.holder_id, self.stone.home_lot_id)
        self.assertEqual(self.stone.home_lot_id.piece_status, "available")
        self.assertEqual(self.mount.gross_weight, 5.0)
        self.assertFalse(self.mount.stone_ids)

    def test_a_stone_keeps_its_reports_through_the_pieces_it_was_in(self):
        report = self._create_report(stone_id=self.stone.id)
        self._set_stones(self.mount, self.stone)
        self._unset_stones(self.mount, self.stone)
        other = self._stock_mount(cost=100)
        self._set_stones(other, self.stone)
        self.assertEqual(self.stone.report_ids, report)
        self.assertEqual(other.stone_ids, self.stone)

    def test_a_piece_that_was_never_weighed_stays_unweighed(self):
        mount = self._stock_mount(gross=0)
        self._set_stones(mount, self.stone)
        self.assertEqual(mount.gross_weight, 0)

    def test_each_piece_keeps_in_its_chain_what_it_became_part_of(self):
        loss = self._prepare_line("loss", alloy_id=self.gold_18k.id, metal_weight=0.02)
        setting = self._set_stones(self.mount, self.stone, loss)
        for lot in self.mount + self.stone.home_lot_id:
            events = self.env["jewelry.provenance.event"].search(
                [("chain_uuid", "=", lot.chain_uuid), ("kind", "=", "transform")]
            )
            self.assertEqual(
                read_payload(events.payload),
                {
                    "document": setting.name,
                    "kind": "set",
                    "in": [self.mount.chain_uuid, self.stone.home_lot_id.chain_uuid],
                    "out": [self.mount.chain_uuid],
                    "lost": {"fine": "0.015", "grams": "0.02"},
                },
            )

    # === COST === #

    def test_the_piece_costs_mount_stones_and_labour(self):
        second = self._stock_stone(cost=250.55, carat=0.4)
        self._set_stones(self.mount, self.stone + second, costs=[80])
        self.assertEqual(self.mount.standard_price, 1830.55)
        self.assertEqual(self._value(self.mount), 1830.55)
        self.assertEqual(self._value(self.stone_style), 0)

    def test_an_unset_stone_takes_its_cost_out_again_and_labour_stays(self):
        self._set_stones(self.mount, self.stone, costs=[80])
        self._unset_stones(self.mount, self.stone, costs=[20])
        self.assertEqual(self.stone.home_lot_id.standard_price, 1000)
        self.assertEqual(self.mount.standard_price, 600)
        self.assertEqual(self._value(self.stone_style), 1000)

    def test_a_stone_that_was_all_the_cost_leaves_a_mount_of_no_value(self):
        mount = self._stock_mount(cost=0)
        self._set_stones(mount, self.stone)
        self.assertEqual(mount.standard_price, 1000)
        self._unset_stones(mount, self.stone)
        self.assertEqual(mount.standard_price, 0)
        self.assertEqual(self._value(self.style), 500, "the other mount's")

    def test_stones_share_the_loss_when_the_piece_was_written_down(self):
        self._set_stones(self.mount, self.stone)
        self.mount._set_cost({self.mount: 800}, "write_down")
        self._unset_stones(self.mount, self.stone)
        self.assertEqual(self.stone.home_lot_id.standard_price, 800)
        self.assertEqual(self.mount.standard_price, 0)

    def test_the_lines_keep_what_each_was_worth(self):
        setting = self._set_stones(self.mount, self.stone, costs=[80])
        self.assertEqual(setting.input_ids.mapped("value"), [500, 1000])
        self.assertEqual(setting.output_ids.value, 1580)
        self.assertEqual((setting.input_value, setting.cost_value), (1500, 80))
        self.assertEqual((setting.output_value, setting.loss_value), (1580, 0))

    # === BOUGHT INSIDE === #

    def test_a_stone_bought_inside_a_ring_gets_its_number_when_unset(self):
        stone = self._create_stone(holder_id=self.mount.id, carat=1)
        self.mount.gross_weight = 5.2
        unsetting = self._prepare_unsetting(self.mount, stone)
        unsetting.output_ids[-1].stated_value = 320
        unsetting.action_done()
        home = stone.home_lot_id
        self.assertEqual(home.product_id, self.stone_style)
        self.assertRegex(home.name, r"^P-\d{6}$")
        self.assertEqual((home.piece_status, home.standard_price), ("available", 320))
        self.assertEqual((self.mount.standard_price, self.mount.gross_weight), (180, 5))
        self._set_stones(self.mount, stone)
        self.assertEqual(home.piece_status, "used")

    def test_the_cost_of_a_stone_bought_inside_a_ring_must_be_stated(self):
        stone = self._create_stone(holder_id=self.mount.id, carat=1)
        self.mount.gross_weight = 5.2
        unsetting = self._prepare_unsetting(self.mount, stone)
        with self.assertRaisesRegex(UserError, "State what .* cost"):
            unsetting.action_done()

    def test_a_stated_cost_cannot_be_more_than_the_piece_cost(self):
        stone = self._create_stone(holder_id=self.mount.id, carat=1)
        self.mount.gross_weight = 5.2
        unsetting = self._prepare_unsetting(self.mount, stone)
        unsetting.output_ids[-1].stated_value = 501
        with self.assertRaisesRegex(UserError, "more than there is"):
            unsetting.action_done()

    # === OWNERS === #

    def test_a_clients_stone_is_worth_nothing_to_us_and_stays_theirs(self):
        stone = self._stock_stone(cost=0, carat=1, owner=self.owner, declared_value=9000)
        self._set_stones(self.mount, stone)
        self.assertEqual(self.mount.standard_price, 500)
        self._unset_stones(self.mount, stone)
        quant = stone.home_lot_id.quant_ids.filtered(lambda quant: quant.quantity > 0)
        self.assertEqual((quant.owner_id, quant.location_id), (self.owner, self.stock_location))
        self.assertEqual(self.mount.standard_price, 500)

    def test_our_stone_is_not_set_in_a_clients_mount(self):
        mount = self._stock_mount(cost=0, owner=self.owner)
        with self.assertRaisesRegex(UserError, "different owners"):
            self._set_stones(mount, self.stone)

    def test_a_clients_stone_is_set_in_their_own_mount_without_a_value(self):
        mount = self._stock_mount(cost=0, owner=self.owner)
        stone = self._stock_stone(cost=0, carat=1, owner=self.owner)
        self._set_stones(mount, stone)
        self.assertEqual(mount._get_stock_quants().owner_id, self.owner)
        self.assertEqual(self._value(self.style), 500)

    def test_work_on_a_clients_piece_is_no_cost_of_ours(self):
        mount = self._stock_mount(cost=0, owner=self.owner)
        stone = self._stock_stone(cost=0, carat=1, owner=self.owner)
        with self.assertRaisesRegex(UserError, "adds nothing to our cost"):
            self._set_stones(mount, stone, costs=[10])


@tagged("post_install", "-at_install")
class TestSetLedger(TransformationCommon):
    """What the general ledger says of setting, unsetting, labour and losses."""

    def _prepare_category(self, valuation):
        category = self.category_auto if valuation == "real_time" else self.category
        self.style.categ_id = self.stone_style.categ_id = category

    def _play(self):
        """Set two stones with labour, break one, take the other out again."""
        mount = self._stock_mount(cost=500, gross=5)
        whole, broken = self._stock_stone(cost=1000, carat=1), self._stock_stone(cost=90, carat=0.5)
        self._set_stones(mount, whole + broken, costs=[80])
        loss = self._prepare_line("loss", stones=broken, reason="Chipped", loss_kind="weighed")
        self._unset_stones(mount, whole, loss)
        return mount, whole, broken

    def test_perpetual_work_in_progress_is_empty_after_each_transformation(self):
        self._prepare_category("real_time")
        mount = self._stock_mount(cost=500, gross=5)
        stone = self._stock_stone(cost=1000, carat=1)
        setting = self._set_stones(mount, stone, costs=[80])
        self.assertEqual(self._ledger(self.wip), 0)
        self.assertEqual(self._ledger(self.labour), -80)
        self.assertEqual(self._ledger(self.account_stock_valuation), 80)
        self.assertEqual(setting.entry_id.ref, setting.name)

    def test_perpetual_losses_reach_their_account(self):
        self._prepare_category("real_time")
        mount, _whole, broken = self._play()
        self.assertEqual(self._ledger(self.losses), 90)
        self.assertEqual(self._ledger(self.wip), 0)
        self.assertEqual(self._ledger(self.account_stock_valuation), 80 - 90)
        self.assertEqual(broken.state, "gone")
        self.assertEqual(broken.home_lot_id.piece_status, "lost")
        self.assertEqual(mount.standard_price, 580)

    def test_periodic_work_in_progress_is_empty_after_the_closing(self):
        self._prepare_category("periodic")
        self._play()
        self.assertEqual(self._ledger(self.wip), -10, "labour less the loss, until the closing")
        self._close()
        self.assertEqual(self._ledger(self.wip), 0)
        self.assertEqual(self._ledger(self.labour), -80)
        self.assertEqual(self._ledger(self.losses), 90)
        self.assertEqual(self._ledger(self.account_stock_valuation), 1580)

    def test_a_perpetual_mount_takes_a_periodic_stone(self):
        self.style.categ_id = self.category_auto
        mount = self._stock_mount(cost=500, gross=5)
        stone = self._stock_stone(cost=1000, carat=1)
        self._set_stones(mount, stone)
        self.assertEqual(self._ledger(self.wip), -1000)
        self._close()
        self.assertEqual(self._ledger(self.wip), 0)
        self.assertEqual(self._ledger(self.account_stock_valuation), 1500)

    def test_without_an_account_for_work_the_closing_posts_the_difference(self):
        self.company.transformation_wip_account_id = False
        self._prepare_category("real_time")
        mount = self._stock_mount(cost=500, gross=5)
        self._set_stones(mount, self._stock_stone(cost=1000, carat=1), costs=[80])
        self.assertEqual(self._ledger(self.labour), 0)
        self._close()
        self.assertEqual(self._ledger(self.account_stock_valuation), 1580)

    def test_labour_needs_an_account(self):
        mount, stone = self._stock_mount(), self._stock_stone(carat=1)
        setting = self._prepare_setting(mount, stone, costs=[80])
        setting.cost_ids.account_id = False
        with self.assertRaisesRegex(UserError, "Choose an account"):
            setting.action_done()

    def test_work_in_progress_is_not_cores_production_place(self):
        self.assertEqual(self.work.usage, "production")
        self.assertNotEqual(self.work, self.style.property_stock_production)
        self.assertEqual(self.work.valuation_account_id, self.wip)
