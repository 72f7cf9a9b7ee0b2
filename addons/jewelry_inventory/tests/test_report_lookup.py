import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools.misc import file_open

from .common import ROLES
from .fake_gia import KEY, PDF, FakeGia, get_error, read_sample
from .report_common import ReportLookupCommon

NUMBER = "9000000001"


@tagged("post_install", "-at_install")
class TestReportLookup(ReportLookupCommon):
    """A number in, the laboratory's answer beside what was typed."""

    def test_a_keeper_fills_a_stone_from_its_report(self):
        stone = self._create_round()
        report = self._keep(stone, " 9000 000 001 ")
        self.assertEqual((report.number, report.kind), (NUMBER, "grading"))
        self.assertEqual((report.stone_id, report.laboratory_id), (stone, self.gia))
        self.assertEqual(str(report.report_date), "2026-06-03")
        self.assertEqual(report.inscription, "GIA 9000000001")
        self.assertEqual((stone.length, stone.width, stone.depth), (6.43, 6.41, 3.97))
        self.assertEqual(stone.cut_grade_id, self._ref("grade_cut_ex"))
        self.assertEqual(stone.treatment_ids, self._ref("treatment_l"))
        self.assertEqual(stone.fluorescence_color_id, self._ref("grade_fluorescence_color_blue"))
        self.assertEqual((stone.girdle, stone.culet), ("Medium, Faceted, 3.5%", "None"))

    def test_what_was_weighed_more_closely_stays(self):
        stone = self._create_round(carat=1.012)
        wizard = self._look_up(stone, NUMBER)
        self.assertEqual(self._get_statuses(wizard)["carat"], "same")
        wizard.action_apply()
        self.assertEqual(stone.carat, 1.012)

    def test_every_difference_is_flagged_and_the_typed_value_stays_unless_chosen(self):
        typed = self._ref("grade_color_e")
        stone = self._create_round(color_grade_id=typed.id, table_percent=58)
        wizard = self._look_up(stone, NUMBER)
        lines = self._get_lines(wizard)
        color = lines["color_grade_id"]
        self.assertEqual((color.typed, color.printed, color.read_as), ("E", "G", "G"))
        self.assertEqual((color.status, color.is_taken), ("differs", False))
        self.assertEqual(lines["table_percent"].status, "differs")
        self.assertEqual(lines["clarity_grade_id"].status, "same")
        self.assertEqual(wizard.difference_count, 2)
        lines["table_percent"].is_taken = True
        wizard.action_apply()
        self.assertEqual((stone.color_grade_id, stone.table_percent), (typed, 57))

    def test_what_was_typed_and_is_not_on_the_report_is_shown_and_stays(self):
        treated = self._ref("treatment_h")
        stone = self._create_round(treatment_ids=treated.ids)
        self.fake.reports[NUMBER]["results"]["report_comments"] = None
        wizard = self._look_up(stone, NUMBER)
        line = self._get_lines(wizard)["treatment_ids"]
        self.assertEqual((line.status, line.typed, line.printed), ("silent", treated.name, ""))
        self.assertNotIn("count", self._get_lines(wizard))
        wizard.action_take_all()
        wizard.action_apply()
        self.assertEqual(stone.treatment_ids, treated)

    def test_a_parcel_in_stock_is_not_weighed_by_its_report(self):
        parcel = self._create_lot("parcel")
        stone = self._create_stone(
            holder_id=parcel.id, carat=4.98, count=600, clarity_grade_id=False
        )
        place = self.company._get_stock_place()
        self.env["stock.quant"]._update_available_quantity(
            parcel.product_id, place, 4.98, lot_id=parcel
        )
        wizard = self._look_up(parcel, "9000000009")
        line = self._get_lines(wizard)["carat"]
        self.assertEqual((line.status, line.printed), ("locked", "5.00 carat"))
        line.is_taken = True
        wizard.action_apply()
        self.assertEqual(stone.carat, 4.98)

    def test_all_that_the_report_says_can_be_taken_at_once(self):
        stone = self._create_round(color_grade_id=self._ref("grade_color_e").id)
        wizard = self._look_up(stone, NUMBER)
        wizard.action_take_all()
        wizard.action_apply()
        self.assertEqual(stone.color_grade_id, self._ref("grade_color_g"))

    def test_what_is_left_out_is_not_written(self):
        stone = self._create_round()
        wizard = self._look_up(stone, NUMBER)
        self._get_lines(wizard)["girdle"].is_taken = False
        wizard.action_apply()
        self.assertFalse(stone.girdle)
        self.assertTrue(stone.culet)

    def test_a_text_that_is_not_readable_is_shown_for_the_eye(self):
        answer = self.fake.reports[NUMBER]
        answer["results"] |= {"clarity_grade": "Sehr klein", "data": None}
        stone = self._create_round(clarity_grade_id=False)
        wizard = self._look_up(stone, NUMBER)
        line = self._get_lines(wizard)["clarity_grade_id"]
        self.assertEqual((line.status, line.printed), ("unreadable", "Sehr klein"))
        line.is_taken = True
        wizard.action_apply()
        self.assertFalse(stone.clarity_grade_id)

    def test_a_grown_stone_becomes_one(self):
        stone = self._create_round(origin="unknown", number="S-GROWN")
        self._keep(stone, "9000000003")
        self.assertEqual(stone.origin, "lab_grown")
        self.assertEqual(stone.variety_id.code, "synthetic-diamond-cvd")

    def test_a_ruby_gets_its_material_and_treatment(self):
        stone = self._create_stone(
            species_id=self._ref("species_corundum").id,
            shape_id=self._ref("shape_oval").id,
            carat=2.05,
            color_grade_id=False,
            clarity_grade_id=False,
        )
        self._keep(stone, "9000000005")
        self.assertEqual(stone.variety_id.code, "ruby")
        self.assertEqual(stone.treatment_ids, self._ref("treatment_h"))

    def test_an_answer_of_nulls_takes_nothing_and_loses_nothing(self):
        stone = self._create_round(comment="Mine")
        before = stone.read()[0]
        self.fake.reports[NUMBER] = {
            "report_number": None,
            "report_date": None,
            "report_type": None,
            "results": None,
            "links": None,
            "assets": [None],
        }
        report = self._keep(stone, NUMBER)
        after = stone.read()[0]
        changed = {name for name in before if before[name] != after[name]}
        self.assertLessEqual(changed, {"report_ids", "write_date", "write_uid"})
        self.assertEqual((report.kind, report.number), ("other", NUMBER))

    def test_an_unknown_kind_of_result_is_kept_and_shown(self):
        stone = self._create_round()
        report = self._keep(stone, "9000000011")
        self.assertEqual(report.kind, "other")
        self.assertIn("12.5 grams", report.sheet)
        self.assertIn("Not Known to This Program", report.sheet)
        self.assertEqual(report.sudo().lookup_id._get_answer()["results"]["mass"], "12.5 grams")

    def test_text_of_a_laboratory_is_shown_as_text(self):
        self.fake.reports[NUMBER]["results"]["report_comments"] = "<script>alert(1)</script>"
        report = self._keep(self._create_round(), NUMBER)
        self.assertNotIn("<script>", report.sheet)
        self.assertIn("&lt;script&gt;", report.sheet)

    def test_the_sample_of_the_documentation_fills_a_stone(self):
        self.fake.reports["2141438171"] = read_sample()
        stone = self._create_stone(
            holder_id=self._create_lot().id,
            shape_id=self._ref("shape_emerald").id,
            carat=0.51,
            clarity_grade_id=False,
        )
        report = self._keep(stone, "2141438171")
        self.assertEqual((report.kind, stone.clarity_grade_id.code), ("dossier", "VS2"))
        self.assertEqual((stone.length, stone.width, stone.depth), (5.29, 3.88, 2.61))


@tagged("post_install", "-at_install")
class TestReportSubject(ReportLookupCommon):
    """What a report is on."""

    def test_another_stone_is_told_loudly_and_takes_a_yes(self):
        stone = self._create_round(carat=0.52, shape_id=self._ref("shape_oval").id)
        before = stone.read()[0]
        wizard = self._look_up(stone, NUMBER)
        self.assertIn("another stone: Carats, Shape differ", wizard.warning)
        with self._refused("If it is the right one, tick", UserError):
            wizard.action_apply()
        self.assertEqual(stone.read()[0], before)
        self.assertFalse(stone.report_ids)
        wizard.is_confirmed = True
        wizard.action_apply()
        self.assertEqual(stone.report_ids.number, NUMBER)
        self.assertEqual(stone.carat, 0.52)

    def test_a_grown_answer_on_a_natural_stone_is_another_stone(self):
        wizard = self._look_up(self._create_round(origin="natural"), "9000000003")
        self.assertIn("Origin differ", wizard.warning)

    def test_a_number_on_another_stone_is_told_before_it_is_asked_for(self):
        other = self._create_round()
        self._create_report(stone_id=other.id, number=NUMBER)
        wizard = self._look_up(self._create_round(), NUMBER)
        self.assertIn("already on", wizard.message)
        self.assertFalse(self.fake.asked)

    def test_a_number_of_another_company_is_told_without_its_stone(self):
        company = self.env["res.company"].create({"name": "Other"})
        other = self._create_stone(company_id=company.id, number="SECRET-1")
        self._create_report(stone_id=other.id, number=NUMBER)
        wizard = self._look_up(self._create_round(), NUMBER)
        self.assertIn("another company", wizard.message)
        self.assertNotIn("SECRET", wizard.message)

    def test_a_newer_report_takes_the_place_of_the_number_that_was_asked(self):
        stone = self._create_round()
        old = self._create_report(stone_id=stone.id, number="8000000001")
        newer = self.fake.reports[NUMBER] | {"info_message": "A newer report was issued."}
        self.fake.reports["8000000001"] = newer
        wizard = self._look_up(stone, "8000000001")
        self.assertIn(f"report {NUMBER} in place of 8000000001", wizard.note)
        self.assertIn("A newer report was issued.", wizard.note)
        wizard.action_apply()
        self.assertEqual(stone.report_ids.filtered("is_current").number, NUMBER)
        self.assertFalse(old.is_current)

    def test_a_piece_of_one_stone_stands_for_the_stone(self):
        stone = self._create_round()
        self.assertEqual(self._open(stone.holder_id).stone_id, stone)

    def test_a_report_on_a_piece_fills_it_and_its_stones(self):
        piece = self._create_lot()
        stone = self._create_round(holder_id=piece.id)
        self._create_round(holder_id=piece.id)
        self._create_report(stone_id=stone.id, number=NUMBER)
        report = self._keep(piece, "JG900008")
        self.assertEqual((report.piece_id, report.kind), (piece, "jewelry"))
        self.assertEqual((piece.gross_weight, piece.hallmark), (4.35, "750"))
        self.assertEqual(piece.inscription, "Forever")
        self.assertEqual(stone.cut_grade_id, self._ref("grade_cut_ex"))

    def test_a_report_on_a_stone_opened_for_a_piece_is_told(self):
        piece = self._create_lot()
        wizard = self._look_up(piece, NUMBER)
        self.assertIn("not on what you opened it for", wizard.warning)

    def test_a_report_on_melee_describes_the_parcel(self):
        parcel = self._create_lot("parcel")
        stone = self._create_stone(
            holder_id=parcel.id, carat=5, count=600, color_grade_id=False, clarity_grade_id=False
        )
        report = self._keep(parcel, "9000000009")
        self.assertEqual((report.parcel_id, report.kind), (parcel, "melee"))
        self.assertEqual(stone.color_grade_id, self._ref("grade_color_d_f"))
        self.assertEqual(stone.sieve, "1.20 - 1.30 mm")

    def test_a_report_filed_away_comes_back_when_it_is_looked_up(self):
        stone = self._create_round()
        old = self._create_report(stone_id=stone.id, number=NUMBER, active=False)
        self.assertEqual(self._keep(stone, NUMBER), old)
        self.assertTrue(old.active)

    def test_without_a_subject_the_wizard_asks_for_one(self):
        wizard = self.Wizard.create({"number": NUMBER})
        wizard.action_look_up()
        self.assertIn("Choose the stone", wizard.message)
        self.assertFalse(self.fake.asked)

    def test_a_serial_without_its_stone_lets_the_keeper_choose(self):
        wizard = self._open(self._create_lot("stone"))
        self.assertFalse(wizard.has_subject)
        self.assertFalse(wizard._get_subject())

    def test_a_number_that_is_none_is_not_asked_for(self):
        stone = self._create_round()
        for number in (False, "", "12 34-5", "x y;"):
            wizard = self._look_up(stone, number)
            self.assertIn("as the report prints it", wizard.message)
        self.assertFalse(self.fake.asked)


@tagged("post_install", "-at_install")
class TestReportAnswer(ReportLookupCommon):
    """Answers are kept; a fault is one line, and what was typed stays."""

    def _fail(self, number=NUMBER):
        """Look a report up in vain; return what is told."""
        stone = self._create_round()
        wizard = self._look_up(stone, number)
        self.assertFalse(wizard.lookup_id)
        self.assertEqual(wizard.number, number)
        self.assertFalse(stone.report_ids)
        self.assertNotIn("\n", wizard.message)
        self.assertNotIn(KEY, wizard.message)
        return wizard.message

    def test_an_answer_is_kept_and_not_asked_for_again(self):
        stone = self._create_round()
        first = self._look_up(stone, NUMBER)
        again = self._look_up(stone, NUMBER)
        self.assertEqual(again.lookup_id, first.lookup_id)
        self.assertEqual(len(self.fake.asked), 1)
        again.action_ask_again()
        self.assertEqual(len(self.fake.asked), 2)
        self.assertGreater(again.lookup_id.id, first.lookup_id.id)

    def test_a_kept_report_opens_with_its_answer(self):
        report = self._keep(self._create_round(), NUMBER)
        action = report.with_user(self.keeper).action_look_up()
        wizard = self.Wizard.browse(action["res_id"])
        self.assertEqual(wizard.lookup_id, report.sudo().lookup_id)
        self.assertEqual(len(self.fake.asked), 1)
        self.assertFalse(wizard.difference_count)

    def test_the_raw_answer_is_kept_with_what_nobody_reads(self):
        self.fake.reports[NUMBER]["results"]["aura"] = {"hue": ["Blue", None]}
        report = self._keep(self._create_round(), NUMBER)
        answer = report.sudo().lookup_id._get_answer()
        self.assertEqual(answer["results"]["aura"], {"hue": ["Blue", None]})

    def test_the_quota_is_shown(self):
        self.fake.quota = 12
        wizard = self._look_up(self._create_round(), NUMBER)
        self.assertEqual(wizard.quota, "11")

    def test_too_many_questions_are_not_asked_before_the_time_told(self):
        self.fake.fault = (429, {"Retry-After": "90"})
        message = self._fail()
        self.assertIn("asked too often. Try again after", message)
        row = self.Lookup.search([("reason", "=", "busy")], limit=1)
        wait = (row.retry_at - fields.Datetime.now()).total_seconds()
        self.assertTrue(80 < wait <= 90, wait)
        self.fake.fault = None
        self.assertIn("asked too often. Try again after", self._fail())
        self.assertEqual(len(self.fake.asked), 1)
        self.Lookup.search([]).write({"retry_at": fields.Datetime.now() - timedelta(seconds=1)})
        self.assertTrue(self._look_up(self._create_round(), NUMBER).lookup_id)

    def test_a_wait_told_to_one_company_holds_no_other(self):
        self.fake.fault = (429, {"Retry-After": "90"})
        self._fail()
        self.fake.fault = None
        other = self.env["res.company"].create({"name": "Other"})
        other.write({"gia_url": self.company.gia_url, "gia_key": KEY})
        self.assertEqual(self.Lookup._look_up(self.gia, NUMBER, other).state, "done")

    def test_faults_of_the_laboratory_are_one_line_each(self):
        for fault, words in {
            (500, ()): "has a fault (500)",
            (401, ()): "refused the key",
            (403, ()): "refused the key",
        }.items():
            self.fake.fault = (fault[0], {})
            self.assertIn(words, self._fail())

    def test_a_wrong_key_is_told(self):
        self.company.gia_key = "wrong"
        self.assertIn("refused the key", self._fail())

    def test_a_slow_laboratory_is_given_up(self):
        self._hurry()
        self.fake.delay = 2
        self.assertIn("does not answer", self._fail())

    def test_offline_is_one_clear_line(self):
        gone = FakeGia()
        gone.stop()
        self.company.gia_url = f"{gone.base}/graphql"
        self.assertIn("cannot be reached", self._fail())
        self.company.gia_url = "https://no-such-host.invalid/graphql"
        self.assertIn("cannot be reached", self._fail())

    def test_what_is_no_answer_is_told(self):
        for raw in (b"", b"<html>", b"[]", b'{"data": {"getReport": 7}}', b'{"data": null}'):
            self.fake.raw = raw
            self.assertIn("cannot be read", self._fail())
        self.fake.raw = b"x" * 6_000_000
        self.assertIn("too large", self._fail())

    def test_what_the_documentation_names_is_told_by_name(self):
        cases = {
            "REPORT NOT FOUND": "shows no report 9000000001",
            "FORBIDDEN": "The key may not see",
            "REPORT IN HOUSE": "working on the item",
            "PLAN QUOTA MET": "All lookups at GIA are used up",
            "ARGUMENT ERROR": "GIA says: Try your search later.",
        }
        for info, words in cases.items():
            self.fake.errors[NUMBER] = get_error(info, "X")
            self.assertIn(words, self._fail())

    def test_without_a_key_nobody_is_asked(self):
        self.company.gia_key = False
        self.assertIn("no key for GIA", self._fail())
        self.assertFalse(self.fake.asked)

    def test_a_laboratory_entered_by_hand_is_not_asked(self):
        row = self.Lookup._look_up(self._ref("laboratory_igi"), "1", self.company)
        self.assertIn("enter its reports by hand", row.message)

    def test_a_branch_asks_with_the_key_of_its_company(self):
        branch = self.env["res.company"].create({"name": "B", "parent_id": self.company.id})
        self.assertEqual(self.Lookup._look_up(self.gia, NUMBER, branch).state, "done")

    def test_the_key_is_written_into_no_log(self):
        with self.assertLogs("", "DEBUG") as logs:
            self._look_up(self._create_round(), NUMBER)
            self.fake.fault = (500, {})
            self._fail("9000000002")
        self.assertNotIn(KEY, "\n".join(logs.output))


@tagged("post_install", "-at_install")
class TestReportDocument(ReportLookupCommon):
    """The laboratory's document is fetched while its link lives."""

    PATH = "/document/9000000001.pdf"

    def test_the_document_is_kept_with_the_report(self):
        report = self._keep(self._create_round(), NUMBER)
        self.assertEqual(self._get_document(report), PDF)
        self.assertEqual(report.document_name, "9000000001.pdf")

    def test_the_document_is_found_among_the_assets_too(self):
        stone = self._create_stone(
            shape_id=self._ref("shape_radiant").id, color_grade_id=False, clarity_grade_id=False
        )
        self.assertEqual(self._get_document(self._keep(stone, "9000000002")), PDF)

    def test_a_document_that_cannot_be_kept_leaves_the_rest(self):
        cases = {
            b"<html>%PDF</html>": "is no PDF",
            b"": "is no PDF",
            b"x" * 20_000_001: "above 20 MB",
            403: "has expired",
            500: "could not be fetched",
        }
        for content, words in cases.items():
            self.fake.documents[self.PATH] = content
            stone = self._create_round()
            wizard = self._look_up(stone, NUMBER)
            wizard.action_ask_again()
            with self.subTest(words):
                self.assertIn(words, wizard.document_problem)
                report = self.env["jewelry.grading.report"].browse(wizard.action_apply()["res_id"])
                self.assertFalse(report.document)
                self.assertEqual(stone.cut_grade_id, self._ref("grade_cut_ex"))
            # Room for the next case: a number is given once.
            report.sudo().write({"lookup_id": False, "number": f"X{report.id}"})

    def test_a_link_that_leads_inside_is_not_followed(self):
        self.fake.reports[NUMBER]["links"]["pdf"] = "file:///etc/passwd"
        wizard = self._look_up(self._create_round(), NUMBER)
        self.assertIn("could not be fetched", wizard.document_problem)

    def test_a_document_uploaded_by_hand_stays_unless_replaced(self):
        stone = self._create_round()
        mine = PDF.replace(b"1.7", b"1.4")
        report = self._create_report(
            stone_id=stone.id, number=NUMBER, document=base64.b64encode(mine)
        )
        wizard = self._look_up(stone, NUMBER)
        self.assertTrue(wizard.has_other_document)
        wizard.action_apply()
        self.assertEqual(self._get_document(report), mine)
        wizard = self._look_up(stone, NUMBER)
        wizard.replace_document = True
        wizard.action_apply()
        self.assertEqual(self._get_document(report), PDF)


@tagged("post_install", "-at_install")
class TestReportSecrets(ReportLookupCommon):
    """Who may ask, and who sees the key."""

    def test_the_key_is_for_administrators_only(self):
        users = {
            role: self.keeper if role == "keeper" else self._create_user(role) for role in ROLES
        }
        for role, user in users.items():
            company = self.company.with_user(user)
            with self.subTest(role):
                with self.assertRaises(AccessError):
                    company.read(["gia_key"])
                self.assertNotIn("gia_key", company.fields_get())
                with self.assertRaises(AccessError):
                    company.search([("gia_key", "=like", "t%")])

    def test_nobody_writes_an_answer_by_hand(self):
        lookup = self._look_up(self._create_round(), NUMBER).lookup_id
        for role in ("associate", "manager"):
            rows = lookup.with_user(self._create_user(role))
            for operation in ("write", "create", "unlink"):
                self.assertFalse(rows.has_access(operation), (role, operation))

    def test_an_associate_reads_the_sheet_but_not_the_log(self):
        report = self._keep(self._create_round(), NUMBER)
        associate = self._create_user("associate")
        self.env.invalidate_all()
        self.assertIn("6.41 - 6.43 x 3.97 mm", report.with_user(associate).sheet)
        self.assertFalse(self.Lookup.with_user(associate).has_access("read"))

    def test_an_answer_shows_on_no_other_report(self):
        report = self._keep(self._create_round(), NUMBER)
        other = self._create_report(number="7")
        with self._refused("enter another report", ValidationError):
            other.lookup_id = report.lookup_id
        with self._refused("enter another report", ValidationError):
            report.number = "7000"

    def test_answers_of_another_company_are_hidden(self):
        other = self.env["res.company"].create({"name": "Other"})
        other.write({"gia_url": self.company.gia_url, "gia_key": KEY})
        row = self.Lookup._look_up(self.gia, NUMBER, other)
        self.assertFalse(self.Lookup.with_user(self.keeper).search([("id", "=", row.id)]))

    def test_the_key_travels_to_no_readable_address(self):
        with self._refused("must begin with https://"):
            self.company.gia_url = "http://api.example.com/graphql"

    def test_settings_tell_whether_the_key_is_right(self):
        settings = self.env["res.config.settings"].create({})
        self.fake.quota = 321
        self.assertIn("321", settings.action_check_gia()["params"]["message"])
        self.company.gia_key = "wrong"
        with self._refused("refused the key", UserError):
            settings.action_check_gia()

    def test_a_copy_for_tests_has_no_key(self):
        with file_open("jewelry_inventory/data/neutralize.sql") as file:
            self.env.flush_all()
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertFalse(self.company.gia_key)
        row = self.Lookup._look_up(self.gia, NUMBER, self.company)
        self.assertEqual((row.state, row.reason), ("failed", "key"))
        self.assertFalse(self.fake.asked)

    def test_lookups_that_nobody_kept_are_forgotten_after_two_years(self):
        kept = self._keep(self._create_round(), NUMBER).lookup_id
        lost = self.Lookup._look_up(self.gia, "9000000002", self.company)
        new = self.Lookup._look_up(self.gia, "9000000005", self.company)
        old = fields.Datetime.now() - timedelta(days=731)
        self.env.cr.execute(
            "UPDATE jewelry_report_lookup SET create_date = %s WHERE id IN %s",
            [old, tuple((kept | lost).ids)],
        )
        self.env.invalidate_all()
        self.Lookup._gc_lookups()
        self.assertEqual((kept | lost | new).exists(), kept | new)

    def test_a_room_may_add_a_laboratory(self):
        self.assertEqual(self.gia._get_provider()._name, "jewelry.report.provider.gia")
        by_hand = self._ref("laboratory_igi")._get_provider()
        self.assertEqual(by_hand._name, "jewelry.report.provider")
        self.assertEqual(by_hand._get_accounts(), [])
        self.assertEqual(by_hand._fetch_changed(self.company), ([], None))
