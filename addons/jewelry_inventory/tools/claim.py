"""What is said of a stone or a metal: the one place that puts the words in order.

Words come translated. Whatever is left out where there is no room, two things stay: that a stone
was grown, right before its name, and what was done to it that a buyer must be told.
``claim_check`` finds what must not be said.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from .weight import carat_text, round_milli

TIMES = "\N{MULTIPLICATION SIGN}"


class Stone(NamedTuple):
    """The words of a stone, or of a group of like stones; what is not known is empty."""

    material: str
    #: That it was grown, where the name of the material does not say so.
    grown: str = ""
    #: Of all stones together.
    carat: float | Decimal = 0
    count: int = 1
    shape: str = ""
    color: str = ""
    clarity: str = ""
    cut: str = ""
    treatments: tuple = ()
    #: Those treatments that a buyer must be told: their names, and their codes in the trade.
    told: tuple = ()
    codes: tuple = ()
    reports: tuple = ()


class Metal(NamedTuple):
    """The words of an alloy."""

    name: str
    #: In parts per thousand; 0 for what has none, such as steel.
    fineness: float = 0


def name_stone(stone):
    """Return what the stone is called, without weight and grades: Round Lab-grown Diamond."""
    return _join(stone.shape, stone.grown, stone.material)


def count_stone(stone):
    """Return what the stone is called, and how many there are where it is a group."""
    return _join(_count(stone), name_stone(stone))


def describe_stone(stone):
    """Return the stone as at the counter: 0.52 ct Round E VS1 Diamond, Heating."""
    return ", ".join([_say(stone), *stone.told])


def specify_stone(stone):
    """Return all that a customer is told of the stone, its cut, treatments and reports too."""
    cut = [stone.cut] if stone.cut else []
    return ", ".join([_say(stone), *cut, *stone.treatments, *stone.reports])


def shorten_stone(stone):
    """Return the stone in ever fewer words, for a label: what counts most stays to the end."""
    carats = f"{carat_text(stone.carat)} ct"
    count = f"({stone.count})" if stone.count > 1 else ""
    start = (carats, count, stone.grown, stone.material)
    grades = (stone.color, stone.clarity)
    codes = _enclose(stone.codes)
    forms = [
        _join(*start, _enclose(stone.told), *grades, stone.shape),
        _join(*start, codes, *grades, stone.shape),
        _join(*start, codes, *grades),
        _join(*start, codes),
    ]
    return tuple(dict.fromkeys(forms))


def add_up(stones, main=None):
    """Return the total of stones of each kind: + 0.20 ct (8) Lab-grown Diamond.

    :param stones: `Stone` of each stone or group
    :param main: the `Stone` named before them, whose kind needs no name again
    """
    totals = {}
    for stone in stones:
        carat, count = totals.get(_kind(stone), (Decimal(0), 0))
        totals[_kind(stone)] = carat + round_milli(stone.carat), count + stone.count
    known = main and _kind(main)
    return [
        _join("+", carat_text(carat), "ct", f"({count})", "" if kind == known else kind)
        for kind, (carat, count) in totals.items()
    ]


def name_metal(metal):
    """Return the alloy with its fineness: 18K Yellow Gold (750 ‰), Platinum 950."""
    fineness = f"{metal.fineness:g}"
    if not metal.fineness or fineness in metal.name.split():
        return metal.name
    return f"{metal.name} ({fineness} ‰)"


def shorten_metal(metal):
    """Return the alloy as briefly as may be: by its name, where that says how fine it is."""
    return metal.name if _says_fineness(metal.name) else name_metal(metal)


def _say(stone):
    words = _join(stone.shape, stone.color, stone.clarity, stone.grown, stone.material)
    carats = f"{carat_text(stone.carat)} ct"
    return f"{_count(stone)} {words}, {carats}" if stone.count > 1 else f"{carats} {words}"


def _count(stone):
    return f"{stone.count} {TIMES}" if stone.count > 1 else ""


def _kind(stone):
    return _join(stone.grown, stone.material, _enclose(stone.codes))


def _enclose(words):
    return f"({', '.join(words)})" if words else ""


def _join(*words):
    return " ".join(filter(None, words))


def _says_fineness(name):
    """Tell whether a name has a karat or a fineness; "Sterling" has one by law."""
    return bool(re.search(r"\b(\d{1,2} ?(k|kt|karat)|\d{3}|sterling)\b", name, re.IGNORECASE))
