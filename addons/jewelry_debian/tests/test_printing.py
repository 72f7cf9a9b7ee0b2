"""Reports on paper: every page whole, with its letterhead and its number."""

import io

from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from .common import PrintCase, find_height, read_pages


@tagged("post_install", "-at_install")
class TestPrinting(PrintCase):
    def first_page(self, **context):
        pdf = self.print_pdf(self.make_customers(1), **context)
        return PdfFileReader(io.BytesIO(pdf)).pages[0]

    def test_every_page_has_the_company_and_its_number(self):
        pages = read_pages(self.print_pdf(self.make_customers(14)))
        self.assertEqual(len(pages), 2)
        for number, page in enumerate(pages, start=1):
            self.assertIn("Maison Aurelia", page)
            self.assertIn("Boutique", page)
            self.assertIn("Since 1890", page)
            self.assertIn(f"Page {number} / 2", page)

    def test_one_page_is_number_one_of_one(self):
        (page,) = read_pages(self.print_pdf(self.make_customers(2)))
        self.assertIn("Page 1 / 1", page)

    def test_head_of_the_table_is_on_every_page_and_rows_are_whole(self):
        pages = read_pages(self.print_pdf(self.make_customers(60)))
        self.assertGreater(len(pages), 3)
        for page in pages:
            self.assertIn("Piece number", page)
            self.assertEqual(page.count("Ring"), page.count("end of"))
        self.assertEqual(sum(page.count("Ring") for page in pages), 60)

    def test_three_records_begin_at_one_each(self):
        pages = read_pages(self.print_pdf(self.make_customers(14, 1, 14)))
        self.assertEqual(len(pages), 5)
        numbers = ("1 / 2", "2 / 2", "1 / 1", "1 / 2", "2 / 2")
        for page, number in zip(pages, numbers, strict=True):
            self.assertIn(f"Page {number}", page)

    def test_records_printed_together_are_kept_apart_as_attachments(self):
        self.report.attachment = "object.name + '.pdf'"
        customers = self.make_customers(14, 1, 14)
        self.print_pdf(customers)
        for customer, page_count in zip(customers, (2, 1, 2), strict=True):
            pages = read_pages(self.report.retrieve_attachment(customer).raw)
            self.assertEqual(len(pages), page_count)
            self.assertIn(f"Pieces of {customer.name}", pages[0])
            self.assertIn(f"Page {page_count} / {page_count}", pages[-1])

    def test_attachment_is_reloaded_among_new_prints(self):
        self.report.write({"attachment": "'pieces %s.pdf' % object.id", "attachment_use": True})
        customers = self.make_customers(1, 1, 1)
        self.print_pdf(customers[1])
        for customer in customers:
            customer.name = f"New {customer.name}"
        pages = read_pages(self.print_pdf(customers))
        titles = [page[page.index("Pieces of") :].splitlines()[0] for page in pages]
        self.assertCountEqual(
            titles, ["Pieces of New Customer 0", "Pieces of Customer 1", "Pieces of New Customer 2"]
        )

    def test_paper_is_the_one_of_the_format(self):
        for name, orientation, size in (
            ("A4", "Portrait", (595, 842)),
            ("A4", "Landscape", (842, 595)),
            ("Letter", "Portrait", (612, 792)),
            ("A5", "Landscape", (595, 420)),
        ):
            self.paper.write({"format": name, "orientation": orientation})
            box = self.first_page().mediabox
            self.assertEqual((float(box.width), float(box.height)), size, name)

    def test_caller_may_ask_for_landscape(self):
        box = self.first_page(landscape=True).mediabox
        self.assertEqual((float(box.width), float(box.height)), (842, 595))

    def heights(self):
        """Return how far from the top edge header, body and footer are, in millimetres."""
        page = self.first_page()
        words = ("Boutique", "Piece number", "Since 1890")
        return [find_height(page, text) for text in words]

    def assertMoved(self, before, after, *millimetres):
        """Check how much further from the top edge header, body and footer are."""
        for was, now, distance in zip(before, after, millimetres, strict=True):
            self.assertAlmostEqual(now - was, distance, delta=0.3)

    def test_top_margin_moves_the_body_alone(self):
        before = self.heights()
        self.paper.write({"margin_top": 72, "header_spacing": 72})
        self.assertMoved(before, self.heights(), 0, 20, 0)

    def test_header_spacing_moves_the_header_alone(self):
        before = self.heights()
        self.paper.header_spacing = 42
        self.assertMoved(before, self.heights(), 10, 0, 0)

    def test_bottom_margin_moves_the_footer_alone(self):
        before = self.heights()
        self.paper.margin_bottom = 42
        self.assertMoved(before, self.heights(), 0, 0, -10)

    def test_finer_resolution_prints_smaller(self):
        self.paper.dpi = 180
        self.assertEqual(len(read_pages(self.print_pdf(self.make_customers(14)))), 1)

    def test_what_a_header_fixes_to_its_page_stays_on_that_page(self):
        header = (
            '<html><body><b style="position: fixed">sheet <i class="page"></i></b></body></html>'
        )
        body = '<p>first</p><p style="page-break-before: always">second</p>'
        with self.allow_requests(all_requests=True):
            pdf = self.env["ir.actions.report"]._run_wkhtmltopdf([body], header=header)
        first, second = read_pages(pdf)
        self.assertEqual((first.count("sheet"), second.count("sheet")), (1, 1))
        self.assertIn("sheet 2", second)

    def test_document_without_letterhead_is_printed_as_it_is(self):
        with self.allow_requests(all_requests=True):
            pdf = self.env["ir.actions.report"]._run_wkhtmltopdf(["<p>one</p>", "<p>two</p>"])
        self.assertEqual([page.strip() for page in read_pages(pdf)], ["one", "two"])
