import base64
import io
from datetime import date, datetime, timedelta

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import VocabularyCommon, read_vector


@tagged("post_install", "-at_install")
class TestMetalRate(VocabularyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rate = cls.env["jewelry.metal.rate"]
        cls.january = cls._create_rate(time="2026-01-01 09:00:00", bid=100, ask=102)
        cls.february = cls._create_rate(time="2026-02-01 09:00:00", bid=110, ask=112)

    def _get(self, moment=None, metals=None, company=None):
        return self.Rate._get_rates(metals or self.gold, company or self.company, moment)

    def test_a_rate_is_in_the_companys_currency(self):
        self.assertEqual(self.january.currency_id, self.company.currency_id)
        self.assertEqual(self.january.provider, "manual")

    def test_a_rate_is_named_by_metal_and_time(self):
        self.assertIn("Gold", self.january.display_name)
        self.assertIn("2026", self.january.display_name)

    def test_prices_of_zero_or_less_are_refused(self):
        for bid, ask in ((0, 100), (-1, 100), (0, 0)):
            with self.subTest(bid=bid), self._refused("above zero"):
                self._create_rate(bid=bid, ask=ask)

    def test_a_bid_above_the_ask_is_refused(self):
        with self._refused("cannot be above the ask"):
            self._create_rate(bid=102, ask=100)

    def test_a_rate_of_the_future_is_refused(self):
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        with self._refused("lies in the future"):
            self._create_rate(time=tomorrow)

    def test_a_rate_older_than_the_newest_is_refused(self):
        with self._refused("older than a rate that is already there"):
            self._create_rate(time="2026-01-15 09:00:00")

    def test_a_rate_cannot_be_moved_past_its_neighbours(self):
        for rate, time in ((self.january, "2026-03-01 09:00:00"), (self.february, "2025-12-01")):
            with self.subTest(time=time), self._refused("is older than"):
                rate.time = time

    def test_rates_entered_together_in_the_wrong_order_are_refused(self):
        values = {"metal_id": self.gold.id, "bid": 1, "ask": 1}
        with self._refused("is older than"):
            self.Rate.create(
                [values | {"time": "2026-05-01 00:00:00"}, values | {"time": "2026-04-01 00:00:00"}]
            )

    def test_an_older_rate_of_another_metal_is_welcome(self):
        rate = self._create_rate(self.silver, time="2025-06-01 00:00:00")
        self.assertTrue(rate)

    def test_a_metal_has_one_rate_at_a_time(self):
        with self._refused_by_database("jewelry.metal.rate", "already has a rate at this time"):
            self._create_rate(time=self.february.time)

    def test_a_price_may_be_corrected(self):
        self.january.write({"bid": 101})
        self.assertEqual(self.january.bid, 101)

    def test_a_branch_has_no_rates_of_its_own(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        with self._refused("belong to the main company"):
            self._create_rate(company_id=branch.id)
        self.assertEqual(self._get(company=branch), {self.gold.id: self.february})

    def test_the_newest_rate_holds_now(self):
        self.assertEqual(self._get(), {self.gold.id: self.february})

    def test_a_past_moment_has_the_rate_of_then(self):
        self.assertEqual(self._get(datetime(2026, 1, 31)), {self.gold.id: self.january})
        self.assertEqual(self._get(datetime(2026, 2, 1, 9)), {self.gold.id: self.february})
        self.assertEqual(self._get(datetime(2026, 2, 1, 8, 59, 59)), {self.gold.id: self.january})

    def test_a_day_has_the_rate_of_its_end(self):
        self.assertEqual(self._get(date(2026, 2, 1)), {self.gold.id: self.february})

    def test_a_metal_without_a_rate_is_left_out(self):
        self.assertEqual(self._get(datetime(2025, 1, 1)), {})
        self.assertEqual(self._get(metals=self.silver), {})

    def test_another_company_has_rates_of_its_own(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.assertEqual(self._get(company=other), {})

    @given(
        st.sets(st.integers(min_value=0, max_value=400), max_size=8),
        st.integers(min_value=-1, max_value=401),
    )
    @settings(max_examples=40)
    def test_the_rate_of_a_day_is_the_last_one_up_to_it(self, days, asked):
        start = date(2020, 1, 1)
        platinum = self._ref("metal_platinum")
        self.Rate.search([("metal_id", "=", platinum.id)]).unlink()
        for day in sorted(days):
            self._create_rate(platinum, time=start + timedelta(days=day), bid=day + 1, ask=day + 1)
        found = self._get(start + timedelta(days=asked), metals=platinum).get(platinum.id)
        expected = max((day for day in days if day <= asked), default=None)
        self.assertEqual(found and found.bid - 1, expected)

    def test_rates_of_many_metals_are_one_query(self):
        metals = self.env["jewelry.metal"].search([])
        self._create_rate(self.silver)
        with self.assertQueryCount(1):
            self.assertEqual(len(self._get(metals=metals)), 2)

    def test_the_rates_of_a_metal_open_from_it(self):
        action = self.gold.action_view_rates()
        self.assertEqual(self.Rate.search(action["domain"]), self.february + self.january)


@tagged("post_install", "-at_install")
class TestMetalRateImport(VocabularyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.usd = cls.env.ref("base.USD")
        cls.eur = cls.env.ref("base.EUR")
        (cls.usd + cls.eur).active = True
        cls.store = cls.env["res.company"].create({"name": "Store", "currency_id": cls.usd.id})

    def _import(self, text, **values):
        wizard = self.env["jewelry.metal.rate.import"].create(
            {
                "metal_id": self.gold.id,
                "company_id": self.store.id,
                "currency_id": self.usd.id,
                "file": base64.b64encode(text if isinstance(text, bytes) else text.encode()),
                "filename": "prices.csv",
            }
            | values
        )
        return wizard.action_import()

    def _get_rates(self):
        return self.env["jewelry.metal.rate"].search([("company_id", "=", self.store.id)])

    def test_the_published_file_becomes_rates_per_gram(self):
        action = self._import(read_vector("gold_monthly.csv"))
        rates = self._get_rates()
        self.assertEqual(len(rates), 24)
        self.assertEqual(rates[0].time, datetime(2026, 6, 1))
        self.assertAlmostEqual(rates[0].bid, 4228 / 31.1034768, places=6)
        self.assertEqual(rates[0].provider, "csv")
        self.assertEqual(rates[0].source, "prices.csv")
        self.assertEqual(action["res_model"], "jewelry.metal.rate")

    def test_a_file_imported_again_adds_only_what_is_new(self):
        lines = read_vector("gold_monthly.csv").splitlines()
        self._import("\n".join(lines[:-2]))
        self._import("\n".join(lines))
        self.assertEqual(len(self._get_rates()), 24)

    def test_a_file_with_nothing_new_is_refused(self):
        self._import("Date,Price\n2026-01-01,1")
        with self._refused("No price in the file is newer", UserError):
            self._import("Date,Price\n2026-01-01,2")

    def test_prices_before_the_first_day_are_left_out(self):
        self._import(read_vector("gold_monthly.csv"), date_from="2026-01-01")
        self.assertEqual(len(self._get_rates()), 6)

    def test_a_spreadsheets_byte_order_mark_is_no_hindrance(self):
        self._import(b"\xef\xbb\xbfDate,Price\n2026-01-01,1")
        self.assertEqual(len(self._get_rates()), 1)

    def test_an_unusable_file_is_refused_with_its_line(self):
        wrong = {
            b"Date,Price\nx,1": "Line 2: “x” is not a date",
            b"Date,Price\n2026-01-01,0": "Line 2: “0” is not a price above zero",
            b"Date,Price\n2026-01-01,1\n2026-01-01,1": "Line 3: 2026-01-01 is there twice",
            b"Day,Price\n2026-01-01,1": "name the columns: Date and Price",
            b"\n": "The file is empty",
            b"PK no workbook": "neither a CSV file nor a workbook",
            b"Date,Price\n" + b" " * 5_000_000: "too large",
        }
        for content, message in wrong.items():
            with self.subTest(message=message), self._refused(message, UserError):
                self._import(content)

    def test_a_workbook_is_read_as_well(self):
        book = openpyxl.Workbook()
        book.active.append(["Date", "Price"])
        book.active.append([datetime(2026, 1, 1), 93.5])
        file = io.BytesIO()
        book.save(file)
        self._import(file.getvalue(), unit="g")
        self.assertEqual(self._get_rates().bid, 93.5)

    def test_a_foreign_price_is_exchanged_at_its_own_day(self):
        for day, rate in (("2026-01-01", 0.8), ("2026-02-01", 0.5)):
            self.env["res.currency.rate"].create(
                {
                    "name": day,
                    "rate": rate,
                    "currency_id": self.eur.id,
                    "company_id": self.store.id,
                }
            )
        self._import("Date,Price\n2026-01-15,80\n2026-02-15,80", unit="g", currency_id=self.eur.id)
        self.assertEqual(self._get_rates().mapped("bid"), [160, 100])

    def test_a_foreign_price_without_exchange_rate_is_refused(self):
        chf = self.env.ref("base.CHF")
        with self._refused("no exchange rate from CHF to USD on 2026-01-15", UserError):
            self._import("Date,Price\n2026-01-15,80", currency_id=chf.id)

    def test_rates_typed_by_hand_are_not_fetched(self):
        Rate = self.env["jewelry.metal.rate"]
        self.assertFalse(Rate._append_rates("manual", self.gold, self.store))
