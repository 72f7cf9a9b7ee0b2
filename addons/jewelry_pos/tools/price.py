"""Pure rules of prices at the register: which part of what its goods cost an order is paid with."""

from typing import NamedTuple


class PriceRow(NamedTuple):
    """A line of an order, as far as prices go.

    `amount` is what its price, discount and quantity come to, tax included. What `is_money` is no
    goods: below zero it pays, as a return and a gift card do, above it is paid in advance.
    `is_granted` tells that a program gave the discount, not the cashier; `may_give` that the
    program may give pieces away, `is_given` that one gives this piece away and may not. `quantity`
    is what a pricelist goes by.
    """

    key: object
    piece: object
    unit_price: float
    discount: float
    quantity: float
    amount: float
    is_money: bool = False
    is_granted: bool = False
    may_give: bool = False
    is_given: bool = False

    @property
    def net(self):
        """What a unit costs after the line's own discount."""
        return self.unit_price * (1 - self.discount / 100)


class PriceOffer(NamedTuple):
    """What a piece is offered for: per unit, after all that is taken off.

    `own` is what the cashier makes of the price, `typed` is that without discounts that may be
    given by whoever may give discounts at all. `is_gift` tells that it may be for nothing.
    """

    key: object
    piece: object
    quantity: float
    net: float
    own: float
    typed: float
    is_gift: bool = False


def get_shares(rows, total, tolerance):
    """Return which part of the goods' price is paid: after all that is taken off, after what the
    cashier takes off, and after what nothing on the order explains.

    :param rows: list of `PriceRow`, all lines of an order
    :param float total: what the order says it comes to, tax included
    :param float tolerance: amount that rounding may make of it
    """
    goods = sum(row.amount for row in rows if row.amount > 0 and not row.is_money)
    if goods <= 0:
        return 1.0, 1.0, 1.0
    money = sum(row.amount for row in rows if row.is_money)
    off = [row for row in rows if row.amount < 0 and not row.is_money]
    granted = sum(row.amount for row in off if row.is_granted)
    taken = sum(row.amount for row in off) - granted
    missing = min(0.0, total - (goods + money + granted + taken))
    if -missing <= tolerance:
        missing = 0.0
    parts = (granted + taken + missing, taken + missing, missing)
    return tuple(1 + part / goods for part in parts)


def get_offers(rows, total, tolerance):
    """Return a `PriceOffer` for each row that sells a piece; parameters as of `get_shares`."""
    after_all, after_own, after_missing = get_shares(rows, total, tolerance)
    is_gift = any(row.may_give for row in rows)
    return [
        PriceOffer(
            key=row.key,
            piece=row.piece,
            quantity=row.quantity,
            net=0.0 if row.is_given else row.net * after_all,
            own=row.net * after_own,
            typed=row.unit_price * after_missing,
            is_gift=is_gift,
        )
        for row in rows
        if row.piece and row.amount >= 0 and not row.is_money
    ]
