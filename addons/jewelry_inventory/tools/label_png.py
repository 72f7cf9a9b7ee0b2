"""A rat-tail label as a picture, dot for dot what a printer of that resolution makes of it."""

from reportlab.graphics import renderPM
from reportlab.graphics.barcode.widgets import BarcodeCode128
from reportlab.graphics.shapes import Drawing, String
from reportlab.lib.units import mm

from .label import RAT_TAIL, get_font, place


def render(label, dpi=300, shape=RAT_TAIL):
    """Return the PNG of one label as bytes.

    :param LabelData label: what is on it
    :param int dpi: resolution of the printer
    :param RatTail shape: measures of the label
    :raises LabelError: when the number has no barcode that fits
    """
    bars, texts = place(label, shape, dpi)
    drawing = Drawing(shape.width * mm, shape.height * mm)
    drawing.add(_draw_bars(bars, shape))
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


def _draw_text(text, shape):
    return String(
        text.x * mm,
        (shape.height - text.baseline) * mm,
        text.text,
        fontName=get_font(text.bold),
        fontSize=text.size * mm,
    )
