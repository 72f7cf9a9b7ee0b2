"""The browser that prints: it obeys, talks to nobody else, and leaves nothing behind."""

import os
import socket
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ..tools import devtools
from ..tools.chromium import Chromium, find_chromium
from ..tools.devtools import ChromiumError
from .common import programs, read_pages

URL = "http://shop.test/report/print"


def answer_nothing(_url):
    """Refuse every request."""


@tagged("post_install", "-at_install")
class TestChromium(BaseCase):
    def setUp(self):
        super().setUp()
        # The refused requests are the subject of these tests, not accidents.
        self.startPatcher(patch("odoo.addons.jewelry_debian.tools.chromium._logger.warning"))

    def print_text(self, html, answer=answer_nothing, **options):
        with Chromium(find_chromium(), answer) as browser:
            return "\n".join(read_pages(browser.print_pdf(URL, html, **options)))

    def test_document_is_printed_with_its_accents(self):
        self.assertIn("Élodie", self.print_text("<p>Élodie</p>"))

    def test_one_browser_prints_several_documents_of_the_same_address(self):
        with Chromium(find_chromium(), answer_nothing) as browser:
            texts = [read_pages(browser.print_pdf(URL, f"<p>{n}</p>"))[0] for n in range(3)]
        self.assertEqual([text.strip() for text in texts], ["0", "1", "2"])

    def test_styles_come_from_the_caller(self):
        def answer(url):
            self.assertIn(url, ("http://shop.test/a.css", "http://shop.test/favicon.ico"))
            return 200, {"Content-Type": "text/css"}, b"p::after { content: 'styled' }"

        html = "<head><link rel=stylesheet href=/a.css></head><p>text</p>"
        self.assertIn("styled", self.print_text(html, answer))

    def test_rules_for_wide_screens_never_apply_and_those_for_narrow_ones_do(self):
        html = """<style>
            p::after { content: "plain" }
            @media (min-width: 10px) { p::after { content: "wide" } }
            @media (max-width: 10px) { b::after { content: "narrow" } }
            @media print { i::after { content: "paper" } }
        </style><p></p><b></b><i></i>"""
        text = "".join(self.print_text(html).split())
        self.assertIn("plain", text)
        self.assertIn("narrow", text)
        self.assertNotIn("paper", text)

    def test_head_of_a_table_is_repeated_even_where_core_forbids_it_to_wkhtmltopdf(self):
        rows = "".join(f"<tr><td>row {n}</td></tr>" for n in range(100))
        head = '<thead style="display: table-row-group"><tr><th>Number</th></tr></thead>'
        text = self.print_text(f"<table>{head}<tbody>{rows}</tbody></table>")
        self.assertGreater(text.count("Number"), 1)

    def test_empty_editor_block_before_a_page_break_leaves_no_empty_page(self):
        html = '<div class="oe_structure"></div><p style="page-break-before: always">label</p>'
        with Chromium(find_chromium(), answer_nothing) as browser:
            self.assertEqual(len(read_pages(browser.print_pdf(URL, html))), 1)

    def test_network_is_out_of_reach(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0)
            address = "{}:{}".format(*server.getsockname())
            self.print_text(
                f"""<head>
                <link rel=preconnect href="http://{address}">
                <link rel=prefetch href="http://{address}/a">
                <link rel=stylesheet href="http://{address}/b">
                </head><img src="http://{address}/c"><iframe src="http://{address}/d"></iframe>
                <script>
                new WebSocket("ws://{address}/e");
                navigator.sendBeacon("http://{address}/f", "x");
                fetch("http://{address}/g", {{mode: "no-cors"}}).catch(() => 0);
                </script>"""
            )
            self.assertRaises(BlockingIOError, server.accept)

    def test_files_of_the_machine_are_out_of_reach(self):
        with tempfile.NamedTemporaryFile("w", suffix=".html") as secret:
            secret.write("secret")
            secret.flush()
            text = self.print_text(f'<p>text</p><iframe src="file://{secret.name}"></iframe>')
        self.assertNotIn("secret", text)

    def test_caller_is_asked_only_to_give_and_never_to_do(self):
        asked = []
        self.print_text(
            '<script>fetch("/do", {method: "POST"}).catch(() => 0)</script>', asked.append
        )
        self.assertNotIn("http://shop.test/do", asked)

    def test_document_that_never_ends_is_given_up(self):
        with patch.object(devtools, "PATIENCE", 1), self.assertRaisesRegex(ChromiumError, "silent"):
            self.print_text("<script>while (true);</script>")

    def test_error_of_the_browser_is_told(self):
        with self.assertRaisesRegex(ChromiumError, "printToPDF"):
            self.print_text("<p>text</p>", paperWidth=-1)

    def test_program_that_ends_at_once_is_told(self):
        for program in ("/bin/false", "/bin/true", "/nowhere/chromium"):
            with self.assertRaises(ChromiumError), Chromium(program, answer_nothing):
                self.fail(program)

    def test_nothing_stays_on_the_disk_even_after_an_error(self):
        with tempfile.TemporaryDirectory() as folder, patch.object(tempfile, "tempdir", folder):
            self.print_text("<p>text</p>")
            with self.assertRaises(ChromiumError):
                self.print_text("<p>text</p>", paperWidth=-1)
            self.assertFalse(os.listdir(folder))

    def test_no_program_is_found_on_an_empty_system(self):
        with programs():
            self.assertIsNone(find_chromium())

    def test_the_smallest_program_is_found_first(self):
        with programs(**{"chromium": "", "chromium-headless-shell": ""}):
            self.assertEqual(Path(find_chromium()).name, "chromium-headless-shell")
