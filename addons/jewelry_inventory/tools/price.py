"""The price of a piece: what it is made of, what is put on top, and how the sum is rounded.

Everything is :class:`~decimal.Decimal`, in one currency. A price never falls when a metal gets
dearer, is never below its floor and always ends as the policy says; stones count at the amount
that was stated for them, whatever metals cost.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import NamedTuple

ZERO = Decimal(0)
ONE = Decimal(1)
HALF = Decimal("0.5")
PERCENT = Decimal("0.01")
CENT = Decimal("0.01")


class MetalPart(NamedTuple):
    """The pure metal of one kind in a piece, and what a gram of it costs."""

    metal: str
    fine: Decimal
    rate: Decimal


class MakeUp(NamedTuple):
    """What a piece is made of. ``grams`` is the weight of its alloys, for labour by the gram;
    ``labour`` of None is left to the policy.
    """

    metals: tuple = ()
    grams: Decimal = ZERO
    stones: Decimal = ZERO
    labour: Decimal | None = None
    cost: Decimal = ZERO


class Tier(NamedTuple):
    """What a sum from ``start`` upwards is multiplied by, and what is then added."""

    start: Decimal
    multiplier: Decimal = ONE
    addition: Decimal = ZERO


NO_MARKUP = Tier(ZERO)
BEYOND = Tier(Decimal("Infinity"))


class PricePolicy(NamedTuple):
    """How a piece is priced.

    ``loss`` and ``margin`` are percentages: of the metal's value that working it loses, and of
    the cost that the floor lies above it. With ``mark_stones`` the stones are marked up like
    the rest, else they are added at their own price. ``step`` and ``ending`` make the endings:
    100 and 95 give 95, 195, 295; a step of 0 leaves the price as it is. ``unit`` is the smallest
    coin.
    """

    loss: Decimal = ZERO
    labour_piece: Decimal = ZERO
    labour_gram: Decimal = ZERO
    mark_stones: bool = True
    tiers: tuple = ()
    step: Decimal = ZERO
    ending: Decimal = ZERO
    nearest: bool = False
    margin: Decimal = ZERO
    floor_factor: Decimal = ZERO
    unit: Decimal = CENT


class PriceBreakdown(NamedTuple):
    """A price and what it consists of.

    ``base`` = the metals' values + loss + labour + stones; ``price`` = base + markup + rounding,
    the last including what it takes to reach the floor.
    """

    values: tuple
    loss: Decimal
    labour: Decimal
    stones: Decimal
    base: Decimal
    markup: Decimal
    rounding: Decimal
    floor: Decimal
    price: Decimal

    @property
    def lifted(self):
        """Whether the price would have been below its floor."""
        return self.base + self.markup < self.floor


def compute_price(make_up, policy):
    """Return the :class:`PriceBreakdown` of a :class:`MakeUp` by a :class:`PricePolicy`."""
    values = tuple(_to_coins(part.fine * part.rate, policy) for part in make_up.metals)
    metal = sum(values, ZERO)
    loss = _to_coins(metal * policy.loss * PERCENT, policy)
    labour = make_up.labour
    if labour is None:
        labour = policy.labour_piece + policy.labour_gram * make_up.grams
    labour = _to_coins(labour, policy)
    stones = _to_coins(make_up.stones, policy)
    base = metal + loss + labour + stones
    marked = base if policy.mark_stones else base - stones
    markup = _to_coins(mark_up(marked, policy.tiers), policy) - marked
    floor = get_floor(make_up.cost, base, policy)
    price = round_price(base + markup, policy)
    if price < floor:
        price = round_price(floor, policy, upwards=True)
    rounding = price - base - markup
    return PriceBreakdown(values, loss, labour, stones, base, markup, rounding, floor, price)


def mark_up(amount, tiers):
    """Return ``amount`` marked up by the highest tier that it reaches.

    Never less than a smaller amount would give, although tiers usually multiply by less the
    higher they start: just above a start the price stays until the new tier exceeds it. Below
    the first tier nothing is added.

    :param tiers: of :class:`Tier`, by start
    """
    best = ZERO
    for tier, following in pairwise((NO_MARKUP, *tiers, BEYOND)):
        if tier.start > amount:
            break
        reached = min(amount, following.start)
        best = max(best, reached * tier.multiplier + tier.addition)
    return best


def get_floor(cost, base, policy):
    """Return the least that a piece may be sold for, in whole coins."""
    by_cost = cost * (ONE + policy.margin * PERCENT)
    return max(by_cost, base * policy.floor_factor).quantize(policy.unit, ROUND_CEILING)


def round_price(amount, policy, *, upwards=False):
    """Return the price with the policy's ending that is next above ``amount``, or nearest to it,
    a half going up; never 0 for something that costs.

    :param bool upwards: never go below ``amount``, whatever the policy says
    """
    if not policy.step or amount <= ZERO:
        return _to_coins(amount, policy)
    steps = (amount - policy.ending) / policy.step
    if policy.nearest and not upwards:
        count = (steps + HALF).to_integral_value(ROUND_FLOOR)
    else:
        count = steps.to_integral_value(ROUND_CEILING)
    lowest = ZERO if policy.ending else ONE
    return (max(count, lowest) * policy.step + policy.ending).quantize(policy.unit)


def _to_coins(amount, policy):
    return amount.quantize(policy.unit, ROUND_HALF_UP)
