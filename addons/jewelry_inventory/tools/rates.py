"""Reading metal prices from a file, and the exchange rate that held on a day."""

import csv
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from . import weight

RATE_DIGITS = Decimal("0.000001")


class RateFileError(ValueError):
    """A file of rates that cannot be read; the message names the line."""


@dataclass(frozen=True)
class Quote:
    """What a gram of metal was bought (bid) and sold (ask) for at a time."""

    time: datetime
    bid: Decimal
    ask: Decimal

    def exchanged(self, factor):
        """Return the quote in a currency of which ``factor`` make one of the present."""
        return Quote(self.time, _rounded(self.bid * factor), _rounded(self.ask * factor))


def parse_rates(text, unit="ozt"):
    """Return the :class:`Quote` per gram of every line of a CSV text, oldest first.

    The first line names the columns: ``Date`` and either ``Price`` or ``Bid`` and ``Ask``, in
    any case. A date is ``2026-06-01``, ``2026-06`` or carries a time.

    :param str unit: the key in ``weight.GRAMS_PER_UNIT`` that the prices are for
    :raise RateFileError: if a column, a date or a price is missing, wrong or repeated
    """
    rows = csv.DictReader(text.splitlines())
    columns = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    names = [columns.get(name) for name in _price_columns(columns)]
    quotes = {}
    for number, row in enumerate(rows, start=2):
        time = _parse_time(row[columns["date"]], number)
        if time in quotes:
            raise RateFileError(f"Line {number}: {row[columns['date']]} is there twice.")
        bid, ask = (_parse_price(row[name], number) for name in names)
        grams = weight.GRAMS_PER_UNIT[unit]
        quotes[time] = Quote(time, _rounded(bid / grams), _rounded(ask / grams))
    return [quotes[time] for time in sorted(quotes)]


def rate_on(table, day):
    """Return the rate that held on a day, None if the table begins later.

    :param list table: ``(date, rate)`` tuples, oldest first
    """
    position = bisect_right(table, day, key=lambda row: row[0])
    return table[position - 1][1] if position else None


def _price_columns(columns):
    for names in (("bid", "ask"), ("price", "price")):
        if columns.keys() >= {"date", *names}:
            return names
    raise RateFileError("Line 1: name the columns Date and Price, or Date, Bid and Ask.")


def _parse_time(text, number):
    text = (text or "").strip()
    try:
        return datetime.fromisoformat(f"{text}-01" if len(text) == len("2026-06") else text)
    except ValueError as error:
        raise RateFileError(f"Line {number}: {text or 'nothing'} is not a date.") from error


def _parse_price(text, number):
    try:
        price = Decimal((text or "").strip())
    except InvalidOperation as error:
        raise RateFileError(f"Line {number}: {text or 'nothing'} is not a price.") from error
    if not price.is_finite() or price <= 0:
        raise RateFileError(f"Line {number}: a price must be above zero, not {price}.")
    return price


def _rounded(price):
    return price.quantize(RATE_DIGITS)
