"""Pricing many pieces: what the database knows of each, its rule, and the result."""

from decimal import Decimal
from typing import NamedTuple

from . import price

# A quote in one of these states is stored; in the first two it changes the price.
MOVES = ("up", "down")
STORED = (*MOVES, "same")


class PieceRow(NamedTuple):
    """What prices a piece, as texts: of the metals in it by id, the grams of pure metal.

    ``held_cost`` and ``held_price`` are what the stones in it cost and were offered for when
    they were loose; they count where no stone value is stated.
    """

    piece_id: int
    company_id: int
    categ_id: int
    locked: bool
    old: str
    cost: str
    labour: str
    stones: str
    held_cost: str
    held_price: str
    grams: str
    metal_ids: list
    fines: list


class UsedRate(NamedTuple):
    """The rate of a metal that a price rests on; ``time`` is text, empty where there is none."""

    metal: str
    rate: Decimal
    time: str


class PriceRule(NamedTuple):
    """A policy ready to compute with, and {metal id: :class:`UsedRate`}."""

    policy_id: int
    name: str
    policy: price.PricePolicy
    rates: dict


class PriceQuote(NamedTuple):
    """What a piece costs now, and what its policy asks.

    ``state`` is up, down or same; locked; or why the policy asks nothing: no_policy, no_rate
    (of a metal in it) or empty (neither metal nor stones nor labour are stated).
    """

    piece_id: int
    state: str
    old: Decimal
    rule: PriceRule | None = None
    make_up: price.MakeUp | None = None
    result: price.PriceBreakdown | None = None
    metal_ids: tuple = ()

    @property
    def new(self):
        """The price that the policy asks; the present one where it asks none."""
        return self.result.price if self.result else self.old

    @property
    def lifted(self):
        """Whether only the floor keeps the price up."""
        return bool(self.result and self.result.lifted)


def quote_piece(row, rule):
    """Return the :class:`PriceQuote` of a :class:`PieceRow`.

    :param rule: :class:`PriceRule`, or None for a piece without a policy
    """
    if not rule:
        return PriceQuote(row.piece_id, "no_policy", Decimal(row.old))
    old = Decimal(row.old).quantize(rule.policy.unit)
    if not rule.rates.keys() >= set(row.metal_ids):
        return PriceQuote(row.piece_id, "no_rate", old, rule)
    make_up = _get_make_up(row, rule)
    if not (make_up.metals or make_up.stones or make_up.labour):
        # The policy's own labour alone would give a price to what is not described yet.
        return PriceQuote(row.piece_id, "empty", old, rule)
    result = price.compute_price(make_up, rule.policy)
    state = "locked" if row.locked else compare_prices(old, result.price)
    return PriceQuote(row.piece_id, state, old, rule, make_up, result, row.metal_ids)


def compare_prices(old, new):
    """Return up, down or same."""
    if new == old:
        return "same"
    return "up" if new > old else "down"


def describe(make_up, result, name="", times=()):
    """Return a breakdown as it is kept with the price: plain texts, readable in any program.

    :param times: of the rates, one for each metal of the make-up
    """
    parts = zip(make_up.metals, result.values, times, strict=True)
    return {
        "policy": name,
        "metals": [
            {
                "metal": part.metal,
                "fine": str(part.fine),
                "rate": str(part.rate),
                "time": time,
                "value": str(value),
            }
            for part, value, time in parts
        ],
        "loss": str(result.loss),
        "labour": str(result.labour),
        "stones": str(result.stones),
        "base": str(result.base),
        "markup": str(result.markup),
        "rounding": str(result.rounding),
        "floor": str(result.floor),
        "price": str(result.price),
    }


def describe_quote(quote):
    """Return what :func:`describe` says of a quote that has a result."""
    times = [quote.rule.rates[metal].time for metal in quote.metal_ids]
    return describe(quote.make_up, quote.result, quote.rule.name, times)


def _get_make_up(row, rule):
    stones = Decimal(row.stones)
    if not stones:
        stones = Decimal(row.held_cost if rule.policy.mark_stones else row.held_price)
    used = [rule.rates[metal] for metal in row.metal_ids]
    return price.MakeUp(
        metals=tuple(
            price.MetalPart(part.metal, Decimal(fine), part.rate)
            for part, fine in zip(used, row.fines, strict=True)
        ),
        grams=Decimal(row.grams),
        stones=stones,
        labour=Decimal(row.labour) or None,
        cost=Decimal(row.cost),
    )
