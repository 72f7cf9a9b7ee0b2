from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ROLES, RaceCase
from .custody_common import CustodyCommon


@tagged("post_install", "-at_install")
class TestCustodyPage(CustodyCommon):
    """What the page says is at risk, and where."""

    def test_a_piece_is_at_risk_where_it_is_at_its_price_and_cost(self):
        before = self._read_page()["total"]
        self._stock(self.case, 1000, 400)
        page = self._read_page()
        row = self._get_row(page, self.case)
        self.assertEqual((row["count"], row["price"], row["cost"]), (1, 1000, 400))
        self.assertEqual(page["total"]["price"] - before["price"], 1000)
        self.assertEqual(page["total"]["count"] - before["count"], 1)

    def test_a_piece_without_a_price_counts_at_that_of_its_style(self):
        self.style.list_price = 777
        self._stock(self.case, 0)
        self.assertEqual(self._get_row(self._read_page(), self.case)["price"], 777)

    def test_what_lies_in_a_tray_counts_for_its_case(self):
        self._stock(self.tray)
        page = self._read_page()
        self.assertEqual(self._get_row(page, self.case)["price"], 1000)
        self.assertIsNone(self._get_row(page, self.tray))

    def test_a_tray_with_a_limit_of_its_own_has_a_row(self):
        limit = self._create_limit(800, self.tray)
        self._stock(self.tray)
        page = self._read_page()
        self.assertTrue(self._get_row(page, self.tray))
        self.assertEqual(self._get_limit(page, limit)["used"], 1000)

    def test_what_was_sold_is_at_risk_no_more(self):
        piece = self._stock(self.case)
        self._move(piece, self.case, self.customer_location)
        self.assertIsNone(self._get_row(self._read_page(), self.case))

    def test_what_a_client_left_is_at_risk_and_told_apart(self):
        client = self.env["res.partner"].create({"name": "Client"})
        piece = self._create_piece(cost=400, list_price=1000)
        self._move(piece, self.supplier_location, self.case, owner=client)
        self._stock(self.case, 300)
        row = self._get_row(self._read_page(), self.case)
        self.assertEqual((row["price"], row["others"]), (1300, 1000))

    def test_a_parcel_is_at_risk_by_its_carats(self):
        style = self._create_style(name="Melee", jewelry_kind="parcel", list_price=500)
        parcel = self.env["stock.lot"].create(
            {"product_id": style.id, "company_id": self.company.id}
        )
        parcel._move_bulk(self.supplier_location, self.safe, 2.5, 50, cost=1000)
        row = self._get_row(self._read_page(), self.safe)
        self.assertEqual((row["price"], row["cost"]), (1250, 1000))

    def test_transport_between_stores_is_in_transit(self):
        road = self._create_place("Between stores", usage="transit", location_id=False)
        limit = self._create_limit(100, role="transit")
        self._stock(road)
        page = self._read_page()
        section = next(each for each in page["sections"] if each["role"] == "transit")
        self.assertIn(road.id, [row["id"] for row in section["rows"]])
        self.assertEqual(self._get_limit(page, limit)["level"], "over")

    def test_limits_turn_yellow_at_90_percent_and_red_above_the_limit(self):
        self._stock(self.case, 900)
        limits = {
            level: self._create_limit(amount, self.case)
            for level, amount in (("ok", 1001), ("near", 1000), ("over", 899))
        }
        page = self._read_page()
        for level, limit in limits.items():
            self.assertEqual(self._get_limit(page, limit)["level"], level)
        self.assertEqual((page["over"], page["near"], page["limits"]), (1, 1, 3))

    def test_a_limit_of_0_is_red_as_soon_as_anything_is_there(self):
        limit = self._create_limit(0, self.window)
        self.assertEqual(self._get_limit(self._read_page(), limit)["level"], "ok")
        self._stock(self.window, 1)
        found = self._get_limit(self._read_page(), limit)
        self.assertEqual((found["level"], found["percent"]), ("over", None))

    def test_a_limit_of_the_whole_store_counts_all_its_places(self):
        limit = self._create_limit(1500, self.stock_location)
        before = self._get_limit(self._read_page(), limit)["used"]
        self._stock(self.case)
        self._stock(self.safe)
        self.assertEqual(self._get_limit(self._read_page(), limit)["used"] - before, 2000)

    def test_a_policy_that_counts_costs_is_compared_with_costs(self):
        self.company.custody_basis = "cost"
        self._stock(self.case, 1000, 400)
        limit = self._create_limit(800, self.case)
        found = self._get_limit(self._read_page(), limit)
        self.assertEqual((found["used"], found["percent"], found["level"]), (400, 50, "ok"))

    def test_limits_of_the_night_hold_only_while_the_store_is_closed(self):
        self.company.write({"custody_opening": 9, "custody_closing": 18})
        self.company.partner_id.tz = "Europe/Paris"
        night = self._create_limit(0, self.window, period="closed")
        always = self._create_limit(5, self.window)
        # 16:30 and 17:30 UTC, one hour later in Paris.
        for clock, period, found in (
            ("2026-01-15 16:30:00", "open", False),
            ("2026-01-15 17:30:00", "closed", True),
        ):
            with freeze_time(clock):
                page = self._read_page()
            self.assertEqual((page["period"], page["current_period"]), (period, period))
            self.assertEqual(bool(self._get_limit(page, night)), found)
            self.assertTrue(self._get_limit(page, always))

    def test_the_night_can_be_looked_at_during_the_day(self):
        night = self._create_limit(0, self.window, period="closed")
        page = self._read_page(period="closed")
        self.assertEqual((page["period"], page["current_period"]), ("closed", "open"))
        self.assertTrue(self._get_limit(page, night))

    def test_goods_of_another_company_are_not_in_our_custody(self):
        before = self._read_page()
        other = self.env["res.company"].create({"name": "Branch"})
        place = self.env["stock.warehouse"].search([("company_id", "=", other.id)]).lot_stock_id
        self.env["jewelry.custody.limit"].create(
            {"name": "Theirs", "company_id": other.id, "place_id": place.id, "amount": 1}
        )
        piece = self._create_piece(company_id=other.id, list_price=1000)
        self._move(piece, self.supplier_location, place, company_id=other.id)
        page = self._read_page()
        self.assertEqual(page["total"], before["total"])
        self.assertEqual(page["limits"], before["limits"])

    def test_a_click_on_a_place_shows_its_goods_and_no_others(self):
        inside, outside = self._stock(self.tray), self._stock(self.safe)
        sold = self._stock(self.case)
        self._move(sold, self.case, self.customer_location)
        exposures = self.env["jewelry.custody.exposure"].with_user(self.auditor)
        action = exposures.action_open_goods(self.case.id)
        self.assertEqual(self.env["stock.lot"].search(action["domain"]), inside)
        goods = self.env["stock.lot"].search(exposures.action_open_goods(role="safe")["domain"])
        self.assertIn(outside, goods)
        self.assertNotIn(inside, goods)

    def test_the_page_takes_as_many_queries_for_many_places_as_for_few(self):
        self._create_limit(100, self.case)
        self._stock(self.case)
        counts = []
        for _round in range(2):
            self._read_page()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.env["jewelry.custody.exposure"].get_page()
            counts.append(self.env.cr.sql_log_count - start)
            for number in range(10):
                place = self._create_place(f"Case {number}", jewelry_role="sale")
                self._create_limit(100, place)
                self._stock(place)
        self.assertLessEqual(counts[1], counts[0])


@tagged("post_install", "-at_install")
class TestCustodyLimit(CustodyCommon):
    """What can be entered as a limit."""

    def test_a_limit_is_for_a_place_or_for_a_role(self):
        for values in ({}, {"place_id": self.safe.id, "role": "safe"}):
            with self._refused_by_database("jewelry.custody.limit", "Choose one of them"):
                self._create_limit(1, **values)

    def test_a_limit_is_not_negative(self):
        with self._refused_by_database("jewelry.custody.limit", "cannot be negative"):
            self._create_limit(-1, self.safe)

    def test_a_limit_in_the_archive_holds_no_more(self):
        limit = self._create_limit(1, self.case)
        self._stock(self.case)
        self.assertEqual(self._get_limit(self._read_page(), limit)["level"], "over")
        limit.active = False
        self.assertIsNone(self._get_limit(self._read_page(), limit))

    def test_a_place_with_a_limit_is_not_deleted(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_limit(1, self.window)
            with self.env.cr.savepoint():
                self.window.unlink()
                self.env.flush_all()

    def test_hours_and_numbers_that_cannot_be_are_refused(self):
        for name, value in (
            ("custody_opening", -1),
            ("custody_opening", 24),
            ("custody_closing", 24.5),
            ("case_items_out", -1),
        ):
            with self.subTest(name=name, value=value):
                message = "negative" if name == "case_items_out" else "times of the day"
                with self._refused_by_database("res.company", message):
                    self.company[name] = value

    def test_what_is_with_customers_cannot_be_limited(self):
        with self.assertRaisesRegex(ValidationError, "not in your custody"):
            self._create_limit(1, self.customer_location)


@tagged("post_install", "-at_install")
class TestCustodyWarning(CustodyCommon):
    """A move that brings more to a place than is insured."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.piece = cls._stock(cls.safe, 1000)
        cls.limit = cls._create_limit(1500, cls.window, name="Window by day")

    def _confirm(self, picking, action, user, reason="The safe is being repaired"):
        """Answer the dialog as a user."""
        wizard = self.env["jewelry.custody.confirm"].with_user(user)
        wizard = wizard.with_context(**action["context"])
        return wizard.create({"reason": reason}).action_confirm()

    def _get_excess(self, picking):
        return self.env["jewelry.custody.excess"].search([("picking_id", "=", picking.id)])

    def test_a_move_below_the_limit_goes_through_without_a_question(self):
        picking = self._create_transfer(self.piece, self.safe, self.window)
        self.assertIs(picking.button_validate(), True)
        self.assertEqual(picking.state, "done")

    def test_a_move_up_to_the_limit_goes_through(self):
        self.limit.amount = 1000
        picking = self._create_transfer(self.piece, self.safe, self.window)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_a_move_above_the_limit_asks_and_moves_nothing(self):
        self._stock(self.window, 600)
        picking = self._create_transfer(self.piece, self.safe, self.window)
        action = picking.button_validate()
        self.assertEqual(action["res_model"], "jewelry.custody.confirm")
        self.assertNotEqual(picking.state, "done")
        self.assertEqual(self.piece.location_id, self.safe)

    def test_the_dialog_says_what_is_insured_and_what_would_be_there(self):
        self._stock(self.window, 600)
        picking = self._create_transfer(self.piece, self.safe, self.window)
        action = picking.button_validate()
        context = self.env["jewelry.custody.confirm"].with_context(**action["context"])
        summary = context.with_user(self.keeper).create({}).summary
        for text in ("Window by day", "1,500.00", "1,600.00"):
            self.assertIn(text, summary)

    def test_a_manager_goes_on_with_a_reason_which_stays_on_record(self):
        self._stock(self.window, 600)
        picking = self._create_transfer(self.piece, self.safe, self.window, self.manager)
        self._confirm(picking, picking.button_validate(), self.manager)
        self.assertEqual(picking.state, "done")
        excess = self._get_excess(picking)
        self.assertEqual(excess.limit_id, self.limit)
        self.assertEqual((excess.limit_amount, excess.amount), (1500, 1600))
        self.assertEqual(excess.reason, "The safe is being repaired")
        self.assertEqual(excess.create_uid, self.manager)

    def test_a_keeper_cannot_go_on(self):
        self._stock(self.window, 600)
        picking = self._create_transfer(self.piece, self.safe, self.window)
        with self.assertRaisesRegex(AccessError, "Only a manager"), self.env.cr.savepoint():
            self._confirm(picking, picking.button_validate(), self.keeper)
        self.assertNotEqual(picking.state, "done")
        self.assertFalse(self._get_excess(picking))

    def test_a_manager_cannot_go_on_without_a_reason(self):
        self._stock(self.window, 600)
        picking = self._create_transfer(self.piece, self.safe, self.window, self.manager)
        for reason in (False, "  "):
            with self.assertRaisesRegex(UserError, "Enter the reason"), self.env.cr.savepoint():
                self._confirm(picking, picking.button_validate(), self.manager, reason)

    def test_no_context_gets_a_keeper_around_the_question(self):
        self._stock(self.window, 600)
        picking = self._create_transfer(self.piece, self.safe, self.window)
        context = {"skip_backorder": True, "skip_sanity_check": True, "custody_confirmed": True}
        picking.with_context(**context).button_validate()
        self.assertNotEqual(picking.state, "done")

    def test_what_a_manager_let_through_is_for_no_more_than_that(self):
        self._stock(self.window, 600)
        picking = self._create_transfer(self.piece, self.safe, self.window, self.manager)
        picking.move_ids.picked = True
        excess = picking._find_custody_excess()[picking]
        log = self.env["jewelry.custody.excess"].with_user(self.manager)
        log._confirm(excess, "Until noon", picking_id=picking.id)
        self.assertFalse(picking._find_custody_excess())
        self._stock(self.window, 1)
        self.assertTrue(picking._find_custody_excess())

    def test_a_move_inside_the_place_or_out_of_it_is_not_asked_about(self):
        shelf = self._create_place("Shelf", location_id=self.window.id)
        pieces = [self._stock(self.window, 2000) for _piece in range(2)]
        for piece, dest in zip(pieces, (shelf, self.safe), strict=True):
            picking = self._create_transfer(piece, self.window, dest)
            picking.button_validate()
            self.assertEqual(picking.state, "done")

    def test_two_transfers_at_once_are_reckoned_together(self):
        other = self._stock(self.safe, 1000)
        pickings = self._create_transfer(self.piece, self.safe, self.window)
        pickings |= self._create_transfer(other, self.safe, self.window)
        action = pickings.button_validate()
        self.assertEqual(action["res_model"], "jewelry.custody.confirm")
        self.assertFalse(pickings.filtered(lambda picking: picking.state == "done"))
        manager = pickings.with_user(self.manager)
        self._confirm(manager, action, self.manager)
        self.assertEqual(set(pickings.mapped("state")), {"done"})

    def test_a_limit_of_a_role_warns_as_well(self):
        self._create_limit(500, role="transit", name="Road")
        picking = self._create_transfer(self.piece, self.safe, self.transit)
        self.assertEqual(picking.button_validate()["res_model"], "jewelry.custody.confirm")

    def test_a_limit_of_the_night_warns_only_at_night(self):
        self.company.write({"custody_opening": 9, "custody_closing": 18})
        self.company.partner_id.tz = "UTC"
        self.limit.write({"period": "closed", "amount": 0})
        picking = self._create_transfer(self.piece, self.safe, self.window)
        with freeze_time("2026-01-15 23:00:00"):
            self.assertEqual(picking.button_validate()["res_model"], "jewelry.custody.confirm")
        with freeze_time("2026-01-15 12:00:00"):
            picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_a_transfer_of_carats_counts_only_those(self):
        style = self._create_style(name="Melee", jewelry_kind="parcel", list_price=1000)
        parcel = self.env["stock.lot"].create(
            {"product_id": style.id, "company_id": self.company.id}
        )
        parcel._move_bulk(self.supplier_location, self.safe, 5, 100, cost=1000)
        picking = self._create_transfer(parcel, self.safe, self.window)
        picking.move_ids.move_line_ids.quantity = 1.4
        picking.move_ids.picked = True
        self.assertFalse(picking._find_custody_excess())
        picking.move_ids.move_line_ids.quantity = 1.6
        self.assertTrue(picking._find_custody_excess())

    def test_what_leaves_and_what_comes_are_reckoned_together(self):
        inside = self._stock(self.window, 1000)
        out = self._create_transfer(inside, self.window, self.safe)
        back = self._create_transfer(self.piece, self.safe, self.window)
        pickings = out | back
        pickings.move_ids.picked = True
        self.assertFalse(pickings._find_custody_excess())
        self.assertTrue(back._find_custody_excess())

    def test_the_dialog_tells_no_cost_to_whom_costs_are_hidden_from(self):
        self.company.custody_basis = "cost"
        self.limit.amount = 100
        self.keeper.group_ids += self.env.ref("jewelry_inventory.group_cost_hidden")
        picking = self._create_transfer(self.piece, self.safe, self.window)
        action = picking.button_validate()
        wizard = self.env["jewelry.custody.confirm"].with_user(self.keeper)
        summary = wizard.with_context(**action["context"]).create({}).summary
        self.assertIn("100.00", summary)
        self.assertNotIn("400", summary)

    def test_a_limit_of_a_role_is_named_in_the_dialog_by_the_role(self):
        limit = self._create_limit(500, role="transit", name="Road")
        excess = {limit: self.piece._get_exposure()}
        summary = self.env["jewelry.custody.excess"]._describe(excess)
        self.assertIn("In transit", summary)
        self.assertIn("1,000.00", summary)

    def test_moves_that_are_no_transfer_are_never_stopped(self):
        piece = self._stock(self.safe, 5000)
        self._move(piece, self.safe, self.window)
        self.assertEqual(piece.location_id, self.window)

    def test_a_store_without_limits_is_not_asked(self):
        self.limit.unlink()
        self._stock(self.window, 10**6)
        picking = self._create_transfer(self.piece, self.safe, self.window)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_limits_of_another_company_do_not_hold_here(self):
        other = self.env["res.company"].create({"name": "Branch"})
        self.limit.unlink()
        self._create_limit(0, company_id=other.id, role="sale")
        picking = self._create_transfer(self.piece, self.safe, self.window)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_what_is_no_jewelry_is_not_counted(self):
        box = self.env["product.product"].create(
            {"name": "Box", "is_storable": True, "tracking": "lot", "list_price": 10**6}
        )
        lot = self.env["stock.lot"].create({"product_id": box.id, "name": "B"})
        self._move(lot, self.supplier_location, self.safe)
        picking = self._create_transfer(lot, self.safe, self.window)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_what_was_confirmed_is_neither_changed_nor_deleted(self):
        self._stock(self.window, 600)
        picking = self._create_transfer(self.piece, self.safe, self.window, self.manager)
        self._confirm(picking, picking.button_validate(), self.manager)
        excess = self._get_excess(picking)
        for user in (self.manager, self.env.user):
            with self.assertRaises(AccessError):
                excess.with_user(user).reason = "Another"
        with self.assertRaisesRegex(UserError, "stays on record"):
            excess.unlink()
        with self.assertRaises(AccessError):
            excess.with_user(self.manager).create(
                {"limit_id": self.limit.id, "company_id": self.company.id, "reason": "Mine"}
            )

    def test_the_dialog_keeps_the_answer_about_a_backorder(self):
        other = self._stock(self.safe, 1000)
        picking = self._create_transfer(self.piece | other, self.safe, self.window, self.manager)
        self._stock(self.window, 600)
        picking.move_ids.move_line_ids.filtered(lambda line: line.lot_id == other).unlink()
        picking.move_ids.picked = True
        action = picking.button_validate()
        backorder = self.env["stock.backorder.confirmation"].with_user(self.manager)
        backorder = backorder.with_context(**action["context"]).create(
            {
                "pick_ids": [Command.set(picking.ids)],
                "backorder_confirmation_line_ids": [
                    Command.create({"picking_id": picking.id, "to_backorder": False})
                ],
            }
        )
        action = backorder.process_cancel_backorder()
        self.assertEqual(action["res_model"], "jewelry.custody.confirm")
        self._confirm(picking, action, self.manager)
        self.assertEqual(picking.state, "done")
        self.assertFalse(picking.backorder_ids)


@tagged("post_install", "-at_install")
class TestCustodyRace(RaceCase):
    """Two transfers that together bring more to a place than is insured, at once."""

    def setUp(self):
        super().setUp()
        with self._commit() as env:
            self._prepare(env)

    def _prepare(self, env):
        company = env.company
        self.company_id = company.id
        names = ("custody_basis", "custody_opening", "custody_closing")
        self.settings = {name: company[name] for name in names}
        company.write({"custody_basis": "price", "custody_opening": 0, "custody_closing": 0})
        stock = company._get_stock_place()
        source, dest = env["stock.location"].create(
            [{"name": name, "location_id": stock.id} for name in ("Race from", "Race to")]
        )
        self.place_ids = (source | dest).ids
        style = env["product.template"].create({"name": "Race", "jewelry_kind": "piece"})
        self.product_ids = style.product_variant_id.ids
        lots = env["stock.lot"].create(
            [{"product_id": self.product_ids[0], "list_price": 1000} for _lot in range(2)]
        )
        lots._take_in(company._get_opening_place(), source)
        self.chains = lots.mapped("chain_uuid")
        limit = {"name": "Race", "place_id": dest.id, "amount": 1500}
        self.limit_id = env["jewelry.custody.limit"].create(limit).id
        self.picking_ids = [self._transfer(env, lot, source, dest).id for lot in lots]

    def _transfer(self, env, lot, source, dest):
        places = {"location_id": source.id, "location_dest_id": dest.id}
        line = places | {"lot_id": lot.id, "product_id": lot.product_id.id, "quantity": 1}
        move = places | {
            "product_id": lot.product_id.id,
            "product_uom_qty": 1,
            "move_line_ids": [Command.create(line)],
        }
        warehouse = source.warehouse_id
        picking = env["stock.picking"].create(
            places
            | {"picking_type_id": warehouse.int_type_id.id, "move_ids": [Command.create(move)]}
        )
        picking.action_confirm()
        return picking

    def _clean(self):
        with self._commit() as env:
            env["res.company"].browse(self.company_id).write(self.settings)
            lots = "SELECT id FROM stock_lot WHERE product_id = ANY(%(ids)s)"
            for table, condition in (
                ("jewelry_custody_limit", "id = %(limit)s"),
                ("stock_move_line", "product_id = ANY(%(ids)s)"),
                ("product_value", f"lot_id IN ({lots})"),
                ("stock_move", "product_id = ANY(%(ids)s)"),
                ("stock_picking", "id = ANY(%(pickings)s)"),
                ("stock_quant", "product_id = ANY(%(ids)s)"),
                ("stock_lot", "product_id = ANY(%(ids)s)"),
            ):
                values = {
                    "ids": self.product_ids,
                    "limit": self.limit_id,
                    "pickings": self.picking_ids,
                }
                env.cr.execute(f"DELETE FROM {table} WHERE {condition}", values)
            env["product.product"].browse(self.product_ids).product_tmpl_id.unlink()
            env["stock.location"].browse(self.place_ids).unlink()
        return super()._clean()

    def _validate(self, picking_id):
        return lambda env: env["stock.picking"].browse(picking_id).button_validate()

    def test_of_two_that_fit_alone_and_not_together_one_asks(self):
        refusals = self._race(*[self._validate(picking_id) for picking_id in self.picking_ids])
        self.assertEqual(refusals, [None, None])
        with self._commit() as env:
            states = env["stock.picking"].browse(self.picking_ids).mapped("state")
            self.assertEqual(states.count("done"), 1, states)
            goods = env["stock.quant"].search(
                [("location_id", "=", self.place_ids[1]), ("quantity", ">", 0)]
            )
            self.assertEqual(len(goods), 1)

    def test_of_two_moved_without_a_transfer_one_is_refused(self):
        with self._commit() as env:
            groups = [Command.link(env.ref(ROLES["keeper"]).id)]
            keeper = env["res.users"].create(
                {"name": "Racer", "login": "custody_racer", "group_ids": groups}
            )
            self.chains += keeper.mapped("chain_uuid")
            quants = env["stock.quant"].search([("location_id", "=", self.place_ids[0])])
            self.addCleanup(self._forget_user, keeper.id)
        refusals = self._race(*[self._relocate(keeper.id, quant.id) for quant in quants])
        self.assertEqual(len([why for why in refusals if why]), 1, refusals)
        self.assertIn("More than is insured", next(filter(None, refusals)))
        with self._commit() as env:
            here = [("location_id", "=", self.place_ids[1]), ("quantity", ">", 0)]
            self.assertEqual(env["stock.quant"].search_count(here), 1)

    def _relocate(self, user_id, quant_id):
        def work(env):
            quant = env(user=user_id)["stock.quant"].browse(quant_id)
            place = quant.env["stock.location"].browse(self.place_ids[1])
            quant.move_quants(location_dest_id=place)

        return work

    def _forget_user(self, user_id):
        with self._commit() as env:
            env.cr.execute(
                "DELETE FROM stock_move_line WHERE product_id = ANY(%s)", [self.product_ids]
            )
            user = env["res.users"].browse(user_id)
            partner = user.partner_id
            user.unlink()
            partner.unlink()
