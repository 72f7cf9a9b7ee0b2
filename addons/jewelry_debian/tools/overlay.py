"""Bodies and letterheads put together into one PDF."""

import io
from itertools import pairwise

import lxml.html

from odoo.tools.pdf import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfFileReader,
    PdfFileWriter,
    createStringObject,
    generic,
)

POINTS_PER_MM = 72 / 25.4


def count_pages(pdf):
    """Return the number of pages of a PDF given as bytes."""
    return PdfFileReader(io.BytesIO(pdf)).getNumPages()


def find_title(html):
    """Return the first heading of a document, or an empty string."""
    headings = lxml.html.fromstring(html).xpath("//h1 | //h2 | //h3")
    return " ".join(headings[0].text_content().split()) if headings else ""


def assemble(bodies, letterhead, paper, titles):
    """Return one PDF with all bodies, each page on its sheet of the letterhead.

    :param list bodies: PDFs as bytes
    :param letterhead: a PDF with as many pages as all bodies together, or None
    :param Paper paper: the sheet
    :param list titles: one for each body, for the outline; none is written for a single body
    """
    writer = PdfFileWriter()
    sheets = letterhead and PdfFileReader(io.BytesIO(letterhead))
    first_pages = []
    for body in bodies:
        first_pages.append(writer.getNumPages())
        for page in PdfFileReader(io.BytesIO(body)).pages:
            number = writer.getNumPages()
            writer.addPage(page)
            _finish(writer.getPage(number), sheets and sheets.getPage(number), paper)
    if len(bodies) > 1:
        _add_outline(writer, titles, first_pages)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _finish(page, sheet, paper):
    """Draw a sheet over a page, and give the page its size in whole points as wkhtmltopdf does."""
    if sheet:
        page.mergePage(sheet)
        page.compress_content_streams()
    page[NameObject("/MediaBox")] = generic.RectangleObject(
        [0, 0, round(paper.width * POINTS_PER_MM), round(paper.height * POINTS_PER_MM)]
    )


def _add_outline(writer, titles, first_pages):
    """Write one entry per body, in the form by which core splits a print into its records.

    Core wants names as destinations, found in the catalog, that begin with a plain page number.
    """
    outline = DictionaryObject()
    outline_ref = writer._addObject(outline)
    entries = [
        DictionaryObject(
            {
                NameObject("/Title"): createStringObject(title),
                NameObject("/Parent"): outline_ref,
                NameObject("/Dest"): NameObject(f"/body-{number}"),
            }
        )
        for number, title in enumerate(titles)
    ]
    refs = [writer._addObject(entry) for entry in entries]
    for (before, before_ref), (after, after_ref) in pairwise(zip(entries, refs, strict=True)):
        before[NameObject("/Next")] = after_ref
        after[NameObject("/Prev")] = before_ref
    outline.update(
        {
            NameObject("/Type"): NameObject("/Outlines"),
            NameObject("/First"): refs[0],
            NameObject("/Last"): refs[-1],
            NameObject("/Count"): NumberObject(len(refs)),
        }
    )
    destinations = {
        entry["/Dest"]: ArrayObject([NumberObject(page), NameObject("/Fit")])
        for entry, page in zip(entries, first_pages, strict=True)
    }
    writer._root_object[NameObject("/Outlines")] = outline_ref
    writer._root_object[NameObject("/Dests")] = writer._addObject(DictionaryObject(destinations))
