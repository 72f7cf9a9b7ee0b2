import base64

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from ..tools.document import DocumentError, check_document, is_pdf
from .common import VocabularyCommon
from .fake_gia import PDF
from .test_photo import BROKEN, SCRIPT, make_bomb, make_photo


@tagged("post_install", "-at_install")
class TestDocumentRules(BaseCase):
    """What is a document."""

    def test_a_pdf_is_told_by_its_bytes(self):
        self.assertTrue(is_pdf(PDF))
        for content in (b"", b"%PDF-1.4", PDF[:-7], b"<html>%PDF</html>", PDF + b"x" * 2000):
            self.assertFalse(is_pdf(content), content[:20])

    def test_pdfs_and_scans_are_let_through(self):
        for content in (PDF, make_photo(), make_photo("JPEG")):
            check_document(content)

    def test_what_is_neither_is_refused(self):
        for name, content in (BROKEN | {"half a PDF": PDF[:-7]}).items():
            with self.subTest(name), self.assertRaises(DocumentError) as caught:
                check_document(content)
            self.assertEqual(caught.exception.code, "broken")

    def test_a_scan_of_a_hundred_megapixels_is_refused_before_it_is_unpacked(self):
        with self.assertRaises(DocumentError) as caught:
            check_document(make_bomb(10_000))
        self.assertEqual(caught.exception.code, "huge")

    def test_a_file_that_nobody_can_mail_is_refused(self):
        with self.assertRaises(DocumentError) as caught:
            check_document(PDF + b"\0" * 20_000_000)
        self.assertEqual(caught.exception.code, "large")


@tagged("post_install", "-at_install")
class TestDocument(VocabularyCommon):
    """A wrong file leaves the report as it was and says what to do."""

    def test_a_wrong_file_is_refused_and_the_right_one_stays(self):
        report = self._create_report(document=base64.b64encode(PDF))
        before = report.document
        wrong = {
            SCRIPT: "neither a PDF nor a scan",
            b"%PDF-1.4 no end": "neither a PDF nor a scan",
            make_bomb(10_000): "50 million pixels",
        }
        for content, message in wrong.items():
            with self._refused(message, UserError):
                report.write({"document": base64.b64encode(content), "number": "9"})
            self.assertEqual((report.document, report.number), (before, "2141438171"))

    def test_a_report_with_a_wrong_file_is_not_created(self):
        with self._refused("neither a PDF nor a scan", UserError):
            self._create_report(document=base64.b64encode(SCRIPT))
        with self._refused("neither a PDF nor a scan", UserError):
            self._create_report(document="no base64!")
        self.assertFalse(self.env["jewelry.grading.report"].search([("number", "=", "2141438171")]))

    def test_a_scan_is_kept_for_laboratories_that_send_paper(self):
        hrd = self._ref("laboratory_hrd")
        report = self._create_report(
            laboratory_id=hrd.id,
            document=base64.b64encode(make_photo("JPEG")),
            verification_url="https://example.com/1",
        )
        self.assertTrue(report.document)
        self.assertFalse(report.can_look_up)
