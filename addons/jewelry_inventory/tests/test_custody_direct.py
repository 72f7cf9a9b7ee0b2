from datetime import timedelta

from freezegun import freeze_time

from odoo import SUPERUSER_ID, Command, fields
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import Form, tagged

from .common import TransformationCommon
from .count_common import CountCommon
from .custody_common import CustodyCommon


class Asked:
    """How a warning is met, and answered."""

    def _assert_refused(self, act, error=UserError, message="Window by day"):
        with self.assertRaisesRegex(error, message) as caught, self.env.cr.savepoint():
            act()
        return caught.exception

    def _confirm(self, warning, user=None, reason="Until noon"):
        """Answer the warning as the browser does: by the dialog that it leads to."""
        _message, action_id, _button, context = warning.args
        action = self.env["ir.actions.act_window"].browse(action_id)
        wizard = self.env[action.res_model].with_user(user or self.manager)
        return wizard.with_context(**context).create({"reason": reason}).action_confirm()

    def _get_excess(self):
        return self.env["jewelry.custody.excess"].search([("limit_id", "=", self.limit.id)])


class DirectCommon(Asked, CustodyCommon):
    """A window that is insured up to 1,500, and a ring of 1,000 in the safe."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.piece = cls._stock(cls.safe, 1000)
        cls.limit = cls._create_limit(1500, cls.window, name="Window by day")

    def _relocate(self, pieces, place, user):
        """Move pieces without a transfer, as a user."""
        quants = pieces.quant_ids.filtered(lambda quant: quant.quantity > 0)
        quants.with_user(user).move_quants(location_dest_id=place)


@tagged("post_install", "-at_install")
class TestDirectMoves(DirectCommon):
    """Goods that somebody moves without a transfer."""

    def test_up_to_the_limit_nobody_is_asked(self):
        self._relocate(self.piece, self.window, self.keeper)
        self.assertEqual(self.piece.location_id, self.window)

    def test_a_keeper_is_told_and_moves_nothing(self):
        self._stock(self.window, 600)
        self._assert_refused(lambda: self._relocate(self.piece, self.window, self.keeper))
        self.assertEqual(self.piece.location_id, self.safe)
        self.assertFalse(self._get_excess())

    def test_the_warning_says_what_is_insured_and_what_would_be_there(self):
        self._stock(self.window, 600)
        error = self._assert_refused(lambda: self._relocate(self.piece, self.window, self.keeper))
        for text in ("Window", "1,500.00", "1,600.00", "ask a manager"):
            self.assertIn(text, str(error))

    def test_the_dialog_of_core_that_relocates_asks(self):
        self._stock(self.window, 600)
        quants = self.piece.quant_ids.filtered(lambda quant: quant.quantity > 0)
        values = {"quant_ids": [Command.set(quants.ids)], "dest_location_id": self.window.id}
        wizard = self.env["stock.quant.relocate"].with_user(self.manager).create(values)
        warning = self._assert_refused(wizard.action_relocate_quants, RedirectWarning)
        self.assertEqual(self.piece.location_id, self.safe)
        self._confirm(warning)
        wizard.action_relocate_quants()
        self.assertEqual(self.piece.location_id, self.window)

    def test_a_manager_gives_a_reason_and_does_it_again(self):
        self._stock(self.window, 600)
        act = lambda: self._relocate(self.piece, self.window, self.manager)  # noqa: E731
        warning = self._assert_refused(act, RedirectWarning)
        self.assertEqual(self._confirm(warning)["tag"], "display_notification")
        act()
        self.assertEqual(self.piece.location_id, self.window)
        log = self._get_excess()
        self.assertEqual((log.amount, log.limit_amount, log.reason), (1600, 1500, "Until noon"))
        self.assertEqual((log.create_uid, log.lot_ids), (self.manager, self.piece))

    def test_what_the_dialog_says_is_of_these_goods(self):
        self._stock(self.window, 600)
        act = lambda: self._relocate(self.piece, self.window, self.manager)  # noqa: E731
        warning = self._assert_refused(act, RedirectWarning)
        wizards = self.env["jewelry.custody.confirm"].with_user(self.manager)
        form = Form(wizards.with_context(**warning.args[3]))
        self.assertIn("1,600.00", form.summary)
        form.reason = "Until noon"
        form.save().action_confirm()
        self.assertEqual(self._get_excess().reason, "Until noon")

    def _let_through(self):
        self._stock(self.window, 600)
        act = lambda: self._relocate(self.piece, self.window, self.manager)  # noqa: E731
        self._confirm(self._assert_refused(act, RedirectWarning))

    def test_what_was_let_through_is_for_these_goods_alone(self):
        other = self._stock(self.safe, 1000)
        self._let_through()
        for pieces in (other, self.piece + other):
            self._assert_refused(
                lambda pieces=pieces: self._relocate(pieces, self.window, self.manager),
                RedirectWarning,
            )

    def test_it_is_for_no_more_than_there_would_have_been(self):
        self._let_through()
        self._stock(self.window, 1)
        self._assert_refused(
            lambda: self._relocate(self.piece, self.window, self.manager), RedirectWarning
        )

    def test_it_is_for_an_hour(self):
        self._let_through()
        for minutes, error in ((61, RedirectWarning), (59, None)):
            with freeze_time(fields.Datetime.now() + timedelta(minutes=minutes)):
                act = lambda: self._relocate(self.piece, self.window, self.manager)  # noqa: E731
                self._assert_refused(act, error) if error else act()
        self.assertEqual(self.piece.location_id, self.window)

    def test_what_a_manager_let_through_a_keeper_may_do(self):
        self._let_through()
        self._relocate(self.piece, self.window, self.keeper)
        self.assertEqual(self.piece.location_id, self.window)

    def test_only_a_manager_lets_it_through_and_only_with_a_reason(self):
        self._stock(self.window, 600)
        act = lambda: self._relocate(self.piece, self.window, self.manager)  # noqa: E731
        warning = self._assert_refused(act, RedirectWarning)
        self._assert_refused(
            lambda: self._confirm(warning, self.keeper), AccessError, "Only a manager"
        )
        self._assert_refused(lambda: self._confirm(warning, reason=" "), message="the reason")
        self.assertFalse(self._get_excess())

    def test_within_the_place_and_out_of_it_nobody_is_asked(self):
        shelf = self._create_place("Shelf", location_id=self.window.id)
        pieces = [self._stock(self.window, 2000) for _piece in range(2)]
        for piece, place in zip(pieces, (shelf, self.safe), strict=True):
            self._relocate(piece, place, self.keeper)
            self.assertEqual(piece.location_id, place)

    def test_pieces_that_are_moved_together_are_reckoned_together(self):
        other = self._stock(self.safe, 1000)
        self._assert_refused(lambda: self._relocate(self.piece + other, self.window, self.keeper))
        self.assertEqual((self.piece + other).location_id, self.safe)

    def test_each_limit_that_is_exceeded_is_told_and_logged(self):
        role = self._create_limit(900, role="sale", name="All cases")
        self._stock(self.window, 600)
        act = lambda: self._relocate(self.piece, self.window, self.manager)  # noqa: E731
        warning = self._assert_refused(act, RedirectWarning)
        self.assertIn("All cases", warning.args[0])
        self._confirm(warning)
        logged = self.env["jewelry.custody.excess"].search([("reason", "=", "Until noon")])
        self.assertEqual(logged.limit_id, self.limit + role)

    def test_goods_counted_into_a_place_by_the_inventory_of_core_ask_as_well(self):
        self._stock(self.window, 600)
        new = self._create_piece(list_price=1000)
        quants = self.env["stock.quant"].with_user(self.keeper).with_context(inventory_mode=True)
        self._assert_refused(
            lambda: quants.create(
                {
                    "product_id": self.style.id,
                    "location_id": self.window.id,
                    "lot_id": new.id,
                    "inventory_quantity": 1,
                }
            ).action_apply_inventory()
        )

    def test_where_costs_are_hidden_the_warning_tells_none(self):
        self.company.custody_basis = "cost"
        blind = self._create_user("keeper", "jewelry_inventory.group_cost_hidden", login="blind")
        self.limit.amount = 300
        error = self._assert_refused(lambda: self._relocate(self.piece, self.window, blind))
        self.assertNotIn("400", str(error))

    def test_what_the_browser_is_handed_holds_no_cost(self):
        self.company.custody_basis = "cost"
        self.limit.amount = 300
        act = lambda: self._relocate(self.piece, self.window, self.manager)  # noqa: E731
        context = self._assert_refused(act, RedirectWarning).args[3]
        (row,) = context["default_goods"]
        self.assertEqual(row, [self.piece.id, self.safe.id, self.window.id, 1])

    def test_no_limit_costs_no_query_for_places(self):
        self.limit.unlink()
        excesses = self.env["jewelry.custody.excess"].with_user(self.keeper)
        goods = [[self.piece, self.safe, self.window, 1]]
        excesses._require_insured(self.company, goods)
        self.env.flush_all()
        with self.assertQueryCount(2):
            excesses._require_insured(self.company, goods)


@tagged("post_install", "-at_install")
class TestUnattended(DirectCommon):
    """Where nobody is there to be asked, and who cannot claim that."""

    def test_a_scheduled_action_moves_and_the_page_tells(self):
        self._stock(self.window, 600)
        quants = self.piece.quant_ids.filtered(lambda quant: quant.quantity > 0)
        quants = quants.with_user(self.manager).with_context(cron_id=1)
        quants.move_quants(location_dest_id=self.window)
        self.assertEqual(self.piece.location_id, self.window)
        self.assertEqual(self._get_limit(self._read_page(), self.limit)["level"], "over")

    def test_the_program_itself_is_not_asked(self):
        self._stock(self.window, 600)
        self._move(self.piece, self.safe, self.window)
        self.assertEqual(self.piece.location_id, self.window)
        self.assertEqual(self.env.uid, SUPERUSER_ID)

    def test_a_person_in_sudo_is_still_a_person(self):
        self._stock(self.window, 600)
        excesses = self.env["jewelry.custody.excess"].with_user(self.keeper).sudo()
        self._assert_refused(
            lambda: excesses._require_insured(
                self.company, [[self.piece, self.safe, self.window, 1]]
            )
        )


@tagged("post_install", "-at_install")
class TestConfirmCalls(DirectCommon):
    """The dialog, called by hand."""

    def _call(self, goods, user=None, company=None):
        wizards = self.env["jewelry.custody.confirm"].with_user(user or self.manager)
        values = {"company_id": (company or self.company).id, "reason": "x", "goods": goods}
        return wizards.create(values).action_confirm()

    def test_what_no_warning_hands_over_is_refused(self):
        for goods in (
            *("goods", 7, {"lot": 1}, [1], [[1]], [[1, 2, 3, 4, 5]], [["a", 1, 1, 1]]),
            *([[None, 1, 1, 1]], [[self.piece.id, [], 1, 1]], [[self.piece.id, 1, 1, "x"]]),
        ):
            with self.subTest(goods=goods):
                self._assert_refused(lambda goods=goods: self._call(goods), message="anew")

    def test_pieces_of_another_company_are_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self._create_piece(company_id=other.id)
        goods = [[theirs.id, self.safe.id, self.window.id, 1]]
        self._assert_refused(lambda: self._call(goods), AccessError, ".")

    def test_goods_that_exceed_nothing_leave_nothing_on_record(self):
        self._call([[self.piece.id, self.safe.id, self.window.id, 1]])
        self.assertFalse(self._get_excess())


@tagged("post_install", "-at_install")
class TestDirectCounts(Asked, CountCommon):
    """A count that finds goods in a place which is not insured for so much."""

    def test_a_piece_in_the_wrong_place_is_booked_there_by_a_manager_with_a_reason(self):
        values = {"name": "Window by day", "company_id": self.company.id}
        self.env["jewelry.custody.limit"].create(
            values | {"place_id": self.case.id, "amount": 1000}
        )
        stray = self._stock_rings(1, self.safe)
        stray.list_price = 2000
        count = self._count(self.rings + stray)
        self.assertEqual(self._kinds(count), {stray: "misplaced"})
        self._assert_refused(count.action_apply)
        self.assertEqual((count.state, self._place(stray)), ("counted", self.safe))
        applied = count.with_user(self.manager)
        self._confirm(self._assert_refused(applied.action_apply, RedirectWarning))
        applied.action_apply()
        self.assertEqual((count.state, self._place(stray)), ("done", self.case))


@tagged("post_install", "-at_install")
class TestDirectTransformations(TransformationCommon, DirectCommon):
    """Work that brings more to a place than it is insured for."""

    def _prepare(self, place):
        """Return work that brings a ring of 2,000 from the safe to a place."""
        mount = self._stock_mount(list_price=2000)
        work = self._prepare_setting(mount, self._stock_stone(), place_id=place.id)
        return work.with_user(self.keeper)

    def test_work_that_fills_a_place_above_its_limit_is_asked_about(self):
        work = self._prepare(self.window)
        self._assert_refused(work.action_done)
        self.assertEqual(work.state, "draft")
        manager = work.with_user(self.manager)
        self._confirm(self._assert_refused(manager.action_done, RedirectWarning))
        manager.action_done()
        self.assertEqual(work.state, "done")

    def test_work_below_the_limit_is_not(self):
        self.limit.amount = 2000
        work = self._prepare(self.window)
        work.action_done()
        self.assertEqual(work.state, "done")
