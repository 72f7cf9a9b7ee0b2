import hashlib
from base64 import b64decode

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import RegisterLayawayCommon


@tagged("post_install", "-at_install")
class TestSign(RegisterLayawayCommon):
    """The terms are shown and signed at the register, and kept as they were signed."""

    def test_the_register_shows_the_terms_that_are_printed(self):
        terms = self.register.start_layaway(self._cart(self.high))["terms"]
        for text in (self.high.name, "What you pay, and when", "Within <span>7</span> days"):
            self.assertIn(text, terms)

    def test_the_customer_reads_them_in_his_own_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.client.lang = "de_DE"
        self.term.with_context(lang="de_DE").terms = "<p>Nur hier</p>"
        self.assertIn("Nur hier", self.register.start_layaway(self._cart(self.high))["terms"])

    def test_a_finger_signs_and_what_was_signed_is_frozen(self):
        layaway = self._start(self.high)
        answer = self.register.sign_layaway(layaway.id, " Client ", self.pen_text)
        self.assertEqual((answer["state"], layaway.signed_by), ("signed", "Client"))
        self.assertTrue(layaway.is_intact)
        content = b64decode(layaway.document)
        self.assertEqual(layaway.document_hash, hashlib.sha256(content).hexdigest())
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            layaway.sudo().write({"amount_first": 1})

    def test_a_photo_of_the_paper_signs_as_well(self):
        layaway = self._start(self.high)
        self.register.sign_layaway(layaway.id, "Client", False, self.pen_text)
        self.assertEqual(layaway.state, "signed")
        self.assertTrue(layaway.paper)
        self.assertFalse(layaway.signature)

    def test_a_double_press_signs_once(self):
        layaway = self._start(self.high)
        self._sign(layaway)
        signed = layaway.document_hash
        answer = self.register.sign_layaway(layaway.id, "Somebody", self.pen_text)
        self.assertEqual(answer["state"], "signed")
        self.assertEqual((layaway.document_hash, layaway.signed_by), (signed, "Client"))

    def test_nobody_signs_with_nothing(self):
        layaway = self._start(self.high)
        for signature in (False, ""):
            with self._refused("sign on the screen"):
                self.register.sign_layaway(layaway.id, "Client", signature)
        with self._refused("Enter the name"):
            self.register.sign_layaway(layaway.id, "  ", self.pen_text)
        self.assertEqual(layaway.state, "draft")

    def test_a_signature_that_is_no_picture_is_refused_in_words(self):
        layaway = self._start(self.high)
        with self._refused("did not arrive"):
            self.register.sign_layaway(layaway.id, "Client", "data:image/png;base64,%%")
        with self._refused("neither a PDF nor a scan"):
            self.register.sign_layaway(layaway.id, "Client", False, "bm90aGluZw==")
        self.assertEqual((layaway.state, layaway.document_hash), ("draft", False))

    def test_what_the_back_office_made_is_signed_at_the_register(self):
        layaway = self._draft(self.high)
        self._sign(layaway)
        self.assertEqual(layaway.state, "signed")

    def test_a_register_gives_up_only_what_it_began(self):
        layaway = self._draft(self.high)
        with self._refused("not begun here"):
            self.register.refuse_layaway(layaway.id)
        self.assertEqual(layaway.state, "draft")
