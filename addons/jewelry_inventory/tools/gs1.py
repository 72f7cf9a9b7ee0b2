"""GS1 identifiers on the web: EPC URNs and Digital Links brought to their one canonical link."""

import re
from urllib.parse import quote, unquote, urlsplit

RESOLVER = "https://id.gs1.org"
GIAI = "8004"
# GS1 asks for 30 characters at most, of its 82-character set, company prefix included.
GIAI_PATTERN = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{5,30}")
PREFIX_PATTERN = re.compile(r"\d{4,12}")

# The primary keys that begin a Digital Link, by the word that older links use instead.
_KEY_WORDS = {
    "sscc": "00",
    "gtin": "01",
    "gdti": "253",
    "gcn": "255",
    "ginc": "401",
    "gsin": "402",
    "gln": "414",
    "party": "417",
    "grai": "8003",
    "giai": GIAI,
    "itip": "8006",
    "cpi": "8010",
    "gsrnp": "8017",
    "gsrn": "8018",
}
_QUALIFIER_WORDS = {"ser": "21", "lot": "10", "cpv": "22", "cpsn": "8011", "glnx": "254"}
_KEYS = "|".join([*_KEY_WORDS, *_KEY_WORDS.values()])
_LINK = re.compile(rf"(?:/[^/]+)*?/(?P<key>{_KEYS})/(?P<value>[^/]+)(?P<rest>(?:/[^/]+/[^/]+)*)/?")
# How long the value of a key is at least: it tells a key from any other number in a path.
_SHORTEST = {"00": 18, "01": 8, "414": 13, "417": 13, "8003": 14, "8006": 18, "8018": 18}
_URN = re.compile(r"urn:epc:(?:id|class|idpat):(?P<scheme>[a-z]+):(?P<parts>.+)")


def check_digit(digits):
    """Return the check digit of GS1 that follows `digits`."""
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def make_giai_path(prefix, reference):
    """Return the path of the Digital Link of an asset, or "" when GS1 allows no such number.

    :param str prefix: the GS1 company prefix
    :param str reference: the company's own number of the asset
    """
    number = prefix + reference
    if not (PREFIX_PATTERN.fullmatch(prefix) and reference and GIAI_PATTERN.fullmatch(number)):
        return ""
    return f"/{GIAI}/{escape(number)}"


def to_canonical_link(text):
    """Return the canonical Digital Link of an EPC URN or of a link of any domain, else `text`:
    also for one that is malformed.
    """
    try:
        if urn := _URN.fullmatch(text):
            convert = _CONVERTERS.get(urn["scheme"])
            parts = urn["parts"].split(".")
            return RESOLVER + convert(*map(unquote, parts)) if convert else text
        if text.startswith(("http://", "https://")):
            return _normalize_link(text)
    except (IndexError, TypeError, ValueError):  # parts that are none, too many or too few
        return text
    return text


def _normalize_link(text):
    found = _LINK.fullmatch(urlsplit(text).path)
    if not found:
        return text
    key = _KEY_WORDS.get(found["key"], found["key"])
    if len(found["value"]) < _SHORTEST.get(key, 1):
        return text
    steps = found["rest"].split("/")[1:]
    pairs = zip(steps[::2], steps[1::2], strict=True)
    rest = [f"/{_QUALIFIER_WORDS.get(word, word)}/{value}" for word, value in pairs]
    return f"{RESOLVER}/{key}/{found['value']}{''.join(rest)}"


def escape(text):
    """Return a value as GS1 writes it into a link."""
    return quote(text, safe="'")


def _step(key, value):
    """Return a step of a path, or nothing for what a pattern leaves open."""
    return "" if value == "*" else f"/{key}/{escape(value)}"


def _checked(digits):
    return digits + check_digit(digits)


def _gtin(company, item):
    return _checked(item[0] + company + item[1:])


def _tail(serial):
    return "" if serial == "*" else escape(serial)


_CONVERTERS = {
    "sgtin": lambda company, item, serial: f"/01/{_gtin(company, item)}{_step('21', serial)}",
    "upui": lambda company, item, serial: f"/01/{_gtin(company, item)}{_step('235', serial)}",
    "lgtin": lambda company, item, lot: f"/01/{_gtin(company, item)}{_step('10', lot)}",
    "sscc": lambda company, serial: f"/00/{_checked(serial[0] + company + serial[1:])}",
    "sgln": lambda company, place, extension: (
        f"/414/{_checked(company + place)}{_step('254', '*' if extension == '0' else extension)}"
    ),
    "pgln": lambda company, party: f"/417/{_checked(company + party)}",
    "grai": lambda company, kind, serial: f"/8003/0{_checked(company + kind)}{_tail(serial)}",
    "giai": lambda company, asset: f"/{GIAI}/{company}{_tail(asset)}",
    "gsrn": lambda company, service: f"/8018/{_checked(company + service)}",
    "gsrnp": lambda company, service: f"/8017/{_checked(company + service)}",
    "gdti": lambda company, kind, serial: f"/253/{_checked(company + kind)}{_tail(serial)}",
    "sgcn": lambda company, coupon, serial: f"/255/{_checked(company + coupon)}{_tail(serial)}",
    "ginc": lambda company, reference: f"/401/{company}{escape(reference)}",
    "gsin": lambda company, shipment: f"/402/{_checked(company + shipment)}",
    "cpi": lambda company, part, serial: f"/8010/{company}{escape(part)}{_step('8011', serial)}",
    "itip": lambda company, item, piece, total, serial: (
        f"/8006/{_gtin(company, item)}{piece}{total}{_step('21', serial)}"
    ),
}
