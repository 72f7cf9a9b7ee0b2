"""Reports to print, prints to read, and systems with other programs installed."""

import io
import os
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from reportlab.pdfgen import canvas

from odoo.tests import HttpCase
from odoo.tools.pdf import PdfFileReader

from odoo.addons.base.models.ir_actions_report import _wkhtml

MM_PER_POINT = 25.4 / 72

UNPATCHED = '#!/bin/sh\necho "wkhtmltopdf 0.12.6"\n'
# Answers like the patched program, and "prints" a text of its own.
PATCHED = """#!/bin/sh
for last; do :; done
case "$*" in
    *--version*) echo "wkhtmltopdf 0.12.6.1 (with patched qt)" ;;
    *) printf 'printed by wkhtmltopdf' > "$last" ;;
esac
"""

TEMPLATE = """
<t t-name="jewelry_debian.test_pieces">
    <t t-call="web.html_container">
        <t t-foreach="docs" t-as="o">
            <t t-call="web.external_layout">
                <div class="page">
                    <h2>Pieces of <t t-out="o.name"/></h2>
                    <table class="table">
                        <thead style="display: table-row-group">
                            <tr><th>Piece number</th></tr>
                        </thead>
                        <tbody>
                            <tr t-foreach="range(int(o.ref))" t-as="row">
                                <td>Ring <t t-out="row"/><br/>gold<br/>end of <t t-out="row"/></td>
                            </tr>
                        </tbody>
                    </table>
                </div>
            </t>
        </t>
    </t>
</t>
"""


def make_pdf(*pages, size=(200, 100)):
    """Return a PDF with one line of text on each page."""
    stream = io.BytesIO()
    drawing = canvas.Canvas(stream, pagesize=size)
    for text, height in pages:
        drawing.drawString(10, height, text)
        drawing.showPage()
    drawing.save()
    return stream.getvalue()


def read_pages(pdf):
    """Return the text of each page."""
    return [page.extract_text() for page in PdfFileReader(io.BytesIO(pdf)).pages]


def find_height(page, words):
    """Return how many millimetres below the top edge of a page the line with these words is."""
    lines = defaultdict(str)

    def visit(text, cm, tm, _font, _size):
        lines[tm[4] * cm[1] + tm[5] * cm[3] + cm[5]] += text

    page.extract_text(visitor_text=visit)
    (height,) = (height for height, line in lines.items() if words in " ".join(line.split()))
    return (float(page.mediabox.height) - height) * MM_PER_POINT


@contextmanager
def programs(**scripts):
    """Run with nothing but these programs on the path; the shell stays where it is."""
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, PATH=folder):
        for name, script in scripts.items():
            program = Path(folder, name)
            program.write_text(script)
            program.chmod(0o755)
        _wkhtml.cache_clear()
        try:
            yield
        finally:
            _wkhtml.cache_clear()


class PrintCase(HttpCase):
    """A report about partners: as many rows as their reference says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write(
            {
                "name": "Maison Aurelia",
                "report_footer": "Since 1890",
                "external_report_layout_id": cls.env.ref("web.external_layout_standard").id,
                "company_details": "Maison Aurelia<br/>Boutique",
            }
        )
        cls.paper = cls.env.ref("base.paperformat_euro")
        cls.env["ir.ui.view"].create(
            {
                "type": "qweb",
                "name": "test_pieces",
                "key": "jewelry_debian.test_pieces",
                "arch": TEMPLATE,
            }
        )
        cls.report = cls.env["ir.actions.report"].create(
            {
                "name": "Pieces",
                "model": "res.partner",
                "report_name": "jewelry_debian.test_pieces",
                "paperformat_id": cls.paper.id,
            }
        )

    @classmethod
    def make_customers(cls, *row_counts):
        """Return partners whose prints have so many rows."""
        return cls.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "ref": str(rows)}
                for number, rows in enumerate(row_counts)
            ]
        )

    def print_pdf(self, records, **context):
        """Return the PDF of the report for some records."""
        report = self.report.with_context(force_report_rendering=True, **context)
        with self.allow_requests(all_requests=True):
            return report._render_qweb_pdf(report, records.ids)[0]
