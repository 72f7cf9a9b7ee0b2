from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import ROLES, RaceCase, TransformationCommon

REFUSALS = (AccessError, UserError)


class ApprovalCommon(TransformationCommon):
    """A keeper, two managers, and pieces that cost something."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Approval = cls.env["jewelry.approval"]
        cls.keeper = cls._create_user("keeper")
        cls.manager = cls._create_user("manager")
        cls.other = cls._create_user("manager", login="jewelry_other_manager")
        cls.piece = cls._stock_piece(cost=1000.0)

    def _ask(self, user=None, lot=None, cost=700.0, reason="Out of fashion"):
        """Return an approval, asked for by a user, of a write-down of the piece."""
        lot = lot or self.piece
        values = {"reason": "write_down", "new_cost": cost}
        return (
            self.Approval.with_user(user or self.manager)
            ._ask("cost_change", lot.with_user(user or self.manager), reason, {lot.id: values})
            .sudo(False)
        )

    def _approve(self, approval, user=None):
        approval.with_user(user or self.other).action_approve()
        return approval

    def _revalue(self, cost, user=None, lot=None, reason="write_down"):
        lot = (lot or self.piece).with_user(user or self.manager)
        lot._revalue({lot: cost}, reason, "Out of fashion")

    def _activities(self, approval):
        return self.env["mail.activity"].search(
            [("res_model", "=", approval._name), ("res_id", "=", approval.id)]
        )


@tagged("post_install", "-at_install")
class TestApproval(ApprovalCommon):
    """One asks, another decides, and it is done once."""

    def test_what_is_asked_is_written_down_in_words(self):
        approval = self._ask()
        self.assertEqual((approval.state, approval.requested_by_id), ("asked", self.manager))
        self.assertEqual(approval.summary, self.piece.name)
        self.assertIn("1,000.00", approval.subject_ids.change)
        self.assertIn("700.00", approval.subject_ids.change)
        self.assertNotIn("700", approval.summary)
        days = approval.expiry_date - fields.Datetime.now()
        self.assertAlmostEqual(days.total_seconds() / 86400, self.company.approval_days, 1)

    def test_the_act_is_refused_and_offers_to_ask(self):
        with self.assertRaises(RedirectWarning) as raised, self.env.cr.savepoint():
            self._revalue(700)
        message, action, button, _context = raised.exception.args
        self.assertIn("A second person", message)
        self.assertEqual(
            (action["res_model"], button), ("jewelry.approval.ask", "Ask for Approval")
        )
        wizard = self.env["jewelry.approval.ask"].with_user(self.manager)
        with Form(wizard.with_context(**action["context"])) as form:
            self.assertIn("700.00", form.changes)
            form.reason = "Out of fashion"
        opened = form.record.action_ask()
        approval = self.Approval.browse(opened["res_id"])
        self.assertEqual((approval.state, approval.reason), ("asked", "Out of fashion"))
        self._approve(approval)
        self._revalue(700)
        self.assertEqual(self.piece.standard_price, 700)

    def test_an_approval_is_used_up_by_the_act(self):
        approval = self._approve(self._ask())
        self._revalue(700)
        self.assertEqual((approval.state, approval.used_by_id), ("used", self.manager))
        self._revalue_is_refused(1000, reason="correction")
        self.piece._set_cost({self.piece: 1000}, "correction")
        self._revalue_is_refused(700)

    def _revalue_is_refused(self, cost, **options):
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            self._revalue(cost, **options)

    def test_an_approval_of_10_does_not_allow_1000(self):
        self._approve(self._ask(cost=990))
        self._revalue_is_refused(10)
        self._revalue_is_refused(989.99)
        self._revalue_is_refused(990, reason="correction")
        self._revalue_is_refused(990, lot=self._stock_piece(cost=1000.0))
        self.assertEqual(self.piece.standard_price, 1000)

    def test_an_approval_does_not_fit_once_the_cost_has_changed(self):
        approval = self._approve(self._ask())
        self.piece._set_cost({self.piece: 5000}, "bill")
        self._revalue_is_refused(700)
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            approval.with_user(self.manager).action_carry_out()
        self.assertEqual(approval.state, "approved")

    def test_one_click_carries_out_what_was_approved(self):
        approval = self._approve(self._ask())
        action = approval.with_user(self.manager).action_carry_out()
        self.assertEqual((action["res_model"], action["res_id"]), ("stock.lot", self.piece.id))
        self.assertEqual((self.piece.standard_price, approval.state), (700, "used"))
        self.assertEqual(self.piece.value_ids[-1:].description, "Out of fashion")
        with self._refused("not approved", UserError):
            approval.with_user(self.manager).action_carry_out()

    def test_carrying_out_takes_the_rights_of_the_act_itself(self):
        piece = self._create_piece(cost=50)
        values = {"act": "void", "quantity": 1}
        approval = self.Approval.with_user(self.keeper)._ask(
            "write_off", piece.with_user(self.keeper), "Twice", {piece.id: values}
        )
        self._approve(approval)
        associate = self._create_user("associate")
        with self._refused("", AccessError):
            approval.with_user(associate).action_carry_out()
        approval.with_user(self.keeper).action_carry_out()
        self.assertEqual((piece.piece_status, piece.void_reason), ("void", "Twice"))

    def test_nobody_decides_what_they_asked_for_themselves(self):
        approval = self._ask()
        for user in (self.manager, self.manager.sudo()):
            own = approval.with_user(user).sudo(user.env.su)
            with self._refused("Somebody else must decide", UserError):
                own.action_approve()
            with self._refused("Somebody else must decide", UserError):
                own.action_refuse("no")
        self.assertFalse(approval.with_user(self.manager).can_decide)

    def test_not_even_the_database_takes_a_decision_by_who_asked(self):
        approval = self._ask()
        values = {
            "state": "approved",
            "decided_by_id": self.manager.id,
            "decided_date": fields.Datetime.now(),
        }
        with self._refused_by_database("jewelry.approval", "Nobody decides what they asked for"):
            approval.sudo().write(values)
        with self._refused_by_database("jewelry.approval", "needs somebody who took it"):
            approval.sudo().write({"state": "approved"})

    def test_the_program_decides_nothing(self):
        with self._refused("may not decide", AccessError):
            self._ask().sudo(False).with_user(self.env.ref("base.user_root")).action_approve()

    def test_a_keeper_asks_and_does_not_decide(self):
        approval = self._ask(self.keeper)
        self.assertFalse(approval.with_user(self.keeper).can_decide)
        mine = self._ask(self.manager, cost=600)
        with self._refused("may not decide", AccessError):
            mine.with_user(self.keeper).action_approve()
        self._approve(approval, self.manager)
        self.assertEqual(approval.decided_by_id, self.manager)

    def test_a_refusal_says_why_and_ends_it(self):
        approval = self._ask()
        with self._refused("why you refuse", UserError):
            approval.with_user(self.other).action_refuse(" ")
        wizard = self.env["jewelry.approval.refuse"].with_user(self.other)
        with Form(wizard.with_context(active_ids=approval.ids)) as form:
            form.reason = "Sell it first"
        form.record.action_refuse()
        self.assertEqual((approval.state, approval.decision_note), ("refused", "Sell it first"))
        with self._refused("decided already", UserError):
            approval.with_user(self.other).action_approve()
        self._revalue_is_refused(700)

    def test_several_are_approved_at_once(self):
        approvals = self._ask() + self._ask(cost=600)
        approvals.with_user(self.other).action_approve()
        self.assertEqual(set(approvals.mapped("state")), {"approved"})

    def test_a_question_needs_a_reason(self):
        for reason in (False, "", "  "):
            with self.subTest(reason=reason), self._refused("Enter the reason", UserError):
                self._ask(reason=reason)

    def test_what_no_button_asks_for_is_refused(self):
        good = {"reason": "write_down", "new_cost": 700}
        wrong = (
            ("cost_change", {self.piece.id: good | {"new_cost": "700"}}),
            ("cost_change", {self.piece.id: {"new_cost": 700}}),
            ("cost_change", {self.piece.id: good | {"old_cost": 1}}),
            ("cost_change", {}),
            ("cost_change", {self.piece.id + 1: good}),
            ("rate_override", {self.piece.id: good}),
        )
        for kind, values in wrong:
            with self.subTest(values=values), self._refused("cannot be asked for", UserError):
                self.Approval._ask(kind, self.piece, "x", values)
        ask = self.env["jewelry.approval.ask"].with_user(self.manager)
        for model, values in (("res.users", {"1": {}}), ("x", {"1": {}}), ("stock.lot", {"a": 1})):
            wizard = ask.create(
                {"kind": "cost_change", "res_model": model, "values": values, "reason": "x"}
            )
            with self.subTest(model=model), self._refused("cannot be asked for", UserError):
                wizard.action_ask()

    def test_nobody_asks_about_what_they_may_not_see(self):
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self._create_piece(company_id=other.id)
        with self._refused("", AccessError):
            self._ask(self.manager, theirs)

    def test_a_store_with_one_manager_is_told_what_to_do(self):
        managers = self.env.ref("jewelry_inventory.group_manager").all_user_ids
        (managers - self.manager - self.env.ref("base.user_root")).active = False
        with self._refused("nobody else who may approve", UserError):
            self._ask()
        self.company.approval_limit = 300
        self._revalue(700)
        self.assertEqual(self.piece.standard_price, 700)


@tagged("post_install", "-at_install")
class TestApprovalLimits(ApprovalCommon):
    """What takes a second person, and what does not."""

    def test_the_limit_is_for_all_pieces_together(self):
        self.company.approval_limit = 300
        pieces = (self.piece + self._stock_piece(cost=1000.0)).with_user(self.manager)
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            pieces._revalue(dict.fromkeys(pieces, 800.0), "write_down")
        pieces._revalue(dict.fromkeys(pieces, 850.0), "write_down")
        self.assertEqual(pieces.mapped("standard_price"), [850, 850])

    def test_pieces_are_approved_together_and_only_together(self):
        pieces = self.piece + self._stock_piece(cost=500.0)
        costs = dict(zip(pieces, (900.0, 400.0), strict=True))
        values = {lot.id: {"reason": "write_down", "new_cost": cost} for lot, cost in costs.items()}
        asked = self.Approval.with_user(self.manager)._ask(
            "cost_change", pieces.with_user(self.manager), "Sale", values
        )
        self._approve(asked)
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            self._revalue(900)
        asked.with_user(self.manager).action_carry_out()
        self.assertEqual(pieces.mapped("standard_price"), [900, 400])

    def test_the_program_asks_nobody(self):
        self.piece._revalue({self.piece: 700}, "write_down")
        self.assertEqual(self.piece.standard_price, 700)
        self.assertFalse(self.Approval.search([("subject_ids.res_id", "=", self.piece.id)]))

    def test_a_person_in_superuser_mode_is_still_that_person(self):
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            lot = self.piece.with_user(self.manager).sudo()
            lot._revalue({lot: 700}, "write_down")

    def test_a_cost_typed_into_the_history_takes_a_second_person_too(self):
        rights = "stock.group_stock_manager,account.group_account_manager"
        values = self.env["product.value"].with_user(self._create_user("manager", rights))
        row = {"product_id": self.style.id, "lot_id": self.piece.id, "value": 5.0}
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            values.create(row | {"company_id": self.company.id})
        moves = self.env["stock.move.line"].search([("lot_id", "=", self.piece.id)]).move_id
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            values.create({"move_id": moves.id, "value": 5.0, "company_id": self.company.id})
        self.assertEqual(self.piece.standard_price, 1000)

    def test_no_cost_hides_behind_another_of_the_same_piece(self):
        rights = "stock.group_stock_manager,account.group_account_manager"
        values = self.env["product.value"].with_user(self._create_user("manager", rights))
        row = {"product_id": self.style.id, "lot_id": self.piece.id, "company_id": self.company.id}
        with self._refused("two new costs at once", UserError):
            values.create([row | {"value": 5.0}, row | {"value": 1000.0}])
        self.assertEqual(self.piece.standard_price, 1000)

    def test_the_cost_of_stocked_metal_or_of_a_parcel_takes_a_second_person(self):
        rights = "stock.group_stock_manager,account.group_account_manager"
        user = self._create_user("manager", rights)
        values = self.env["product.value"].with_user(user)
        for lot in (self._stock_parcel(carat=5, cost=1000), self._stock_metal(10, cost=600)):
            unit, style_unit = lot.standard_price, lot.product_id.standard_price
            row = {"product_id": lot.product_id.id, "company_id": self.company.id, "value": 1.0}
            ways = {
                "cost of the lot": lambda lot=lot: lot.with_user(user).write({"standard_price": 1}),
                "past core": lambda lot=lot: (
                    lot.with_user(user)
                    .with_context(disable_auto_revaluation=True)
                    .write({"standard_price": 1})
                ),
                "cost of the product": lambda lot=lot: lot.product_id.with_user(user).write(
                    {"standard_price": 1}
                ),
                "cost of the product, past core": lambda lot=lot: (
                    lot.product_id.with_user(user)
                    .with_context(disable_auto_revaluation=True)
                    .write({"standard_price": 1})
                ),
                "history of the lot": lambda lot=lot, row=row: values.create(
                    row | {"lot_id": lot.id}
                ),
                "history of the product": lambda row=row: values.create(row),
            }
            for name, way in ways.items():
                with self.subTest(lot=lot.name, way=name):
                    with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
                        way()
                    self.env.invalidate_all()
                    self.assertEqual(lot.standard_price, unit)
                    self.assertEqual(lot.product_id.standard_price, style_unit)

    def _stock_parcel_before(self):
        """Return a parcel of 10 ct at 100 a carat that came an hour ago: core takes a cost of the
        very second of a receipt for one before it.
        """
        parcel = self._stock_parcel(carat=10, cost=1000)
        lines = self.env["stock.move.line"].search([("lot_id", "=", parcel.id)])
        lines.date = lines.move_id.date = fields.Datetime.now() - timedelta(hours=1)
        return parcel

    def test_whoever_may_not_see_a_cost_does_not_find_it_by_what_would_be_asked(self):
        parcel = self._stock_parcel_before()
        row = {"product_id": parcel.product_id.id, "company_id": self.company.id, "value": 1.0}
        for role in ("associate", "portal"):
            user = self._create_user(role)
            for way in (
                lambda user=user: parcel.product_id.with_user(user).write({"standard_price": 1}),
                lambda user=user: self.env["product.value"].with_user(user).create(row),
                lambda user=user: parcel.with_user(user).write({"standard_price": 1}),
            ):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    way()

    def test_a_cost_by_weight_is_measured_by_all_that_is_there(self):
        self.company.approval_limit = 50
        parcel = self._stock_parcel_before().with_user(self.manager)
        parcel._revalue({parcel: 96}, "correction")
        self.assertEqual(parcel.sudo().standard_price, 96)
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            parcel._revalue({parcel: 90}, "correction")

    def test_the_approved_cost_of_a_parcel_is_carried_out(self):
        parcel = self._stock_parcel_before()
        values = {parcel.id: {"reason": "correction", "new_cost": 90.0}}
        asked = self.Approval.with_user(self.manager)
        approval = asked._ask("cost_change", parcel.with_user(self.manager), "Melee fell", values)
        self._approve(approval.sudo(False)).with_user(self.manager).action_carry_out()
        self.env.invalidate_all()
        self.assertAlmostEqual(parcel.total_value, 900)

    def test_the_cost_of_a_piece_is_not_written_past_core(self):
        lot = self.piece.with_user(self.manager).with_context(disable_auto_revaluation=True)
        with self._refused("in the books", UserError):
            lot.standard_price = 1
        self.assertEqual(self.piece.standard_price, 1000)

    def test_a_bill_asks_nobody(self):
        lot = self.piece.with_user(self.manager)
        lot._set_cost({lot: 1100}, "bill")
        self.assertEqual(self.piece.standard_price, 1100)

    def test_nobody_takes_the_reason_of_a_document_which_posts_its_own_entry(self):
        self.company.approval_limit = 5000
        rights = "stock.group_stock_manager,account.group_account_manager"
        values = self.env["product.value"].with_user(self._create_user("manager", rights))
        row = {"product_id": self.style.id, "lot_id": self.piece.id, "value": 900.0}
        for reason in ("bill", "landed_cost", "content", "opening"):
            with self.subTest(reason=reason):
                with self._refused("changes it by itself", UserError):
                    values.create(row | {"company_id": self.company.id, "reason": reason})
                with self._refused("changes it by itself", UserError):
                    self._revalue(900, reason=reason)
        self.assertEqual(self.piece.standard_price, 1000)

    def test_a_piece_that_the_context_names_is_looked_at_like_one_that_is_stated(self):
        self.company.approval_limit = 5000
        rights = "stock.group_stock_manager,account.group_account_manager"
        values = self.env["product.value"].with_user(self._create_user("manager", rights))
        row = {"product_id": self.style.id, "value": 900.0, "company_id": self.company.id}
        forged = {"previous_value": 1.0, "delta": 77.0}
        change = values.with_context(default_lot_id=self.piece.id).create(row | forged)
        self.assertEqual((change.previous_value, change.delta), (1000, -100))
        self.assertEqual(change.reason, "correction")

    def test_no_row_of_something_else_becomes_history_of_a_piece(self):
        rights = "stock.group_stock_manager,account.group_account_manager"
        user = self._create_user("manager", rights)
        box = self.env["product.product"].create({"name": "Box", "is_storable": True})
        row = {"product_id": box.id, "value": 3.0, "company_id": self.company.id}
        change = self.env["product.value"].with_user(user).create(row)
        with self._refused("stays as it is", UserError):
            change.lot_id = self.piece
        with self._refused("stays as it is", UserError):
            self.piece.with_user(user).value_ids = [Command.link(change.id)]
        change.value = 4.0
        self.assertEqual(change.value, 4)

    def test_no_piece_costs_less_than_nothing_whichever_way_it_is_entered(self):
        self.company.approval_limit = 5000
        rights = "stock.group_stock_manager,account.group_account_manager"
        user = self._create_user("manager", rights)
        row = {"product_id": self.style.id, "lot_id": self.piece.id, "value": -5.0}
        new = self._create_piece()
        ways = {
            "history": lambda: self.env["product.value"].with_user(user).create(row),
            "typed": lambda: new.with_user(user).write({"standard_price": -5.0}),
            "received": lambda: self._move(
                new, self.supplier_location, self.stock_location, costs={new: -5.0}
            ),
        }
        for name, way in ways.items():
            with self.subTest(way=name), self._refused("cannot be negative", ValidationError):
                way()
        self.assertEqual(self.piece.standard_price, 1000)

    def test_a_void_of_what_cost_something_takes_a_second_person(self):
        free, dear = self._create_piece(), self._create_piece(cost=80)
        free.with_user(self.keeper).action_void("slip")
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            dear.with_user(self.keeper).action_void("slip")
        self.assertEqual((free.piece_status, dear.piece_status), ("void", "expected"))

    def test_limits_below_zero_are_refused(self):
        for name, message in (
            ("approval_days", "at least one day"),
            ("approval_limit", "cannot be negative"),
            ("approval_rate_percent", "cannot be negative"),
        ):
            with self.subTest(name=name), self._refused_by_database("res.company", message):
                self.company[name] = -1

    def test_a_keeper_who_may_not_see_costs_asks_without_seeing_one(self):
        hidden = self._create_user("associate", ROLES["keeper"])
        piece = self._create_piece(cost=4321.5).with_user(hidden)
        with self.assertRaises(RedirectWarning) as raised, self.env.cr.savepoint():
            piece.action_void("slip")
        self.assertNotIn("4321", str(raised.exception.args))
        self.assertNotIn("4,321", str(raised.exception.args))
        context = raised.exception.args[1]["context"]
        wizard = self.env["jewelry.approval.ask"].with_user(hidden).with_context(**context)
        self.assertNotIn("321", str(wizard.default_get(["changes", "values"])))
        approval = self.Approval.browse(wizard.create({"reason": "slip"}).action_ask()["res_id"])
        with self._refused("", AccessError):
            approval.subject_ids.with_user(hidden).read(["change"])
        self.assertIn("4,321.50", approval.subject_ids.with_user(self.manager).change)
        self._approve(approval)
        piece.action_void("slip")
        self.assertEqual(piece.piece_status, "void")

    def test_nobody_reads_what_another_is_about_to_ask(self):
        wizard = self.env["jewelry.approval.ask"].with_user(self.manager)
        question = wizard.create(
            {
                "kind": "cost_change",
                "res_model": "stock.lot",
                "values": {str(self.piece.id): {"reason": "correction", "new_cost": 1}},
                "reason": "x",
            }
        )
        with self._refused("", AccessError):
            question.with_user(self.keeper).read(["values"])


@tagged("post_install", "-at_install")
class TestApprovalRecord(ApprovalCommon):
    """What was asked and decided stays as it is."""

    def test_what_was_asked_is_not_edited_whoever_asks(self):
        approval = self._ask()
        for name, value in {
            "reason": "x",
            "requested_by_id": self.other.id,
            "expiry_date": "2099-01-01",
            "digest": "x",
            "values": {"1": {}},
            "kind": "release",
        }.items():
            for records in (approval.with_user(self.other), approval.sudo()):
                with self.subTest(name=name, su=records.env.su), self._refused("", AccessError):
                    records.write({name: value})

    def test_a_decision_is_not_edited_in_superuser_mode_either(self):
        approval = self._approve(self._ask()).sudo()
        for vals in (
            {"state": "asked"},
            {"state": "refused"},
            {"decided_by_id": self.keeper.id},
            {"decision_note": "x"},
            {"decided_date": "2020-01-01"},
            {"state": "used", "decided_by_id": self.keeper.id},
        ):
            with self.subTest(vals=vals), self._refused("stays as it is", AccessError):
                approval.write(vals)
        self._revalue(700)
        for vals in ({"state": "approved"}, {"used_by_id": self.keeper.id}, {"state": "expired"}):
            with self.subTest(vals=vals), self._refused("stays as it is", AccessError):
                approval.write(vals)

    def test_nobody_makes_writes_or_deletes_one_over_rpc(self):
        approval = self._ask()
        values = approval.sudo().copy_data()[0]
        for user in (self.keeper, self.manager):
            with self.subTest(user=user.login):
                with self._refused("", AccessError):
                    self.Approval.with_user(user).create(values)
                with self._refused("", AccessError):
                    approval.with_user(user).write({"state": "approved"})
                with self._refused("", AccessError):
                    approval.with_user(user).unlink()
        with self._refused("stays on record", UserError):
            approval.sudo().unlink()
        with self._refused("", AccessError):
            approval.subject_ids.sudo().write({"change": "x"})

    def test_an_expired_approval_allows_nothing(self):
        approval = self._approve(self._ask())
        self._make_overdue(approval)
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            self._revalue(700)
        late = self._ask(cost=600)
        self._make_overdue(late)
        with self._refused("has expired", UserError):
            self._approve(late)
        self.Approval._cron_expire()
        self.assertEqual((approval + late).mapped("state"), ["expired", "expired"])
        self.assertFalse(self._activities(late))

    def _make_overdue(self, approval):
        approval.flush_recordset()
        past = fields.Datetime.now() - timedelta(hours=1)
        self.env.cr.execute(
            "UPDATE jewelry_approval SET expiry_date = %s WHERE id = %s", [past, approval.id]
        )
        approval.invalidate_recordset()

    def test_those_who_may_decide_are_called_and_then_who_asked(self):
        approval = self._ask()
        called = self._activities(approval).user_id
        self.assertIn(self.other, called)
        self.assertNotIn(self.manager, called)
        self.assertNotIn(self.keeper, called)
        self._approve(approval)
        (told,) = self._activities(approval)
        self.assertEqual(told.user_id, self.manager)
        self.assertIn("Approved", told.summary)
        self._revalue(700)
        self.assertFalse(self._activities(approval))

    def test_the_log_tells_who_and_when(self):
        approval = self._ask().with_context(tracking_disable=False)
        approval = approval.with_env(approval.env(context={}))
        self.env.flush_all()
        self.env.cr.precommit.run()
        self._approve(approval)
        self.env.flush_all()
        self.env.cr.precommit.run()
        tracked = approval.message_ids.sudo().tracking_value_ids
        self.assertIn("Approved", tracked.mapped("new_value_char"))

    def test_the_piece_shows_its_approvals(self):
        approval = self._ask()
        piece = self.piece.with_user(self.keeper)
        self.assertEqual(piece.approval_count, 1)
        action = piece.action_view_approvals()
        self.assertEqual(self.Approval.search(action["domain"]), approval)
        self.assertEqual(approval.action_view_subjects()["res_id"], self.piece.id)

    def test_another_company_sees_none_of_it(self):
        approval = self._ask()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_user(
            "manager", login="stranger", company_id=other.id, company_ids=other.ids
        )
        self.assertFalse(self.Approval.with_user(stranger).search([("id", "=", approval.id)]))
        with self._refused("", AccessError):
            approval.with_user(stranger).action_approve()


@tagged("post_install", "-at_install")
class TestWriteOff(ApprovalCommon):
    """Goods that are scrapped or counted as missing."""

    def _scrap(self, lot, user, quantity=1):
        vals = {
            "product_id": lot.product_id.id,
            "lot_id": lot.id,
            "location_id": self.stock_location.id,
            "scrap_qty": quantity,
        }
        self.env["stock.scrap"].with_user(user).create(vals).action_validate()

    def _ask_for(self, lots, user):
        """Try to count lots as missing, and ask as the warning offers."""
        with self.assertRaises(RedirectWarning) as raised, self.env.cr.savepoint():
            for lot in lots[:1]:
                self._scrap(lot, user, lot.product_qty)
        context = raised.exception.args[1]["context"]
        wizard = self.env["jewelry.approval.ask"].with_user(user).with_context(**context)
        action = wizard.create({"reason": "Stolen"}).action_ask()
        return self.Approval.browse(action["res_id"])

    def test_a_manager_alone_writes_nothing_off(self):
        self._ask_for(self.piece, self.manager)
        self.assertEqual(self.piece.piece_status, "available")

    def test_a_keeper_scraps_what_a_manager_approved(self):
        approval = self._approve(self._ask_for(self.piece, self.keeper), self.manager)
        self._scrap(self.piece, self.keeper)
        self.assertEqual((self.piece.piece_status, approval.state), ("lost", "used"))

    def test_one_click_writes_off_where_it_lies(self):
        parcel = self._stock_parcel()
        approval = self._approve(self._ask_for(parcel, self.manager))
        approval.with_user(self.manager).action_carry_out()
        self.assertEqual((parcel.product_qty, approval.state), (0, "used"))

    def test_one_click_writes_off_what_lies_in_two_places(self):
        metal = self._stock_metal(10)
        self.env["stock.quant"]._update_available_quantity(
            metal.product_id, self.safe, 3, lot_id=metal
        )
        values = {"act": "lost", "quantity": metal.product_qty - 1}
        approval = self.Approval.with_user(self.keeper)._ask(
            "write_off", metal.with_user(self.keeper), "Flood", {metal.id: values}
        )
        self._approve(approval, self.manager)
        approval.with_user(self.keeper).action_carry_out()
        self.assertEqual(metal.product_qty, 1)
        self.assertEqual(approval.state, "used")

    def test_less_or_more_than_approved_is_refused(self):
        parcel = self._stock_parcel()
        self._approve(self._ask_for(parcel, self.manager))
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            self._scrap(parcel, self.manager, parcel.product_qty / 2)

    def test_below_the_limit_a_manager_is_enough_and_a_keeper_is_not(self):
        self.company.approval_limit = 1000
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            self._scrap(self.piece, self.keeper)
        self._scrap(self.piece, self.manager)
        self.assertEqual(self.piece.piece_status, "lost")


@tagged("post_install", "-at_install")
class TestRateOverride(ApprovalCommon):
    """Metal rates that are out of line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Core's accounts of the test company are not the main company's.
        cls.rate = cls._create_rate(time="2026-01-01 09:00:00", bid=100, ask=102)
        cls.rates = cls.env["jewelry.metal.rate"].with_user(cls.manager)

    def _enter(self, bid, ask, user=None):
        values = {"metal_id": self.gold.id, "bid": bid, "ask": ask}
        return self.rates.with_user(user or self.manager).create(values)

    def _ask_for(self, act):
        with self.assertRaises(RedirectWarning) as raised, self.env.cr.savepoint():
            act()
        context = raised.exception.args[1]["context"]
        wizard = self.env["jewelry.approval.ask"].with_user(self.manager).with_context(**context)
        action = wizard.create({"reason": "Crash"}).action_ask()
        return self._approve(self.Approval.browse(action["res_id"]))

    def test_a_rate_in_line_is_typed_alone(self):
        self.assertTrue(self._enter(109, 111))

    def test_the_first_rate_of_a_metal_is_typed_alone(self):
        values = {"metal_id": self.silver.id, "bid": 1, "ask": 1}
        self.assertTrue(self.rates.create(values))

    def test_a_rate_out_of_line_takes_a_second_person(self):
        approval = self._ask_for(lambda: self._enter(1000, 1020))
        self.assertIn("100", approval.subject_ids.change)
        self.assertIn("1000", approval.subject_ids.change)
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            self._enter(1000, 1021)
        rate = self._enter(1000, 1020)
        self.assertEqual((rate.bid, approval.state), (1000, "used"))

    def test_one_click_enters_the_rate_that_was_approved(self):
        approval = self._ask_for(lambda: self._enter(60, 61))
        approval.with_user(self.manager).action_carry_out()
        newest = self.rates._get_rates(self.gold, self.company)[self.gold.id]
        self.assertEqual((newest.bid, newest.ask, newest.source), (60, 61, "Crash"))

    def test_a_correction_far_from_what_was_typed_takes_a_second_person(self):
        rate = self.rate.with_user(self.manager)
        rate.write({"bid": 101})
        approval = self._ask_for(lambda: rate.write({"bid": 50}))
        approval.with_user(self.manager).action_carry_out()
        self.assertEqual((rate.bid, approval.state), (50, "used"))

    def test_deleting_a_rate_takes_a_second_person(self):
        rate = self.rate.with_user(self.manager)
        approval = self._ask_for(rate.unlink)
        self.assertIn("deleted", approval.subject_ids.change)
        approval.with_user(self.manager).action_carry_out()
        self.assertFalse(rate.exists())

    def test_a_rate_does_not_move_to_another_metal(self):
        with self._refused("stays as it is", AccessError):
            self.rate.with_user(self.manager).metal_id = self.silver

    def test_a_store_decides_what_is_out_of_line(self):
        self.company.root_id.approval_rate_percent = 900
        self.assertTrue(self._enter(1000, 1020))


@tagged("post_install", "-at_install")
class TestApprovalRace(RaceCase):
    """Two people use one approval at once."""

    def setUp(self):
        super().setUp()
        with self._commit() as env:
            metal = env["jewelry.metal"].create({"name": "Racium", "code": "RACE"})
            groups = [(4, env.ref("jewelry_inventory.group_manager").id)]
            users = env["res.users"].create(
                [
                    {"name": name, "login": f"race_{name}", "group_ids": groups}
                    for name in ("one", "two")
                ]
            )
            self.values = {metal.id: {"bid": 5.0, "ask": 6.0}}
            one, two = users
            metals = metal.with_user(one)
            approval = metals.env["jewelry.approval"]._ask(
                "rate_override", metals, "Crash", self.values
            )
            approval.with_user(two).action_approve()
            self.approval_id, self.metal_id, self.user_ids = approval.id, metal.id, users.ids

    def _clean(self):
        with self._commit() as env:
            for table in ("jewelry_approval_subject", "jewelry_approval"):
                column = "approval_id" if table.endswith("subject") else "id"
                env.cr.execute(f"DELETE FROM {table} WHERE {column} = %s", [self.approval_id])
            domain = [("res_model", "=", "jewelry.approval"), ("res_id", "=", self.approval_id)]
            env["mail.activity"].search(domain).unlink()
            env["jewelry.metal"].browse(self.metal_id).unlink()
            env["res.users"].browse(self.user_ids).unlink()
        return super()._clean()

    def _use(self, user_id):
        def work(env):
            metals = env(user=user_id)["jewelry.metal"].browse(self.metal_id)
            try:
                metals.env["jewelry.approval"]._require("rate_override", metals, self.values)
            except RedirectWarning as warning:
                raise UserError(warning.args[0]) from warning

        return work

    def test_one_of_them_does_it_and_the_other_is_asked_to_ask(self):
        refusals = self._race(*(self._use(user_id) for user_id in self.user_ids))
        self.assertEqual(sum(refusal is None for refusal in refusals), 1, refusals)
        self.assertIn("A second person", next(filter(None, refusals)))
