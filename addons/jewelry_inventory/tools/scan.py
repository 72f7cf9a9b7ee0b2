"""What a scanned code is, where nothing of the store has it: ours, or a label of somebody else.

Pure rules, no database.
"""

import re
from urllib.parse import unquote, urlsplit

from .gs1 import GIAI, RESOLVER, check_digit, to_canonical_link

GTIN = "01"
GTIN_LENGTH = 14
# Lengths in which a trade item's number is written: UPC, EAN-13, ITF-14, and the short EAN-8. The
# short one alone tells nothing: every tenth number of eight digits could be one.
EAN_LENGTHS = (12, 13, 14)
SHORT_LENGTH = 8
# How many digits stand before the company prefix in each key.
LEADING = {"00": 1, GTIN: 1, "414": 0, "8003": 1, GIAI: 0}
# Numbers that every store may give out for itself; others mean nothing by them.
IN_STORE = re.compile(r"0?2|04")
LINK = ("http://", "https://")
# What ends a value of no set length, and how people write element strings.
FNC1 = "\x1d"
PRINTED = re.compile(r"\((\d{2,4})\)([^()]*)")


def is_text(value, longest):
    """Tell whether a value is text that a database keeps, of 1 to `longest` characters."""
    if not isinstance(value, str) or not 0 < len(value) <= longest or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a character
        return False
    return True


def is_amount(value):
    """Tell whether a value is a number that is not negative; not a number is none, either."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def is_link(code):
    """Tell whether a code is an address on the web."""
    return code.lower().startswith(LINK)


def to_element_string(code):
    """Return the element string that a code says in other words: printed with parentheses, as an
    EPC URN or as a Digital Link; else the code.
    """
    if PRINTED.match(code):
        pairs = PRINTED.findall(code)
    else:
        link = to_canonical_link(code)
        if not link.startswith(f"{RESOLVER}/"):
            return code
        steps = urlsplit(link).path.split("/")[1:]
        pairs = zip(steps[::2], map(unquote, steps[1::2]), strict=False)
    return FNC1.join(key + value.strip() for key, value in pairs)


def read_keys(code, parts=()):
    """Return the keys of GS1 in a code, each a pair of application identifier and value.

    :param str code: digits of an EAN, a link, an EPC URN
    :param parts: pairs that the code was taken apart into, for an element string
    :rtype: list
    """
    if code.isascii() and code.isdigit() and _is_ean(code):
        return [(GTIN, code.zfill(GTIN_LENGTH))]
    link = to_canonical_link(code)
    if link.startswith(f"{RESOLVER}/"):
        _start, key, value, *_rest = urlsplit(link).path.split("/")
        return [(key, unquote(value))] if key in LEADING else []
    return [(key, value) for key, value in parts if key in LEADING]


def _is_ean(digits):
    return len(digits) in EAN_LENGTHS and check_digit(digits[:-1]) == digits[-1]


def get_gtins(code, parts=()):
    """Return the trade item's number in a code in each length that a product may have it in."""
    return {
        value[-length:]
        for key, value in read_keys(code, parts)
        for length in (SHORT_LENGTH, *EAN_LENGTHS)
        if key == GTIN and not value[:-length].strip("0")
    }


def get_reference(key, value, prefix):
    """Return what follows the company's prefix in a key, None where it is of another company."""
    issued = value[LEADING[key] :]
    return issued.removeprefix(prefix) if prefix and issued.startswith(prefix) else None


def is_foreign_key(key, value, prefixes):
    """Tell whether a key was given out by somebody else.

    :param prefixes: company prefixes of GS1 that are ours
    """
    if key == GTIN and IN_STORE.match(value[LEADING[key] :]):
        return False
    return all(get_reference(key, value, prefix) is None for prefix in prefixes)


def is_foreign(code, parts, prefixes, base):
    """Tell whether a code, which nothing of ours has, is one that somebody else gave out.

    :param str code: what the scanner read
    :param parts: as of `read_keys`
    :param prefixes: company prefixes of GS1 that are ours
    :param str base: the address of our own web pages
    """
    if keys := read_keys(code, parts):
        return any(is_foreign_key(key, value, prefixes) for key, value in keys)
    return is_link(code) and not code.startswith(base)
