import hashlib
from base64 import b64decode, b64encode
from contextlib import contextmanager

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import LayawayCommon


@tagged("post_install", "-at_install")
class TestSigning(LayawayCommon):
    """What is signed stays as it was signed, whoever asks."""

    def _content(self, layaway):
        return b64decode(layaway.with_context(bin_size=False).document)

    def test_the_document_that_is_kept_has_the_hash_that_is_written_down(self):
        layaway = self._signed(self.high)
        content = self._content(layaway)
        self.assertEqual(layaway.document_hash, hashlib.sha256(content).hexdigest())
        self.assertTrue(layaway.is_intact)

    def test_the_document_says_what_was_agreed(self):
        self.term.terms = "<p>Insured while it is here.</p>"
        text = self._content(self._signed(self.high)).decode()
        for part in (self.high.name, "2,000.00", "320.00", "12/10/2026", "Insured while", "50.00"):
            with self.subTest(part=part):
                self.assertIn(part, text)
        self.assertIn("kept to your credit", text)

    def test_the_schedule_is_kept_as_texts(self):
        layaway = self._signed(self.high)
        self.assertEqual(layaway.schedule[:2], [["2026-11-10", "400.00"], ["2026-12-10", "320.00"]])

    def test_superuser_changes_nothing_that_was_signed(self):
        layaway = self._signed(self.high)
        for vals in (
            {"amount_kept": 0},
            {"grace_days": 99},
            {"terms": "<p>Other</p>"},
            {"schedule": []},
            {"document": b64encode(b"other")},
            {"document_hash": "0"},
            {"signature": False},
            {"signed_by": "Somebody"},
            {"outcome": "forfeit"},
        ):
            with self.subTest(vals=vals), self._denied():
                layaway.sudo().write(vals)

    def test_an_import_changes_nothing_that_was_signed(self):
        layaway = self._signed(self.high)
        result = layaway.load([".id", "amount_kept"], [[str(layaway.id), "0"]])
        self.assertFalse(result["ids"])
        self.assertEqual(layaway.amount_kept, 50)

    def test_the_files_that_were_signed_are_neither_changed_nor_removed(self):
        layaway = self._signed(self.high)
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "jewelry.layaway"),
                ("res_id", "=", layaway.id),
                ("res_field", "in", ("document", "signature")),
            ]
        )
        self.assertEqual(len(files), 2)
        for file in files:
            with self.subTest(field=file.res_field):
                for act in (lambda f=file: f.write({"raw": b"other"}), file.unlink):
                    with self._denied():
                        act()

    def test_a_hash_that_was_changed_in_the_database_is_seen(self):
        layaway = self._signed(self.high)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE jewelry_layaway SET document_hash = 'x' WHERE id = %s", [layaway.id]
        )
        layaway.invalidate_recordset()
        self.assertFalse(layaway.is_intact)

    def test_a_term_that_changes_later_changes_nothing_that_was_signed(self):
        layaway = self._signed(self.high)
        self.term.write({"grace_days": 0, "kept_amount": 500, "terms": "<p>Other</p>"})
        self.assertEqual((layaway.grace_days, layaway.amount_kept), (7, 50))
        self.assertTrue(layaway.is_intact)

    def test_paper_that_was_scanned_counts(self):
        layaway = self._draft(self.high)
        wizard = self.env["jewelry.layaway.sign"].create(
            {"layaway_id": layaway.id, "paper": self._image("white")}
        )
        self.assertEqual(wizard.signed_by, "Client")
        wizard.action_sign()
        self.assertEqual(layaway.state, "signed")
        self.assertTrue(layaway.paper)

    def test_what_is_no_paper_is_refused(self):
        layaway = self._draft(self.high)
        with self._refused("neither a PDF nor a scan"):
            layaway._sign("Client", paper=b64encode(b"not a scan"))

    def test_nobody_signs_without_name_or_hand(self):
        layaway = self._draft(self.high)
        with self._refused("name of who signs"):
            layaway._sign(" ", signature=self.pen)
        with self._refused("sign on the screen"):
            layaway._sign("Client")

    def test_terms_are_signed_once(self):
        layaway = self._signed(self.high)
        with self._refused("only while it is “Draft”"):
            layaway._sign("Somebody", signature=self.pen)

    def test_an_order_that_was_confirmed_meanwhile_is_not_signed(self):
        order = self._quote(self.high)
        layaway = self._draft(order=order)
        order.state = "sale"
        with self._refused("no quotation any more"):
            layaway._sign("Client", signature=self.pen)

    def test_less_than_the_first_payment_is_not_signed(self):
        layaway = self._draft(self.high)
        first, second = layaway.instalment_ids[:2]
        layaway.deposit_id.write(
            {"instalment_ids": [(1, first.id, {"amount": 100}), (1, second.id, {"amount": 620})]}
        )
        with self._refused("400.00 at least"):
            layaway._sign("Client", signature=self.pen)

    def test_the_terms_are_printed_as_they_were_signed(self):
        layaway = self._draft(self.high)
        self.assertNotIn("url", layaway.action_print())
        layaway._sign("Client", signature=self.pen)
        self.assertIn("/document", layaway.action_print()["url"])

    @contextmanager
    def _denied(self):
        with self.assertRaisesRegex(AccessError, "stays as it is"), self.env.cr.savepoint():
            yield
