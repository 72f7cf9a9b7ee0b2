#!/usr/bin/env python3
"""Numbers on chips: the Electronic Product Codes of GS1 (Tag Data Standard 2.3), and our own.

Pure rules of the Python standard library, and a program of their own::

    python epc.py decode 3066C4409047E140075BCD15
    python epc.py encode urn:epc:tag:giai-96:3.9521141.5678

prints one JSON object a line. So this file imports nothing of its neighbours, not even the check
digit: chips can be read where no Odoo is.

What is accepted. Hexadecimal text has no standard of its own: capitals, small letters and blanks
between digits are all read, and zeros that readers add behind a code are dropped. URIs are taken
exactly as the standard writes them: no blanks, letters as they are, escapes only for the signs
that need one. A value that a scheme cannot hold is refused, never cut or changed.

Numbers of our own, for a store without a company prefix of GS1, have 96 bits: "JW", the store (32
bits), the number (32 bits) and a check of both (the CRC-16 of Gen2). No code of GS1 begins with
4A, and the toggle bit of the PC word says that it is none.
"""

import argparse
import json
import re
import sys
from binascii import crc_hqx
from datetime import date
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

RESOLVER = "https://id.gs1.org"
OWN = "own"

# Table 14-1 of the standard: all headers, also those that there is no codec for.
HEADERS = {
    0x2C: "GDTI-96",
    0x2D: "GSRN-96",
    0x2E: "GSRNP-96",
    0x2F: "USDOD-96",
    0x30: "SGTIN-96",
    0x31: "SSCC-96",
    0x32: "SGLN-96",
    0x33: "GRAI-96",
    0x34: "GIAI-96",
    0x35: "GID-96",
    0x36: "SGTIN-198",
    0x37: "GRAI-170",
    0x38: "GIAI-202",
    0x39: "SGLN-195",
    0x3A: "GDTI-113",
    0x3B: "ADI-var",
    0x3C: "CPI-96",
    0x3D: "CPI-var",
    0x3E: "GDTI-174",
    0x3F: "SGCN-96",
    0x40: "ITIP-110",
    0x41: "ITIP-212",
    0xE6: "CPI++",
    0xE7: "GSRN++",
    0xE8: "GSRNP++",
    0xE9: "SGLN++",
    0xEA: "GDTI++",
    0xEB: "GRAI++",
    0xEC: "SGCN++",
    0xED: "ITIP++",
    0xEE: "GIAI++",
    0xEF: "SSCC++",
    0xF0: "CPI+",
    0xF1: "GRAI+",
    0xF2: "SGLN+",
    0xF3: "ITIP+",
    0xF4: "GSRN+",
    0xF5: "GSRNP+",
    0xF6: "GDTI+",
    0xF7: "SGTIN+",
    0xF8: "SGCN+",
    0xF9: "SSCC+",
    0xFA: "GIAI+",
    0xFB: "DSGTIN+",
    0xFC: "DSGTIN++",
    0xFD: "SGTIN++",
}
UNPROGRAMMED, TID_HEADER = 0x00, 0xE2

# Bits of a company prefix by partition; it has 12 digits less the partition.
PREFIX_BITS = (40, 37, 34, 30, 27, 24, 20)
MOST_PREFIX, LEAST_PREFIX = 12, 6
MOST_FILTER = 7
# Header, filter and partition.
START_BITS = 14
DIGIT_BITS, SIGN_BITS = 4, 7
# Memory of Gen2 comes in words; the PC word counts them with five bits.
WORD_BITS, WORD_DIGITS, MOST_WORDS = 16, 4, 31
# Bit 17h of the PC word. Where it is set, an application family (AFI) stands in the last eight
# bits: none is claimed, for these chips mean nothing to anybody else.
TOGGLE = 0x0100

# The signs that GS1 allows in a serial number, and those that a URI of EPC escapes.
SIGNS = frozenset(
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
)
_ESCAPES = str.maketrans({sign: f"%{ord(sign):02X}" for sign in '"%&/<>?'})
# A link escapes more, as the links of the trunk do.
_LINK_SAFE = "'"
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_BLANKS = re.compile(r"\s+")
_HEX = re.compile("[0-9A-Fa-f]+")
_DIGITS = re.compile("[0-9]+")

# How a '+' scheme writes text, by its encoding indicator; the first that is shortest is taken.
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_CODE40 = "\0ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789"
INTEGER, UPPER_HEX, LOWER_HEX, BASE64, ASCII, CODE40 = range(6)
_ALPHABETS = {UPPER_HEX: "0123456789ABCDEF", LOWER_HEX: "0123456789abcdef", BASE64: _BASE64}
_ALPHABET_BITS = {UPPER_HEX: 4, LOWER_HEX: 4, BASE64: 6}
_INDICATOR_BITS, _LENGTH_BITS = 3, 5
# What ends the leading digits of a GIAI+: text that follows, or nothing.
_DELIMITER, _TERMINATOR = 14, 15

# Kinds of date on a DSGTIN+, as application identifiers, and the bits of year, month and day.
DATE_KINDS = ("11", "13", "15", "16", "17", "7006", "7007")
_DATE_BITS = (7, 4, 5)

_OWN_MAGIC = 0x4A57
_OWN_BITS, _OWN_FIELD = 96, 32
_OWN_TEXT = re.compile(r"own:([0-9A-F]{8})\.(0|[1-9][0-9]*)")


class EpcError(ValueError):
    """A code that is none, or a value that a chip cannot hold; the message says what to do."""


class Key(NamedTuple):
    """How a key of GS1 is written in an element string, a link and a URI."""

    identifier: str
    #: Digits of the key with its check digit; 0 where it is text and has none.
    digits: int
    #: How many digits stand before the company prefix.
    lead: int
    #: Whether the leading digit is part of the reference in a URI; a filler is not.
    has_indicator: bool
    #: Application identifier of the serial number; "" where it follows the key, or is none.
    serial_identifier: str
    most_serial: int

    @property
    def reference_digits(self):
        """Digits of company prefix and reference together in a URI."""
        return self.digits - 1 - (self.lead if not self.has_indicator else 0)


KEYS = {
    "sgtin": Key("01", 14, 1, True, "21", 20),
    "dsgtin": Key("01", 14, 1, True, "21", 20),
    "sscc": Key("00", 18, 1, True, "", 0),
    "sgln": Key("414", 13, 0, False, "254", 20),
    "grai": Key("8003", 14, 1, False, "", 16),
    "giai": Key("8004", 0, 0, False, "", 0),
}
MOST_GIAI = 30
# The shortest company prefix, and something behind it.
_GIAI_START = re.compile("[0-9]{4}.")
# The extension of a place that has none.
NO_EXTENSION = "0"


class Split(NamedTuple):
    """How one partition divides the bits of a key, and its digits, in two."""

    prefix_bits: int
    reference_bits: int
    prefix_digits: int
    reference_digits: int


class Scheme(NamedTuple):
    """How one header lays a key out on a chip."""

    name: str
    header: int
    kind: str
    #: All bits of a code, and those of its serial number; 0 where the value decides.
    bits: int = 0
    serial_bits: int = 0
    #: Whether the serial number, or the reference of an asset, is text.
    is_text: bool = False

    @property
    def key(self):
        """How the key of this scheme is written."""
        return KEYS[self.kind]

    @property
    def has_partition(self):
        """Whether a code tells company prefix and reference apart."""
        return bool(self.bits)

    @property
    def words(self):
        """Hexadecimal digits of a code in whole words."""
        return -(-self.bits // WORD_BITS) * WORD_DIGITS

    def split(self, partition):
        """Return how a partition divides the key."""
        prefix, digits = PREFIX_BITS[partition], MOST_PREFIX - partition
        key_bits = {"sscc": 58, "sgln": 41, "giai": self.bits - START_BITS}.get(self.kind, 44)
        return Split(prefix, key_bits - prefix, digits, self.key.reference_digits - digits)


SCHEMES = {
    scheme.name: scheme
    for scheme in (
        Scheme("SGTIN-96", 0x30, "sgtin", 96, 38),
        Scheme("SGTIN-198", 0x36, "sgtin", 198, 140, is_text=True),
        Scheme("SSCC-96", 0x31, "sscc", 96),
        Scheme("SGLN-96", 0x32, "sgln", 96, 41),
        Scheme("SGLN-195", 0x39, "sgln", 195, 140, is_text=True),
        Scheme("GRAI-96", 0x33, "grai", 96, 38),
        Scheme("GRAI-170", 0x37, "grai", 170, 112, is_text=True),
        Scheme("GIAI-96", 0x34, "giai", 96),
        Scheme("GIAI-202", 0x38, "giai", 202, is_text=True),
        Scheme("SGTIN+", 0xF7, "sgtin"),
        Scheme("DSGTIN+", 0xFB, "dsgtin"),
        Scheme("SSCC+", 0xF9, "sscc"),
        Scheme("SGLN+", 0xF2, "sgln"),
        Scheme("GRAI+", 0xF1, "grai"),
        Scheme("GIAI+", 0xFA, "giai"),
    )
}
_BY_HEADER = {scheme.header: scheme for scheme in SCHEMES.values()}
_BY_TAG = {scheme.name.lower(): scheme for scheme in SCHEMES.values() if scheme.has_partition}
# Worked out once: a store reads thousands of chips a second.
_SPLITS = {
    scheme.name: tuple(map(scheme.split, range(len(PREFIX_BITS))))
    for scheme in SCHEMES.values()
    if scheme.has_partition
}


class Epc(NamedTuple):
    """What a chip says."""

    scheme: str
    filter: int | None
    #: The key of GS1, check digit included; of an asset (GIAI) the whole text; of one of our own
    #: numbers the number.
    key: str
    #: Serial number, or the extension of a place.
    serial: str = ""
    #: Digits of the company prefix; 0 where the chip does not tell.
    prefix_length: int = 0
    #: Application identifier and YYMMDD of the date on a DSGTIN+.
    dated: tuple = ()
    #: The store of one of our own numbers, eight hexadecimal digits.
    store: str = ""
    #: Whether more data follow on the chip.
    has_data: bool = False

    @property
    def kind(self):
        """Which key of GS1 it is, in lower case; "own" for our own numbers."""
        return OWN if self.scheme == OWN else SCHEMES[self.scheme].kind

    @property
    def parts(self):
        """What stands between the dots of a URI, or None where nobody can tell it apart."""
        if not self.prefix_length:
            return None
        parts = split_key(self.kind, self.key, self.prefix_length)
        if self.kind == "giai":
            return parts[0], escape(parts[1])
        return (*parts, escape(self.serial)) if self.serial else parts

    @property
    def uri(self):
        """The pure identity URI, or None."""
        return self.parts and f"urn:epc:id:{self.kind}:{'.'.join(self.parts)}"

    @property
    def tag_uri(self):
        """The tag URI, or None: a '+' scheme has none."""
        if not self.parts:
            return None
        return f"urn:epc:tag:{self.scheme.lower()}:{self.filter}.{'.'.join(self.parts)}"

    @property
    def elements(self):
        """Pairs of application identifier and value, without the date."""
        if self.scheme == OWN:
            return []
        key = KEYS[self.kind]
        if not key.serial_identifier:
            return [(key.identifier, self.key + self.serial)]
        is_bare = self.kind == "sgln" and self.serial == NO_EXTENSION
        serial = [] if is_bare else [(key.serial_identifier, self.serial)]
        return [(key.identifier, self.key), *serial]

    @property
    def element_string(self):
        """The element string as people write it, with parentheses, or None."""
        pairs = [*self.elements, self.dated] if self.dated else self.elements
        return "".join(f"({name}){value}" for name, value in pairs) or None

    @property
    def digital_link(self):
        """The canonical link, or None."""
        steps = "".join(f"/{name}/{quote(value, safe=_LINK_SAFE)}" for name, value in self.elements)
        query = "?{}={}".format(*self.dated) if self.dated else ""
        return f"{RESOLVER}{steps}{query}" if steps else None

    @property
    def own_text(self):
        """What `parse` reads one of our own numbers from, or None."""
        return f"{OWN}:{self.store}.{self.key}" if self.scheme == OWN else None


# === KEYS === #


def check_digit(digits):
    """Return the check digit of GS1 that follows `digits`."""
    codes = digits.encode()
    tripled, single = codes[::-2], codes[-2::-2]
    # 48 is the code of "0".
    total = 3 * sum(tripled) + sum(single) - 48 * (3 * len(tripled) + len(single))
    return "0123456789"[-total % 10]


def join_key(kind, prefix, reference):
    """Return the key that company prefix and reference of a URI make."""
    if kind == "giai":
        return prefix + reference
    if kind == "sgln":
        digits = prefix + reference
    elif kind == "grai":
        digits = f"0{prefix}{reference}"
    else:
        digits = reference[0] + prefix + reference[1:]
    return digits + check_digit(digits)


def split_key(kind, key, prefix_length):
    """Return company prefix and reference of a key, as a URI has them."""
    lead, end = KEYS[kind].lead, -1 if KEYS[kind].digits else None
    prefix, rest = key[lead : lead + prefix_length], key[lead + prefix_length : end]
    return prefix, (key[:lead] + rest if KEYS[kind].has_indicator else rest)


def check_key(kind, key):
    """Refuse what is no key.

    :raises EpcError: saying what is wrong with it
    """
    length, name = KEYS[kind].digits, KEYS[kind].identifier
    if kind == "giai":
        if not _GIAI_START.match(key) or not SIGNS.issuperset(key) or len(key) > MOST_GIAI:
            raise EpcError(
                f"{key!r} is no number of an asset (8004): up to {MOST_GIAI} signs, and digits "
                "first, those of the company."
            )
    elif len(key) != length or not (key.isascii() and key.isdigit()):
        raise EpcError(f"{key!r} is no key ({name}): that has {length} digits.")
    elif check_digit(key[:-1]) != key[-1]:
        raise EpcError(f"The check digit of ({name}) {key} is wrong. Compare it with the original.")
    elif kind == "grai" and key[0] != "0":
        raise EpcError(f"The number of an asset (8003) begins with 0, {key} does not.")


def escape(text):
    """Return a value as a URI of EPC writes it."""
    return text.translate(_ESCAPES)


def _unescape(text):
    """Return a value that a URI has.

    :raises EpcError: for signs that the standard does not allow, or escapes otherwise
    """
    value = _ESCAPE.sub(lambda found: chr(int(found[0][1:], 16)), text)
    if escape(value) != _ESCAPE.sub(lambda found: found[0].upper(), text):
        raise EpcError(f"{text!r} is not written as a URI has it: {escape(value)!r} would be.")
    return value


# === HEXADECIMAL === #


def clean_hex(text):
    """Return hexadecimal digits in capitals, without blanks.

    :raises EpcError: for anything else
    """
    digits = _BLANKS.sub("", text) if isinstance(text, str) else ""
    if not _HEX.fullmatch(digits):
        raise EpcError(f"{text!r} is not hexadecimal. Enter the digits 0-9 and A-F of the chip.")
    return digits.upper()


def normalize(text):
    """Return hexadecimal digits of a code in capitals, without blanks and without the zeros that
    readers add. What is no code known here keeps all its digits.

    :raises EpcError: for what is not hexadecimal
    """
    digits = clean_hex(text)
    try:
        _code, used = _decode(digits)
    except EpcError:
        return digits
    return digits[:used]


def pad(text):
    """Return hexadecimal digits of a code in whole words, as a chip holds them.

    :raises EpcError: for what is not hexadecimal, or longer than a chip can say
    """
    digits = clean_hex(text)
    words = -(-len(digits) // WORD_DIGITS)
    if words > MOST_WORDS:
        raise EpcError(f"A chip holds {MOST_WORDS} words at most, here are {words}.")
    return digits.ljust(words * WORD_DIGITS, "0")


def get_pc(text):
    """Return the PC word of a code, four hexadecimal digits: how many words it has, and whether
    it is one of GS1.
    """
    digits = pad(text)
    toggle = 0 if int(digits[:2], 16) in HEADERS else TOGGLE
    return f"{len(digits) // WORD_DIGITS << 11 | toggle:04X}"


def is_known(text):
    """Tell whether hexadecimal digits begin as something that is read here, or refused by its
    name: a blank chip, or the number of a chip itself. Other codes mean nothing here.
    """
    digits = clean_hex(text)
    header = int(digits[:2], 16)
    is_own = digits.startswith(f"{_OWN_MAGIC:04X}")
    return is_own or header in _BY_HEADER or header in (UNPROGRAMMED, TID_HEADER)


def is_code(text):
    """Tell whether hexadecimal digits are a whole code of a scheme that is read here."""
    try:
        decode(text)
    except EpcError:
        return False
    return True


# === READING === #


def decode(text):
    """Return what a code in hexadecimal says.

    :param str text: as a reader shows it, with or without zeros behind it
    :rtype: Epc
    :raises EpcError: for what is no code of a scheme that is read here
    """
    is_clean = isinstance(text, str) and _HEX.fullmatch(text)
    return _decode(text if is_clean else clean_hex(text))[0]


def _decode(digits):
    """Return what a code says and how many of its digits are the code."""
    value, length = int(digits, 16), DIGIT_BITS * len(digits)
    scheme = _BY_HEADER.get(value >> length - 8) if length > DIGIT_BITS else None
    if scheme is None:
        return _decode_own(value, length)
    if scheme.bits:
        code = _decode_partition(scheme, _cut(scheme.name, scheme.bits, value, length))
        return code, scheme.words
    return _decode_plus(scheme, _Bits(value, length))


def _cut(name, bits, value, length):
    """Return the bits of a code alone; only zeros may follow.

    :raises EpcError: for others, or for fewer bits than the code has
    """
    extra = length - bits
    if extra < 0:
        raise EpcError(f"{name} has {bits} bits, here are {length}. Read the whole chip again.")
    if extra and value & (1 << extra) - 1:
        raise EpcError(f"More than the {bits} bits of {name} are here. Read one chip at a time.")
    return value >> extra


def _decode_partition(scheme, value):
    """Read a code that tells company prefix and reference apart."""
    at = scheme.bits - START_BITS
    partition = value >> at & 7
    if partition == 7:
        raise EpcError(f"Partition 7 of {scheme.name} has no meaning. Write the chip again.")
    prefix_bits, reference_bits, prefix_digits, reference_digits = _SPLITS[scheme.name][partition]
    prefix = f"{value >> at - prefix_bits & (1 << prefix_bits) - 1:0{prefix_digits}d}"
    at -= prefix_bits + reference_bits
    reference = value >> at & (1 << reference_bits) - 1
    rest = value & (1 << at) - 1
    if scheme.kind == "giai":
        reference = _read_asset(scheme, reference, reference_bits, prefix_digits)
    else:
        reference = f"{reference:0{reference_digits}d}" if reference_digits or reference else ""
        if len(reference) > reference_digits:
            raise EpcError(f"The reference in this {scheme.name} is too large: {reference}.")
    if len(prefix) > prefix_digits:
        raise EpcError(f"The company prefix in this {scheme.name} is too large: {prefix}.")
    serial = _read_serial(scheme, rest, at)
    key = join_key(scheme.kind, prefix, reference)
    return Epc(scheme.name, value >> scheme.bits - 11 & 7, key, serial, prefix_digits)


def _read_asset(scheme, reference, bits, prefix_digits):
    if scheme.is_text:
        return _read_text(scheme, reference, bits, MOST_GIAI - prefix_digits)
    return str(reference)


def _read_serial(scheme, rest, bits):
    """Return the serial number that the last bits of a code are."""
    if scheme.is_text and scheme.serial_bits:
        return _read_text(scheme, rest, bits, scheme.key.most_serial)
    if scheme.serial_bits:
        return str(rest)
    if rest:
        raise EpcError(f"{scheme.name} ends with zeros, which are not here. Read the chip again.")
    return ""


def _read_text(scheme, value, bits, most):
    """Return text of seven bits a sign, which zeros follow."""
    signs = []
    for place in range(most):
        code = value >> bits - SIGN_BITS * (place + 1) & 127
        if not code:
            break
        signs.append(chr(code))
    text = "".join(signs)
    if not text or not SIGNS.issuperset(text):
        raise EpcError(f"The text in this {scheme.name} is none: {text!r}. Write the chip again.")
    if value & (1 << bits - SIGN_BITS * len(text)) - 1:
        raise EpcError(f"Something follows the text in this {scheme.name}. Write the chip again.")
    return text


def _decode_own(value, length):
    """Read one of our own numbers, or say what it is instead."""
    if value >> max(length - 16, 0) != _OWN_MAGIC:
        raise EpcError(_describe_header(value >> max(length - 8, 0)))
    value = _cut("A number of a store", _OWN_BITS, value, length)
    body = value >> 16
    if _check_own(body) != value & 0xFFFF:
        raise EpcError("The check of this store's number is wrong. Read the chip again.")
    store, number = body >> _OWN_FIELD & 0xFFFFFFFF, body & 0xFFFFFFFF
    return Epc(OWN, None, str(number), store=f"{store:08X}"), _OWN_BITS // DIGIT_BITS


def _check_own(body):
    return crc_hqx(body.to_bytes(10, "big"), 0xFFFF) ^ 0xFFFF


def _describe_header(header):
    if header == UNPROGRAMMED:
        return "This chip is blank. Write a number to it first."
    if name := HEADERS.get(header):
        return f"This is a {name}, and what it says is not read here."
    hint = ": it may be the number of the chip itself (TID)" if header == TID_HEADER else ""
    return f"No code of GS1 begins with {header:02X}{hint}."


class _Bits:
    """Bits that are taken from the front."""

    def __init__(self, value, length):
        self.value, self.length, self.left = value, length, length

    def take(self, count):
        self.left -= count
        if self.left < 0:
            raise EpcError("The code ends too early. Read the whole chip again.")
        return self.value >> self.left & (1 << count) - 1

    def take_digit(self):
        return self.take(DIGIT_BITS)

    def take_digits(self, count):
        digits = f"{self.take(DIGIT_BITS * count):0{count}X}"
        if not digits.isdigit():
            raise EpcError(f"{digits} is not made of digits alone. Write the chip again.")
        return digits

    def take_text(self, most):
        """Take text, however it is encoded."""
        indicator, count = self.take(_INDICATOR_BITS), self.take(_LENGTH_BITS)
        if indicator not in _READERS or not 0 < count <= most:
            raise EpcError("The text on this chip has no encoding known. Write the chip again.")
        text = _READERS[indicator](self, count)
        if len(text) != count or not SIGNS.issuperset(text):
            raise EpcError(f"The text on this chip is none: {text!r}. Write the chip again.")
        return text

    def take_integer(self, count):
        return f"{self.take(_count_integer_bits(count)):0{count}d}"

    def take_ascii(self, count):
        return "".join(chr(self.take(SIGN_BITS)) for _place in range(count))

    def take_code40(self, count):
        """Take three signs for each word."""
        signs = []
        for _word in range(-(-count // 3)):
            word = self.take(WORD_BITS) - 1
            if not 0 <= word < 64_000:
                return ""
            signs += [_CODE40[word // 1600], _CODE40[word // 40 % 40], _CODE40[word % 40]]
        return "".join(signs[:count]) if not "".join(signs[count:]).strip("\0") else ""


def _take_letters(indicator):
    """Return the reader of an encoding with so many bits for each sign of an alphabet."""
    alphabet, bits = _ALPHABETS[indicator], _ALPHABET_BITS[indicator]
    return lambda source, count: "".join(alphabet[source.take(bits)] for _place in range(count))


_READERS = {
    INTEGER: _Bits.take_integer,
    UPPER_HEX: _take_letters(UPPER_HEX),
    LOWER_HEX: _take_letters(LOWER_HEX),
    BASE64: _take_letters(BASE64),
    ASCII: _Bits.take_ascii,
    CODE40: _Bits.take_code40,
}


def _count_integer_bits(count):
    return (10**count - 1).bit_length()


def _decode_plus(scheme, source):
    """Read a code of a '+' scheme, which has the key as it is written."""
    source.take(8)
    has_data, filter_value = bool(source.take(1)), source.take(3)
    dated = _take_date(source) if scheme.kind == "dsgtin" else ()
    key = source.take_digits(scheme.key.digits) if scheme.key.digits else _take_giai(source)
    check_key(scheme.kind, key)
    serial = source.take_text(scheme.key.most_serial) if scheme.key.most_serial else ""
    used = -(-(source.length - source.left) // DIGIT_BITS)
    if not has_data and source.take(source.left):
        raise EpcError(f"More than one {scheme.name} is here. Read one chip at a time.")
    code = Epc(scheme.name, filter_value, key, serial, dated=dated, has_data=has_data)
    return code, source.length // DIGIT_BITS if has_data else used


def _take_date(source):
    kind = source.take(4)
    if kind >= len(DATE_KINDS):
        raise EpcError(f"The date on this chip is of a kind unknown: {kind}.")
    text = "".join(f"{source.take(bits):02d}" for bits in _DATE_BITS)
    check_date(text)
    return DATE_KINDS[kind], text


def check_date(text):
    """Refuse what is no date of GS1: YYMMDD, where day 00 is the last of the month.

    :raises EpcError: saying so
    """
    try:
        if not re.fullmatch("[0-9]{6}", text):
            raise ValueError
        date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]) or 1)
    except ValueError as error:
        raise EpcError(f"{text!r} is no date. Enter year, month and day: YYMMDD.") from error


def _take_giai(source):
    digits = []
    while (digit := source.take_digit()) < 10:
        digits.append(str(digit))
    key = "".join(digits)
    if digit == _TERMINATOR:
        return key
    if digit != _DELIMITER:
        raise EpcError("The number of the asset on this chip is none. Write the chip again.")
    return key + source.take_text(MOST_GIAI)


# === WRITING === #


def encode(code):
    """Return a code in hexadecimal, in capitals; `pad` fills it to whole words.

    :param Epc code: as of `parse`, `decode` or made by hand
    :raises EpcError: for a value that the scheme cannot hold
    """
    if code.scheme == OWN:
        return _encode_own(code)
    scheme = SCHEMES.get(code.scheme)
    if scheme is None:
        raise EpcError(f"There is no scheme {code.scheme!r} to write. Use {', '.join(SCHEMES)}.")
    if code.filter not in range(MOST_FILTER + 1):
        raise EpcError(f"A filter is a number from 0 to {MOST_FILTER}, not {code.filter!r}.")
    if code.has_data:
        raise EpcError("What follows the code on this chip would be lost. Keep the chip as it is.")
    check_key(scheme.kind, code.key)
    return _encode_partition(scheme, code) if scheme.bits else _encode_plus(scheme, code)


def make_own(store, number):
    """Return one of our own numbers.

    :param str store: eight hexadecimal digits that stand for the store
    :param int number: a number that the store has not used yet
    """
    return Epc(OWN, None, str(number), store=store)


def _encode_own(code):
    found = _OWN_TEXT.fullmatch(code.own_text)
    if not found or int(code.key) >= 1 << _OWN_FIELD:
        raise EpcError(
            f"{code.own_text!r} is no number of a store. Use eight hexadecimal digits for the "
            "store and a number below 4,294,967,296."
        )
    body = (_OWN_MAGIC << _OWN_FIELD | int(code.store, 16)) << _OWN_FIELD | int(code.key)
    return f"{body << 16 | _check_own(body):0{_OWN_BITS // DIGIT_BITS}X}"


def _encode_partition(scheme, code):
    """Write a code that tells company prefix and reference apart."""
    partition = MOST_PREFIX - code.prefix_length
    if not 0 <= partition < len(PREFIX_BITS):
        raise EpcError(
            f"{scheme.name} needs to know how many digits the company prefix has: from "
            f"{LEAST_PREFIX} to {MOST_PREFIX}, as its owner got it from GS1."
        )
    split = _SPLITS[scheme.name][partition]
    prefix, reference = split_key(scheme.kind, code.key, code.prefix_length)
    if not (len(prefix) == split.prefix_digits and prefix.isdigit()):
        raise EpcError(f"{code.key} does not begin with a company prefix of {split[2]} digits.")
    start = (scheme.header << 3 | code.filter) << 3 | partition
    value = start << split.prefix_bits | int(prefix)
    if scheme.kind == "giai":
        asset = _write_value(scheme, reference, split.reference_bits, MOST_GIAI)
        value = value << split.reference_bits | asset
    else:
        value = value << split.reference_bits | int(reference or 0)
        value = value << scheme.serial_bits | _write_serial(scheme, code.serial)
        value <<= scheme.bits - START_BITS - sum(split[:2]) - scheme.serial_bits
    return f"{value << 4 * scheme.words - scheme.bits:0{scheme.words}X}"


def _write_serial(scheme, serial):
    if not scheme.serial_bits:
        if serial:
            raise EpcError(f"{scheme.name} has no serial number: leave {serial!r} out.")
        return 0
    return _write_value(scheme, serial, scheme.serial_bits, scheme.key.most_serial)


def _write_value(scheme, text, bits, most):
    """Return text, or a number, as an integer of so many bits."""
    if not scheme.is_text:
        return _write_number(scheme, text, bits)
    if not 0 < len(text) <= min(most, bits // SIGN_BITS) or not SIGNS.issuperset(text):
        raise EpcError(f"{scheme.name} cannot hold {text!r}: up to {most} signs that GS1 allows.")
    value = 0
    for sign in text:
        value = value << SIGN_BITS | ord(sign)
    return value << bits - SIGN_BITS * len(text)


def _write_number(scheme, text, bits):
    if not (text.isascii() and text.isdigit()):
        problem = "is not made of digits"
    elif text[0] == "0" and text != "0":
        problem = "begins with a zero, which would be lost"
    elif int(text) >> bits:
        problem = f"is larger than {(1 << bits) - 1}"
    else:
        return int(text)
    longer = next(
        other.name for other in SCHEMES.values() if other.is_text and other.kind == scheme.kind
    )
    raise EpcError(f"{scheme.name} cannot hold {text!r}: it {problem}. Use {longer}.")


class _Row:
    """Bits that are put one behind the other."""

    def __init__(self):
        self.value, self.length = 0, 0

    def put(self, value, bits):
        self.value = self.value << bits | value
        self.length += bits

    def put_digits(self, digits):
        self.put(int(digits, 16), DIGIT_BITS * len(digits))

    def put_text(self, text, most):
        """Put text in the encoding that is shortest."""
        if not 0 < len(text) <= most or not SIGNS.issuperset(text):
            raise EpcError(f"A chip cannot hold {text!r}: up to {most} signs that GS1 allows.")
        indicator, value, bits = min(_get_encodings(text), key=lambda encoding: encoding[2])
        self.put(indicator, _INDICATOR_BITS)
        self.put(len(text), _LENGTH_BITS)
        self.put(value, bits)

    def to_hex(self):
        """Return all bits in hexadecimal, the last digit filled with zeros."""
        digits = -(-self.length // DIGIT_BITS)
        return f"{self.value << DIGIT_BITS * digits - self.length:0{digits}X}"


def _get_encodings(text):
    """Yield (indicator, value, bits) for each way in which a '+' scheme writes text."""
    if _DIGITS.fullmatch(text):
        yield INTEGER, int(text), _count_integer_bits(len(text))
    for indicator, alphabet in _ALPHABETS.items():
        if set(text) <= set(alphabet):
            bits = _ALPHABET_BITS[indicator]
            yield indicator, _join(map(alphabet.index, text), bits), bits * len(text)
    yield ASCII, _join(map(ord, text), SIGN_BITS), SIGN_BITS * len(text)
    if set(text) <= set(_CODE40):
        padded = text.ljust(-(-len(text) // 3) * 3, "\0")
        codes = [_CODE40.index(sign) for sign in padded]
        words = [
            1600 * first + 40 * second + third + 1
            for first, second, third in zip(codes[::3], codes[1::3], codes[2::3], strict=True)
        ]
        yield CODE40, _join(words, WORD_BITS), WORD_BITS * len(words)


def _join(values, bits):
    row = _Row()
    for value in values:
        row.put(value, bits)
    return row.value


def _encode_plus(scheme, code):
    """Write a code of a '+' scheme."""
    row = _Row()
    row.put(scheme.header, 8)
    row.put(code.filter, 4)  # below the bit that announces more data
    if scheme.kind == "dsgtin":
        _put_date(row, code.dated)
    if scheme.key.digits:
        row.put_digits(code.key)
    else:
        _put_giai(row, code.key)
    if scheme.key.most_serial:
        row.put_text(code.serial, scheme.key.most_serial)
    elif code.serial:
        raise EpcError(f"{scheme.name} has no serial number: leave {code.serial!r} out.")
    return row.to_hex()


def _put_date(row, dated):
    if len(dated) != 2 or dated[0] not in DATE_KINDS:
        raise EpcError(f"DSGTIN+ needs one date: {', '.join(DATE_KINDS)}.")
    check_date(dated[1])
    row.put(DATE_KINDS.index(dated[0]), 4)
    for place, bits in enumerate(_DATE_BITS):
        row.put(int(dated[1][2 * place : 2 * place + 2]), bits)


def _put_giai(row, key):
    digits = _DIGITS.match(key)[0]
    row.put_digits(digits)
    if text := key[len(digits) :]:
        row.put(_DELIMITER, DIGIT_BITS)
        row.put_text(text, MOST_GIAI)
    else:
        row.put(_TERMINATOR, DIGIT_BITS)


# === TEXT === #

_LINK = re.compile(
    r"(?:/[^/]+)*?/(?P<key>00|01|414|8003|8004)/(?P<value>[^/]+)(?P<rest>(?:/[^/]+)*)"
)
_ELEMENTS = re.compile(
    r"\((?:(?P<plain>00)\)(?P<sscc>\d{18})"
    r"|(?P<item>01)\)(?P<gtin>\d{14})\(21\)(?P<serial>.+?)(?P<date>\((?:1[13567]|700[67])\)\d{6})?"
    r"|(?P<place>414)\)(?P<gln>\d{13})(?:\(254\)(?P<extension>.+))?"
    r"|(?P<asset>8003|8004)\)(?P<number>.+))",
    re.ASCII,
)


def parse(text, *, scheme=None, filter_value=0, prefix_length=0):
    """Return what a URI, an element string or a Digital Link says, as a scheme writes it.

    :param str text: a tag URI, which says all; or a pure identity URI, an element string as
        people write it, a Digital Link of any domain, or one of our own numbers (own:STORE.NUMBER)
    :param str scheme: name of the scheme; without it the shortest that holds the value, or a '+'
        scheme where nobody tells how many digits the company prefix has
    :param int filter_value: what kind of thing the chip is on, where the text does not tell
    :param int prefix_length: digits of the company prefix, where the text does not tell
    :rtype: Epc
    :raises EpcError: for anything else
    """
    if text.startswith("urn:epc:tag:"):
        return _parse_tag_uri(text)
    if found := _OWN_TEXT.fullmatch(text):
        return make_own(found[1], int(found[2]))
    if text.startswith("urn:epc:id:"):
        kind, key, serial, prefix_length = _parse_parts(*_cut_uri(text, 3))
        dated = ()
    elif text.startswith("("):
        kind, key, serial, dated = _parse_elements(text)
    elif text.startswith(("http://", "https://")):
        kind, key, serial, dated = _parse_link(text)
    else:
        raise EpcError(
            f"{text!r} is no URI, element string or link. It begins with urn:epc:, with an "
            "application identifier in parentheses, or with https://."
        )
    code = Epc(scheme or "", filter_value, key, serial, prefix_length, dated)
    code = _choose_scheme("dsgtin" if dated else kind, code)
    encode(code)
    return code


def find_forms(text):
    """Return the hexadecimal numbers of chips that a text can stand for: one for hexadecimal, a
    tag URI or one of our own numbers, one for each scheme and filter for an identity URI, and
    none for anything else.

    :rtype: list
    """
    try:
        if not isinstance(text, str) or not text.startswith((f"{OWN}:", "urn:epc:")):
            return [normalize(text)]
        code = parse(text)
    except EpcError:
        return []
    if not text.startswith("urn:epc:id:"):
        return [encode(code)]
    schemes = [scheme for scheme in SCHEMES.values() if scheme.kind == code.kind]
    length = len(text.split(":")[-1].split(".")[0])
    forms = []
    for scheme in schemes:
        form = code._replace(scheme=scheme.name, prefix_length=length if scheme.bits else 0)
        try:
            forms += [encode(form._replace(filter=number)) for number in range(MOST_FILTER + 1)]
        except EpcError:  # this scheme cannot hold it
            continue
    return forms


def _choose_scheme(kind, code):
    """Return a code with a scheme that holds it, where none is asked for."""
    if not code.scheme:
        return _find_scheme(kind, code)
    scheme = SCHEMES.get(code.scheme)
    if scheme is None or scheme.kind != kind:
        fitting = ", ".join(each.name for each in SCHEMES.values() if each.kind == kind)
        raise EpcError(f"{code.scheme!r} cannot hold this code. Use one of {fitting}.")
    return code if scheme.has_partition else code._replace(prefix_length=0)


def _find_scheme(kind, code):
    """Return a code with the first scheme that holds it, else with the last."""
    *schemes, last = (each for each in SCHEMES.values() if each.kind == kind)
    for scheme in schemes if code.prefix_length else ():
        candidate = code._replace(scheme=scheme.name)
        try:
            encode(candidate)
        except EpcError:
            continue
        return candidate
    return code._replace(scheme=last.name, prefix_length=0)


def _cut_uri(text, count):
    """Return the kind of a URI and what follows it."""
    kind, _colon, rest = text.split(":", count)[count].partition(":")
    return kind, rest


def _parse_tag_uri(text):
    name, rest = _cut_uri(text, 3)
    scheme = _BY_TAG.get(name)
    if scheme is None:
        known = ", ".join(_BY_TAG)
        raise EpcError(f"{name!r} is no scheme of a tag URI that is written here: {known}.")
    filter_text, _dot, parts = rest.partition(".")
    if not re.fullmatch(f"[0-{MOST_FILTER}]", filter_text):
        raise EpcError(f"The filter in {text!r} is no number from 0 to {MOST_FILTER}.")
    _kind, key, serial, prefix_length = _parse_parts(scheme.kind, parts)
    code = Epc(scheme.name, int(filter_text), key, serial, prefix_length)
    encode(code)
    return code


def _parse_parts(kind, text):
    """Return kind, key, serial number and digits of the company prefix of a URI."""
    if kind not in KEYS or kind == "dsgtin":
        raise EpcError(f"Codes of the kind {kind!r} are not written here.")
    has_serial = kind not in ("sscc", "giai")
    parts = text.split(".", 1 + has_serial)
    if len(parts) != 2 + has_serial:
        raise EpcError(f"{text!r} has too few parts for {kind!r}.")
    prefix, reference = parts[:2]
    if not re.fullmatch(f"[0-9]{{{LEAST_PREFIX},{MOST_PREFIX}}}", prefix):
        raise EpcError(f"{prefix!r} is no company prefix: {LEAST_PREFIX} to {MOST_PREFIX} digits.")
    if kind == "giai":
        reference = _unescape(reference)
    elif not re.fullmatch(f"[0-9]{{{KEYS[kind].reference_digits - len(prefix)}}}", reference):
        raise EpcError(
            f"The reference {reference!r} has not the "
            f"{KEYS[kind].reference_digits - len(prefix)} digits that follow this company prefix."
        )
    key = join_key(kind, prefix, reference)
    check_key(kind, key)
    return kind, key, _unescape(parts[2]) if has_serial else "", len(prefix)


def _parse_elements(text):
    found = _ELEMENTS.fullmatch(text)
    if not found:
        raise EpcError(
            f"{text!r} is no element string that a chip holds: one of (00), (01) with (21), (414), "
            "(8003) and (8004), with all digits."
        )
    dated = tuple(found["date"][1:].split(")")) if found["date"] else ()
    if found["plain"]:
        return "sscc", found["sscc"], "", ()
    if found["item"]:
        return "sgtin", found["gtin"], found["serial"], dated
    if found["place"]:
        return "sgln", found["gln"], found["extension"] or NO_EXTENSION, ()
    return *_parse_asset(found["asset"], found["number"]), ()


def _parse_asset(identifier, number):
    if identifier == "8004":
        return "giai", number, ""
    return "grai", number[:14], number[14:]


def _parse_link(text):
    parts = urlsplit(text)
    found = _LINK.fullmatch(parts.path)
    steps = found["rest"].split("/")[1:] if found else []
    names = {"01": ["21"], "414": ["254"]}.get(found["key"], []) if found else []
    if not found or (steps[::2], len(steps) % 2) not in (([], 0), (names, 0)):
        raise EpcError(f"{text!r} is no Digital Link to one thing that a chip can hold.")
    key, value = found["key"], unquote(found["value"])
    if key == "01" and not steps:
        raise EpcError(f"{text!r} links to a kind of thing. Enter a link with its serial number.")
    serial = unquote(steps[1]) if steps else ""
    dates = [pair for pair in parse_qsl(parts.query) if pair[0] in DATE_KINDS]
    if len(dates) > 1 or (dates and key != "01"):
        raise EpcError(f"{text!r} has more dates than a chip can hold. Leave them out.")
    if key in ("8003", "8004"):
        return *_parse_asset(key, value), ()
    kind = {"00": "sscc", "01": "sgtin", "414": "sgln"}[key]
    return kind, value, serial or (NO_EXTENSION if kind == "sgln" else ""), tuple(*dates)


# === PROGRAM === #


def describe(code):
    """Return all that is written of a code, as a dict for JSON."""
    digits = encode(code._replace(has_data=False))
    answer = {
        "scheme": code.scheme,
        "epc_hex": digits,
        "epc_tag_uri": code.tag_uri,
        "epc_uri": code.uri,
        "gs1_element_string": code.element_string,
        "gs1_digital_link": code.digital_link,
        "filter": code.filter,
        "pc": get_pc(digits),
    }
    if code.scheme == OWN:
        answer |= {"store": code.store, "number": int(code.key)}
    return answer | ({"more_data": True} if code.has_data else {})


def _answer(function, text):
    try:
        return describe(function(text))
    except EpcError as error:
        return {"input": text, "error": str(error)}


def main(arguments=None):
    """Print what codes say, one JSON object a line; return 1 when one of them says nothing."""
    parser = argparse.ArgumentParser(description="Codes on RFID chips of GS1 and of stores.")
    commands = parser.add_subparsers(dest="command", required=True)
    reading = commands.add_parser("decode", help="say what is on a chip")
    reading.add_argument("codes", nargs="+", metavar="HEX")
    writing = commands.add_parser("encode", help="say what to write on a chip")
    writing.add_argument("codes", nargs="+", metavar="URI")
    writing.add_argument("--scheme", choices=SCHEMES)
    writing.add_argument("--filter", type=int, default=0, dest="filter_value")
    writing.add_argument("--prefix-length", type=int, default=0)
    options = vars(parser.parse_args(arguments))
    command, codes = options.pop("command"), options.pop("codes")
    function = decode if command == "decode" else lambda text: parse(text, **options)
    answers = [_answer(function, text) for text in codes]
    sys.stdout.writelines(f"{json.dumps(answer)}\n" for answer in answers)
    return int(any("error" in answer for answer in answers))


if __name__ == "__main__":
    sys.exit(main())
