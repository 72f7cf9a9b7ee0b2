from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import RaceCase
from .custody_common import CustodyCommon


@tagged("post_install", "-at_install")
class TestCaseOpening(CustodyCommon):
    """Who opened which case, and why."""

    def test_an_associate_opens_and_closes_a_case(self):
        with freeze_time("2026-01-15 10:00:00"):
            opening = self._open_case(reason="clean")
        self.assertEqual((opening.place_id, opening.reason), (self.case, "clean"))
        self.assertEqual((opening.create_uid, opening.state), (self.associate, "open"))
        opening.action_close()
        self.assertEqual((opening.closed_by_id, opening.state), (self.associate, "closed"))
        self.assertTrue(opening.closed_date)

    def test_somebody_else_may_close_it(self):
        opening = self._open_case()
        opening.with_user(self.keeper).action_close()
        self.assertEqual((opening.create_uid, opening.closed_by_id), (self.associate, self.keeper))

    def test_closing_twice_keeps_who_closed_it_first(self):
        opening = self._open_case()
        opening.action_close()
        opening.with_user(self.keeper).action_close()
        self.assertEqual(opening.closed_by_id, self.associate)

    def test_an_open_case_is_not_opened_again(self):
        self._open_case()
        with self.assertRaisesRegex(UserError, "open already, by jewelry_associate"):
            self._open_case(user=self.keeper)

    def test_an_open_case_is_not_opened_again_by_the_database_either(self):
        opening = self._open_case().sudo()
        with self._refused_by_database("jewelry.case.opening", "open already"):
            opening.copy()

    def test_a_closed_case_is_opened_again(self):
        self._open_case().action_close()
        self.assertEqual(self._open_case().state, "open")

    def test_any_other_reason_takes_a_note(self):
        with self._refused_by_database("jewelry.case.opening", "Say in the note"):
            self._open_case(reason="other", note=" ")
        self.assertTrue(self._open_case(reason="other", note="The lock sticks"))

    def test_a_place_outside_the_store_is_no_case(self):
        with self.assertRaisesRegex(UserError, "no case of the store"):
            self._open_case(self.customer_location)

    def test_nobody_writes_deletes_or_makes_up_an_opening(self):
        opening = self._open_case()
        values = {"place_id": self.window.id, "company_id": self.company.id, "reason": "show"}
        for user in (self.associate, self.keeper, self.manager):
            own = opening.with_user(user)
            for name in ("reason", "closed_date", "closed_by_id"):
                with self.assertRaises(AccessError):
                    own.write({name: False})
            with self.assertRaises(AccessError):
                own.unlink()
            with self.assertRaises(AccessError):
                own.create(values)
        for name in ("place_id", "reason", "note"):
            with self.assertRaises(AccessError):
                opening.sudo().write({name: False})
        with self.assertRaisesRegex(UserError, "stays on record"):
            opening.sudo().unlink()

    def test_when_a_case_was_closed_stays_as_it_is(self):
        opening = self._open_case()
        opening.action_close()
        with self.assertRaises(AccessError):
            opening.sudo().closed_date = False

    def test_open_and_closed_ones_are_found(self):
        openings = self.env["jewelry.case.opening"]
        first = self._open_case()
        first.action_close()
        second = self._open_case()
        for state, found in (("open", second), ("closed", first)):
            self.assertEqual(openings.search([("state", "=", state)]) & (first | second), found)

    # === INSURED LIMITS === #

    def test_a_case_that_holds_too_much_is_opened_by_a_manager_with_a_reason(self):
        self._stock(self.case, 1000)
        limit = self._create_limit(999, self.case)
        with self.assertRaisesRegex(AccessError, "Only a manager"), self.env.cr.savepoint():
            self._open_case(excess_reason="I must")
        with self.assertRaisesRegex(UserError, "Enter the reason"), self.env.cr.savepoint():
            self._open_case(user=self.manager)
        opening = self._open_case(user=self.manager, excess_reason="To empty it")
        excess = opening.excess_ids
        self.assertEqual((excess.limit_id, excess.reason), (limit, "To empty it"))
        self.assertEqual((excess.amount, excess.limit_amount), (1000, 999))

    def test_a_case_that_is_not_open_by_refusal_leaves_nothing_behind(self):
        self._stock(self.case, 1000)
        self._create_limit(999, self.case)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._open_case()
        self.assertFalse(self.env["jewelry.case.opening"].search([("place_id", "=", self.case.id)]))

    def test_the_dialog_warns_an_associate_without_a_cost(self):
        self.company.custody_basis = "cost"
        self._stock(self.case, 1000, 432.10)
        self._create_limit(400, self.case)
        wizard = self.env["jewelry.case.open"].with_user(self.associate)
        summary = wizard.new({"place_id": self.case.id}).summary
        self.assertIn("400.00", summary)
        self.assertNotIn("432", summary)

    def test_a_full_window_does_not_keep_a_case_shut(self):
        self._stock(self.window, 1000)
        self._create_limit(1, self.window)
        self.assertTrue(self._open_case())


@tagged("post_install", "-at_install")
class TestCaseItem(CustodyCommon):
    """What is taken out of an open case, by scanning."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pieces = [cls._stock(cls.case, name=f"P-CASE-{number}") for number in range(4)]
        cls.first, cls.second, cls.third, cls.fourth = cls.pieces

    def _scan(self, opening, piece, user=None):
        return opening.with_user(user or self.associate).action_scan(piece.name)

    def test_the_first_scan_takes_out_and_the_second_puts_back(self):
        opening = self._open_case()
        self.assertEqual(self._scan(opening, self.first), {"piece": "P-CASE-0", "direction": "out"})
        self.assertEqual(opening.out_count, 1)
        self.assertEqual(self._scan(opening, self.first)["direction"], "back")
        item = opening.item_ids
        self.assertEqual((item.lot_id, item.outcome), (self.first, "back"))
        self.assertEqual((item.create_uid, item.back_by_id), (self.associate, self.associate))
        self.assertEqual(opening.out_count, 0)

    def test_a_piece_is_found_by_its_old_number_as_anywhere(self):
        self.first.former_number = "OLD-77"
        self.assertEqual(self._open_case().action_scan("OLD-77")["piece"], "P-CASE-0")

    def test_what_lies_in_a_tray_is_in_the_case(self):
        piece = self._stock(self.tray)
        self.assertEqual(self._scan(self._open_case(), piece)["direction"], "out")

    def test_nobody_has_more_than_two_out(self):
        opening = self._open_case()
        self._scan(opening, self.first)
        self._scan(opening, self.second)
        with self.assertRaisesRegex(UserError, "P-CASE-1, P-CASE-0 out, and no more than 2"):
            self._scan(opening, self.third)
        self._scan(opening, self.first)
        self.assertEqual(self._scan(opening, self.third)["direction"], "out")

    def test_two_cases_do_not_make_it_four(self):
        other = self._stock(self.window)
        case, window = self._open_case(), self._open_case(self.window)
        self._scan(case, self.first)
        self._scan(case, self.second)
        with self.assertRaisesRegex(UserError, "no more than 2"):
            self._scan(window, other)

    def test_a_colleague_has_two_of_their_own(self):
        opening = self._open_case()
        for piece, user in zip(self.pieces, [self.associate] * 2 + [self.keeper] * 2, strict=True):
            self._scan(opening, piece, user)
        self.assertEqual(opening.out_count, 4)

    def test_the_store_says_how_many_and_0_is_any_number(self):
        self.company.case_items_out = 1
        opening = self._open_case()
        self._scan(opening, self.first)
        with self.assertRaisesRegex(UserError, "no more than 1"):
            self._scan(opening, self.second)
        self.company.case_items_out = 0
        for piece in self.pieces[1:]:
            self._scan(opening, piece)
        self.assertEqual(opening.out_count, 4)

    def test_an_unknown_code_is_told_and_changes_nothing(self):
        opening = self._open_case()
        for code in ("NOBODY-1", "", False):
            with self.assertRaisesRegex(UserError, "No piece is found"):
                opening.action_scan(code)
        self.assertFalse(opening.item_ids)

    def test_a_piece_of_another_place_is_told_with_its_place(self):
        piece = self._stock(self.safe, name="P-SAFE")
        with self.assertRaisesRegex(UserError, "P-SAFE is kept in .*/Safe, not in .*/Case A"):
            self._scan(self._open_case(), piece)

    def test_a_piece_that_is_not_in_the_store_is_told(self):
        sold = self._create_piece(name="P-NEW")
        with self.assertRaisesRegex(UserError, "no place of the store"):
            self._scan(self._open_case(), sold)

    def test_a_piece_goes_back_where_it_came_from(self):
        case = self._open_case()
        self._scan(case, self.first)
        with self.assertRaisesRegex(UserError, "came out of .*/Case A. Put it back"):
            self._scan(self._open_case(self.window), self.first)

    def test_a_case_is_not_closed_before_everything_is_back(self):
        opening = self._open_case()
        self._scan(opening, self.first)
        with self.assertRaisesRegex(UserError, "Put back first, and scan: P-CASE-0"):
            opening.action_close()
        self._scan(opening, self.first)
        opening.action_close()
        self.assertEqual(opening.state, "closed")

    def test_nothing_is_taken_out_of_a_closed_case(self):
        opening = self._open_case()
        opening.action_close()
        with self.assertRaisesRegex(UserError, "closed"):
            self._scan(opening, self.first)

    def test_a_piece_that_is_sold_is_out_no_more(self):
        opening = self._open_case()
        self._scan(opening, self.first)
        self._move(self.first, self.case, self.customer_location)
        self.assertEqual(opening.item_ids.outcome, "moved")
        opening.action_close()
        self.assertEqual(opening.state, "closed")

    def test_a_piece_that_moves_within_the_case_stays_out(self):
        opening = self._open_case()
        self._scan(opening, self.first)
        self._move(self.first, self.case, self.tray)
        self.assertFalse(opening.item_ids.outcome)

    def test_nobody_writes_what_was_taken_out_by_hand(self):
        opening = self._open_case()
        self._scan(opening, self.first)
        item = opening.item_ids
        for user in (self.associate, self.manager):
            with self.assertRaises(AccessError):
                item.with_user(user).write({"outcome": "back"})
        self._scan(opening, self.first)
        with self.assertRaises(AccessError):
            item.sudo().back_date = False
        with self.assertRaisesRegex(UserError, "stays on record"):
            item.sudo().unlink()

    def test_an_auditor_looks_and_handles_nothing(self):
        opening = self._open_case().with_user(self.auditor)
        self.assertEqual(opening.reason, "show")
        for act in (opening.action_close, lambda: opening.action_scan("P-CASE-0")):
            with self.assertRaises(AccessError):
                act()
        with self.assertRaises(AccessError):
            self._open_case(self.window, self.auditor)


@tagged("post_install", "-at_install")
class TestCaseRace(RaceCase):
    """What two people, or one at two screens, do at once."""

    def setUp(self):
        super().setUp()
        with self._commit() as env:
            stock = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
            place = env["stock.location"].create(
                {"name": "Case of the race", "location_id": stock.lot_stock_id.id}
            )
            style = env["product.template"].create({"name": "Race", "jewelry_kind": "piece"})
            self.product_ids = style.product_variant_id.ids
            lots = env["stock.lot"].create(
                [
                    {"name": f"P-RACE-{number}", "product_id": self.product_ids[0]}
                    for number in range(3)
                ]
            )
            lots._take_in(env.company._get_opening_place(), place)
            self.chains = lots.mapped("chain_uuid")
            self.company_id, self.items_out = env.company.id, env.company.case_items_out
            env.company.case_items_out = 2
            self.place_id = place.id

    def _clean(self):
        with self._commit() as env:
            env["res.company"].browse(self.company_id).case_items_out = self.items_out
            opening = "SELECT id FROM jewelry_case_opening WHERE place_id = %(place)s"
            lots = "SELECT id FROM stock_lot WHERE product_id = ANY(%(ids)s)"
            for table, condition in (
                ("jewelry_case_item", f"opening_id IN ({opening})"),
                ("jewelry_case_opening", "place_id = %(place)s"),
                ("stock_move_line", "product_id = ANY(%(ids)s)"),
                ("product_value", f"lot_id IN ({lots})"),
                ("stock_move", "product_id = ANY(%(ids)s)"),
                ("stock_quant", "product_id = ANY(%(ids)s)"),
                ("stock_lot", "product_id = ANY(%(ids)s)"),
            ):
                values = {"place": self.place_id, "ids": self.product_ids}
                env.cr.execute(f"DELETE FROM {table} WHERE {condition}", values)
            env["product.product"].browse(self.product_ids).product_tmpl_id.unlink()
            env["stock.location"].browse(self.place_id).unlink()
        return super()._clean()

    def _open(self, env):
        env["jewelry.case.opening"]._open(env["stock.location"].browse(self.place_id), "show")

    def _find(self, env):
        return env["jewelry.case.opening"].search([("place_id", "=", self.place_id)])

    def _scan(self, number):
        return lambda env: self._find(env).action_scan(f"P-RACE-{number}")

    def test_of_two_who_open_a_case_at_once_one_is_told(self):
        refusals = self._race(self._open, self._open)
        self.assertEqual(refusals.count(None), 1)
        with self._commit() as env:
            self.assertEqual(len(self._find(env)), 1)

    def test_scans_at_three_screens_do_not_get_more_out_than_two(self):
        with self._commit() as env:
            self._open(env)
        refusals = self._race(*[self._scan(number) for number in range(3)])
        self.assertEqual(refusals.count(None), 2)
        with self._commit() as env:
            self.assertEqual(self._find(env).out_count, 2)
            self.assertEqual(len(self._find(env).item_ids), 2)

    def test_a_case_is_not_closed_while_a_piece_is_taken_out(self):
        with self._commit() as env:
            self._open(env)
        refusals = self._race(self._scan(0), lambda env: self._find(env).action_close())
        self.assertEqual(refusals.count(None), 1)
        with self._commit() as env:
            opening = self._find(env)
            self.assertNotEqual(bool(opening.closed_date), bool(opening.item_ids))
