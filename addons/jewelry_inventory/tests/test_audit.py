from contextlib import contextmanager

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .test_approval import ApprovalCommon


class AuditCommon(ApprovalCommon):
    """A piece in stock and a manager who changes what it costs, weighs, and where it lies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Audit = cls.env["jewelry.audit"]
        cls.ring = cls._stock_mount(cost=500.0, gross=5.0, list_price=900.0)
        cls.own = cls.ring.with_user(cls.manager)

    def _find(self, topic=None, lot=None, user=None, **more):
        """Return the rows about a lot, the oldest first, as a manager reads them."""
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [("lot_id", "=", (lot or self.ring).id)]
        domain += [("topic", "=", topic)] if topic else []
        domain += [(name, "=", value) for name, value in more.items()]
        return self.Audit.with_user(user or self.manager).search(domain, order="id")

    def _correct(self, record):
        return record.with_user(self.manager).with_context(change_reason="Digits were swapped")


@tagged("post_install", "-at_install")
class TestAuditTrail(AuditCommon):
    """Who changed which price, cost, weight or place, and why."""

    def test_a_price_is_told_before_and_after_with_who_and_why(self):
        wizards = self.env["jewelry.piece.price"].with_user(self.manager)
        form = Form(wizards.with_context(default_piece_id=self.ring.id))
        form.new_price, form.reason = 1200.0, "Window dressing"
        form.save().action_set()
        row = self._find("price")[-1]
        self.assertEqual((row.old_amount, row.new_amount, row.amount_change), (900, 1200, 300))
        self.assertEqual((row.user_id, row.reason), (self.manager, "Window dressing"))
        self.assertEqual(row.why, "By hand, Window dressing")
        self.assertIn("900.00", row.old_text)
        self.assertIn("1,200.00", row.new_text)
        self.assertFalse(row.by_trade)

    def test_a_price_typed_without_a_reason_is_found_as_such(self):
        self.own.list_price = 950
        rows = self._find("price")
        self.assertEqual(rows.mapped("reason"), [False, False])
        self.assertEqual(rows.mapped("by_trade"), [True, False])
        self.assertEqual(rows[-1].why, "By hand")

    def test_a_cost_is_told_with_the_one_before(self):
        self._approve(self._ask(lot=self.ring, cost=300.0))
        self._revalue(300.0, lot=self.ring)
        first, second = self._find("cost")
        self.assertEqual((first.new_amount, first.by_trade), (500, True))
        self.assertEqual((second.old_amount, second.new_amount), (500, 300))
        self.assertEqual(second.amount_change, -200)
        self.assertEqual(second.reason, "Out of fashion")
        self.assertIn("Out of fashion", second.why)
        self.assertFalse(second.by_trade)

    def test_a_weight_is_told_by_its_name(self):
        self._correct(self.ring).gross_weight = 4.5
        row = self._find("weight")[-1]
        self.assertEqual((row.old_text, row.new_text), ("Gross (g): 5.000", "Gross (g): 4.500"))
        self.assertEqual((row.user_id, row.why), (self.manager, "Digits were swapped"))

    def test_grams_of_an_alloy_are_a_weight(self):
        self._correct(self.ring.metal_line_ids).weight = 4.9
        row = self._find("weight")[-1]
        self.assertIn("5.000", row.old_text)
        self.assertIn("4.900", row.new_text)
        self.assertEqual(row.reason, "Digits were swapped")

    def test_grams_that_stay_the_same_are_no_change(self):
        before = len(self._find("weight"))
        self.ring.metal_line_ids.weight = 5.0
        self.assertEqual(len(self._find("weight")), before)

    def test_work_on_a_piece_is_why_it_weighs_and_lies_otherwise(self):
        stone = self._stock_stone(carat=1)
        setting = self._set_stones(self.ring, stone)
        rows = self._find("weight")[-1:] | self._find("place")[-1:]
        self.assertEqual(rows.mapped("reason"), [f"{setting.name}, Set stones"] * 2)

    def test_a_repricing_is_named_as_the_reason(self):
        run = self.env["jewelry.price.run"].new({"name": "REPRICE/1"})
        changes = {self.ring.id: ("900.00", "910.00")}
        run._get_pricing()._log_prices(changes, "run")
        self.assertEqual(self._find("price")[-1].why, "Repricing of the stock, REPRICE/1")

    def test_carats_of_a_stone_are_told_of_the_stone(self):
        stone = self._stock_stone(carat=1.01)
        self._correct(stone).carat = 1.1
        row = self.Audit.search([("stone_id", "=", stone.id), ("topic", "=", "weight")])
        self.assertEqual((row.lot_id, row.company_id), (stone.home_lot_id, self.company))
        self.assertEqual((row.old_text, row.new_text), ("Carats: 1.010", "Carats: 1.100"))
        self.assertEqual(row.action_open_subject()["res_model"], "jewelry.stone")

    def test_other_changes_of_description_are_no_weights(self):
        stone = self._stock_stone(carat=1.01)
        stone.color_grade_id = self._ref("grade_color_e")
        self.ring.name = "R-RENAMED"
        self.assertFalse(self._find("weight").filtered(lambda row: "RENAMED" in row.new_text))
        self.assertFalse(self.Audit.search([("stone_id", "=", stone.id), ("topic", "=", "weight")]))

    def test_a_place_is_told_with_the_transfer_and_what_it_was_for(self):
        safe = self._create_place("Night Safe")
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.int_type_id.id,
                "location_id": self.stock_location.id,
                "location_dest_id": safe.id,
                "origin": "Closing time",
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.ring.product_id.id,
                            "product_uom_qty": 1,
                            "location_id": self.stock_location.id,
                            "location_dest_id": safe.id,
                        },
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        picking.move_ids.move_line_ids.lot_id = self.ring
        picking.move_ids.picked = True
        picking.button_validate()
        row = self._find("place")[-1]
        self.assertEqual((row.kind, row.by_trade), ("move", False))
        self.assertIn("Night Safe", row.new_text)
        self.assertEqual(row.document, picking.name)
        self.assertEqual(row.why, f"{picking.name}, Closing time")
        self.assertTrue(self._find("place")[0].by_trade)

    def test_what_was_counted_away_tells_why_it_was_approved(self):
        values = {self.ring.id: {"act": "lost", "quantity": 1.0}}
        own = self.ring.with_user(self.manager)
        asked = self.Approval.with_user(self.manager)
        approval = asked._ask("write_off", own, "Not found in two counts", values).sudo(False)
        self._approve(approval)
        own._count_less({own: 1.0})
        row = self._find("place")[-1]
        self.assertEqual((row.kind, row.reason), ("count_out", "Not found in two counts"))

    def test_a_void_piece_tells_why(self):
        piece = self._create_piece()
        piece.action_void("Entered twice")
        row = self._find("place", lot=piece)
        self.assertEqual((row.kind, row.reason), ("void", "Entered twice"))

    def test_the_name_of_a_count_is_its_reason(self):
        quant = self.ring.sudo().quant_ids.filtered(lambda q: q.location_id.usage == "internal")
        quant.with_context(inventory_name="Count of June").with_user(1).inventory_quantity = 0
        quant.with_context(inventory_name="Count of June").sudo().with_user(1)._apply_inventory()
        self.assertEqual(self._find("place")[-1].reason, "Count of June")

    def test_a_page_takes_the_same_queries_for_more_rows(self):
        names = ["date", "user_id", "old_text", "new_text", "why", "amount_change"]
        counts = []
        for size in (2, 20):
            for price in range(size):
                self.own.list_price = 2000 + 10 * size + price
                self._correct(self.ring).gross_weight = 4 + (size + price) / 1000
            rows = self._find(user=self.manager)[-2 * size :]
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows.read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_changes_are_counted_by_user_and_topic(self):
        self.own.list_price = 950
        groups = self.Audit.with_user(self.manager).formatted_read_group(
            [("lot_id", "=", self.ring.id), ("by_trade", "=", False)],
            ["user_id", "topic"],
            ["__count", "amount_change:sum"],
        )
        prices = [group for group in groups if group["topic"] == "price"]
        self.assertEqual(prices[0]["amount_change:sum"], 50)
        self.assertEqual(prices[0]["user_id"][0], self.manager.id)

    def test_it_goes_out_as_a_table(self):
        self.own.list_price = 950
        auditor = self._create_user("manager", "base.group_allow_export")
        rows = self._find("price", user=auditor)[-1:]
        ((who, what, before, after),) = rows.export_data(
            ["user_id", "topic", "old_text", "new_text"]
        )["datas"]
        self.assertEqual((who, what), (self.manager.display_name, "Price"))
        self.assertIn("900.00", before)
        self.assertIn("950.00", after)


@tagged("post_install", "-at_install")
class TestAuditAccess(AuditCommon):
    """Read by managers and accountants, edited by nobody."""

    def test_keepers_and_associates_do_not_read_it(self):
        for role in ("keeper", "associate"):
            user = self.keeper if role == "keeper" else self._create_user(role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._find(user=user)

    def test_an_accountant_reads_it_with_places(self):
        accountant = self._create_user("employee", "account.group_account_readonly")
        row = self._find("place", user=accountant)[0]
        self.assertIn(self.stock_location.name, row.new_text)
        self.assertEqual(row.user_id, self.env.user)
        self.assertTrue(row.read(["why", "old_text"]))

    def test_whoever_has_costs_hidden_sees_nothing_of_it(self):
        hidden = self._create_user(
            "manager", "jewelry_inventory.group_cost_hidden", login="manager_hidden"
        )
        self.assertFalse(self._find(user=hidden))

    def test_another_store_sees_nothing_of_it(self):
        other = self.env["res.company"].create({"name": "Other Store"})
        user = new_test_user(
            self.env,
            login="other_store",
            groups="jewelry_inventory.group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.assertFalse(self._find(user=user))

    @contextmanager
    def _refused_in_database(self, exception):
        with mute_logger("odoo.sql_db"), self.assertRaises(exception), self.env.cr.savepoint():
            yield

    def test_nobody_edits_it(self):
        rows = self._find("cost")
        for operation in ("write", "create", "unlink"):
            self.assertFalse(rows.with_user(self.manager).has_access(operation))
        with self._refused_in_database(psycopg2.Error):
            rows.sudo().write({"reason": "Nothing happened"})
            self.env.flush_all()

    def test_a_reason_is_not_changed_in_the_database_either(self):
        self._correct(self.ring).gross_weight = 4.5
        self.env.flush_all()
        row = self._find("weight")[-1]
        with self._refused_in_database(psycopg2.errors.RestrictViolation):
            self.env.cr.execute(
                "UPDATE jewelry_provenance_event SET reason = 'x' WHERE id = %s", [row.id]
            )


@tagged("post_install", "-at_install")
class TestCorrection(AuditCommon):
    """A manager says why an entry is wrong, then corrects it."""

    def _prepare(self, record, reason):
        wizards = self.env["jewelry.correction"].with_user(self.manager)
        return wizards.with_context(active_model=record._name, active_id=record.id).create(
            {"reason": reason}
        )

    def test_the_form_that_opens_carries_the_reason(self):
        action = self._prepare(self.ring, " Weighed again ").action_correct()
        self.assertEqual(action["context"], {"change_reason": "Weighed again"})
        self.assertEqual((action["res_model"], action["res_id"]), ("stock.lot", self.ring.id))
        with Form.from_action(self.env(user=self.manager), action) as form:
            form.gross_weight = 4.8
        self.assertEqual(self._find("weight")[-1].reason, "Weighed again")

    def test_a_reason_of_blanks_is_none(self):
        with self._refused("audit trail", UserError):
            self._prepare(self.ring, "  ").action_correct()

    def test_a_keeper_does_not_correct(self):
        with self.assertRaises(AccessError):
            self.env["jewelry.correction"].with_user(self.keeper).create({"reason": "x"})

    def test_blanks_in_the_context_are_no_reason(self):
        with self._refused("“Correct”", UserError):
            self.own.with_context(change_reason="  ").gross_weight = 4.5

    def test_what_was_never_in_stock_is_corrected_without_a_reason(self):
        new = self._create_piece(gross_weight=5.0).with_user(self.keeper)
        new.gross_weight = 4.5
        self.assertFalse(self._find("weight", lot=new)[-1].reason)
