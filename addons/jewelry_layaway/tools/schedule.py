"""Pure rules of instalments: fixed amounts that add up to the cent, and days for them."""

from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

STEPS = {
    "week": lambda number: timedelta(weeks=number),
    "fortnight": lambda number: timedelta(weeks=2 * number),
    "month": lambda number: relativedelta(months=number),
}


def split(total, count, rounding):
    """Return `count` equal amounts that add up to `total`; the last takes what is left over.

    Fewer where there is not a unit for each; none of nothing.

    :param float rounding: the smallest unit of the currency, such as 0.01
    """
    unit = Decimal(str(rounding))
    units = _to_units(total, unit)
    count = min(count, units)
    if count <= 0:
        return []
    share = units // count
    return [
        float(number * unit) for number in [share] * (count - 1) + [units - share * (count - 1)]
    ]


def propose(total, first, count, rounding):
    """Return the amounts of a schedule: `first` at once, then the rest in `count` parts."""
    first = min(first, total)
    rest = split(_subtract(total, first, rounding), count, rounding)
    return ([first] if first > 0 else []) + rest


def propose_days(start, count, rhythm, end=None):
    """Return the days of `count` payments from `start` on, none after `end`.

    Months count from the first day, so that the 31st comes back after a shorter month.
    """
    days = [start + STEPS[rhythm](number) for number in range(count)]
    return [min(day, end) for day in days] if end else days


def fit(amounts, total, rounding):
    """Return amounts that add up to `total`: what is too much is taken off the last ones, what is
    missing is added to the last. Amounts that are used up are 0.
    """
    unit = Decimal(str(rounding))
    units = [_to_units(amount, unit) for amount in amounts]
    rest = _to_units(total, unit) - sum(units)
    if rest > 0 and units:
        units[-1] += rest
    for place in reversed(range(len(units))):
        taken = min(max(-rest, 0), units[place])
        units[place] -= taken
        rest += taken
    return [float(number * unit) for number in units]


def _to_units(amount, unit):
    return int((Decimal(str(amount)) / unit).to_integral_value("ROUND_HALF_UP"))


def _subtract(amount, taken, rounding):
    unit = Decimal(str(rounding))
    return float((_to_units(amount, unit) - _to_units(taken, unit)) * unit)
