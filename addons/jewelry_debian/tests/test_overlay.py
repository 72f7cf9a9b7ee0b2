"""PDFs put on top of each other."""

import io

from odoo.tests import BaseCase, tagged
from odoo.tools.pdf import PdfFileReader

from ..tools.overlay import assemble, count_pages, find_title
from ..tools.paper import Paper
from .common import make_pdf, read_pages

PAPER = Paper(width=70, height=35)


@tagged("post_install", "-at_install")
class TestOverlay(BaseCase):
    def test_each_page_lies_on_its_own_sheet(self):
        body = make_pdf(("body one", 50), ("body two", 50))
        sheets = make_pdf(("sheet one", 80), ("sheet two", 80))
        first, second = read_pages(assemble([body], sheets, PAPER, [""]))
        self.assertIn("body one", first)
        self.assertIn("sheet one", first)
        self.assertNotIn("two", first)
        self.assertIn("body two", second)
        self.assertIn("sheet two", second)

    def test_sheets_go_on_counting_over_several_bodies(self):
        bodies = [make_pdf(("a", 50)), make_pdf(("b", 50), ("c", 50))]
        sheets = make_pdf(("sheet 0", 80), ("sheet 1", 80), ("sheet 2", 80))
        pages = read_pages(assemble(bodies, sheets, PAPER, ["A", "B"]))
        self.assertEqual(len(pages), 3)
        for number, (page, text) in enumerate(zip(pages, "abc", strict=True)):
            self.assertIn(text, page)
            self.assertIn(f"sheet {number}", page)

    def test_bodies_without_letterhead_are_only_joined(self):
        pages = read_pages(assemble([make_pdf(("a", 50)), make_pdf(("b", 50))], None, PAPER, "AB"))
        self.assertEqual([page.strip() for page in pages], ["a", "b"])

    def test_pages_measure_whole_points(self):
        pdf = assemble([make_pdf(("a", 50), size=(199, 101))], None, PAPER, [""])
        box = PdfFileReader(io.BytesIO(pdf)).pages[0].mediabox
        self.assertEqual([float(side) for side in box], [0, 0, 198, 99])

    def test_outline_names_the_first_page_of_each_body_as_core_reads_it(self):
        bodies = [make_pdf(("a", 50), ("b", 50)), make_pdf(("c", 50)), make_pdf(("d", 50))]
        catalog = PdfFileReader(io.BytesIO(assemble(bodies, None, PAPER, "ACD"))).trailer["/Root"]
        entries = [catalog["/Outlines"]["/First"]]
        while "/Next" in entries[-1]:
            entries.append(entries[-1]["/Next"])
        self.assertEqual([entry["/Title"] for entry in entries], ["A", "C", "D"])
        self.assertEqual([catalog["/Dests"][entry["/Dest"]][0] for entry in entries], [0, 2, 3])
        self.assertEqual(catalog["/Outlines"]["/Last"]["/Prev"]["/Title"], "C")

    def test_single_body_has_no_outline(self):
        pdf = assemble([make_pdf(("a", 50), ("b", 50))], None, PAPER, ["A"])
        self.assertNotIn("/Outlines", PdfFileReader(io.BytesIO(pdf)).trailer["/Root"])

    def test_pages_are_counted(self):
        self.assertEqual(count_pages(make_pdf(("a", 50), ("b", 50))), 2)

    def test_title_is_the_first_heading_on_one_line(self):
        self.assertEqual(
            find_title("<body><p>x</p><h2>Order <b>S1</b>\n  gold</h2><h1>B</h1></body>"),
            "Order S1 gold",
        )

    def test_document_without_heading_has_an_empty_title(self):
        self.assertEqual(find_title("<p>x</p>"), "")
