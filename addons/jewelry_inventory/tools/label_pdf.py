"""Labels as a PDF, one page of the label's own size for each."""

import io

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from .label import CODE128, RAT_TAIL, Matrix, get_font, place


def render(labels, dpi=300, shape=RAT_TAIL, code=CODE128):
    """Return a PDF as bytes.

    :param labels: ``LabelData`` of each page
    :param int dpi: resolution of the printer: bars that fall between its dots are misread
    :param LabelShape shape: measures of the label
    :param str code: what a scanner reads
    :raises LabelError: when a number has no such code that fits
    """
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(shape.width * mm, shape.height * mm))
    for label in labels:
        mark, texts = place(label, shape, dpi, code)
        draw = _draw_matrix if isinstance(mark, Matrix) else _draw_bars
        draw(canvas, mark, shape)
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


def _draw_matrix(canvas, matrix, shape):
    """Draw a QR code; reportlab counts from the bottom."""
    for left, top, width, height in matrix.get_rectangles():
        bottom = shape.height - top - height
        canvas.rect(left * mm, bottom * mm, width * mm, height * mm, stroke=0, fill=1)
