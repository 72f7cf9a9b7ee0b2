"""Labels in ZPL II, the language of Zebra's printers and many others."""

from .label import CODE128, MM_PER_INCH, RAT_TAIL, Matrix, encode, place

# What a printer would take for a command, or for the sign before a hexadecimal code.
_SPECIAL = "^~\\_"

# Code 128 as Zebra's programming guide writes it in the data of ^BC: the start of a set, the
# change to the other, and three signs. Some renderers of ZPL have the change to C wrong.
_START_C = 105
_FNC1 = 102
_TO_B, _TO_C = 100, 99
_SIGNS = {">": ">0", "^": "><", "~": ">="}


def render(label, dpi=203, shape=RAT_TAIL, code=CODE128):
    """Return the ZPL of one label; those of several labels may follow each other.

    :param LabelData label: what is printed
    :param int dpi: resolution of the printer
    :param LabelShape shape: measures of the label
    :param str code: what a scanner reads
    :raises LabelError: when the number has no such code that fits
    """
    mark, texts = place(label, shape, dpi, code)

    def dots(millimetres):
        return round(millimetres * dpi / MM_PER_INCH)

    write = _write_matrix if isinstance(mark, Matrix) else _write_bars
    lines = [
        "^XA",
        "^CI28",  # UTF-8
        f"^PW{dots(shape.width)}^LL{dots(shape.height)}^LH0,0",
        write(mark, dots),
    ]
    for text in texts:
        size = dots(text.size)
        place_and_font = f"^FO{dots(text.x)},{dots(text.y)}^A0N,{size},{size}"
        lines.append(place_and_font + _write_field(text.text))
    return "\n".join(filter(None, [*lines, label.rf_block, "^XZ"])) + "\n"


def _write_bars(bars, dots):
    where = f"^FO{dots(bars.x)},{dots(bars.y)}^BY{dots(bars.module)}"
    field = _write_field(write_barcode(bars.text))
    return f"{where}^BCN,{dots(bars.height)},N,N,N{field}"


def _write_matrix(matrix, dots):
    """Return a QR code as a picture: printers differ in how they draw one of their own."""
    times = dots(matrix.module)
    rows = ["".join(str(int(black)) * times for black in row) for row in matrix.rows]
    count = -(-len(rows[0]) // 8)
    lines = [f"{int(row.ljust(8 * count, '0'), 2):0{2 * count}X}" for row in rows]
    total = count * times * len(rows)
    picture = "".join(line * times for line in lines)
    return f"^FO{dots(matrix.x)},{dots(matrix.y)}^GFA,{total},{total},{count},{picture}^FS"


def escape(text):
    """Return a text as data for ``^FH^FD``: bytes that are not plain ASCII as ``_hh``."""
    return "".join(
        character
        if " " <= character <= "}" and character not in _SPECIAL
        else "".join(f"_{byte:02X}" for byte in character.encode())
        for character in text
    )


def _write_field(data):
    """Return the data of a field, from its start to its end."""
    return f"^FH^FD{escape(data)}^FS"


def write_barcode(number):
    """Return a number as data for ``^BC``, with the changes of set that make it shortest.

    The printer is not left to choose: the width of the bars must be known beforehand.
    """
    start, *symbols = encode(number)[:-2]  # without check symbol and stop: the printer's own
    in_pairs = start == _START_C
    parts = [">;" if in_pairs else ">:"]
    for symbol in symbols:
        if symbol == (_TO_B if in_pairs else _TO_C):
            parts.append(">6" if in_pairs else ">5")
            in_pairs = not in_pairs
        elif symbol == _FNC1:
            parts.append(">8")
        else:
            parts.append(f"{symbol:02d}" if in_pairs else _write_sign(chr(symbol + 32)))
    return "".join(parts)


def _write_sign(character):
    """Return a character of set B as data for ``^BC``."""
    return _SIGNS.get(character, character)
