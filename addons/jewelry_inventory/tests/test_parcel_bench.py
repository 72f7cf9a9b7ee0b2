from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..tools.provenance import read_payload
from .common import TransformationCommon


@tagged("post_install", "-at_install")
class TestParcelBench(TransformationCommon):
    """Stones of a parcel are handed out and come back, each time counted and weighed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parcel_style.categ_id = cls.style.categ_id = cls.category_auto
        cls.parcel = cls._stock_parcel(carat=5, count=100, cost=1000)
        cls.keeper, cls.manager = cls._create_user("keeper"), cls._create_user("manager")

    def _wizard(self, name, **values):
        wizard = self.env[f"jewelry.parcel.{name}"].with_user(self.keeper)
        return wizard.create({"lot_id": self.parcel.id} | values)

    def _issue(self, carat=2, count=40, place=None, **values):
        values = {"quantity": carat, "stone_count": count} | values
        self._wizard("issue", place_id=(place or self.bench).id, **values).action_issue()

    def _take_back(self, carat, count, **values):
        """Take back what the bench has; return the transformation."""
        wizard = self._wizard("return", quantity=carat, stone_count=count, **values)
        action = wizard.action_return()
        last = self.env["jewelry.transformation"].search([], limit=1, order="id desc")
        waits = action["type"] != "ir.actions.act_window_close"
        self.assertEqual(last.state, "draft" if waits else "done")
        return last

    def _get_amounts(self):
        """Return (carats, stones) in the stock and at the bench."""
        places = (self.stock_location, self.bench)
        return [(float(ct), n) for ct, n in map(self.parcel._get_amount_in, places)]

    # === HANDING OUT === #

    def test_stones_and_carats_are_handed_out_together(self):
        self._issue()
        self.assertEqual(self._get_amounts(), [(3, 60), (2, 40)])
        self.assertEqual((self.parcel.stone_ids.carat, self.parcel.stone_ids.count), (5, 100))
        self.assertEqual(self._value(self.parcel), 1000, "the bench is ours")

    def test_what_was_counted_is_believed_more_than_the_average(self):
        self._issue(2, 43)
        self.assertEqual(self._get_amounts(), [(3, 57), (2, 43)])

    def test_more_than_there_is_is_not_handed_out(self):
        for carat, count, why in (
            (5.001, 100, r"only 5\.000 ct are free"),
            (0, 10, "Enter how much"),
            (2, 101, "both stones and carats"),
            (5, 99, "both or neither"),
            (4, 100, "both or neither"),
            (2, 0, "both stones and carats"),
        ):
            with self.subTest(carat=carat, count=count), self._refused(why, UserError):
                self._issue(carat, count)

    def test_a_place_gives_no_more_than_it_has_even_where_another_has_more(self):
        self._issue()
        self._issue(3, 60, place=self.safe)
        with self._refused("both stones and carats", UserError):
            self._issue(1, 41, place=self.safe, source_id=self.bench.id)
        with self._refused(r"only 2\.000 ct", UserError):
            self._issue(2.5, 40, place=self.safe, source_id=self.bench.id)

    def test_the_last_carats_of_a_place_take_its_last_stones(self):
        self._issue(2, 43)
        self._move_parcel(self.parcel, 2, self.bench, self.customer_location)
        self.assertEqual(self._get_amounts(), [(3, 57), (0, 0)])
        self.assertEqual(self.parcel.stone_ids.count, 57)

    def test_what_is_promised_is_not_handed_out(self):
        move = self.env["stock.move"].create(
            {
                "product_id": self.parcel_style.id,
                "product_uom_qty": 4,
                "location_id": self.stock_location.id,
                "location_dest_id": self.customer_location.id,
            }
        )
        move._action_confirm()
        move._action_assign()
        with self._refused(r"only 1\.000 ct are free", UserError):
            self._issue()

    def test_handing_out_is_written_into_the_chain_with_stones_and_carats(self):
        self._issue()
        event = self.env["jewelry.provenance.event"].search(
            [("chain_uuid", "=", self.parcel.chain_uuid)], limit=1
        )
        payload = read_payload(event.payload)
        self.assertEqual((payload["quantity"], payload["stones"]), ("2.000", 40))
        self.assertEqual(payload["to"], self.bench.chain_uuid)

    def test_stones_of_a_client_are_handed_out_as_theirs(self):
        for quant in self.parcel._get_stock_quants():
            quant.owner_id = self.owner
        self._issue()
        self.assertEqual(self.parcel._get_stock_quants().owner_id, self.owner)
        self._take_back(2, 40)
        self.assertEqual(self._get_amounts(), [(5, 100), (0, 0)])
        self.assertEqual(self.parcel._get_stock_quants().owner_id, self.owner)

    def test_the_wizard_proposes_place_and_count(self):
        wizard = self.env["jewelry.parcel.issue"].with_user(self.keeper)
        with Form(wizard.with_context(active_id=self.parcel.id)) as form:
            self.assertEqual(form.source_id, self.stock_location)
            self.assertEqual((form.free_quantity, form.free_count), (5, 100))
            form.place_id = self.bench
            form.quantity = 0.5
            self.assertEqual(form.stone_count, 10)

    def test_an_associate_hands_nothing_out(self):
        associate = self._create_user("associate")
        for name in ("intake", "issue", "return"):
            with self.subTest(name=name), self._refused("", AccessError):
                self.env[f"jewelry.parcel.{name}"].with_user(associate).create({})

    # === TAKING BACK === #

    def test_all_comes_back(self):
        self._issue()
        taking = self._take_back(2, 40)
        self.assertEqual((taking.kind, taking.state), ("return", "done"))
        self.assertEqual(self._get_amounts(), [(5, 100), (0, 0)])
        self.assertEqual(self._value(self.parcel), 1000)
        self.assertEqual(self._ledger(self.wip), 0)

    def test_a_part_comes_back_and_the_rest_stays_at_the_bench(self):
        self._issue()
        self._take_back(0.99, 20)
        self.assertEqual(self._get_amounts(), [(3.99, 80), (1.01, 20)])

    def test_more_than_was_handed_out_does_not_come_back_from_what_stays(self):
        self._issue()
        with self._refused("only", UserError):
            self._take_back(2.01, 40)

    def test_what_is_missing_waits_for_a_second_person_and_is_expensed(self):
        self._issue()
        taking = self._take_back(1.95, 39, rest="lost", reason="Flew off")
        self.assertEqual((taking.state, taking.loss_reason), ("draft", "Flew off"))
        self.assertEqual(self._get_amounts()[1], (2, 40), "nothing has moved yet")
        with self._refused("must approve", UserError):
            taking.with_user(self.keeper).action_done()
        taking.with_user(self.manager).action_approve_loss()
        taking.with_user(self.keeper).action_done()
        self.assertEqual(self._get_amounts(), [(4.95, 99), (0, 0)])
        self.assertEqual(self._ledger(self.losses), 10)
        self.assertEqual(self._value(self.parcel), 990)
        self.assertEqual(self._ledger(self.wip), 0)

    def test_a_missing_stone_without_its_weight_is_missed_too(self):
        self._issue()
        taking = self._take_back(2, 39, rest="lost", reason="Counted twice")
        self.assertEqual(taking.loss_ids.mapped("stone_count"), [1])
        taking.with_user(self.manager).action_approve_loss()
        taking.action_done()
        self.assertEqual(self._get_amounts(), [(5, 99), (0, 0)])

    def test_carats_too_many_are_a_gain_that_somebody_else_approves(self):
        self._issue()
        taking = self._take_back(2.02, 40, rest="lost", reason="Other scale")
        self.assertEqual(taking.loss_ids.direction, "gain")
        taking.with_user(self.manager).action_approve_loss()
        taking.action_done()
        self.assertEqual(self._get_amounts(), [(5.02, 100), (0, 0)])
        self.assertEqual(self._value(self.parcel), 1000)

    def test_nothing_comes_back_is_said(self):
        self._issue()
        with self._refused("Count and weigh", UserError):
            self._take_back(0, 0)

    def test_taking_back_is_undone(self):
        self._issue()
        taking = self._take_back(1.95, 39, rest="lost", reason="Flew off")
        taking.with_user(self.manager).action_approve_loss()
        taking.action_done()
        taking.action_reverse()
        self.assertEqual(self._get_amounts(), [(3, 60), (2, 40)])
        self.assertEqual(self._value(self.parcel), 1000)
        self.assertEqual(self._ledger(self.losses), 0)

    # === SUSPICION === #

    def test_smaller_stones_that_come_back_are_suspicious(self):
        self._issue()
        taking = self._take_back(0.9, 20, reason="Sieved")
        self.assertIn("-10.0 %", taking.suspicion)
        with self._refused("must approve", UserError):
            taking.with_user(self.keeper).action_done()
        taking.with_user(self.manager).action_approve_loss()
        taking.action_done()
        lines = taking.output_ids.move_ids.move_line_ids
        self.assertTrue(lines.is_suspicious)
        self.assertIn("return", taking.kind)

    def test_suspicion_asks_for_a_reason_first(self):
        self._issue()
        taking = self._take_back(0.9, 20)
        with self._refused("Enter the reason", UserError):
            taking.with_user(self.manager).action_approve_loss()

    def test_nobody_approves_what_they_took_back_themselves(self):
        self._issue()
        wizard = self._wizard("return", quantity=0.9, stone_count=20, reason="Sieved")
        taking = wizard.with_user(self.manager)._create_transformation()
        with self._refused("Somebody else", UserError):
            taking.action_approve_loss()

    def test_the_company_says_how_much_is_suspicious(self):
        self._issue()
        self.assertTrue(self._take_back(0.94, 20).suspicion, "6 %")
        self.company.parcel_tolerance = 10
        self.assertFalse(self._take_back(0.94, 20).suspicion)

    def test_larger_stones_are_suspicious_too(self):
        self._issue()
        self.assertIn("+20.0 %", self._take_back(1.2, 20).suspicion)

    def test_within_the_tolerance_nobody_is_asked(self):
        self._issue()
        taking = self._take_back(0.96, 20)
        self.assertFalse(taking.suspicion)
        self.assertFalse(taking.output_ids.move_ids.move_line_ids.is_suspicious)

    def test_the_average_is_that_of_the_place_not_of_the_parcel(self):
        self._issue(1, 10)
        self.assertFalse(self._take_back(0.5, 5).suspicion, "big ones were handed out")
        self.assertTrue(self._take_back(0.25, 5).suspicion, "average ones came back for them")

    def test_splitting_off_small_stones_is_not_suspicious(self):
        draft = self._create_transformation(
            "split",
            self._prepare_line("in", self.parcel, carat=1, stone_count=40),
            self._prepare_line("out", product_id=self.parcel_style.id, carat=1, stone_count=40),
        )
        self.assertFalse(draft.needs_approval)

    def test_the_wizard_shows_the_books_and_warns(self):
        self._issue()
        wizard = self.env["jewelry.parcel.return"].with_user(self.keeper)
        with Form(wizard.with_context(active_id=self.parcel.id)) as form:
            self.assertEqual(form.source_id, self.bench)
            self.assertEqual(form.place_id, self.stock_location)
            self.assertEqual((form.book_quantity, form.book_count), (2, 40))
            form.quantity, form.stone_count = 1, 20
            self.assertFalse(form.is_suspicious)
            form.stone_count = 24
            self.assertTrue(form.is_suspicious)
            self.assertAlmostEqual(form.average_shift, -16.7, 1)
            form.reason = "Sieved"

    # === METAL === #

    def test_metal_goes_to_the_bench_and_comes_back_weighed(self):
        metal = self._stock_metal(10, 1000)
        self.parcel = metal
        self._issue(4, 0)
        taking = self._take_back(3.5, 0, rest="lost", reason="Filings not collected")
        self.assertEqual(taking.loss_ids.metal_weight, 0.5)
        self.assertTrue(taking.needs_approval)
        taking.with_user(self.manager).action_approve_loss()
        taking.action_done()
        self.assertEqual(metal.product_qty, 9.5)
        self.assertEqual(taking.loss_value, 50)

    # === COUNTS BY HAND === #

    def test_nobody_counts_a_stocked_parcel_by_writing_a_field(self):
        group = self.parcel.stone_ids.with_user(self.keeper)
        for vals in ({"count": 99}, {"carat": 4.9}):
            with self.subTest(vals=vals), self._refused("follow its moves", UserError):
                group.write(vals)
        group.sieve = "+2 -6.5"

    def test_a_parcel_that_never_came_is_planned_by_hand(self):
        lot = self.env["stock.lot"].create({"product_id": self.parcel_style.id})
        group = self._create_stone(holder_id=lot.id, carat=1, count=10)
        group.with_user(self.keeper).count = 12
        values = {"lot_id": lot.id, "cost": 300}
        intake = self.env["jewelry.parcel.intake"].with_user(self.keeper).create(values)
        self.assertEqual((intake.quantity, intake.stone_count), (1, 12))
        intake.action_take_in()
        self.assertEqual((lot.product_qty, group.count, self._value(lot)), (1, 12, 300))
        more = {"lot_id": lot.id, "cost": 500, "quantity": 1, "stone_count": 20}
        self.env["jewelry.parcel.intake"].with_user(self.keeper).create(more).action_take_in()
        self.assertEqual((group.carat, group.count, self._value(lot)), (2, 32, 800))

    def test_an_intake_says_what_is_missing(self):
        lot = self.env["stock.lot"].create({"product_id": self.parcel_style.id})
        intake = self.env["jewelry.parcel.intake"].create({"lot_id": lot.id, "cost": 1})
        with self._refused("Enter how much", UserError):
            intake.action_take_in()
        intake.write({"quantity": 1, "stone_count": 10})
        with self._refused("Describe the stones", UserError):
            intake.action_take_in()

    # === SCREENS === #

    def test_the_form_of_a_parcel_shows_counts_by_place(self):
        self._issue(2, 43)
        self.assertEqual(self.parcel.parcel_count, 100)
        self.assertEqual(self.parcel.average_carat, 0.05)
        counts = {quant.location_id: quant.stone_count for quant in self.parcel.stock_quant_ids}
        self.assertEqual(counts, {self.stock_location: 57, self.bench: 43})
        self.assertTrue(self.parcel.is_handed_out)

    def test_looking_at_the_value_of_a_parcel_writes_nothing(self):
        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(type(self.parcel), "write", side_effect=AssertionError):
            self.assertEqual(self.parcel.total_value, 1000)

    def test_a_parcel_opens_in_its_own_form(self):
        form = self.env.ref("jewelry_inventory.stock_lot_view_form_bulk")
        self.assertEqual(self.parcel.get_formview_id(), form.id)
        mount = self._stock_mount()
        self.assertNotEqual(mount.get_formview_id(), form.id)

    def test_a_split_begins_with_all_of_the_parcel(self):
        parcel = self.parcel.with_user(self.keeper).with_context(transformation_kind="split")
        action = parcel.action_transform()
        Transformation = self.env["jewelry.transformation"].with_user(self.keeper)
        with Form(Transformation.with_context(**action["context"])) as form:
            self.assertEqual(form.kind, "split")
            with form.input_ids.edit(0) as line:
                self.assertEqual((line.carat, line.stone_count), (5, 100))
        self.assertIn("text-danger", form.record.balance_html, "nothing has come out yet")
