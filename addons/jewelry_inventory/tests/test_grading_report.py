import base64

from odoo.tests import tagged

from .common import VocabularyCommon
from .fake_gia import PDF


@tagged("post_install", "-at_install")
class TestGradingReport(VocabularyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stone = cls._create_stone()
        cls.igi = cls._ref("laboratory_igi")

    def test_a_report_is_named_by_laboratory_and_number(self):
        self.assertEqual(self._create_report().display_name, "GIA 2141438171")

    def test_a_number_is_kept_without_the_spaces_of_the_print(self):
        self.assertEqual(self._create_report(number=" 2141 438 171 ").number, "2141438171")
        self.assertEqual(self._create_report(number="lg123").number, "LG123")

    def test_a_report_leads_to_the_laboratorys_own_check(self):
        report = self._create_report()
        self.assertEqual(
            report.verification_url, "https://www.gia.edu/report-check?reportno=2141438171"
        )

    def test_an_address_may_be_entered_where_the_laboratory_has_none(self):
        hrd = self._ref("laboratory_hrd")
        report = self._create_report(laboratory_id=hrd.id)
        self.assertFalse(report.verification_url)
        report.verification_url = "https://example.com/report"
        self.assertEqual(report.verification_url, "https://example.com/report")

    def test_a_laboratorys_number_is_given_once_over_all_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._create_report()
        foreign = self._create_stone(company_id=other.id)
        with self._refused_by_database("jewelry.grading.report", "perhaps in another company"):
            self._create_report(stone_id=foreign.id, number="2141 438171")

    def test_another_laboratory_may_use_the_same_number(self):
        self._create_report()
        self.assertTrue(self._create_report(laboratory_id=self.igi.id))

    def test_a_report_is_on_exactly_one_subject(self):
        piece, parcel = self._create_lot(), self._create_lot("parcel")
        wrong = [
            {"stone_id": False},
            {"stone_id": self.stone.id, "piece_id": piece.id},
            {"piece_id": piece.id, "parcel_id": parcel.id},
        ]
        for values in wrong:
            with (
                self.subTest(subjects=sorted(values)),
                self._refused_by_database("jewelry.grading.report", "exactly one subject"),
            ):
                self._create_report(**values)

    def test_a_piece_and_a_parcel_may_have_reports(self):
        piece, parcel = self._create_lot(), self._create_lot("parcel")
        for number, subject in enumerate(({"piece_id": piece.id}, {"parcel_id": parcel.id})):
            report = self._create_report(number=str(number), **subject)
            self.assertEqual(report.company_id, self.company)

    def test_a_report_belongs_to_the_company_of_its_stone(self):
        other = self.env["res.company"].create({"name": "Other"})
        stone = self._create_stone(company_id=other.id)
        self.assertEqual(self._create_report(stone_id=stone.id).company_id, other)

    def test_a_new_report_takes_the_place_of_the_laboratorys_earlier_one(self):
        first = self._create_report(stone_id=self.stone.id, number="1")
        second = self._create_report(stone_id=self.stone.id, number="2")
        self.assertEqual((first.is_current, second.is_current), (False, True))
        self.assertEqual(self.stone.report_ids, second + first)

    def test_each_laboratory_has_a_current_report(self):
        gia = self._create_report(stone_id=self.stone.id)
        igi = self._create_report(stone_id=self.stone.id, laboratory_id=self.igi.id)
        self.assertTrue(gia.is_current and igi.is_current)

    def test_an_earlier_report_can_become_current_again(self):
        first = self._create_report(stone_id=self.stone.id, number="1")
        second = self._create_report(stone_id=self.stone.id, number="2")
        first.is_current = True
        self.assertEqual((first.is_current, second.is_current), (True, False))

    def test_a_report_of_old_is_entered_without_taking_the_place(self):
        new = self._create_report(stone_id=self.stone.id, number="2")
        old = self._create_report(stone_id=self.stone.id, number="1", is_current=False)
        self.assertEqual((old.is_current, new.is_current), (False, True))

    def test_an_archived_report_is_not_current(self):
        report = self._create_report()
        report.active = False
        self.assertFalse(report.is_current)

    def test_two_current_reports_entered_at_once_are_refused(self):
        values = {"laboratory_id": self.igi.id, "stone_id": self.stone.id}
        with self._refused_by_database("jewelry.grading.report", "has one current report"):
            self.env["jewelry.grading.report"].create(
                [values | {"number": "1"}, values | {"number": "2"}]
            )

    def test_reports_of_other_stones_stay_current(self):
        other = self._create_report(number="1")
        self._create_report(stone_id=self.stone.id, number="2")
        self.assertTrue(other.is_current)

    def test_the_paper_is_stored_as_a_file(self):
        report = self._create_report(document=base64.b64encode(PDF), document_name="r.pdf")
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", report._name),
                ("res_field", "=", "document"),
                ("res_id", "=", report.id),
            ]
        )
        self.assertEqual(attachment.raw, PDF)

    def test_reports_entered_together_each_take_the_place_of_an_earlier_one(self):
        stones = [self._create_stone() for _ in range(10)]
        values = [
            {"laboratory_id": self.igi.id, "number": str(number), "stone_id": stone.id}
            for number, stone in enumerate(stones)
        ]
        self.env["jewelry.grading.report"].create(values)
        again = [row | {"number": f"A{row['number']}"} for row in values]
        reports = self.env["jewelry.grading.report"].create(again)
        self.assertTrue(all(reports.mapped("is_current")))
        self.assertEqual([len(stone.report_ids) for stone in stones], [2] * 10)
