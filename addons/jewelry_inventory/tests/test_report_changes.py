from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .fake_gia import KEY, PDF, read_made_up
from .report_common import ReportLookupCommon

NUMBER = "9000000001"


@tagged("post_install", "-at_install")
class TestReportChanges(ReportLookupCommon):
    """What laboratories change later reaches whoever holds the stone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls._ref("ir_cron_report_changes")
        cls.stone = cls._create_round()

    def setUp(self):
        super().setUp()
        self.report = self._keep(self.stone, NUMBER)
        self.first = self.report.lookup_id
        self.fake.asked.clear()

    def _run(self):
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()

    def _regrade(self, number=NUMBER, **results):
        answer = read_made_up(self.fake.base)[number]
        return answer | {"results": answer["results"] | results}

    def _get_activities(self):
        return self.stone.holder_id.activity_ids

    def test_a_changed_report_is_kept_and_told_with_what_changed(self):
        self.fake.changed = [self._regrade(color_grade="F")]
        self._run()
        self.assertNotEqual(self.report.lookup_id, self.first)
        self.assertTrue(self.report.lookup_id.is_change)
        activity = self._get_activities()
        self.assertEqual(activity.summary, "GIA 9000000001 has changed")
        self.assertIn("<s>G</s> → <b>F</b>", activity.note)
        self.assertEqual(activity.user_id, self.keeper)
        self.assertEqual(self.fake.cleared, 1)

    def test_what_was_typed_stays_until_somebody_compares(self):
        self.fake.changed = [self._regrade(color_grade="F")]
        self._run()
        self.assertEqual(self.stone.color_grade_id, self._ref("grade_color_g"))
        wizard = self.Wizard.browse(self.report.with_user(self.keeper).action_look_up()["res_id"])
        self.assertEqual(self._get_statuses(wizard)["color_grade_id"], "differs")
        self.assertFalse([body for body in self.fake.asked if "number" in body["variables"]])

    def test_a_new_document_is_fetched_and_the_kept_one_stays(self):
        newer = PDF.replace(b"1.7", b"1.5")
        self.fake.documents["/document/9000000001.pdf"] = newer
        self.fake.changed = [self._regrade(color_grade="F")]
        self._run()
        self.assertEqual(self._get_document(self.report), PDF)
        self.assertEqual(self._get_document(self.report.lookup_id), newer)

    def test_a_change_told_twice_is_told_once(self):
        self.fake.changed = [self._regrade(color_grade="F")]
        self._run()
        second = self.report.lookup_id
        self._run()
        self.assertEqual(self.report.lookup_id, second)
        self.assertEqual(len(self._get_activities()), 1)

    def test_reports_that_nobody_holds_are_passed_over(self):
        self.fake.changed = [self._regrade("9000000005")]
        before = self.Lookup.search_count([])
        self._run()
        self.assertEqual(self.Lookup.search_count([]), before)
        self.assertEqual(self.fake.cleared, 1)

    def test_all_pages_are_taken_before_the_queue_is_cleared(self):
        filler = [self._regrade("9000000005") | {"report_number": str(n)} for n in range(45)]
        self.fake.changed = [*filler, self._regrade(color_grade="F")]
        self._run()
        pages = [body["variables"] for body in self.fake.asked if "cursor" in body["variables"]]
        self.assertEqual([page["cursor"] for page in pages], [None, "20", "40"])
        self.assertNotEqual(self.report.lookup_id, self.first)
        self.assertEqual(self.fake.cleared, 1)

    def test_a_used_up_quota_stops_and_keeps_what_is_done(self):
        filler = [self._regrade("9000000005") | {"report_number": str(n)} for n in range(25)]
        self.fake.changed = [self._regrade(color_grade="F"), *filler]
        self.fake.fail_page = 20
        self._run()
        self.assertNotEqual(self.report.lookup_id, self.first)
        self.assertEqual(self.fake.cleared, 0)
        row = self.Lookup.search([("state", "=", "failed")], limit=1)
        self.assertEqual((row.reason, row.is_change), ("quota", True))

    def test_an_offline_night_is_written_down_and_breaks_nothing(self):
        self.company.gia_url = "http://127.0.0.1:9/graphql"
        self._run()
        row = self.Lookup.search([("state", "=", "failed")], limit=1)
        self.assertEqual(row.reason, "offline")
        self.assertEqual(self.report.lookup_id, self.first)

    def test_a_laboratory_that_wants_to_be_left_alone_is(self):
        self.first.sudo().retry_at = fields.Datetime.now() + timedelta(hours=1)
        self._run()
        self.assertFalse(self.fake.asked)

    def test_answers_that_are_none_are_passed_over(self):
        self.fake.changed = [None, [], {}, {"report_number": None}, self._regrade(polish=None)]
        self._run()
        self.assertNotEqual(self.report.lookup_id, self.first)

    def test_companies_without_a_key_are_not_polled(self):
        self.company.gia_key = False
        self._run()
        self.assertFalse(self.fake.asked)

    def test_branches_and_companies_of_one_plan_share_its_queue(self):
        branch = self.env["res.company"].create({"name": "B", "parent_id": self.company.id})
        same = self.env["res.company"].create({"name": "Same plan"})
        same.write({"gia_url": self.company.gia_url, "gia_key": KEY})
        reports = [
            self._create_report(
                stone_id=self._create_stone(company_id=company.id).id, number=number
            )
            for company, number in ((branch, "9000000005"), (same, "9000000006"))
        ]
        self.fake.changed = [self._regrade(report.number) for report in reports]
        self._run()
        for report in reports:
            self.assertEqual(report.lookup_id.answer_number, report.number)
        self.assertEqual(self.fake.cleared, 1)

    def test_a_company_gets_changes_of_its_own_reports_only(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.company.gia_key = False
        other.write({"gia_url": self.fake.base, "gia_key": KEY})
        self.fake.changed = [self._regrade(color_grade="F")]
        self._run()
        self.assertEqual(self.report.lookup_id, self.first)

    def test_a_report_entered_by_hand_gets_the_answer(self):
        stone = self._create_round()
        typed = self._create_report(stone_id=stone.id, number="9000000005")
        self.fake.changed = [self._regrade("9000000005")]
        self._run()
        self.assertEqual(typed.lookup_id.answer_number, "9000000005")
        self.assertEqual(len(stone.holder_id.activity_ids), 1)

    def test_a_keeper_who_left_is_not_asked(self):
        manager = self._create_user("manager")
        self.keeper.active = False
        self.fake.changed = [self._regrade(color_grade="F")]
        self._run()
        self.assertTrue(self._get_activities().user_id.has_group("jewelry_inventory.group_manager"))
        self.assertTrue(manager.has_group("jewelry_inventory.group_manager"))
