"""The document with headers and footers of all pages."""

import lxml.html

from odoo.tests import BaseCase, tagged

from ..tools.letterhead import build_letterhead
from ..tools.paper import Paper

HEADER = """<!DOCTYPE html>
<html><head><base href="http://shop.test"/><link href="/a.css"/><script>subst()</script></head>
<body class="container overflow-hidden" dir="rtl" onload="subst()">
<div id="minimal_layout_report_headers">
<div class="header">Première</div><div class="header">Deuxième</div></div></body></html>"""

FOOTER = """<html><head><base href="http://shop.test"/><link href="/b.css"/></head><body>
<div id="minimal_layout_report_footers">
<div class="footer">Page <span class="page"/> of <b class="x topage">?<i/></b>.</div></div>
</body></html>"""


A4 = Paper()


@tagged("post_install", "-at_install")
class TestLetterhead(BaseCase):
    def build(self, header=HEADER, footer=FOOTER, page_counts=(2, 1), paper=A4):
        return lxml.html.document_fromstring(build_letterhead(header, footer, page_counts, paper))

    def texts(self, document, name):
        return [
            "".join(part.text_content().split("\n"))
            for part in document.find_class(f"letterhead-{name}")
        ]

    def test_each_page_has_a_sheet_with_the_header_of_its_body(self):
        document = self.build()
        self.assertEqual(len(document.find_class("letterhead-sheet")), 3)
        self.assertEqual(self.texts(document, "header"), ["Première", "Première", "Deuxième"])

    def test_page_numbers_start_anew_with_each_body(self):
        footers = self.texts(self.build(page_counts=(2,)), "footer")
        self.assertEqual(footers, ["Page 1 of 2.", "Page 2 of 2."])

    def test_body_without_a_block_of_its_own_has_an_empty_place(self):
        footers = self.texts(self.build(), "footer")
        self.assertEqual(footers, ["Page 1 of 2.", "Page 2 of 2.", ""])

    def test_document_without_the_container_of_core_goes_on_all_pages(self):
        footer = "<html><body><p>sheet <span class='page'></span></p></body></html>"
        self.assertEqual(
            self.texts(self.build(footer=footer), "footer"), ["sheet 1", "sheet 2", "sheet 1"]
        )

    def test_scripts_of_the_headers_do_not_run(self):
        document = self.build()
        self.assertFalse(document.xpath("//script | //@onload"))

    def test_body_of_the_headers_keeps_its_class_and_direction(self):
        block = self.build().find_class("letterhead-header")[0][0]
        self.assertEqual(block.get("class"), "container overflow-hidden")
        self.assertEqual(block.get("dir"), "rtl")

    def test_heads_are_joined_without_repetition(self):
        head = self.build().head
        self.assertEqual(head.xpath("base/@href"), ["http://shop.test"])
        self.assertEqual(head.xpath("link/@href"), ["/a.css", "/b.css"])

    def test_lengths_are_enlarged_by_what_the_print_shrinks(self):
        paper = Paper(height=100, margin_top=30, margin_bottom=20, header_spacing=25, scale=0.5)
        style = self.build(paper=paper).findtext(".//style")
        self.assertIn("letterhead-header { top: 10.0mm;", style)
        self.assertIn("letterhead-footer { top: 160.0mm;", style)

    def test_header_line_is_drawn_only_when_asked_for(self):
        self.assertNotIn("black", self.build().findtext(".//style"))
        self.assertIn("black", self.build(paper=Paper(header_line=True)).findtext(".//style"))

    def test_footer_alone_makes_a_letterhead(self):
        document = self.build(header=None)
        self.assertFalse(document.find_class("letterhead-header"))
        self.assertEqual(len(document.find_class("letterhead-footer")), 3)

    def test_nothing_to_print_makes_no_letterhead(self):
        empty = "<html><body><div id='minimal_layout_report_headers'></div></body></html>"
        self.assertIsNone(build_letterhead(None, None, [1], Paper()))
        self.assertIsNone(build_letterhead(empty, None, [1], Paper()))
