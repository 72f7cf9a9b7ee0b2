"""Metal prices out of a table, and the exchange rate that held on a day."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from . import weight
from .table import TableError, parse_number

RATE_DIGITS = Decimal("0.000001")


@dataclass(frozen=True)
class Quote:
    """What a gram of metal was bought (bid) and sold (ask) for at a time."""

    time: datetime
    bid: Decimal
    ask: Decimal

    def exchanged(self, factor):
        """Return the quote in a currency of which ``factor`` make one of the present."""
        return Quote(self.time, _rounded(self.bid * factor), _rounded(self.ask * factor))


def read_quotes(rows, unit="ozt"):
    """Return the :class:`Quote` per gram of every row of a table, oldest first.

    The first row names the columns: ``Date`` and either ``Price`` or ``Bid`` and ``Ask``, in
    any case. A date is ``2026-06-01``, ``2026-06`` or carries a time.

    :param rows: iterable of lists of str, as `table.read_rows` gives it
    :param str unit: the key in ``weight.GRAMS_PER_UNIT`` that the prices are for
    :raise TableError: `columns`, or `date`, `price`, `twice` with the ``line`` and the ``cell``
    """
    rows = iter(rows)
    positions = _find_columns(next(rows, []))
    grams = weight.GRAMS_PER_UNIT[unit]
    quotes = {}
    for line, row in enumerate(filter(any, rows), start=2):
        day, *prices = (row[position] if position < len(row) else "" for position in positions)
        time = _parse_time(day, line)
        if time in quotes:
            raise TableError("twice", line=line, cell=day)
        bid, ask = (_rounded(_parse_price(cell, line) / grams) for cell in prices)
        quotes[time] = Quote(time, bid, ask)
    return [quotes[time] for time in sorted(quotes)]


def rate_on(table, day):
    """Return the rate that held on a day, None if the table begins later.

    :param list table: ``(date, rate)`` tuples, oldest first
    """
    position = bisect_right(table, day, key=lambda row: row[0])
    return table[position - 1][1] if position else None


def _find_columns(header):
    """Return where the date, the bid and the ask stand; the price may be both."""
    names = [cell.strip().lower() for cell in header]
    for wanted in (("date", "bid", "ask"), ("date", "price", "price")):
        if set(wanted) <= set(names):
            return [names.index(name) for name in wanted]
    raise TableError("columns")


def _parse_time(cell, line):
    text = cell.strip()
    try:
        return datetime.fromisoformat(f"{text}-01" if len(text) == len("2026-06") else text)
    except ValueError as error:
        raise TableError("date", line=line, cell=cell) from error


def _parse_price(cell, line):
    try:
        price = parse_number(cell)
    except TableError as error:
        raise TableError("price", line=line, cell=cell) from error
    if price is None or not price.is_finite() or price <= 0:
        raise TableError("price", line=line, cell=cell)
    return price


def _rounded(price):
    return price.quantize(RATE_DIGITS)
