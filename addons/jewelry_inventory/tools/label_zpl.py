"""Rat-tail labels in ZPL II, the language of Zebra's printers and many others."""

from .label import MM_PER_INCH, RAT_TAIL, encode, place

# What a printer would take for a command, or for the sign before a hexadecimal code.
_SPECIAL = "^~\\_"

# Code 128 as Zebra's programming guide writes it in the data of ^BC: the start of a set, the
# change to the other, and three signs. Some renderers of ZPL have the change to C wrong.
_START_C = 105
_TO_B, _TO_C = 100, 99
_SIGNS = {">": ">0", "^": "><", "~": ">="}


def render(label, dpi=203, shape=RAT_TAIL, rf_block=""):
    """Return the ZPL of one label; those of several labels may follow each other.

    :param LabelData label: what is printed
    :param int dpi: resolution of the printer
    :param RatTail shape: measures of the label
    :param str rf_block: further commands, such as those that write a chip
    :raises LabelError: when the number has no barcode that fits
    """
    bars, texts = place(label, shape, dpi)

    def dots(millimetres):
        return round(millimetres * dpi / MM_PER_INCH)

    lines = [
        "^XA",
        "^CI28",  # UTF-8
        f"^PW{dots(shape.width)}^LL{dots(shape.height)}^LH0,0",
        f"^FO{dots(bars.x)},{dots(bars.y)}^BY{dots(bars.module)}^BCN,{dots(bars.height)},N,N,N"
        + _write_field(write_barcode(bars.text)),
    ]
    for text in texts:
        size = dots(text.size)
        place_and_font = f"^FO{dots(text.x)},{dots(text.y)}^A0N,{size},{size}"
        lines.append(place_and_font + _write_field(text.text))
    return "\n".join(filter(None, [*lines, rf_block, "^XZ"])) + "\n"


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
        else:
            parts.append(f"{symbol:02d}" if in_pairs else _write_sign(chr(symbol + 32)))
    return "".join(parts)


def _write_sign(character):
    """Return a character of set B as data for ``^BC``."""
    return _SIGNS.get(character, character)
