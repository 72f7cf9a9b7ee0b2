"""One document with the header and the footer of every page of a print.

Core hands over all headers in one document and all footers in another, one block per body, with a
script that wkhtmltopdf runs on each page. Here the choice of that script is made beforehand, for
all pages at once.
"""

from copy import deepcopy

import lxml.html
from lxml.html.builder import BODY, CLASS, DIV, HEAD, HTML, STYLE

#: Millimetres by which a sheet is shorter than the paper, so that rounding adds no empty page.
SLACK = 0.2

# "contain" keeps what a layout fixes to "its" page, such as the bubbles of core, within this part
# of this sheet; otherwise Chromium would draw it on all of them.
STYLE_SHEET = """
html, body {{ height: auto; margin: 0; padding: 0; background: none; }}
.letterhead-sheet {{ position: relative; height: {height}mm; overflow: hidden; break-after: page; }}
.letterhead-sheet:last-child {{ break-after: auto; }}
.letterhead-header, .letterhead-footer {{ position: absolute; left: 0; right: 0; contain: layout; }}
.letterhead-header {{ top: {header_top}mm; {header_border} }}
.letterhead-footer {{ top: {footer_top}mm; }}
.letterhead-sheet .overflow-hidden {{ overflow: visible !important; }}
"""


def build_letterhead(header, footer, page_counts, paper):
    """Return an HTML document with one sheet for each page, or None when there is nothing on it.

    :param str header: document with all headers, or None
    :param str footer: document with all footers, or None
    :param list page_counts: number of pages of each body
    :param Paper paper: the sheet
    """
    parts = [
        _Part(name, source) for name, source in (("header", header), ("footer", footer)) if source
    ]
    if not any(parts):
        return None
    sheets = [
        DIV(CLASS("letterhead-sheet"), *(part.place(index, page, pages) for part in parts))
        for index, pages in enumerate(page_counts)
        for page in range(1, pages + 1)
    ]
    head = HEAD(*_head_elements(parts), STYLE(_style(paper)))
    return lxml.html.tostring(
        HTML(head, BODY(*sheets)), encoding="unicode", doctype="<!DOCTYPE html>"
    )


class _Part:
    """The headers, or the footers, of all bodies."""

    def __init__(self, name, source):
        parser = lxml.html.HTMLParser(encoding="utf-8")
        document = lxml.html.document_fromstring(source.encode(), parser=parser)
        for script in document.xpath("//script"):
            script.drop_tree()
        self.head = document.find("head")
        self._name = name
        self._body = document.body
        self._body.tag = "div"
        self._body.attrib.pop("onload", None)
        # Without core's container the same block goes on all pages.
        containers = self._body.xpath(f".//*[@id='minimal_layout_report_{name}s']")
        self._container = containers[0] if containers else None
        self._blocks = list(self._container) if containers else []

    def __bool__(self):
        """Tell whether there is anything to print."""
        return self._container is None or bool(self._blocks)

    def place(self, index, page, pages):
        """Return what goes on a page of a body: nothing when that body has no block."""
        if self._container is not None:
            self._container[:] = self._blocks[index : index + 1]
        block = deepcopy(self._body)
        _write(block, "page", page)
        _write(block, "topage", pages)
        return DIV(CLASS(f"letterhead-{self._name}"), block)


def _write(block, class_name, number):
    """Write a number into all elements of a class."""
    for element in block.find_class(class_name):
        element[:] = []
        element.text = str(number)


def _head_elements(parts):
    """Return the elements of all heads, each once: base address, style sheets and so on."""
    elements = [element for part in parts if part.head is not None for element in part.head]
    return {lxml.html.tostring(element): element for element in elements}.values()


def _style(paper):
    """Return the style sheet that places headers and footers; lengths are before scaling."""
    return STYLE_SHEET.format(
        height=(paper.height - SLACK) / paper.scale,
        header_top=(paper.margin_top - paper.header_spacing) / paper.scale,
        header_border="border-top: 1px solid black;" if paper.header_line else "",
        footer_top=(paper.height - paper.margin_bottom) / paper.scale,
    )
