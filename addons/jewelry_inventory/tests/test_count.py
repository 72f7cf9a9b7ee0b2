from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from odoo import Command, fields
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import HttpCase, tagged

from .common import TransformationCommon
from .count_common import CountCommon


@tagged("post_install", "-at_install")
class TestCountScanning(CountCommon):
    """What the screen sends and is told."""

    def test_a_draft_is_counted_from_the_moment_its_screen_opens(self):
        count = self._open()
        self.assertEqual(count.state, "open")
        self.assertEqual(count.start_date, self.start)
        self.assertEqual(count.part_ids.initials, "AS")

    def test_an_associate_opens_a_case(self):
        count = self._create_count(kind="opening", user=self.associate)
        self.assertEqual(count.action_count()["tag"], "jewelry_count")
        self.assertEqual(count.state, "open")
        self.assertRegex(count.name, "^CT")

    def test_a_count_of_nothing_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Choose the places"):
            self.env["jewelry.count"].create({"kind": "full"})
        count = self._create_count()
        with self.assertRaisesRegex(ValidationError, "Choose the places"):
            count.place_ids = False

    def test_a_count_of_what_clients_have_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "places of the store"):
            self._create_count(self.customer_location)

    def test_what_is_counted_stays_once_it_is_counted(self):
        count = self._open().with_user(self.keeper)
        with self.assertRaisesRegex(UserError, "Counting.*cannot be done"):
            count.place_ids = self.safe

    def test_the_screen_knows_the_places_and_their_barcodes(self):
        screen = self._open().get_screen()
        rows = [(place["name"], place["barcode"]) for place in screen["places"]]
        self.assertEqual(rows, [("Case", "CASE"), ("Tray", "TRAY")])

    def test_a_scan_tells_which_piece_it_is(self):
        count = self._open()
        (answer,) = self._scan(count, self.rings[0])
        self.assertEqual(answer["state"], "counted")
        self.assertEqual(answer["number"], self.rings[0].name)
        self.assertEqual(answer["title"], "Solitaire")

    def test_other_numbers_of_a_piece_count_it_as_well(self):
        self.rings[0].former_number = "OLD-77"
        (answer,) = self._scan(self._open(), ["OLD-77"])
        self.assertEqual(answer["number"], self.rings[0].name)

    def test_a_scan_sent_twice_is_one_scan(self):
        count = self._open()
        scan = self._prepare_scan(self.rings[0].name)
        first = count.register_scans([scan])
        again = count.register_scans([scan, scan])
        self.assertEqual(again, first * 2)
        self.assertEqual(len(count.scan_ids), 1)
        self.assertEqual(count.part_ids.scan_count, 1)

    def test_a_scan_twice_in_one_batch_is_one_scan(self):
        count = self._open()
        scan = self._prepare_scan(self.rings[0].name)
        count.register_scans([scan, scan])
        self.assertEqual(len(count.scan_ids), 1)

    def test_a_piece_scanned_again_is_told_and_counts_once(self):
        count = self._open()
        states = [self._scan(count, self.rings[0])[0]["state"] for _turn in range(2)]
        self.assertEqual(states, ["counted", "repeated"])
        (one, two) = self._scan(count, self.rings[1] + self.rings[1])
        self.assertEqual([one["state"], two["state"]], ["counted", "repeated"])

    def test_an_unknown_code_is_kept_and_told(self):
        count = self._open()
        (answer,) = self._scan(count, ["R-9999"])
        self.assertEqual((answer["state"], answer["number"]), ("unknown", ""))
        self.assertEqual(count.scan_ids.code, "R-9999")

    def test_a_label_of_another_company_is_unknown(self):
        other = self.env["res.company"].create({"name": "Other store"})
        self._create_piece(name="THEIRS-1", company_id=other.id)
        (answer,) = self._scan(self._open(), ["THEIRS-1"])
        self.assertEqual((answer["state"], answer["number"]), ("unknown", ""))

    def test_a_code_that_two_pieces_have_is_unknown(self):
        self.rings[:2].former_number = "SAME"
        (answer,) = self._scan(self._open(), ["SAME"])
        self.assertEqual(answer["state"], "unknown")

    def test_a_slip_is_taken_back_and_stays_on_record(self):
        count = self._open()
        scan = self._prepare_scan(self.rings[0].name)
        count.register_scans([scan])
        (answer,) = count.register_scans([scan | {"undone": True}])
        self.assertEqual(answer["state"], "undone")
        self.assertTrue(count.scan_ids.undo_date)
        self.assertEqual(count.get_screen()["codes"], [])
        # Sent again, as after a dead network, it stays taken back.
        (answer,) = count.register_scans([scan])
        self.assertEqual(answer["state"], "undone")

    def test_a_slip_taken_back_before_it_was_sent_is_on_record_as_well(self):
        count = self._open()
        scan = self._prepare_scan(self.rings[0].name, undone=True)
        (answer,) = count.register_scans([scan])
        self.assertEqual(answer["state"], "undone")
        (after,) = self._scan(count, self.rings[0])
        self.assertEqual(after["state"], "counted", "a slip is no scan before")

    def test_the_screen_opens_with_what_was_scanned(self):
        count = self._open()
        self._scan(count, self.rings[:2])
        screen = count.get_screen()
        codes = {(code, number) for _uuid, code, number in screen["codes"]}
        self.assertEqual(codes, {(ring.name, ring.name) for ring in self.rings[:2]})
        self.assertEqual(len(screen["recent"]), 2)

    def test_the_clock_of_a_scan_is_the_servers(self):
        count = self._open()
        self._scan(count, self.rings[0], at=10, age=5 * 60_000)
        self.assertEqual(count.scan_ids.scan_date, self.start + self._minutes(5))

    def test_no_scan_is_older_than_its_count(self):
        count = self._open()
        self._scan(count, self.rings[0], at=10, age=1e18)
        self.assertEqual(count.scan_ids.scan_date, self.start)

    def _minutes(self, minutes):
        with self._at(minutes):
            return fields.Datetime.now() - self.start

    def test_what_no_screen_sends_is_refused(self):
        count = self._open()
        bad = [
            {"code": ""},
            {"code": "x" * 300},
            {"code": None},
            {"uuid": ""},
            {"age": -1},
            {"age": "soon"},
            {"age": float("nan")},
            {"quantity": -2},
            {"quantity": float("nan")},
            {"quantity": float("inf")},
            {"stone_count": 4006381333931},
            {"place_id": self.safe.id},
            {"place_id": None},
        ]
        for values in bad:
            with self.subTest(values), self.assertRaises(UserError):
                count.register_scans([self._prepare_scan("R-1") | values])
        self.assertFalse(count.scan_ids)

    def test_scans_of_somebody_else_cannot_be_taken_back(self):
        count = self._open(users=[self.associate, self.keeper])
        scan = self._prepare_scan(self.rings[0].name)
        count.register_scans([scan])
        with self.assertRaisesRegex(UserError, "another person"):
            count.with_user(self.keeper).register_scans([scan | {"undone": True}])

    def test_who_has_not_joined_cannot_scan(self):
        count = self._open()
        with self.assertRaisesRegex(UserError, "do not take part"):
            self._scan(count.with_user(self.keeper), self.rings)

    def test_a_scan_after_the_close_is_kept_and_told(self):
        count = self._open()
        self._sign(count)
        (answer,) = self._scan(count, self.rings[0], at=70)
        self.assertEqual(answer["state"], "late")
        self.assertEqual(self._kinds(count)[self.rings[0]], "missing")

    def test_a_late_scan_counts_when_the_count_is_opened_again(self):
        count = self._open()
        self._scan(count, self.rings[1:])
        self._sign(count)
        self._scan(count, self.rings[0], at=70)
        count.with_user(self.keeper).action_reopen()
        self.assertFalse(count.sudo().line_ids)
        self._sign(count, at=80)
        self.assertEqual((count.state, count.found_quantity), ("counted", 3))
        self.assertFalse(count.line_ids)


@tagged("post_install", "-at_install")
class TestCountSigning(CountCommon):
    """Who closes a count."""

    def test_a_case_is_opened_and_closed_by_two_people(self):
        for kind in ("opening", "closing"):
            count = self._open(kind=kind)
            self._sign(count)
            self.assertEqual(count.state, "open", "one signature is not enough")
            self._sign(count)
            self.assertEqual(count.state, "open", "nor is the same one twice")
            count.with_user(self.keeper).get_screen()
            self._sign(count, self.keeper)
            self.assertEqual(count.state, "counted")
            self.assertEqual(count.part_ids.mapped("initials"), ["AS", "KB"])

    def test_who_scans_after_signing_signs_again(self):
        count = self._open(kind="closing")
        self._sign(count)
        self._scan(count, self.rings, at=70)
        self.assertFalse(count.part_ids.close_date)
        count.with_user(self.keeper).get_screen()
        self._sign(count, self.keeper)
        self.assertEqual(count.state, "open")
        self._sign(count, at=80)
        self.assertEqual((count.state, count.found_quantity), ("counted", 3))

    def test_a_count_waits_for_everybody_who_joined(self):
        count = self._open(users=[self.associate, self.keeper])
        self._sign(count)
        self.assertEqual(count.state, "open")
        self._sign(count, self.keeper)
        self.assertEqual(count.state, "counted")

    def test_a_keeper_closes_without_somebody_who_left(self):
        count = self._open(users=[self.associate, self.keeper])
        with self.assertRaisesRegex(UserError, "Too few people"):
            count.with_user(self.manager).action_close()
        self._sign(count)
        count.with_user(self.manager).action_close()
        self.assertEqual(count.state, "counted")

    def test_a_keeper_does_not_close_a_case_with_one_signature(self):
        count = self._open(kind="closing")
        self._sign(count)
        with self.assertRaisesRegex(UserError, "takes two people"):
            count.with_user(self.keeper).action_close()

    def test_an_associate_neither_closes_nor_applies_nor_cancels(self):
        count = self._open()
        for act in ("action_close", "action_apply", "action_reopen", "action_cancel"):
            with self.subTest(act), self.assertRaises(AccessError):
                getattr(count, act)()

    def test_a_count_that_was_given_up_stays_so(self):
        count = self._open().with_user(self.keeper)
        count.action_cancel()
        for act in (count.action_close, count.action_apply, count.action_reopen):
            with self.assertRaisesRegex(UserError, "Cancelled"):
                act()

    def test_only_drafts_can_be_deleted(self):
        count = self._open().sudo()
        with self.assertRaisesRegex(UserError, "cannot be done"):
            count.unlink()


@tagged("post_install", "-at_install")
class TestCountBlind(CountCommon):
    """Whoever counts is told what they scanned, and nothing else."""

    def test_nothing_that_is_expected_exists_until_the_count_closes(self):
        count = self._open(users=[self.associate, self.keeper])
        self._scan(count, self.rings[0])
        self._sign(count)
        self.assertFalse(self.env["jewelry.count.line"].search([("count_id", "=", count.id)]))
        self.assertFalse(self.env["jewelry.count.tie.out"].search([("count_id", "=", count.id)]))
        for user in (self.associate, self.keeper, self.manager):
            (values,) = count.with_user(user).read()
            for name in ("expected_quantity", "found_quantity", "difference_count"):
                self.assertEqual(values[name], 0, name)
            self.assertFalse(values["line_ids"])

    def test_an_answer_is_the_same_whether_the_piece_is_expected_or_not(self):
        here, elsewhere = self.rings[0], self._stock_piece(place=self.safe)
        for piece in (here, elsewhere):
            piece.list_price = 100
        answers = self._scan(self._open(), here + elsewhere)
        for answer in answers:
            answer.update(uuid="", code="", number="")
        self.assertEqual(answers[0], answers[1])

    def test_nobody_reads_what_somebody_else_scanned_while_it_is_open(self):
        count = self._open(users=[self.associate, self.keeper])
        self._scan(count, self.rings[0])
        self._scan(count.with_user(self.keeper), self.rings[1])
        scans = self.env["jewelry.count.scan"]
        for user, own in ((self.associate, self.rings[0]), (self.keeper, self.rings[1])):
            seen = scans.with_user(user).search([("count_id", "=", count.id)])
            self.assertEqual(seen.lot_id, own)
            others = (count.sudo().scan_ids - seen).with_user(user)
            with self.assertRaises(AccessError):
                others.read(["lot_id"])
        self._sign(count, self.associate, self.keeper)
        seen = scans.with_user(self.associate).search([("count_id", "=", count.id)])
        self.assertEqual(seen.lot_id, self.rings[:2])

    def test_lines_of_an_open_count_would_be_out_of_sight(self):
        count = self._count(self.rings[1:])
        line = count.line_ids
        self.env.cr.execute("UPDATE jewelry_count SET state = 'open' WHERE id = %s", [count.id])
        self.env.invalidate_all()
        for user in (self.associate, self.keeper, self.manager):
            lines = self.env["jewelry.count.line"].with_user(user)
            self.assertFalse(lines.search([("id", "=", line.id)]))
            with self.assertRaises(AccessError):
                line.with_user(user).read(["lot_id"])

    def test_nobody_writes_a_count_by_hand(self):
        count = self._open()
        scans, lines = self.env["jewelry.count.scan"], self.env["jewelry.count.line"]
        row = {"uuid": "x", "code": "x", "count_id": count.id, "place_id": self.case.id}
        for user in (self.associate, self.keeper, self.manager):
            with self.assertRaises(AccessError):
                count.with_user(user).write({"state": "done"})
            with self.assertRaises(AccessError):
                scans.with_user(user).create(row)
            with self.assertRaises(AccessError):
                count.part_ids.with_user(user).write({"close_date": fields.Datetime.now()})
        self._scan(count, self.rings[:2])
        self._sign(count)
        with self.assertRaises(AccessError):
            count.line_ids.with_user(self.manager).write({"kind": "moved"})
        with self.assertRaises(AccessError):
            count.line_ids.with_user(self.manager).unlink()
        with self.assertRaises(AccessError):
            lines.with_user(self.manager).create({"count_id": count.id, "kind": "missing"})
        with self.assertRaises(AccessError):
            count.sudo().scan_ids[0].code = "changed"

    def test_counts_of_another_company_are_out_of_sight(self):
        count = self._count(self.rings[1:]).sudo()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_user("manager", login="stranger")
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        for records in (count, count.line_ids, count.scan_ids, count.part_ids, count.tie_out_ids):
            self.assertTrue(records)
            self.assertFalse(records.with_user(stranger).search([("id", "in", records.ids)]))
        with self.assertRaises(AccessError):
            count.with_user(stranger).get_screen()


@tagged("post_install", "-at_install")
class TestCountDifferences(CountCommon):
    """What a count says when it closes."""

    def test_all_that_is_there_makes_no_line(self):
        count = self._count(self.rings)
        self.assertFalse(count.line_ids)
        self.assertEqual((count.expected_quantity, count.found_quantity), (3, 3))

    def test_what_nobody_scanned_is_missing_at_cost_and_at_retail(self):
        count = self._count(self.rings[:2])
        line = count.line_ids
        self.assertEqual((line.lot_id, line.kind), (self.rings[2], "missing"))
        self.assertEqual((line.retail_value, line.cost_value), (250, 100))
        self.assertEqual((count.missing_value, count.missing_cost), (250, 100))
        self.assertEqual(line.place_id, self.case)
        self._assert_sum(count)

    def test_an_associate_reads_the_lines_without_the_cost(self):
        count = self._count(self.rings[:2]).with_user(self.associate)
        self.assertEqual(count.line_ids.retail_value, 250)
        with self.assertRaises(AccessError):
            count.line_ids.read(["cost_value"])
        with self.assertRaises(AccessError):
            count.read(["missing_cost"])

    def test_a_piece_of_the_safe_in_the_case_is_in_the_wrong_place(self):
        stray = self._stock_piece(place=self.safe)
        count = self._count(self.rings + stray)
        line = count.line_ids
        self.assertEqual((line.kind, line.place_id), ("misplaced", self.safe))
        self.assertEqual((line.found_place_id, line.user_id), (self.case, self.associate))
        self._assert_sum(count)

    def test_a_piece_in_the_other_of_two_counted_places_is_in_the_wrong_place(self):
        stray = self._stock_piece(place=self.safe)
        count = self._count(self.rings + stray, self.case + self.safe)
        self.assertEqual(self._kinds(count), {stray: "misplaced"})
        self.assertEqual((count.expected_quantity, count.found_quantity), (4, 4))
        self._assert_sum(count)

    def test_a_piece_scanned_in_two_places_lies_where_it_was_scanned_last(self):
        count = self._open(self.case + self.safe)
        self._scan(count, self.rings, self.safe, at=10)
        self._scan(count, self.rings, self.case, at=20)
        self._sign(count)
        self.assertFalse(count.line_ids)

    def test_pieces_sold_lost_and_never_received_are_unexpected(self):
        sold, lost = self._stock_rings(2, self.case)
        self._move(sold, self.case, self.customer_location)
        loss = self.style.with_company(self.company).property_stock_inventory
        self._move(lost, self.case, loss)
        never = self._create_piece()
        count = self._count(self.rings + sold + lost + never)
        self.assertEqual(self._kinds(count), dict.fromkeys(sold + lost + never, "unexpected"))
        applied = count.line_ids.filtered("to_apply")
        self.assertEqual(applied.lot_id, lost, "others come back by their own documents")
        with self.assertRaisesRegex(UserError, "return of its delivery"):
            (count.line_ids - applied)[0].to_apply = True
        self._assert_sum(count)

    def test_a_slip_that_was_taken_back_was_not_found(self):
        count = self._open()
        self._scan(count, self.rings)
        self._scan(count, self.rings[0], undone=True)
        self._sign(count)
        self.assertFalse(count.line_ids, "the slip is not the scan before it")
        count.with_user(self.keeper).action_reopen()
        scans = count.sudo().scan_ids.filtered(lambda scan: scan.lot_id == self.rings[0])
        scan = {"uuid": scans.sorted("id")[0].uuid, "code": "x", "place_id": self.case.id}
        count.register_scans([scan | {"undone": True}])
        self._sign(count)
        self.assertEqual(self._kinds(count), {self.rings[0]: "missing"})

    def test_goods_of_others_are_counted_and_cost_us_nothing(self):
        lender = self.env["res.partner"].create({"name": "Lender"})
        memo = self._create_piece(list_price=900)
        self._move(memo, self.supplier_location, self.case, owner=lender)
        count = self._count(self.rings)
        self.assertEqual(self._kinds(count), {memo: "missing"})
        self.assertEqual(count.missing_value, 900)

    # === MOVES DURING A COUNT === #

    def test_a_piece_sold_after_its_scan_is_no_difference(self):
        count = self._open()
        self._scan(count, self.rings, at=10)
        self._move_at(20, self.rings[0], self.case, self.customer_location)
        self._sign(count)
        self.assertFalse(count.line_ids)
        self.assertEqual((count.expected_quantity, count.found_quantity), (3, 3))

    def test_a_piece_sold_before_its_scan_is_told_and_no_difference(self):
        count = self._open()
        self._move_at(5, self.rings[0], self.case, self.customer_location)
        self._scan(count, self.rings[1:], at=10)
        self._sign(count)
        self.assertEqual(self._kinds(count), {self.rings[0]: "sold"})
        self.assertEqual(count.difference_count, 0)
        self._assert_sum(count)

    def test_a_piece_sold_yet_scanned_afterwards_is_unexpected(self):
        count = self._open()
        self._move_at(5, self.rings[0], self.case, self.customer_location)
        self._scan(count, self.rings, at=10)
        self._sign(count)
        self.assertEqual(self._kinds(count), {self.rings[0]: "unexpected"})

    def test_pieces_that_come_and_go_meanwhile_are_told_and_no_difference(self):
        new = self._stock_piece(place=self.safe)
        count = self._open()
        self._move_at(5, self.rings[0], self.case, self.safe)
        self._scan(count, self.rings[1:], at=10)
        self._move_at(20, new, self.safe, self.case)
        self._sign(count)
        self.assertEqual(self._kinds(count), {self.rings[0]: "moved", new: "moved"})
        self.assertEqual(count.difference_count, 0)
        self.assertFalse(count.line_ids.filtered("to_apply"))
        self._assert_sum(count)

    def test_a_scan_that_travelled_long_is_judged_by_when_it_was_scanned(self):
        count = self._open()
        self._move_at(20, self.rings[0], self.case, self.safe)
        self._scan(count, self.rings, at=30, age=25 * 60_000)
        self._sign(count)
        self.assertFalse(count.line_ids)


@tagged("post_install", "-at_install")
class TestCountApplying(CountCommon):
    """What a count changes in the books."""

    def _apply(self, count, reason="unknown", user=None):
        lines = count.line_ids.filtered(lambda line: line.to_apply and not line.reason)
        lines.with_user(self.keeper).reason = reason
        count.with_user(user or self.manager).action_apply()

    def test_a_piece_in_the_wrong_place_is_moved_to_where_it_was_found(self):
        stray = self._stock_piece(place=self.safe, cost=70)
        count = self._count(self.rings + stray)
        count.action_apply()
        self.assertEqual(self._place(stray), self.case)
        self.assertEqual(stray.standard_price, 70)
        self.assertEqual((count.state, count.done_by_id), ("done", self.keeper))
        self.assertTrue(count.line_ids.is_applied)

    def test_a_void_piece_that_turns_up_does_not_come_back(self):
        lost = self.rings[0]
        loss = self.style.with_company(self.company).property_stock_inventory
        self._move(lost, self.case, loss)
        self.company.approval_limit = 5000
        lost.with_user(self.manager).action_void("Entered twice")
        count = self._count(self.rings)
        self.assertEqual(self._kinds(count), {lost: "unexpected"})
        self.assertFalse(count.line_ids.to_apply)
        with self.assertRaisesRegex(UserError, "void under a new number"):
            count.line_ids.to_apply = True
        with self.assertRaisesRegex(UserError, "is void and cannot come"):
            self._move(lost, loss, self.case)

    def test_a_lost_piece_comes_back_where_it_was_found(self):
        lost = self._stock_piece(place=self.case, cost=70)
        loss = self.style.with_company(self.company).property_stock_inventory
        self._move(lost, self.case, loss)
        count = self._count(self.rings + lost)
        self._apply(count)
        self.assertEqual(self._place(lost), self.case)
        self.assertEqual(lost.piece_status, "available")
        self.assertEqual(lost.standard_price, 70)

    def test_every_applied_difference_needs_a_reason(self):
        count = self._count(self.rings[1:])
        with self.assertRaisesRegex(UserError, f"Say why.*{self.rings[0].name}"):
            count.with_user(self.manager).action_apply()

    def test_what_is_missing_takes_a_second_person_once_for_the_whole_count(self):
        count = self._count(self.rings[2])
        with self.assertRaisesRegex(RedirectWarning, "second person") as refused:
            self._apply(count)
        context = refused.exception.args[1]["context"]
        ask = self.env["jewelry.approval.ask"].with_user(self.manager).with_context(**context)
        ask.create({"reason": "Not found in three searches"}).action_ask()
        approval = self.env["jewelry.approval"].search(count._get_approval_domain())
        self.assertEqual(len(approval), 1)
        self.assertIn("200", approval.subject_ids.change)
        with self.assertRaisesRegex(UserError, "Somebody else"):
            approval.with_user(self.manager).action_approve()
        approval.with_user(self.owner).action_approve()
        approval.with_user(self.manager).action_carry_out()
        self.assertEqual(count.state, "done")
        self.assertEqual(self.rings.mapped("piece_status"), ["lost", "lost", "available"])
        self.assertEqual(approval.state, "used")

    def test_an_approval_of_other_losses_does_not_do(self):
        count = self._count(self.rings[2])
        self.env["jewelry.approval"].with_user(self.manager)._ask(
            "write_off", count, "Gone", {count.id: {"gone": f"{self.rings[0].name} (1)"}}
        ).with_user(self.owner).action_approve()
        with self.assertRaises(RedirectWarning):
            self._apply(count)
        self.assertEqual(count.state, "counted")

    def test_below_the_limit_a_manager_who_did_not_count_gives_up_alone(self):
        self.company.approval_limit = 1000
        count = self._count(self.rings[1:])
        with self.assertRaises(RedirectWarning):
            self._apply(count, user=self.keeper)
        self._apply(count, user=self.manager)
        self.assertEqual(self.rings[0].piece_status, "lost")

    def test_a_manager_who_counted_does_not_give_up_alone(self):
        self.company.approval_limit = 1000
        count = self._open(users=[self.manager])
        self._sign(count)
        with self.assertRaises(RedirectWarning):
            self._apply(count, user=self.manager)

    def test_shrink_is_posted_to_the_ledger(self):
        self.company.approval_limit = 1000
        style = self._create_style(name="Ledger", categ_id=self.category_auto.id)
        ring = self._stock_piece(style, cost=130, place=self.case)
        loss = self._post_losses(style)
        count = self._count(self.rings)
        before = self._ledger(loss)
        self._apply(count, "theft")
        self.assertEqual(self._ledger(loss) - before, 130)
        move = count.move_ids
        self.assertEqual((move.move_line_ids.lot_id, move.is_inventory), (ring, True))
        self.assertIn(f"{count.name}: Theft", move.inventory_name)

    def test_the_history_of_each_piece_tells_the_count_and_why_it_is_gone(self):
        self.company.approval_limit = 1000
        count = self._count(self.rings[2])
        lost, stolen = count.line_ids.sorted("id")
        lost.with_user(self.keeper).write({"reason": "unknown"})
        stolen.with_user(self.keeper).write({"reason": "theft", "note": "seen on camera"})
        count.with_user(self.manager).action_apply()
        self.env.flush_all()
        told = {
            row.lot_id: (row.why, row.new_text)
            for row in self.env["jewelry.audit"]
            .with_user(self.manager)
            .search([("lot_id", "in", count.line_ids.lot_id.ids), ("kind", "=", "count_out")])
        }
        self.assertEqual(set(told), set(count.line_ids.lot_id.with_user(self.manager)))
        self.assertEqual(told[lost.lot_id][0], f"{count.name}: Unknown")
        self.assertEqual(told[stolen.lot_id][0], f"{count.name}: Theft, seen on camera")

    def _post_losses(self, style):
        """Return the account that inventory losses of a style are posted to."""
        account = self.env["account.account"].create(
            {
                "name": "Shrink",
                "code": "600990",
                "account_type": "expense",
                "company_ids": self.company.ids,
            }
        )
        style.with_company(self.company).property_stock_inventory.valuation_account_id = account
        return account

    def test_the_exemption_of_a_count_cannot_be_claimed_by_hand(self):
        count = self._count(self.rings)
        loss = self.style.with_company(self.company).property_stock_inventory
        moves = self.env["stock.move"].with_user(self.manager)
        vals = {
            "product_id": self.style.id,
            "location_id": self.case.id,
            "location_dest_id": loss.id,
        }
        with self.assertRaises(AccessError):
            moves.create(vals | {"jewelry_count_id": count.id})
        move = moves.with_context(default_jewelry_count_id=count.id).create(vals)
        self.assertFalse(move.jewelry_count_id)
        with self.assertRaises(AccessError):
            move.jewelry_count_id = count

    def test_goods_of_others_are_written_off_as_theirs(self):
        self.company.approval_limit = 1000
        lender = self.env["res.partner"].create({"name": "Lender"})
        memo = self._create_piece()
        self._move(memo, self.supplier_location, self.case, owner=lender)
        count = self._count(self.rings)
        self._apply(count)
        self.assertEqual(count.move_ids.move_line_ids.owner_id, lender)
        self.assertEqual(memo.piece_status, "lost")

    def test_what_moved_since_the_count_is_not_applied(self):
        self.company.approval_limit = 1000
        count = self._count(self.rings[1:])
        self._move_at(70, self.rings[0], self.case, self.customer_location)
        with self.assertRaisesRegex(UserError, f"{self.rings[0].name} moved or was sold"):
            self._apply(count)
        count.line_ids.to_apply = False
        count.action_apply()
        self.assertEqual(self.rings[0].piece_status, "sold")
        self.assertFalse(count.line_ids.is_applied)

    def test_what_was_said_stays_once_it_is_applied(self):
        stray = self._stock_piece(place=self.safe)
        count = self._count(self.rings + stray)
        count.action_apply()
        with self.assertRaisesRegex(UserError, "Applied"):
            count.line_ids.note = "changed"
        with self.assertRaisesRegex(UserError, "Applied"):
            count.action_apply()

    @settings(max_examples=15)
    @given(
        st.lists(
            st.tuples(st.integers(0, 3), st.none() | st.integers(0, 2)), min_size=1, max_size=5
        )
    )
    def test_after_a_count_the_books_are_what_was_found(self, pieces):
        """Each piece: where the books have it, and where it was scanned, if anywhere."""
        savepoint = self.env.cr.savepoint(flush=True)
        loss = self.style.with_company(self.company).property_stock_inventory
        booked = [self.case, self.tray, self.safe, loss]
        scanned = [self.case, self.tray, self.safe]
        self.company.approval_limit = 100_000
        count = self._open(self.case + self.safe)
        self._scan(count, self.rings)
        lots = []
        for now, seen in pieces:
            lot = self._stock_piece(place=booked[now])
            lots.append(lot)
            self.env["stock.move.line"].search([("lot_id", "=", lot.id)]).date = self.start.replace(
                year=2020
            )
            if seen is not None:
                self._scan(count, lot, scanned[seen])
        self._sign(count)
        self._assert_sum(count)
        self._apply(count)
        for lot, (_now, seen) in zip(lots, pieces, strict=True):
            place = self._place(lot)
            if seen is None:
                self.assertEqual(place, loss)
            else:
                self.assertTrue(place.parent_path.startswith(scanned[seen].parent_path))
        savepoint.close(rollback=True)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestCountParcels(TransformationCommon, CountCommon):
    """Goods by weight in a count."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parcel = cls._stock_parcel(5.0, 100, 1000.0)
        cls.stock = cls.stock_location

    def _weigh(self, count, quantity, place=None, **values):
        return self._scan(count, self.parcel, place or self.stock, quantity=quantity, **values)

    def _weighed(self, quantity, **values):
        count = self._open(self.stock)
        self._scan(count, self.rings, self.case)
        self._weigh(count, quantity, **values)
        self._sign(count)
        return count.with_user(self.keeper)

    def test_a_parcel_asks_to_be_weighed(self):
        count = self._open(self.stock)
        (answer,) = self._scan(count, self.parcel, self.stock)
        self.assertEqual((answer["state"], answer["has_stones"]), ("weigh", True))
        self._scan(count, self.rings, self.case)
        self._sign(count)
        self.assertEqual(self._kinds(count), {self.parcel: "missing"})

    def test_a_parcel_that_weighs_as_booked_makes_no_line(self):
        self.assertFalse(self._weighed(5.0).line_ids)

    def test_weighed_again_the_last_weight_counts(self):
        count = self._open(self.stock)
        self._scan(count, self.rings, self.case)
        self._weigh(count, 4.0, at=10)
        self._weigh(count, 5.0, at=20)
        self._sign(count)
        self.assertFalse(count.line_ids)

    def test_less_is_written_off_at_its_share_of_the_cost(self):
        count = self._weighed(4.0, stone_count=80)
        line = count.line_ids
        self.assertEqual((line.kind, line.quantity, line.stone_count), ("weight", 1.0, 80))
        self.assertEqual(line.cost_value, 200)
        line.reason = "scale"
        self.company.approval_limit = 1000
        count.with_user(self.manager).action_apply()
        self.assertEqual(self.parcel.product_qty, 4.0)
        self.assertEqual(self.parcel.parcel_count, 80)
        self.assertAlmostEqual(self._value(self.parcel), 800)

    def test_more_comes_in(self):
        count = self._weighed(5.5)
        count.line_ids.reason = "scale"
        count.action_apply()
        self.assertEqual(self.parcel.product_qty, 5.5)

    def test_what_was_taken_after_the_scale_is_no_difference(self):
        count = self._open(self.stock)
        self._scan(count, self.rings, self.case)
        self._weigh(count, 5.0, at=10)
        with self._at(20):
            self._move_parcel(self.parcel, 2.0, self.stock, self.customer_location)
        self._sign(count)
        self.assertFalse(count.line_ids)

    def test_metal_is_weighed_in_grams(self):
        metal = self._stock_metal(10.0)
        count = self._open(self.stock)
        (answer,) = self._scan(count, metal, self.stock)
        self.assertEqual((answer["state"], answer["unit"]), ("weigh", metal.product_uom_id.name))
        self.assertFalse(answer["has_stones"])


@tagged("post_install", "-at_install")
class TestCountDaily(CountCommon):
    """Reminders, and what ties out every night."""

    def _run(self, minutes):
        with self._at(minutes):
            self.env["jewelry.count.tie.out"]._cron_daily()

    def _get_due(self, place):
        domain = [("place_ids", "=", place.id), ("state", "=", "draft")]
        return self.env["jewelry.count"].search(domain)

    def test_a_place_that_was_not_counted_in_time_gets_a_count_and_a_reminder(self):
        self.case.write({"count_cycle_days": 1, "count_user_id": self.keeper.id})
        self._run(0)
        due = self._get_due(self.case)
        self.assertEqual(due.activity_ids.user_id, self.keeper)
        self._run(5)
        self.assertEqual(self._get_due(self.case), due, "nobody is reminded twice")

    def test_without_a_person_the_managers_are_reminded(self):
        self.case.count_cycle_days = 7
        self._run(0)
        people = self._get_due(self.case).activity_ids.user_id
        self.assertLessEqual(self.manager + self.owner, people)
        self.assertNotIn(self.keeper, people)

    def test_a_place_counted_in_time_is_let_be_until_its_days_are_over(self):
        self.case.count_cycle_days = 1
        self._count(self.rings)
        self._run(60 * 24)
        self.assertFalse(self._get_due(self.case))
        self._run(60 * 26)
        self.assertTrue(self._get_due(self.case))

    def test_a_count_of_what_is_around_a_place_counts_for_it(self):
        self.tray.count_cycle_days = 1
        self._count(self.rings)
        self._run(120)
        self.assertFalse(self._get_due(self.tray))

    def test_places_tie_out_by_what_was_counted_and_what_moved(self):
        count = self._count(self.rings[:2])
        first = count.tie_out_ids
        self.assertEqual((first.counted_quantity, first.book_quantity), (2, 3))
        self.assertEqual(first.difference, 1, "one is missing and still in the books")
        new = self._create_piece()
        self._move_at(70, new, self.supplier_location, self.case)
        self._move_at(80, self.rings[0], self.case, self.customer_location)
        self._run(90)
        last = self.env["jewelry.count.tie.out"].search([("place_id", "=", self.case.id)], limit=1)
        self.assertEqual((last.in_quantity, last.out_quantity), (1, 1))
        self.assertEqual((last.book_quantity, last.difference), (3, 1))

    def test_an_applied_count_ties_out(self):
        self.company.approval_limit = 1000
        stray = self._stock_piece(place=self.safe)
        count = self._count(self.rings[:2] + stray)
        count.line_ids.filtered(lambda line: line.kind == "missing").reason = "theft"
        with self._at(70):
            count.with_user(self.manager).action_apply()
        self._run(90)
        last = self.env["jewelry.count.tie.out"].search([("place_id", "=", self.case.id)], limit=1)
        self.assertEqual((last.counted_quantity, last.book_quantity, last.difference), (3, 3, 0))


@tagged("post_install", "-at_install")
class TestCountFiles(CountCommon, HttpCase):
    """What leaves the program: the audit file, and the sheet."""

    def test_the_audit_file_holds_every_scan(self):
        count = self._open()
        self._scan(count, self.rings[:2])
        self._scan(count, ["=1+1"])
        self._scan(count, self.rings[2], undone=True)
        self._sign(count)
        book = load_workbook(BytesIO(count.with_user(self.keeper)._get_audit_file()))
        rows = [[cell.value for cell in row] for row in book["Scans"]]
        self.assertEqual(len(rows), 5)
        codes = [row[rows[0].index("Code")] for row in rows[1:]]
        self.assertEqual(codes, [*self.rings[:2].mapped("name"), "=1+1", self.rings[2].name])
        self.assertEqual(book["Scans"].cell(4, rows[0].index("Code") + 1).data_type, "s")
        people = [row[rows[0].index("Person")] for row in rows[1:]]
        self.assertEqual(set(people), {"Ann Smith"})
        lines = [[cell.value for cell in row] for row in book["Lines"]]
        self.assertIn("At Cost", lines[0])
        self.assertEqual(lines[1][0], "Missing")

    def test_who_sees_no_cost_gets_a_file_without_it(self):
        blind = self._create_user("keeper", "jewelry_inventory.group_cost_hidden", login="blind")
        count = self._count(self.rings[1:]).with_user(blind)
        book = load_workbook(BytesIO(count._get_audit_file()))
        for sheet in book:
            titles = {cell.value for row in sheet for cell in row}
            self.assertFalse({"At Cost", "Missing at Cost", 100} & titles)

    def test_only_keepers_download_the_audit_file(self):
        count = self._count(self.rings[1:])
        url = count.action_download_audit()["url"]
        for user, status in ((self.associate, 404), (self.keeper, 200), (self.manager, 200)):
            user.password = f"{user.login}-secret"
            self.authenticate(user.login, user.password)
            response = self.url_open(url)
            self.assertEqual(response.status_code, status)
        self.assertTrue(response.content.startswith(b"PK"))
        self.assertEqual(self.url_open("/jewelry/count/0/audit").status_code, 404)

    def test_the_sheet_says_what_is_missing_and_who_counted(self):
        count = self._count(self.rings[1:])
        report = self.env["ir.actions.report"].with_user(self.keeper)
        html, _type = report._render_qweb_html("jewelry_inventory.report_count", count.ids)
        text = html.decode()
        for word in (count.name, self.rings[0].name, "Ann Smith", "AS", "Missing", "Cost"):
            self.assertIn(word, text)

    def test_the_sheet_of_an_open_count_says_nothing_of_what_is_expected(self):
        count = self._open()
        report = self.env["ir.actions.report"].with_user(self.keeper)
        html, _type = report._render_qweb_html("jewelry_inventory.report_count", count.ids)
        self.assertNotIn(self.rings[0].name, html.decode())
        self.assertNotIn("expected", html.decode())
