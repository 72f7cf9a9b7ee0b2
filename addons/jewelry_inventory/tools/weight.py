"""Weights of metal and stones: units, rounding and the sums that must balance.

Everything is :class:`~decimal.Decimal`; floats are read by their shortest text, so that a
stored 0.1 is one tenth. Grams have three decimals (1 mg), carats three, carats on paper two.
Sources: metric carat 0.2 g exactly; troy and avoirdupois grain 64.79891 mg exactly.
"""

from decimal import ROUND_HALF_UP, Decimal

GRAMS_PER_CARAT = Decimal("0.2")
GRAMS_PER_GRAIN = Decimal("0.06479891")
GRAMS_PER_PENNYWEIGHT = 24 * GRAMS_PER_GRAIN
GRAMS_PER_TROY_OUNCE = 480 * GRAMS_PER_GRAIN

GRAMS_PER_UNIT = {
    "g": Decimal(1),
    "kg": Decimal(1000),
    "ct": GRAMS_PER_CARAT,
    "point": GRAMS_PER_CARAT / 100,
    "dwt": GRAMS_PER_PENNYWEIGHT,
    "ozt": GRAMS_PER_TROY_OUNCE,
    "grain": GRAMS_PER_GRAIN,
    "tola": 180 * GRAMS_PER_GRAIN,
}

MILLI = Decimal("0.001")
CENTI = Decimal("0.01")
PURE = Decimal(1000)

# A piece weighed before and after setting may differ by the scale's own error.
TOLERANCE_GRAMS = Decimal("0.02")
TOLERANCE_SHARE = Decimal("0.005")


def to_decimal(value):
    """Return ``value`` as the decimal a person would read, not as the float's binary one."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def round_milli(value):
    """Round to 0.001 (1 mg or 0.001 ct), a half away from zero."""
    return to_decimal(value).quantize(MILLI, ROUND_HALF_UP)


def convert(quantity, unit_from, unit_to):
    """Convert a weight between two keys of ``GRAMS_PER_UNIT``, without rounding.

    :raise KeyError: for an unknown unit
    """
    return to_decimal(quantity) * GRAMS_PER_UNIT[unit_from] / GRAMS_PER_UNIT[unit_to]


def stone_grams(carats):
    """Return the grams that stones of this many carats add to a piece, not rounded."""
    return to_decimal(carats) * GRAMS_PER_CARAT


def net_weight(gross, carats, other=0):
    """Return the grams of metal in a piece: gross less its stones and its other parts.

    May be zero or negative when a measurement is wrong; the caller refuses such a piece.
    """
    return round_milli(to_decimal(gross) - stone_grams(carats) - to_decimal(other))


def fine_weight(net, fineness):
    """Return the grams of pure metal in ``net`` grams of an alloy of ``fineness`` per mille."""
    return round_milli(to_decimal(net) * to_decimal(fineness) / PURE)


def weighing_tolerance(gross):
    """Return the grams by which two weighings of one piece may differ."""
    return max(TOLERANCE_GRAMS, to_decimal(gross) * TOLERANCE_SHARE)


def is_weighing_off(gross, net_weighed, carats, other=0):
    """Tell whether a finished piece disagrees with its metal weighed before setting."""
    parts = to_decimal(net_weighed) + stone_grams(carats) + to_decimal(other)
    return abs(to_decimal(gross) - parts) > weighing_tolerance(gross)


def alloyed_weight(grams, fineness_from, fineness_to):
    """Return the grams of the second alloy that hold the pure metal of ``grams`` of the first.

    More than ``grams`` means that much alloy must be added; less, that pure metal must be.
    """
    return round_milli(to_decimal(grams) * to_decimal(fineness_from) / to_decimal(fineness_to))


def carat_text(carats):
    """Return carats as printed: two decimals, three where two would misstate small stones."""
    value = to_decimal(carats)
    step = CENTI if value >= Decimal("0.1") else MILLI
    return str(value.quantize(step, ROUND_HALF_UP))
