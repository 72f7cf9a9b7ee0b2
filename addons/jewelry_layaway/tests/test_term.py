from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LayawayCommon

CENTS = st.integers(1, 50_000_000)
SHARES = st.integers(0, 10_000).map(lambda number: number / 100)
TERMS = st.fixed_dictionaries(
    {
        "first_percent": SHARES,
        "first_amount": st.integers(0, 100_000).map(lambda cents: cents / 100),
        "kept_percent": SHARES,
        "kept_amount": st.integers(0, 100_000).map(lambda cents: cents / 100),
        "instalment_count": st.integers(1, 36),
        "rhythm": st.sampled_from(["week", "fortnight", "month"]),
        "end_days": st.integers(0, 400),
    }
)


def _sum(rows):
    return sum((Decimal(str(amount)) for _day, amount in rows), Decimal(0))


@tagged("post_install", "-at_install")
class TestTerm(LayawayCommon):
    """What terms propose is fixed, adds up to the cent and lies within what they say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency = cls.company.currency_id

    @settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
    @given(TERMS, CENTS, st.dates(date(2020, 1, 1), date(2040, 12, 31)))
    def test_whatever_a_term_says_its_proposal_adds_up_and_its_days_do_not_fall(
        self, values, cents, start
    ):
        self.term.write(values)
        total = cents / 100
        rows = self.term._propose(total, self.currency, start)
        self.assertEqual(_sum(rows), Decimal(str(total)))
        days = [day for day, _amount in rows]
        self.assertEqual((days[0], days), (start, sorted(days)))
        self.assertTrue(all(amount > 0 for _day, amount in rows))
        if values["end_days"]:
            self.assertLessEqual(days[-1], start + timedelta(days=values["end_days"]))
        first, kept = (
            self.term._get_first(total, self.currency),
            self.term._get_kept(total, self.currency),
        )
        for amount in (first, kept):
            self.assertTrue(0 <= amount <= total)
        if first:
            self.assertEqual(rows[0][1], first)

    @settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
    @given(CENTS, st.integers(1, 24), st.sampled_from([0.05, 1.0, 0.001]))
    def test_in_any_currency_a_proposal_is_of_whole_units(self, units, count, rounding):
        currency = self.currency.new({"name": "QQQ", "symbol": "Q", "rounding": rounding})
        total = float(units * Decimal(str(rounding)))
        self.term.write({"first_percent": 33.33, "first_amount": 0, "instalment_count": count})
        rows = self.term.with_context(currency=currency)._propose(
            total, currency, date(2026, 1, 31), first=min(total, currency.rounding)
        )
        self.assertEqual(_sum(rows), Decimal(str(total)))
        for _day, amount in rows:
            self.assertEqual(Decimal(str(amount)) % Decimal(str(rounding)), 0)

    def test_a_first_payment_of_everything_leaves_no_instalments(self):
        layaway = self._draft(self.high, amount_first=2000)
        self.assertEqual(layaway.instalment_ids.mapped("amount"), [2000])
        layaway._sign("Client", signature=self.pen)
        self._pay(layaway.deposit_id, 2000)
        self.assertEqual(layaway.state, "paid")

    def test_what_is_proposed_begins_on_the_day_that_is_chosen(self):
        layaway = self._draft(self.high, date_start="2026-11-30")
        days = [str(day) for day in layaway.instalment_ids.mapped("date")]
        self.assertEqual(days[:4], ["2026-11-30", "2026-12-30", "2027-01-30", "2027-02-28"])
        self.assertEqual(days[4], "2027-03-30")

    def test_the_dialog_shows_the_schedule_as_it_will_be(self):
        order = self._quote(self.high)
        wizard = self.env["jewelry.layaway.create"].create(
            {"order_id": order.id, "term_id": self.term.id}
        )
        self.assertEqual((wizard.kind, wizard.amount_minimum), ("layaway", 400))
        lines = wizard.schedule_text.split("\n")
        self.assertEqual(len(lines), 6)
        self.assertIn("400.00", lines[0])
        wizard.amount_first = 1900
        self.assertIn("20.00", wizard.schedule_text.split("\n")[1])

    def test_the_dialog_takes_an_order_without_a_piece_for_a_special_order(self):
        style = self._create_style(name="Ordered", list_price=1500, taxes_id=False)
        special = self._create_term(kind="special_order")
        wizard = self.env["jewelry.layaway.create"].create(
            {"order_id": self._quote_quantity(1, style).id}
        )
        self.assertEqual((wizard.kind, wizard.term_id), ("special_order", special))

    def test_a_term_of_another_kind_is_not_offered(self):
        wizard = self.env["jewelry.layaway.create"].create({"order_id": self._quote(self.high).id})
        self.assertEqual(wizard.term_id.kind, "layaway")
        wizard.kind = "special_order"
        self.assertNotEqual(wizard.term_id.kind, "layaway")

    def test_terms_are_printed_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_BE")
        self.term.terms = "<p>English</p>"
        self.term.with_context(lang="fr_BE").terms = "<p>En français</p>"
        self.client.lang = "fr_BE"
        self.assertIn("français", self._draft(self.high).terms)

    @mute_logger("odoo.sql_db")
    def test_negative_numbers_and_shares_above_all_are_refused(self):
        for values, name in (
            ({"grace_days": -1}, "numbers_positive"),
            ({"kept_amount": -0.01}, "numbers_positive"),
            ({"first_percent": 100.01}, "shares_within"),
            ({"kept_percent": -1}, "shares_within"),
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(IntegrityError, name),
                self.env.cr.savepoint(),
            ):
                self.term.write(values)
                self.term.flush_recordset()

    def test_a_term_without_instalments_asks_for_everything(self):
        with self.assertRaisesRegex(ValidationError, "enter 100 %"):
            self.term.instalment_count = 0
