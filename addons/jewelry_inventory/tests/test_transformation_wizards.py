from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import TransformationCommon


@tagged("post_install", "-at_install")
class TestTransformationWizards(TransformationCommon):
    """“Set Stones” and “Unset Stones” on the form of a piece."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mount = cls._stock_mount(cost=500, gross=5.0)
        cls.stone = cls._stock_stone(cost=1000, carat=1.5)
        keeper = cls._create_user("keeper", company_id=cls.company.id, company_ids=cls.company.ids)
        cls.keeper_env = cls.env(user=keeper)

    def _open(self, name, piece=None):
        wizard = self.keeper_env[f"jewelry.transformation.{name}"]
        return Form(wizard.with_context(active_id=(piece or self.mount).id))

    # === SET === #

    def test_a_scanned_stone_is_picked(self):
        report = self._create_report(stone_id=self.stone.id)
        for code in (self.stone.home_lot_id.name, self.stone.number, report.number):
            with self.subTest(code=code), self._open("set") as form:
                form.scan = code
                self.assertEqual(form.stone_ids.ids, self.stone.ids)

    def test_a_code_that_no_loose_stone_answers_to_warns(self):
        wizard = self.env["jewelry.transformation.set"].new({"scan": "nothing"})
        self.assertIn("nothing", wizard._onchange_scan()["warning"]["message"])
        self.assertFalse(wizard.scan)

    def test_the_piece_is_shown_as_it_will_be(self):
        with self._open("set") as form:
            form.stone_ids.add(self.stone.with_env(self.keeper_env))
            form.work = 80
            self.assertEqual(form.carat_after, 1.5)
            self.assertEqual(form.gross_after, 5.3)
            self.assertEqual(form.cost_after, 1580)

    def test_setting_from_the_piece(self):
        with self._open("set") as form:
            form.stone_ids.add(self.stone.with_env(self.keeper_env))
            form.work = 80
        form.record.action_set()
        self.assertEqual(self.mount.stone_ids, self.stone)
        self.assertEqual(self.mount.standard_price, 1580)
        self.assertEqual(self.mount.gross_weight, form.gross_after)

    def test_a_prepared_setting_is_a_draft(self):
        with self._open("set") as form:
            form.stone_ids.add(self.stone.with_env(self.keeper_env))
        action = form.record.action_prepare()
        self.assertEqual(self.env["jewelry.transformation"].browse(action["res_id"]).state, "draft")

    def test_nothing_picked_is_said(self):
        with self._open("set") as form:
            pass
        with self.assertRaisesRegex(UserError, "Pick"):
            form.record.action_set()

    def test_small_stones_are_set_beside_a_numbered_one(self):
        parcel = self._stock_parcel(carat=5, count=100, cost=1000)
        with self._open("set") as form:
            form.stone_ids.add(self.stone.with_env(self.keeper_env))
            with form.parcel_ids.new() as line:
                line.lot_id = parcel
                self.assertEqual(line.place_id, self.stock_location)
                line.stone_count = 30
                self.assertEqual(line.carat, 1.5, "as many average stones weigh")
                line.carat = 1.4
            self.assertEqual(form.carat_after, 2.9)
            self.assertEqual(form.gross_after, 5.58)
            self.assertEqual(form.cost_after, 1780)
        form.record.action_set()
        self.assertEqual(self.mount.stone_count, 31)
        self.assertEqual(self.mount.standard_price, 1780)
        self.assertEqual(self.mount.gross_weight, 5.58)
        self.assertEqual((parcel.stone_ids.carat, parcel.stone_ids.count), (3.6, 70))

    def test_small_stones_come_from_the_bench_where_the_piece_is(self):
        parcel = self._stock_parcel(carat=5, count=100, cost=1000)
        parcel._move_bulk(self.stock_location, self.bench, 1, 20)
        self._move(self.mount, self.stock_location, self.bench)
        with self._open("set") as form, form.parcel_ids.new() as line:
            line.lot_id = parcel
            self.assertEqual(line.place_id, self.bench)
            line.stone_count = 20
        form.record.action_set()
        self.assertEqual(parcel._get_amount_in(self.bench), (0, 0))
        self.assertEqual(parcel.stone_ids.count, 80)

    # === UNSET === #

    def test_small_stones_go_back_into_the_parcel_they_came_from(self):
        parcel = self._stock_parcel(carat=5, count=100, cost=1000)
        line = self._prepare_line("in", parcel, carat=1.5, stone_count=30)
        self._set_stones(self.mount, [], line)
        with self._open("unset") as form, form.line_ids.edit(0) as line:
            line.outcome = "parcel"
            self.assertEqual(line.parcel_id, parcel)
            line.stone_count = 10
            self.assertEqual(line.carat, 0.5)
        form.record.action_unset()
        self.assertEqual(self.mount.stone_ids.count, 20)
        self.assertEqual((parcel.stone_ids.carat, parcel.stone_ids.count), (4, 80))
        self.assertEqual(self.mount.standard_price, 700)

    def _unset(self, **values):
        with self._open("unset") as form, form.line_ids.edit(0) as line:
            for name, value in values.items():
                setattr(line, name, value)
        return form.record.action_unset()

    def test_a_stone_comes_out_loose(self):
        self._set_stones(self.mount, self.stone)
        self._unset(outcome="loose")
        self.assertEqual(self.stone.state, "loose")
        self.assertEqual(self.mount.gross_weight, 5)

    def test_a_stone_bought_inside_gets_a_number_and_its_stated_cost(self):
        stone = self._create_stone(holder_id=self.mount.id, carat=1)
        self.mount.gross_weight = 5.2
        self._unset(outcome="loose", product_id=self.stone_style, stated_value=200)
        self.assertEqual(stone.home_lot_id.standard_price, 200)
        self.assertEqual(self.mount.standard_price, 300)

    def test_a_broken_stone_waits_for_a_second_person(self):
        self._set_stones(self.mount, self.stone)
        action = self._unset(outcome="lost", reason="Chipped")
        draft = self.env["jewelry.transformation"].browse(action["res_id"])
        self.assertEqual((draft.state, draft.loss_reason), ("draft", "Chipped"))
        self.assertEqual(self.stone.state, "set")
        draft.with_user(self.env.ref("base.user_admin")).action_approve_loss()
        draft.action_done()
        self.assertEqual(self.stone.state, "gone")
        self.assertEqual(self.mount.standard_price, 500)

    def test_all_staying_is_said(self):
        self._set_stones(self.mount, self.stone)
        with self.assertRaisesRegex(UserError, "at least one stone"):
            self._unset(outcome="stay")

    # === LINEAGE === #

    def test_a_piece_shows_what_it_and_its_stones_went_through(self):
        setting = self._set_stones(self.mount, self.stone)
        other = self._stock_mount()
        unsetting = self._unset_stones(self.mount, self.stone)
        again = self._set_stones(other, self.stone)
        Transformation = self.env["jewelry.transformation"]
        seen = Transformation.search(self.mount.action_view_transformations()["domain"])
        self.assertEqual(seen, setting | unsetting)
        seen = Transformation.search(other.action_view_transformations()["domain"])
        self.assertEqual(seen, setting | unsetting | again, "the stone's history comes along")
