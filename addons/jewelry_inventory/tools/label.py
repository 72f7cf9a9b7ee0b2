"""What stands where on the label of a piece, before any printer is asked.

Two printable wings fold back to back round the piece: the left one has the code and the number,
the right one price, metal and weights. A rat-tail holds them by a tail without glue beside them,
a butterfly by a waist between them. Lengths are millimetres from the top left corner.
``label_pdf``, ``label_zpl`` and ``label_png`` draw what is placed here.
"""

import functools
import itertools
import math
from dataclasses import dataclass

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from reportlab.graphics.barcode.code128 import Code128
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from odoo.tools.misc import file_path

MM_PER_INCH = 25.4
#: Resolutions of common label printers, in dots per inch.
RESOLUTIONS = (203, 300, 600)

#: White that a reader wants on both sides of bars, and all round a QR code, in modules.
QUIET_MODULES = 10
QR_QUIET_MODULES = 4
#: Bounds of a module, the narrowest bar. Below 0.125 mm a reader for high density is needed.
MIN_MODULE, MAX_MODULE = 0.08, 0.33

#: Text is made smaller down to this height before it is cut.
MIN_TEXT = 1.5
REPRINT_MARK = "R"
_MARK_SIZE = 2.3
_COST_SIZE = 1.7
#: Lines that the right wing has room for, and those that it has at most, in the smallest letters.
_LINES, _MOST_LINES = 5, 6
#: The white below each line, and where lines are crowded.
_GAP, _MIN_GAP = 0.25, 0.15
#: Lines that a style may take beside a QR code.
_STYLE_LINES = 4
#: White below the last line, at the least.
_EDGE = 0.3
# Share of the letters' height above the line they stand on.
_ASCENT = 0.8
#: What rounding may add to a width.
TOLERANCE = 0.01

#: What a scanner reads: the number as bars, the number as a QR code, or as bars the GTIN of the
#: style and the number as its serial (GS1-128 with the application identifiers 01 and 21).
CODE128, QR, GS1 = "code128", "qr", "gs1"
#: Function character 1, as reportlab takes it: what makes Code 128 a GS1-128.
FNC1 = "\xf1"

# Sturdy cuts: thin strokes vanish on a thermal print. They have the signs of all currencies.
_FONTS = {False: "Roboto-Medium", True: "Roboto-Bold"}


class LabelError(ValueError):
    """A number that cannot be a barcode, or stones that cannot be told.

    :ivar str code: ``signs`` for what Code 128 cannot say, ``length`` for what does not fit,
        ``gtin`` where a GS1 code lacks the number of the style, ``room`` for stones that cannot
        be told in full
    :ivar str number: which one
    """

    def __init__(self, code, number):
        super().__init__(f"{number!r} cannot have a label: {code}")
        self.code, self.number = code, number


@dataclass(frozen=True)
class LabelData:
    """What is printed about one piece; empty texts leave no gap."""

    number: str
    #: The amount as it shall be read, with its currency. Window pieces have none.
    price: str = ""
    metal: str = ""
    style: str = ""
    #: The main stone, and the other stones with size and report: each in ever fewer words. The
    #: first that fit are printed, none is ever cut.
    stones: tuple = ()
    notes: tuple = ()
    #: What the piece cost, in the letters of ``tools.cipher``.
    cost: str = ""
    #: Global Trade Item Number of the style, fourteen digits, for a GS1 code.
    gtin: str = ""
    #: Commands in ZPL that write the chip of the label.
    rf_block: str = ""
    #: Printed once more: marked, so that two labels of one piece can be told apart.
    reprint: bool = False


@dataclass(frozen=True)
class LabelShape:
    """Measures of a label in millimetres: two wings, the waist between and the tail behind them."""

    wing_width: float = 22.0
    wing_height: float = 11.0
    waist: float = 0.0
    tail: float = 30.0
    margin: float = 0.8

    @property
    def width(self):
        """From the left edge to the right one, or to the end of the tail."""
        return 2 * self.wing_width + self.waist + self.tail

    @property
    def height(self):
        """Of the wings; waist and tail are narrower."""
        return self.wing_height

    @property
    def right(self):
        """Where the right wing begins."""
        return self.wing_width + self.waist


#: What most printers of jewelry labels are loaded with.
RAT_TAIL = LabelShape()
BUTTERFLY = LabelShape(wing_width=24.0, wing_height=12.0, waist=10.0, tail=0.0)
SHAPES = {"rat_tail": RAT_TAIL, "butterfly": BUTTERFLY}


@dataclass(frozen=True)
class Text:
    """One line of text: its top left corner, the height of its letters, its words."""

    x: float
    y: float
    size: float
    text: str
    bold: bool = False

    @property
    def baseline(self):
        """What the letters stand on, from the top."""
        return self.y + self.size * _ASCENT


@dataclass(frozen=True)
class Bars:
    """A Code 128 barcode: its top left corner, its height, its module and its content."""

    x: float
    y: float
    height: float
    module: float
    text: str


@dataclass(frozen=True)
class Matrix:
    """A QR code: its top left corner, its module and, row by row, which modules are black."""

    x: float
    y: float
    module: float
    rows: tuple
    text: str

    @property
    def side(self):
        """Width and height, without the white around."""
        return len(self.rows) * self.module

    def get_rectangles(self):
        """Yield what is black as rectangles: left, top, width and height."""
        for down, row in enumerate(self.rows):
            across = 0
            # Of Python's own: runs are what it groups by, Odoo's does not keep them apart.
            for black, run in itertools.groupby(row):  # pylint: disable=bad-builtin-groupby
                length = len(list(run))
                if black:
                    left, top = self.x + across * self.module, self.y + down * self.module
                    yield left, top, length * self.module, self.module
                across += length


def place(label, shape, dpi, code=CODE128):
    """Return the ``Bars`` or the ``Matrix`` of a label, and the list of ``Text``.

    :param LabelData label: what is printed
    :param LabelShape shape: where
    :param int dpi: resolution of the printer, to which the code is aligned
    :param str code: ``CODE128``, ``QR`` or ``GS1``
    :raises LabelError: when the number has no such code, or none that fits on a wing
    """
    mark = _place_code(label, shape, dpi, code)
    return mark, [*_place_left(label, shape, mark), *_place_right(label, shape)]


def encode(text):
    """Return the Code 128 symbols of a number, or of a GS1 element string, from start to stop.

    :raises LabelError: unless it is made of printable ASCII characters, without blanks around
    """
    number = text.removeprefix(FNC1)
    if not number or number != number.strip() or not all(" " <= sign <= "~" for sign in number):
        raise LabelError("signs", number)
    barcode = Code128(text)
    barcode.validate()
    return barcode.encode()


def count_modules(symbols):
    """Return the width of a barcode: eleven modules for each symbol, two more for the stop."""
    return 11 * len(symbols) + 2


def get_gs1_text(label):
    """Return the GS1 element string of a label: the style's GTIN and the number as its serial.

    :raises LabelError: when the style has no GTIN
    """
    if not label.gtin:
        raise LabelError("gtin", label.number)
    return f"{FNC1}01{label.gtin}21{label.number}"


@functools.cache
def get_font(bold):
    """Return the name of a font that reportlab knows."""
    name = _FONTS[bold]
    path = file_path(f"web/static/fonts/google/Roboto/{name}.ttf")
    pdfmetrics.registerFont(TTFont(name, path))
    return name


def find_missing(text, bold=False):
    """Return the signs of a text that the font does not have, each once, in their order.

    It has the letters of Latin, Greek and Cyrillic, and no others.
    """
    glyphs = pdfmetrics.getFont(get_font(bold)).face.charToGlyph
    signs = dict.fromkeys(text)
    return "".join(sign for sign in signs if sign.isprintable() and ord(sign) not in glyphs)


def measure(text, size, bold):
    """Return the width of a text."""
    return pdfmetrics.stringWidth(text, get_font(bold), size)


def _place_code(label, shape, dpi, code):
    if code == QR:
        return _place_matrix(label.number, shape, dpi)
    text = get_gs1_text(label) if code == GS1 else label.number
    return _place_bars(text, label.number, shape, dpi)


def _place_bars(text, number, shape, dpi):
    """Return the widest bars that leave their white on both sides, in the middle of the wing."""
    modules = count_modules(encode(text))
    dot = MM_PER_INCH / dpi
    widest = min(shape.wing_width / (modules + 2 * QUIET_MODULES), MAX_MODULE)
    module = math.floor(widest / dot) * dot
    if module < MIN_MODULE:
        raise LabelError("length", number)
    left = (shape.wing_width - modules * module) / 2
    height = shape.wing_height / 2 - shape.margin
    return Bars(round(left / dot) * dot, shape.margin, height, module, text)


def _place_matrix(number, shape, dpi):
    """Return the largest QR code that leaves its white all round, at the left of the wing."""
    encode(number)  # the same numbers, whatever reads them
    drawing = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    drawing.add_data(number)
    drawing.make(fit=True)
    rows = tuple(map(tuple, drawing.modules))
    dot = MM_PER_INCH / dpi
    module = math.floor(shape.wing_height / (len(rows) + 2 * QR_QUIET_MODULES) / dot) * dot
    if module < MIN_MODULE:
        raise LabelError("length", number)
    corner = round((shape.wing_height - len(rows) * module) / 2 / dot) * dot
    return Matrix(corner, corner, module, rows, number)


def _place_left(label, shape, mark):
    """Place the number, which is never cut, and the style: below bars, beside a QR code."""
    if isinstance(mark, Matrix):
        left, top = mark.x + mark.side + QR_QUIET_MODULES * mark.module, mark.y
        width = shape.wing_width - left - shape.margin
        styles = _wrap(label.style, width, _STYLE_LINES)
    else:
        left, top = shape.margin, mark.y + mark.height + 0.3
        width = shape.wing_width - 2 * shape.margin
        styles = [label.style]
    lines = [(label.number, 2.3, True, 0), *((style, 1.8, False, MIN_TEXT) for style in styles)]
    return _stack(lines, left, top, width)


def _place_right(label, shape):
    """Place price, metal, stones, note and cost from the top, and the mark of a reprint in the
    corner.
    """
    left = shape.right + shape.margin
    width = shape.wing_width - 2 * shape.margin
    mark, taken = [], 0
    if label.reprint:
        taken = measure(REPRINT_MARK, _MARK_SIZE, bold=True)
        x = left + width - taken
        mark = [Text(x, shape.margin, _MARK_SIZE, REPRINT_MARK, bold=True)]
        taken += shape.margin
    # The mark is beside the first line.
    free = width if label.price or label.metal else width - taken
    stones, notes = _choose_words(label, free)
    lines = [
        (label.price, 2.8, True, MIN_TEXT),
        (label.metal, 2.0, False, MIN_TEXT),
        *((line, 2.0, False, MIN_TEXT) for line in stones),
        *((line, 1.7, False, MIN_TEXT) for line in notes),
        (label.cost, _COST_SIZE, False, MIN_TEXT),
    ]
    lines, gap = _shrink(lines, shape.wing_height - shape.margin - _EDGE)
    return [*_stack(lines, left, shape.margin, width, taken, gap), *mark]


def _shrink(lines, height):
    """Return lines (text, size, bold, least size) in letters so small that all have room, and the
    white below each.
    """
    lines = [line for line in lines if line[0]]
    wanted = sum(size - MIN_TEXT for _text, size, _bold, _least in lines)
    if wanted + len(lines) * (MIN_TEXT + _GAP) <= height:
        return lines, _GAP
    share = min((height - len(lines) * (MIN_TEXT + _MIN_GAP)) / wanted, 1)
    shrunk = [(text, MIN_TEXT + (size - MIN_TEXT) * share, *rest) for text, size, *rest in lines]
    return shrunk, _MIN_GAP


def _choose_words(label, width):
    """Return the lines of the main stone and of the others, in the most words that fit.

    :raises LabelError: when not even the fewest do: what a stone is, is never cut
    """
    taken = sum(map(bool, (label.price, label.metal, label.cost)))
    forms = itertools.product((_LINES, _MOST_LINES), _pair(label.stones, label.notes))
    for most, (said, noted) in forms:
        room = most - taken
        stones, notes = _wrap(said, width, room), _wrap(noted, width, room)
        lines = [*stones, *notes]
        if len(lines) <= room and all(_is_whole(line, width) for line in lines):
            return stones, notes
    raise LabelError("room", label.number)


def _pair(stones, notes):
    """Return the forms of stones and notes in pairs, the fullest first: step by step the stones
    are said in fewer words, and the notes.
    """
    pairs = itertools.product(enumerate(stones or ("",)), enumerate(notes or ("",)))
    order = sorted((said + noted, noted, stone, note) for (said, stone), (noted, note) in pairs)
    return [(stone, note) for _steps, _noted, stone, note in order]


def _is_whole(line, width):
    """Tell whether a line can be printed in the smallest letters, and all its signs."""
    return measure(line, MIN_TEXT, bold=False) <= width and not find_missing(line)


def _wrap(text, width, count):
    """Return a text as lines, no more than `count`, broken only where the smallest letters would
    not do; no line of no text.
    """
    if not text:
        return []
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and len(lines) < count and measure(longer, MIN_TEXT, bold=False) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _stack(lines, x, y, width, taken=0, gap=_GAP):
    """Return the texts of lines (text, size, bold, least size) one below the other; of the first
    one's width something may be taken.
    """
    texts = []
    for text, size, bold, least in lines:
        text = _clean(text, bold)
        if text:
            texts.append(_fit(Text(x, y, size, text, bold), width - taken, least))
            y += size + gap
            taken = 0
    return texts


def _clean(text, bold):
    """Return a text on one line, without what cannot be seen or would be an empty box."""
    missing = find_missing(text, bold)
    seen = (sign if sign.isprintable() else " " for sign in text if sign not in missing)
    return " ".join("".join(seen).split())


def _fit(line, width, least):
    """Return a line made smaller, and at last shorter, until it is no wider than it may be."""
    text, size = line.text, line.size
    natural = measure(text, size, line.bold)
    if natural > width:
        size = max(size * width / natural, least)
    while len(text) > 1 and measure(text, size, line.bold) > width + TOLERANCE:
        text = text[:-2].rstrip() + "…"
    return Text(line.x, line.y, size, text, line.bold)
