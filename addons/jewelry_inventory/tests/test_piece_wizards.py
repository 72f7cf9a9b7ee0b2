from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import JewelryCommon


class PieceWizardCommon(JewelryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._create_user("keeper")
        cls.manager = cls._create_user("manager")

    def _open(self, model, pieces, user=None, **values):
        """Return the wizard as the button on `pieces` opens it, filled with `values`."""
        wizard = self.env[model].with_user(user or self.env.user)
        context = {"active_model": "stock.lot", "active_ids": pieces.ids}
        with Form(wizard.with_context(**context)) as form:
            for name, value in values.items():
                form[name] = value
        return form.record


@tagged("post_install", "-at_install")
class TestPieceIntake(PieceWizardCommon):
    """A piece comes into stock without a purchase."""

    def test_a_keeper_takes_a_piece_into_stock(self):
        piece = self._create_piece(cost=300.0)
        intake = self._open("jewelry.piece.intake", piece, self.keeper, place_id=self.safe)
        self.assertEqual(intake.total_cost, 300.0)
        intake.action_take_in()
        self.assertEqual(piece.piece_status, "available")
        self.assertEqual(piece.location_id, self.safe)
        self.assertEqual(self._value(piece), 300.0)

    def test_the_stock_of_the_store_is_proposed(self):
        intake = self._open("jewelry.piece.intake", self._create_piece())
        self.assertEqual(intake.place_id, self.stock_location)

    def test_pieces_without_a_cost_are_named(self):
        known, unknown = self._create_piece(cost=10.0), self._create_piece()
        intake = self._open("jewelry.piece.intake", known + unknown)
        self.assertEqual(intake.costless_ids, unknown)

    def test_the_opening_account_explains_the_value_that_comes_in(self):
        self.company.piece_opening_account_id = self.account_expense
        style = self._create_style(categ_id=self.category_auto.id)
        piece = self._create_piece(style=style, cost=250.0)
        before = self._ledger(self.account_expense)
        self._open("jewelry.piece.intake", piece).action_take_in()
        self.assertEqual(self._ledger(self.account_expense) - before, -250.0)

    def test_goods_of_others_need_an_owner_and_have_no_value(self):
        piece = self._create_piece(cost=80.0, stock_type="memo")
        intake = self.env["jewelry.piece.intake"].create({"piece_ids": piece.ids})
        with self.assertRaisesRegex(UserError, "Choose the owner"):
            intake.action_take_in()
        intake.owner_id = self.vendor
        intake.action_take_in()
        self.assertEqual(piece.quant_ids.filtered("quantity")[:1].owner_id, self.vendor)
        self.assertEqual(self._value(piece), 0.0)

    def test_the_vendor_of_goods_of_others_is_proposed_as_their_owner(self):
        theirs = self._create_piece(stock_type="consignment", vendor_id=self.vendor.id)
        self.assertEqual(self._open("jewelry.piece.intake", theirs).owner_id, self.vendor)
        ours = self._create_piece(vendor_id=self.vendor.id)
        self.assertFalse(self._open("jewelry.piece.intake", ours).owner_id)

    def test_own_pieces_and_goods_of_others_come_in_separately(self):
        pieces = self._create_piece() + self._create_piece(stock_type="memo")
        intake = self._open("jewelry.piece.intake", pieces, owner_id=self.vendor)
        with self.assertRaisesRegex(UserError, "separately"):
            intake.action_take_in()

    def test_a_piece_comes_in_once(self):
        piece = self._stock_piece()
        intake = self.env["jewelry.piece.intake"].create({"piece_ids": piece.ids})
        with self.assertRaisesRegex(UserError, "already"):
            intake.action_take_in()


@tagged("post_install", "-at_install")
class TestPieceVoid(PieceWizardCommon):
    """A slip at the entry is voided, with a reason."""

    def test_a_keeper_voids_a_slip(self):
        piece = self._create_piece()
        void = self._open("jewelry.piece.void", piece, self.keeper, reason="Entered twice")
        void.action_void()
        self.assertEqual(piece.piece_status, "void")
        self.assertEqual(piece.void_reason, "Entered twice")


@tagged("post_install", "-at_install")
class TestPieceRevalue(PieceWizardCommon):
    """A manager changes what a piece costs, and says why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The test company is in the United States, where a write-down is final.
        cls.company.piece_reversal_allowed = True
        # Who else must approve is tested where approvals are.
        cls.company.approval_limit = 10000
        cls.piece = cls._stock_piece(cost=1000.0)

    def _revalue(self, cost, reason, piece=None):
        piece = piece or self.piece
        wizard = self._open(
            "jewelry.piece.revalue", piece, self.manager, reason=reason, note="Told by a test"
        )
        wizard.line_ids.new_cost = cost
        wizard.action_revalue()

    def test_the_wizard_shows_cost_and_difference(self):
        wizard = self._open("jewelry.piece.revalue", self.piece, self.manager, note="x")
        line = wizard.line_ids
        self.assertEqual((line.old_cost, line.new_cost, line.difference), (1000.0, 1000.0, 0.0))
        line.new_cost = 900.0
        self.assertEqual(line.difference, -100.0)

    def test_a_correction_is_kept_with_its_reason(self):
        self._revalue(1200.0, "correction")
        self.assertEqual(self.piece.standard_price, 1200.0)
        row = self.piece.value_ids[-1:]
        self.assertEqual((row.reason, row.description), ("correction", "Told by a test"))
        self.assertEqual(row.user_id, self.manager)

    def test_several_pieces_get_each_its_own_cost(self):
        pieces = self.piece + self._stock_piece(cost=500.0)
        wizard = self._open("jewelry.piece.revalue", pieces, self.manager, note="x")
        for line, cost in zip(wizard.line_ids, (1100.0, 450.0), strict=True):
            line.new_cost = cost
        wizard.action_revalue()
        self.assertEqual(pieces.mapped("standard_price"), [1100.0, 450.0])

    def test_a_write_down_lowers_the_cost(self):
        self._revalue(700.0, "write_down")
        self.assertEqual(self._value(self.piece), 700.0)
        with self.assertRaisesRegex(ValidationError, "lowers"):
            self._revalue(700.01, "write_down")

    def test_a_reversal_brings_back_at_most_what_was_written_down(self):
        self._revalue(700.0, "write_down")
        self._revalue(800.0, "reversal")
        self._revalue(1000.0, "reversal")
        self.assertEqual(self.piece.standard_price, 1000.0)
        with self.assertRaisesRegex(ValidationError, "at most"):
            self._revalue(1000.01, "reversal")

    def test_a_reversal_shows_how_much_it_may_bring_back(self):
        self._revalue(700.0, "write_down")
        wizard = self._open("jewelry.piece.revalue", self.piece, self.manager, note="x")
        self.assertEqual(wizard.line_ids.write_down, 300.0)

    def test_a_piece_never_written_down_has_nothing_to_reverse(self):
        with self.assertRaisesRegex(ValidationError, "at most"):
            self._revalue(1000.5, "reversal")

    def test_a_reversal_raises_the_cost(self):
        self._revalue(700.0, "write_down")
        with self.assertRaisesRegex(ValidationError, "raises"):
            self._revalue(600.0, "reversal")

    def test_a_company_under_us_gaap_refuses_a_reversal_and_says_why(self):
        self._revalue(700.0, "write_down")
        self.company.piece_reversal_allowed = False
        with self.assertRaisesRegex(ValidationError, "ASC 330-10-35-14"), self.env.cr.savepoint():
            self._revalue(800.0, "reversal")
        self.assertEqual(self.piece.standard_price, 700.0)
        self.assertEqual(self.piece.value_ids.mapped("reason"), ["write_down"])

    def test_under_us_gaap_corrections_and_write_downs_go_on(self):
        self.company.piece_reversal_allowed = False
        self._revalue(700.0, "write_down")
        self._revalue(750.0, "correction")
        self.assertEqual(self.piece.standard_price, 750.0)

    def test_no_other_way_around_the_wizard_reverses_either(self):
        self._revalue(700.0, "write_down")
        self.company.piece_reversal_allowed = False
        for act in (
            lambda: self.piece._set_cost({self.piece: 800}, "reversal"),
            lambda: self.env["product.value"].create(
                {"lot_id": self.piece.id, "product_id": self.style.id, "value": 800}
                | {"reason": "reversal", "company_id": self.company.id}
            ),
        ):
            with self.assertRaisesRegex(ValidationError, "new cost"), self.env.cr.savepoint():
                act()
        self.env.invalidate_all()
        self.assertEqual(self.piece.standard_price, 700.0)

    def test_the_country_decides_until_somebody_does(self):
        company = self.env["res.company"].create({"name": "Branch"})
        for code, allowed in (("us", False), ("be", True), ("us", False), ("de", True)):
            company.account_fiscal_country_id = self.env.ref(f"base.{code}")
            with self.subTest(country=code):
                self.assertEqual(company.piece_reversal_allowed, allowed)

    def test_the_settings_allow_what_the_country_does_not(self):
        self.company.piece_reversal_allowed = False
        self._revalue(700.0, "write_down")
        settings = self.env["res.config.settings"].create({"company_id": self.company.id})
        settings.piece_reversal_allowed = True
        settings.execute()
        self.assertTrue(self.company.piece_reversal_allowed)
        self._revalue(800.0, "reversal")
        self.assertEqual(self.piece.standard_price, 800.0)

    def test_the_wizard_tells_before_anybody_types(self):
        self.company.piece_reversal_allowed = False
        wizard = self._open("jewelry.piece.revalue", self.piece, self.manager, note="x")
        self.assertFalse(wizard.is_reversal_allowed)

    def test_a_sold_piece_is_not_written_down(self):
        self._move(self.piece, self.stock_location, self.customer_location)
        with self.assertRaisesRegex(ValidationError, "in stock"):
            self._revalue(700.0, "write_down")

    def test_keepers_do_not_revalue(self):
        with self.assertRaises(AccessError):
            self.env["jewelry.piece.revalue"].with_user(self.keeper).create({"note": "x"})
