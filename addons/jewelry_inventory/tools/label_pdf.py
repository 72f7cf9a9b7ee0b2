"""Rat-tail labels as a PDF, one page of the label's own size for each."""

import io

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from .label import RAT_TAIL, get_font, place


def render(labels, dpi=300, shape=RAT_TAIL):
    """Return a PDF as bytes.

    :param labels: ``LabelData`` of each page
    :param int dpi: resolution of the printer: bars that fall between its dots are misread
    :param RatTail shape: measures of the label
    :raises LabelError: when a number has no barcode that fits
    """
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(shape.width * mm, shape.height * mm))
    for label in labels:
        bars, texts = place(label, shape, dpi)
        _draw_bars(canvas, bars, shape)
        for text in texts:
            canvas.setFont(get_font(text.bold), text.size * mm)
            canvas.drawString(text.x * mm, (shape.height - text.baseline) * mm, text.text)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _draw_bars(canvas, bars, shape):
    """Draw a barcode; reportlab counts from the bottom."""
    barcode = Code128(bars.text, barWidth=bars.module * mm, barHeight=bars.height * mm, quiet=False)
    barcode.drawOn(canvas, bars.x * mm, (shape.height - bars.y - bars.height) * mm)
