"""What a laboratory's report says, read out of its text; and whether it is on this stone.

A laboratory's answer is kept as it came. From it a :class:`Reading` is made: every line of the
report as printed, and the values that a field of ours can hold. Values are words of our
vocabulary (codes), decimals, or lists of codes; none of them is a database id.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .weight import GRAMS_PER_CARAT

# Weights are printed to the hundredth, not always rounded as we do.
CARAT_STEP = Decimal("0.01")
# What a stone may weigh or measure otherwise before it is taken for another one.
CARAT_TOLERANCE, SHARE_TOLERANCE = Decimal("0.02"), Decimal("0.02")
MILLIMETRE_TOLERANCE = Decimal("0.10")
MAX_CARAT, MAX_MILLIMETRES, MAX_PERCENT = 10_000, 500, 100
MEASURES = ("length", "width", "depth")
# Sections of an answer that are new each time, whatever the report says.
PASSING = ("answer", "file")
# Two of these that differ are never two looks at one stone.
IDENTITY = ("shape_id", "species_id", "origin")

NUMBER = r"\d+(?:\.\d+)?"
CARATS = re.compile(rf"({NUMBER}) *(carats?|cts?|grams?|g)?\.?(?: *t\.?w\.?)?", re.I)
GRAMS = re.compile(rf"({NUMBER}) *(?:grams?|g)\.?", re.I)
ACROSS = r" *[x×*] *"  # noqa: RUF001 laboratories print both
MILLIMETRES = re.compile(
    rf"({NUMBER})( *[-–—] *|{ACROSS})({NUMBER}){ACROSS}({NUMBER}) *(?:mm)?\.?",  # noqa: RUF001
    re.I,
)
COUNT = re.compile(r"\d[\d,]*")
DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


class ReportError(Exception):
    """A laboratory gave no report; `code` says why and `values` fill its message."""

    def __init__(self, code, **values):
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True)
class Printed:
    """A line of the report: where it stands, its text as printed, and what was read from it."""

    section: str
    path: str
    label: str
    text: str
    read: dict = field(default_factory=dict)
    known: bool = True


@dataclass(frozen=True)
class Value:
    """What a field of ours would hold: the text that it was read from, None if not readable."""

    text: str
    value: object = None


@dataclass(frozen=True)
class Reading:
    """A report, read."""

    number: str
    kind: str
    date: object
    subject: str
    printed: tuple
    values: dict
    # Of a report on a piece: the values of its stones by the numbers of their own reports.
    parts: dict
    document_url: str
    note: str


# === READERS: text to {field: value}; nothing where the text is none of what they know === #


def read_carats(text):
    """Read a weight such as `0.51 carat`."""
    match = CARATS.fullmatch(text.strip())
    if not match:
        return {}
    weight = Decimal(match[1])
    if (match[2] or "").lower().startswith("g"):
        weight /= GRAMS_PER_CARAT
    return {"carat": weight} if 0 < weight <= MAX_CARAT else {}


def read_grams(text):
    """Read the weight of a piece, such as `5.23 grams`."""
    match = GRAMS.fullmatch(text.strip())
    return {"gross_weight": Decimal(match[1])} if match else {}


def read_millimetres(text):
    """Read `5.29 x 3.88 x 2.61 mm`, or `6.41 - 6.43 x 3.97 mm` of a round stone."""
    match = MILLIMETRES.fullmatch(text.strip())
    if not match:
        return {}
    first, between, second, depth = match.groups()
    sizes = [Decimal(first), Decimal(second)]
    if between.strip() in "-–—":  # noqa: RUF001
        # A round stone: the smallest diameter is printed first, ours is the largest.
        sizes.sort(reverse=True)
    sizes.append(Decimal(depth))
    if not all(0 < size <= MAX_MILLIMETRES for size in sizes):
        return {}
    return dict(zip(MEASURES, sizes, strict=True))


def read_number(name, limit=MAX_PERCENT):
    """Return a reader of a plain figure, such as a percentage, into a field."""

    def read(text):
        match = re.fullmatch(rf"({NUMBER}) *%?", text.strip())
        value = Decimal(match[1]) if match else None
        return {name: value} if value is not None and value <= limit else {}

    return read


def read_count(text):
    """Read how many stones there are."""
    match = COUNT.fullmatch(text.strip())
    count = int(match[0].replace(",", "")) if match else 0
    return {"count": count} if count else {}


def read_date(text):
    """Read the day of an ISO date."""
    match = DATE.match(text.strip())
    try:
        return {"report_date": date(*map(int, match.groups()))} if match else {}
    except ValueError:
        return {}


def read_text(name):
    """Return a reader that takes the text as it is."""
    return lambda text: {name: text}


def read_word(name, words):
    """Return a reader of one of the words (in lower case) into a field, by its code."""

    def read(text):
        word = " ".join(text.lower().split())
        return {name: words[word]} if word in words else {}

    return read


def read_first(name, patterns):
    """Return a reader that takes the code of the first pattern found in the text."""

    def read(text):
        found = (code for pattern, code in patterns if re.search(pattern, text, re.I))
        code = next(found, None)
        return {name: code} if code else {}

    return read


# === COMPARING === #


def is_same(name, typed, read):
    """Tell whether a figure typed and one on a report are the same, as far as it is printed."""
    if name == "carat":
        return abs(typed - read) < CARAT_STEP
    digits = -read.as_tuple().exponent
    return round(typed, digits) == read


def find_mismatches(typed, read):
    """Return the names of the fields that tell that the report is on another stone.

    :param dict typed: what is known of the stone: decimals, codes; nothing where not known
    :param dict read: the same of the report
    """
    both = {name for name in read if typed.get(name) and read[name]}
    mismatches = [
        name
        for name in ("carat", *MEASURES)
        if name in both and not _is_near(name, typed[name], read[name])
    ]
    unknown = {("origin", "unknown")}
    return mismatches + [
        name
        for name in IDENTITY
        if name in both and typed[name] != read[name] and (name, typed[name]) not in unknown
    ]


def _is_near(name, typed, read):
    least = CARAT_TOLERANCE if name == "carat" else MILLIMETRE_TOLERANCE
    return abs(typed - read) <= max(least, read * SHARE_TOLERANCE)


def find_changes(old, new):
    """Return `(label, old text, new text)` of each line that differs between two readings."""
    before, after = (
        {line.path: line for line in reading.printed if line.section not in PASSING}
        for reading in (old, new)
    )
    changes = []
    for path in dict.fromkeys([*before, *after]):
        texts = [lines[path].text if path in lines else "" for lines in (before, after)]
        if texts[0] != texts[1]:
            changes.append(((after.get(path) or before[path]).label, *texts))
    return changes
