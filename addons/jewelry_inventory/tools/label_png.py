"""A label as a picture, dot for dot what a printer of that resolution makes of it."""

from reportlab.graphics import renderPM
from reportlab.graphics.barcode.widgets import BarcodeCode128
from reportlab.graphics.shapes import Drawing, Group, Rect, String
from reportlab.lib import colors
from reportlab.lib.units import mm

from .label import CODE128, RAT_TAIL, Matrix, get_font, place


def render(label, dpi=300, shape=RAT_TAIL, code=CODE128):
    """Return the PNG of one label as bytes.

    :param LabelData label: what is on it
    :param int dpi: resolution of the printer
    :param LabelShape shape: measures of the label
    :param str code: what a scanner reads
    :raises LabelError: when the number has no such code that fits
    """
    mark, texts = place(label, shape, dpi, code)
    drawing = Drawing(shape.width * mm, shape.height * mm)
    draw = _draw_matrix if isinstance(mark, Matrix) else _draw_bars
    drawing.add(draw(mark, shape))
    for text in texts:
        drawing.add(_draw_text(text, shape))
    return renderPM.drawToString(drawing, fmt="PNG", dpi=dpi)


def _draw_bars(bars, shape):
    """Return a barcode; reportlab counts from the bottom."""
    return BarcodeCode128(
        value=bars.text,
        x=bars.x * mm,
        y=(shape.height - bars.y - bars.height) * mm,
        barWidth=bars.module * mm,
        barHeight=bars.height * mm,
        quiet=False,
        humanReadable=False,
    )


def _draw_matrix(matrix, shape):
    """Return a QR code; reportlab counts from the bottom."""
    black = [
        Rect(
            left * mm,
            (shape.height - top - height) * mm,
            width * mm,
            height * mm,
            strokeWidth=0,
            strokeColor=None,
            fillColor=colors.black,
        )
        for left, top, width, height in matrix.get_rectangles()
    ]
    return Group(*black)


def _draw_text(text, shape):
    return String(
        text.x * mm,
        (shape.height - text.baseline) * mm,
        text.text,
        fontName=get_font(text.bold),
        fontSize=text.size * mm,
    )
