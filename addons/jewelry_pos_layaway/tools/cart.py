"""Pure rules of a cart that becomes a layaway: what a register may send of it."""

from math import isfinite
from typing import NamedTuple


class CartError(ValueError):
    """What was sent is no cart."""


class CartLine(NamedTuple):
    """What a customer wants: this piece, one like it that is to be made, or other goods.

    `piece_id` is 0 where no piece is named; of what `is_made` it is the sample, which stays in the
    store. `note` says what is to be made.
    """

    product_id: int
    piece_id: int
    quantity: float
    price_unit: float
    discount: float
    is_made: bool
    note: str


def read_lines(rows):
    """Return the `CartLine` of each row that a register sends.

    :raises CartError: when one is none
    """
    if not isinstance(rows, list):
        raise CartError("lines")
    return [_read_line(row) for row in rows]


def _read_line(row):
    if not isinstance(row, dict):
        raise CartError("line")
    line = CartLine(
        product_id=read_id(row.get("product_id")),
        piece_id=read_id(row.get("piece_id") or 0),
        quantity=read_number(row.get("quantity", 1)),
        price_unit=read_number(row.get("price_unit")),
        discount=read_number(row.get("discount") or 0),
        is_made=row.get("is_made") is True,
        note=str(row.get("note") or "").strip(),
    )
    if line.quantity <= 0 or line.price_unit < 0 or not 0 <= line.discount <= 100:
        raise CartError("amount")
    return line._replace(quantity=1.0) if line.piece_id else line


def read_id(value):
    """Return the id of a record, 0 for none."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise CartError("id")
    return value


def read_number(value):
    """Return a number as it was sent: neither a text nor an endless one."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
        raise CartError("number")
    return float(value)
