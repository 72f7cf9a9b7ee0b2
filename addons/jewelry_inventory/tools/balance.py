"""What goes into a transformation must come out of it: contents, their balance, their cost.

A content maps what is conserved to how much of it there is. Conserved are the grams of metal
and other parts, the fine grams of each metal, and the carats and the count of each kind of
stone. The grams of stones are not counted again: they are their carats.

Everything is :class:`~decimal.Decimal`, so that a balance is exact.
"""

from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from .spread import CENT, spread
from .weight import MILLI, PURE, to_decimal

GRAMS = "grams"
FINE = "fine"
CARATS = "carats"
STONES = "stones"

# One milligram, one thousandth of a carat, and of course one stone.
TOLERANCE = MILLI


class Measure(NamedTuple):
    """Something conserved: its dimension, and which metal or which kind of stone it is of."""

    dimension: str
    key: object = None


def metal_content(grams, fineness=0, metal=None):
    """Return the content of ``grams`` of an alloy of ``fineness`` per mille of ``metal``.

    Without a metal it is grams of something else, such as a spring or an unknown alloy.
    """
    grams = to_decimal(grams)
    content = {Measure(GRAMS): grams}
    if metal is not None:
        content[Measure(FINE, metal)] = grams * to_decimal(fineness) / PURE
    return content


def stone_content(kind, carats, count):
    """Return the content of ``count`` stones of ``kind`` that weigh ``carats`` together."""
    return {
        Measure(CARATS, kind): to_decimal(carats),
        Measure(STONES, kind): Decimal(count),
    }


def add(contents):
    """Return the sum of several contents."""
    total = Counter()
    for content in contents:
        for measure, amount in content.items():
            total[measure] += amount
    return dict(total)


def difference(inputs, outputs, losses=(), gains=()):
    """Return what is missing (+) or too much (-) after a transformation, by measure.

    Each argument is an iterable of contents. Nothing is returned for what agrees to less
    than ``TOLERANCE``.
    """
    given, found = add([*inputs, *gains]), add([*outputs, *losses])
    missing = {
        measure: given.get(measure, Decimal(0)) - found.get(measure, Decimal(0))
        for measure in sorted(given.keys() | found.keys(), key=repr)
    }
    return {measure: amount for measure, amount in missing.items() if abs(amount) >= TOLERANCE}


def loss_permille(losses, inputs):
    """Return how many thousandths of the inputs were lost, by dimension.

    A loss of what was not among the inputs is total: 1000.
    """
    lost, given = _by_dimension(losses), _by_dimension(inputs)
    return {
        dimension: 1000 * amount / given[dimension] if given.get(dimension) else PURE
        for dimension, amount in lost.items()
        if amount
    }


def average_shift(before, after):
    """Return by how many percent the average stone weighs more (+) or less (-) than before.

    :param before: (carats, count) of the stones as they are known
    :param after: (carats, count) as they were weighed and counted now
    :return: 0 where either has no stones
    :rtype: Decimal
    """
    if not all((*before, *after)):
        return Decimal(0)
    averages = [to_decimal(carats) / count for carats, count in (before, after)]
    return 100 * (averages[1] / averages[0] - 1)


def allocate(total, fixed, weights, step=CENT):
    """Return what each output costs, so that together they cost ``total``.

    :param list fixed: what each output is known to cost, None for one that shares the rest
    :param list weights: by what the others share the rest

    Where the known costs are more than there is, as in a piece that was written down, they
    shrink in proportion; where nobody shares the rest, they grow.
    """
    total = to_decimal(total)
    known = [index for index, cost in enumerate(fixed) if cost is not None]
    open_ = [index for index, cost in enumerate(fixed) if cost is None]
    rest = total - sum(to_decimal(fixed[index]) for index in known)
    costs = [Decimal(0)] * len(fixed)
    if open_ and rest >= 0:
        for index in known:
            costs[index] = to_decimal(fixed[index])
        shares = zip(open_, spread(rest, [weights[index] for index in open_], step), strict=True)
    else:
        shares = zip(known, spread(total, [fixed[index] for index in known], step), strict=True)
    for index, share in shares:
        costs[index] = share
    return costs


def _by_dimension(contents):
    totals = Counter()
    for measure, amount in add(contents).items():
        totals[measure.dimension] += amount
    return totals
