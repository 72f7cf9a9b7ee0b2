"""Who prints: core with the patched wkhtmltopdf, Chromium without it."""

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .common import PATCHED, UNPATCHED, programs


@tagged("post_install", "-at_install")
class TestEngineChoice(TransactionCase):
    def setUp(self):
        super().setUp()
        self.report = self.env["ir.actions.report"]

    def test_patched_wkhtmltopdf_prints_as_if_this_addon_were_not_there(self):
        with programs(wkhtmltopdf=PATCHED, chromium=""):
            self.assertEqual(self.report._run_wkhtmltopdf(["<p/>"]), b"printed by wkhtmltopdf")

    def test_missing_chromium_is_an_error_that_says_what_to_install(self):
        with (
            programs(wkhtmltopdf=UNPATCHED),
            self.assertRaisesRegex(UserError, "apt install chromium"),
        ):
            self.report._run_wkhtmltopdf(["<p/>"])

    def test_broken_chromium_is_an_error_for_the_user(self):
        with programs(chromium="#!/bin/sh\nexit 1\n"), self.assertRaisesRegex(UserError, "ended"):
            self.report._run_wkhtmltopdf(["<p/>"])

    def test_web_client_may_print_with_chromium_where_wkhtmltopdf_is_missing(self):
        with programs(chromium=""):
            self.assertEqual(self.report.get_wkhtmltopdf_state(), "ok")

    def test_web_client_is_told_by_core_when_no_program_is_there(self):
        with programs():
            self.assertEqual(self.report.get_wkhtmltopdf_state(), "install")

    def test_state_of_the_patched_program_is_left_to_core(self):
        with programs(wkhtmltopdf=PATCHED.replace("0.12.6.1", "0.11.0"), chromium=""):
            self.assertEqual(self.report.get_wkhtmltopdf_state(), "upgrade")
