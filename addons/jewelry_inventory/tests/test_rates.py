from datetime import date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import rates
from ..tools.table import TableError, read_rows
from .common import read_vector

prices = st.decimals("0.01", "100000", places=3)
days = st.dates(date(1833, 1, 1), date(2100, 1, 1))


@tagged("post_install", "-at_install")
class TestRateFile(BaseCase):
    def _read(self, *lines, unit="ozt"):
        return rates.read_quotes([line.split(",") for line in lines], unit)

    def _assert_refused(self, code, *lines):
        with self.assertRaises(TableError) as raised:
            self._read(*lines)
        self.assertEqual(raised.exception.code, code)
        return raised.exception.values

    def test_the_published_file_of_monthly_gold_prices_is_read(self):
        content = read_vector("gold_monthly.csv").encode()
        quotes = rates.read_quotes(read_rows(content, "gold_monthly.csv", 10_000))
        self.assertEqual(len(quotes), 24)
        self.assertEqual(quotes[-1].time, datetime(2026, 6, 1))
        self.assertEqual(quotes[-1].bid, Decimal("135.933356"))
        self.assertEqual(quotes[-1].ask, quotes[-1].bid)

    def test_bid_and_ask_may_be_columns_of_their_own(self):
        (quote,) = self._read("ASK , Date,bid", "32,2026-01-02,31", unit="g")
        self.assertEqual((quote.bid, quote.ask), (31, 32))

    def test_a_date_may_be_a_month_or_carry_a_time(self):
        quotes = self._read("Date,Price", "2026-02,1", "2026-01-05 10:30:00,1")
        times = [quote.time for quote in quotes]
        self.assertEqual(times, [datetime(2026, 1, 5, 10, 30), datetime(2026, 2, 1)])

    def test_a_kilogram_price_becomes_a_gram_price(self):
        self.assertEqual(self._read("Date,Price", "2026-01-01,65000", unit="kg")[0].bid, 65)

    def test_a_price_may_have_a_decimal_comma(self):
        rows = [["Date", "Price"], ["2026-01-01", "4.228,50"]]
        self.assertEqual(rates.read_quotes(rows, "g")[0].bid, Decimal("4228.5"))

    def test_empty_lines_are_passed_over(self):
        self.assertEqual(len(self._read("Date,Price", "", "2026-01-01,1", ",")), 1)

    def test_wrong_lines_are_refused_with_line_and_cell(self):
        wrong = {
            "2026-13-01,1": ("date", "2026-13-01"),
            ",1": ("date", ""),
            "2026-02-01,many": ("price", "many"),
            "2026-02-01": ("price", ""),
            "2026-02-01,0": ("price", "0"),
            "2026-02-01,-5": ("price", "-5"),
            "2026-02-01,NaN": ("price", "NaN"),
            "2026-01-01,5": ("twice", "2026-01-01"),
        }
        for line, (code, cell) in wrong.items():
            with self.subTest(line=line):
                values = self._assert_refused(code, "Date,Price", "2026-01-01,1", line)
                self.assertEqual(values, {"line": 3, "cell": cell})

    def test_a_file_without_the_columns_is_refused(self):
        for header in ("", "When,Price", "Date,Bid"):
            with self.subTest(header=header):
                self._assert_refused("columns", header, "2026-01-01,1")

    @given(st.dictionaries(days, prices, min_size=1, max_size=20))
    def test_a_file_in_any_order_gives_its_prices_oldest_first(self, prices_by_day):
        lines = [f"{day},{price}" for day, price in prices_by_day.items()]
        quotes = self._read("Date,Price", *lines, unit="g")
        self.assertEqual(
            [(quote.time.date(), quote.bid) for quote in quotes], sorted(prices_by_day.items())
        )


@tagged("post_install", "-at_install")
class TestExchange(BaseCase):
    table = [(date(2026, 1, 1), 1.1), (date(2026, 2, 1), 1.2)]

    def test_a_rate_holds_until_the_next_one(self):
        self.assertEqual(rates.rate_on(self.table, date(2026, 1, 1)), 1.1)
        self.assertEqual(rates.rate_on(self.table, date(2026, 1, 31)), 1.1)
        self.assertEqual(rates.rate_on(self.table, date(2026, 2, 1)), 1.2)
        self.assertEqual(rates.rate_on(self.table, date(2030, 1, 1)), 1.2)

    def test_no_rate_holds_before_the_first(self):
        self.assertIsNone(rates.rate_on(self.table, date(2025, 12, 31)))
        self.assertIsNone(rates.rate_on([], date(2026, 1, 1)))

    def test_a_quote_is_exchanged_on_both_sides(self):
        quote = rates.Quote(datetime(2026, 1, 1), Decimal(100), Decimal(110))
        exchanged = quote.exchanged(Decimal("0.9"))
        self.assertEqual((exchanged.bid, exchanged.ask), (90, 99))
