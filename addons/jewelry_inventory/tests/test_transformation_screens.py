from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import TransformationCommon


@tagged("post_install", "-at_install")
class TestTransformationTexts(TransformationCommon):
    """What lists and forms say of a transformation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mount = cls._stock_mount(name="R-1", cost=500, gross=5.0)
        cls.stone = cls._stock_stone(cost=1000, carat=1.5)

    def test_what_goes_in_and_what_comes_out_is_named(self):
        setting = self._prepare_setting(self.mount, self.stone)
        self.assertEqual(setting.input_text, f"R-1, {self.stone.home_lot_id.name}")
        self.assertEqual(setting.output_text, "R-1")

    def test_what_is_new_is_named_by_its_style(self):
        style = self._create_metal_style(name="Casting grain")
        metal = self._stock_metal(10)
        melt = self._create_transformation(
            "melt",
            self._prepare_line("in", metal, metal_weight=10),
            self._prepare_line("out", product_id=style.id, metal_weight=10),
        )
        self.assertEqual((melt.input_text, melt.output_text), (metal.name, "Casting grain"))

    def test_a_draft_that_balances_says_so(self):
        setting = self._prepare_setting(self.mount, self.stone)
        self.assertTrue(setting.is_balanced)
        self.assertFalse(setting.balance_text)
        self.assertTrue(setting.balance_html)

    def test_a_draft_says_what_is_missing(self):
        metal = self._stock_metal(10)
        melt = self._create_transformation(
            "melt",
            self._prepare_line("in", metal, metal_weight=10),
            self._prepare_line("out", product_id=metal.product_id.id, metal_weight=9),
        )
        self.assertFalse(melt.is_balanced)
        self.assertIn("1.000 g", melt.balance_text)
        with self._refused("1.000 g", UserError):
            melt.action_done()

    def test_a_draft_without_a_result_says_nothing_yet(self):
        draft = self._create_transformation("disassemble", self._prepare_line("in", self.mount))
        self.assertFalse(draft.balance_text)
        self.assertFalse(draft.is_balanced)

    def test_a_done_one_shows_its_balance_as_it_was(self):
        setting = self._set_stones(self.mount, self.stone)
        shown = setting.balance_html
        self.mount.gross_weight += 1
        setting.invalidate_recordset()
        self.assertEqual(setting.balance_html, shown)

    def test_its_moves_are_opened(self):
        setting = self._set_stones(self.mount, self.stone)
        action = setting.action_view_moves()
        moves = self.env["stock.move"].search(action["domain"])
        self.assertEqual(moves, setting.line_ids.move_ids)
        self.assertEqual(len(moves.move_line_ids.lot_id), 2)

    def test_the_opposite_is_opened_when_it_is_undone(self):
        setting = self._set_stones(self.mount, self.stone)
        action = setting.action_reverse()
        opposite = self.env["jewelry.transformation"].browse(action["res_id"])
        self.assertEqual((opposite.reversal_of_id, opposite.state), (setting, "done"))
        self.assertEqual(self.stone.state, "loose")

    def test_lots_of_metal_open_a_new_one_with_all_that_is_there(self):
        metals = self._stock_metal(10) + self._stock_metal(4)
        action = metals.with_context(transformation_kind="melt").action_transform()
        self.assertEqual(action["context"]["default_kind"], "melt")
        lines = [command[2] for command in action["context"]["default_input_ids"]]
        self.assertEqual(
            {line["lot_id"]: line["metal_weight"] for line in lines},
            {metals[0].id: 10, metals[1].id: 4},
        )

    def test_parcels_open_a_new_one_with_carats_and_stones(self):
        parcel = self._stock_parcel(carat=5, count=100)
        (command,) = parcel.action_transform()["context"]["default_input_ids"]
        self.assertEqual((command[2]["carat"], command[2]["stone_count"]), (5, 100))


@tagged("post_install", "-at_install")
class TestTransformationLines(TransformationCommon):
    """A line says something that can be true."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mount = cls._stock_mount(cost=500, gross=5.0)
        cls.stone = cls._stock_stone(cost=1000, carat=1.5)
        cls.keeper = cls._create_user("keeper")

    def test_nothing_neither_goes_in_nor_comes_out(self):
        for direction in ("in", "out"):
            with self._refused("Choose what goes in, or comes out"):
                self._create_transformation("melt", self._prepare_line(direction))

    def test_a_loss_or_gain_of_nothing_is_refused(self):
        for direction in ("loss", "gain"):
            with self._refused("Enter the grams of metal or the stones"):
                self._create_transformation("melt", self._prepare_line(direction))

    def test_a_stone_that_is_there_is_not_found_again(self):
        gain = self._prepare_line("gain", stones=self.stone, carat=1.5, stone_count=1, reason="x")
        setting = self._prepare_unsetting(self.mount, self.stone.browse(), gain)
        with self._refused("cannot be entered as found", UserError):
            setting.action_done()

    def test_the_costs_of_a_done_one_are_in_the_books(self):
        setting = self._set_stones(self.mount, self.stone, costs=[20])
        cost = setting.cost_ids
        for change in (
            lambda: cost.write({"amount": 1}),
            cost.unlink,
            lambda: setting.write({"cost_ids": [Command.create({"name": "x", "amount": 1})]}),
        ):
            with self._refused("", UserError):
                change()
        self.assertEqual(setting.cost_ids.amount, 20)

    def test_the_cost_of_a_draft_is_taken_away(self):
        setting = self._prepare_setting(self.mount, self.stone, costs=[20])
        setting.cost_ids.unlink()
        setting.action_done()
        self.assertEqual(self.mount.standard_price, 1500)

    def test_a_cost_takes_the_account_of_the_company_and_keeps_another(self):
        setting = self._prepare_setting(self.mount, self.stone, costs=[20])
        self.assertEqual(setting.cost_ids.account_id, self.labour)
        setting.cost_ids.account_id = self.losses
        self.company.transformation_cost_account_id = self.wip
        self.assertEqual(setting.cost_ids.account_id, self.losses)

    def test_unsetting_with_the_wizard_costs_what_it_costs(self):
        self._set_stones(self.mount, self.stone)
        wizard = self.env["jewelry.transformation.unset"].with_user(self.keeper)
        with Form(wizard.with_context(active_id=self.mount.id)) as form:
            form.work = 35
            with form.line_ids.edit(0) as line:
                line.outcome = "loose"
        form.record.action_unset()
        self.assertEqual(self.mount.standard_price, 535)
        self.assertEqual(self.stone.home_lot_id.standard_price, 1000)

    def test_an_unsetting_is_prepared_for_somebody_else(self):
        self._set_stones(self.mount, self.stone)
        wizard = self.env["jewelry.transformation.unset"].with_user(self.keeper)
        with (
            Form(wizard.with_context(active_id=self.mount.id)) as form,
            form.line_ids.edit(0) as line,
        ):
            line.outcome = "loose"
        action = form.record.action_prepare()
        draft = self.env["jewelry.transformation"].browse(action["res_id"])
        self.assertEqual((draft.kind, draft.state), ("unset", "draft"))
        self.assertEqual(self.stone.holder_id, self.mount)

    def test_unsetting_nothing_is_said(self):
        self._set_stones(self.mount, self.stone)
        wizard = self.env["jewelry.transformation.unset"].create({"piece_id": self.mount.id})
        with self._refused("Choose for at least one stone", UserError):
            wizard.action_unset()


@tagged("post_install", "-at_install")
class TestPairs(TransformationCommon):
    """The button that breaks a pair."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stone = cls._stock_stone(carat=1.5)
        cls.mate = cls._stock_stone(carat=1.5, mate_id=cls.stone.id)

    def _open(self, role):
        wizard = self.env["jewelry.stone.unpair"].with_user(self._create_user(role))
        return wizard.with_context(active_id=self.stone.id)

    def test_a_manager_breaks_it_and_both_stones_say_why(self):
        with Form(self._open("manager")) as form:
            self.assertEqual(form.mate_id, self.mate)
            form.reason = "Chipped"
        form.record.action_break_pair()
        self.assertFalse(self.stone.mate_id | self.mate.mate_id)
        for lot in (self.stone | self.mate).home_lot_id:
            self.assertIn("Chipped", lot.message_ids[0].body)

    def test_a_keeper_does_not(self):
        with self._refused("", AccessError):
            self._open("keeper").create({"reason": "Chipped"})
        self.assertTrue(self.stone.mate_id)

    def test_a_stone_is_not_its_own_mate(self):
        with self._refused("cannot be its own mate"):
            self.stone.mate_id = self.stone


@tagged("post_install", "-at_install")
class TestStyles(TransformationCommon):
    """A style of jewelry is kept as its kind asks for, whatever form it is changed on."""

    def test_a_piece_is_not_valued_as_a_crowd(self):
        with self._refused("is costed piece by piece"):
            self.style.product_tmpl_id.lot_valuated = False

    def test_metal_has_an_alloy_and_is_weighed(self):
        style = self._create_metal_style()
        unit = self.env.ref("uom.product_uom_unit")
        with self._refused("choose the alloy of the metal"):
            style.product_tmpl_id.alloy_id = False
        with self._refused("kept in stock in the unit g"):
            style.product_tmpl_id.uom_id = unit

    def test_each_kind_is_tracked_as_it_is_handled(self):
        for kind, tracking in (("piece", "lot"), ("stone", "none"), ("parcel", "serial")):
            style = self._create_style(jewelry_kind=kind)
            with self.subTest(kind=kind), self._refused("tracked"):
                style.product_tmpl_id.tracking = tracking

    def test_the_variant_opens_the_pieces_of_its_style(self):
        piece = self._create_piece()
        action = self.style.action_view_pieces()
        self.assertEqual(self.env["stock.lot"].search(action["domain"]), piece)
        self.assertEqual(action["context"]["default_product_id"], self.style.id)

    def test_several_styles_open_their_pieces_without_a_style_for_new_ones(self):
        other = self._create_style(name="Band")
        pieces = self._create_piece() + self._create_piece(other)
        action = (self.style + other).action_view_pieces()
        self.assertEqual(set(self.env["stock.lot"].search(action["domain"])), set(pieces))
        self.assertFalse(action["context"]["default_product_id"])

    def test_a_product_that_becomes_jewelry_takes_what_its_kind_implies(self):
        template = self.env["product.template"].create({"name": "Old ring"})
        template.jewelry_kind = "piece"
        self.assertEqual((template.tracking, template.is_storable), ("serial", True))
        self.assertEqual(template.cost_method, "specific")

    def test_a_form_shows_what_the_kind_implies_at_once(self):
        with Form(self.env["product.template"]) as form:
            form.name = "Old ring"
            form.jewelry_kind = "piece"
            self.assertEqual(form.tracking, "serial")


@tagged("post_install", "-at_install")
class TestCancelledInvoice(TransformationCommon):
    """An invoice that is cancelled leaves no cost behind, whoever cancels it."""

    def test_a_late_cost_of_a_sold_piece_goes_back_with_its_invoice(self):
        style = self._create_style(name="Perpetual", categ_id=self.category_auto.id)
        piece = self._stock_piece(style, cost=300)
        invoice = self._create_invoice(style, price_unit=900, post=False)
        invoice.invoice_line_ids.piece_ids = piece
        invoice.action_post()
        self._move(piece, self.stock_location, self.customer_location)
        piece._set_cost({piece: 340}, "correction", "late freight")
        expense = invoice.line_ids.filtered(lambda line: line.balance > 0 and line.product_id)
        account = expense.account_id[:1]
        self.assertEqual(self._ledger(account), 340)
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual(invoice.state, "cancel")
        self.assertAlmostEqual(self._ledger(account), 0)
