"""Ring sizes of the world, each a straight line over the inner circumference in mm.

The circumference is what is measured and stored; a size is how a country writes it. Between
two scales a size is rarely exact, so every answer says whether it is exact or only nearest.
The lines are those of ``tests/vectors/ring_sizes.json``. Its UK and Japanese columns come
from formulae; printed charts may differ by a quarter size.
"""

import math
import re
from dataclasses import dataclass
from fractions import Fraction

# Stored circumferences have two decimals: closer than half of the last is the same size.
EXACT_WITHIN_MM = 0.005

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LAST_LETTER = len(_LETTERS) - 1
_FRACTION_SIGNS = {
    Fraction(0): "",
    Fraction(1, 4): "¼",
    Fraction(1, 2): "½",
    Fraction(3, 4): "¾",
}
_SIGN_VALUES = {sign: value for value, sign in _FRACTION_SIGNS.items() if sign}
_LETTERED = re.compile(r"(?P<letter>[A-Z])(?:(?<=Z)\+(?P<whole>\d+))?(?P<part>½|\.5)?")
_NUMBERED = re.compile(r"(?P<letter>)(?=.)(?P<whole>\d*)(?P<part>[¼½¾]|\.\d+)?")


@dataclass(frozen=True)
class Scale:
    """A way to write ring sizes: ``circumference = origin + slope * number``.

    ``step`` is the difference between two sizes of the scale, ``lowest`` and ``highest`` its
    ends. ``lettered`` scales write numbers as A, A½, B … Z, Z½, Z+1 …
    """

    key: str
    name: str
    origin: float
    slope: float
    step: Fraction
    lowest: Fraction
    highest: Fraction
    lettered: bool = False


@dataclass(frozen=True)
class RingSize:
    """A size on a scale nearest to a measured circumference.

    ``deviation`` is the size's own circumference less the measured one, in mm.
    """

    scale: str
    label: str
    deviation: float

    @property
    def is_exact(self):
        """Tell whether the size is the circumference, and not only near it."""
        return abs(self.deviation) <= EXACT_WITHIN_MM

    def __str__(self):
        return self.label if self.is_exact else f"≈ {self.label}"


_US_INCHES = (0.458, 0.032)  # inner diameter of size 0 and of each whole size more
_MM_PER_INCH = 25.4

SCALES = {
    scale.key: scale
    for scale in (
        Scale(
            "us",
            "US and Canada",
            math.pi * _MM_PER_INCH * _US_INCHES[0],
            math.pi * _MM_PER_INCH * _US_INCHES[1],
            Fraction(1, 4),
            Fraction(0),
            Fraction(16),
        ),
        Scale("iso", "ISO 8653 and EU", 0.0, 1.0, Fraction(1), Fraction(36), Fraction(80)),
        Scale("ch", "CH, IT, ES and NL", 40.0, 1.0, Fraction(1), Fraction(0), Fraction(40)),
        Scale(
            "uk",
            "UK, IE, AU and NZ",
            37.5,
            1.25,
            Fraction(1, 2),
            Fraction(0),
            Fraction(_LAST_LETTER + 6),
            lettered=True,
        ),
        Scale(
            "jp",
            "Japan",
            math.pi * 38 / 3,
            math.pi / 3,
            Fraction(1),
            Fraction(1),
            Fraction(30),
        ),
    )
}


def to_number(circumference, scale):
    """Return the unrounded place of ``circumference`` (mm) on the scale of this key."""
    line = SCALES[scale]
    return (circumference - line.origin) / line.slope


def to_size(circumference, scale):
    """Return the :class:`RingSize` nearest to ``circumference`` (mm) on the scale.

    A circumference beyond the scale's ends gives the end, with the deviation that this means.

    :raise ValueError: if the circumference is not positive
    """
    if circumference <= 0:
        raise ValueError(f"A ring's circumference must be positive, not {circumference} mm.")
    line = SCALES[scale]
    steps = math.floor(to_number(circumference, scale) / float(line.step) + 0.5)
    number = min(max(steps * line.step, line.lowest), line.highest)
    deviation = _circumference(line, number) - circumference
    return RingSize(scale, _label(line, number), deviation)


def to_circumference(label, scale):
    """Return the inner circumference in mm of a size written on the scale of this key.

    Halves and quarters may be written ``½`` or ``.5``, letters small or large.

    :raise ValueError: if the scale has no such size
    """
    line = SCALES[scale]
    number = _parse(label, line)
    if not line.lowest <= number <= line.highest or number % line.step:
        raise ValueError(f"{line.name} has no ring size {label}.")
    return _circumference(line, number)


def convert(label, scale_from, scale_to):
    """Return the :class:`RingSize` on one scale nearest to a size written on another."""
    return to_size(to_circumference(label, scale_from), scale_to)


def sizes(scale):
    """Return every size of the scale as ``(label, circumference in mm)``, smallest first."""
    line = SCALES[scale]
    count = int((line.highest - line.lowest) / line.step) + 1
    numbers = (line.lowest + index * line.step for index in range(count))
    return [(_label(line, number), _circumference(line, number)) for number in numbers]


def _circumference(line, number):
    return line.origin + line.slope * float(number)


def _label(line, number):
    whole, part = divmod(number, 1)
    sign = _FRACTION_SIGNS[part]
    if not line.lettered:
        return f"{whole}{sign}" if whole or not sign else sign
    beyond = f"+{whole - _LAST_LETTER}" if whole > _LAST_LETTER else ""
    return f"{_LETTERS[min(whole, _LAST_LETTER)]}{beyond}{sign}"


def _parse(label, line):
    """Return the number a label stands for.

    :raise ValueError: naming the scale and the label
    """
    pattern = _LETTERED if line.lettered else _NUMBERED
    match = pattern.fullmatch(str(label).strip().upper())
    if not match:
        raise ValueError(f"{line.name} has no ring size {label}.")
    letter, whole, part = match.group("letter", "whole", "part")
    return (
        _LETTERS.index(letter or "A")
        + int(whole or 0)
        + (_SIGN_VALUES.get(part) or Fraction(part or 0))
    )
