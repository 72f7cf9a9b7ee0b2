from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import LayawayCommon


@tagged("post_install", "-at_install")
class TestReports(LayawayCommon):
    """What is tied up, what is late, what will come in; and the law beside the terms."""

    # === AGEING AND FORECAST === #

    def test_ageing_counts_from_the_day_of_putting_away(self):
        old, new = self._opened(self.high), self._draft(self.low)
        with self._days(45):
            self.env.flush_all()
            rows = self.env["jewelry.layaway.ageing"].search(
                [("layaway_id", "in", (old | new).ids)]
            )
            self.assertEqual((rows.layaway_id, rows.days_open, rows.band), (old, 45, "1"))
            self.assertEqual((rows.days_late, rows.amount_late, rows.amount_due), (15, 320, 1600))
            self.assertEqual(rows.action_view_layaway()["res_id"], old.id)

    def test_each_band_begins_where_the_one_before_ends(self):
        layaway = self._opened(self.high)
        rows = self.env["jewelry.layaway.ageing"]
        for day, band in ((30, "0"), (31, "1"), (60, "1"), (61, "2"), (90, "2"), (91, "3")):
            with self.subTest(day=day), self._days(day):
                rows.invalidate_model()
                self.assertEqual(rows.search([("layaway_id", "=", layaway.id)]).band, band)

    def test_the_ageing_holds_what_the_ledger_owes(self):
        special = self._draft_special()
        special._sign("Client", signature=self.pen)
        self._pay(special.deposit_id, 300)
        layaways = self._opened(self.high) | special
        layaways |= self._paid(self._stock_piece(cost=10, list_price=999.99))
        self._pay(layaways[0].deposit_id, 33.33)
        layaways[0].deposit_id._refund(100.01, self.bank)
        account = special.deposit_id.kind_id.account_id
        self._assert_owed(layaways, self._laid() + self._owed(account))
        layaways[0].deposit_id._forfeit(0.03)
        self._assert_owed(layaways, self._laid() + self._owed(account))
        layaways[2].action_hand_over()
        self._assert_owed(layaways[:2], self._laid() + self._owed(account))

    def _assert_owed(self, layaways, owed):
        """Assert that the ageing has these rows, and holds what the ledger owes."""
        self.env.flush_all()
        ageing = self.env["jewelry.layaway.ageing"]
        ageing.invalidate_model()
        rows = ageing.search([("company_id", "=", self.company.id)])
        self.assertEqual(rows.layaway_id, layaways)
        self.assertAlmostEqual(sum(rows.mapped("amount_held")), owed, 2)
        self.assertAlmostEqual(
            sum(rows.mapped("amount_due")),
            sum(layaways.instalment_ids.mapped("amount_open")),
            2,
        )

    def test_what_is_late_is_what_instalments_before_today_still_ask_for(self):
        layaway = self._opened(self.high)
        self._pay(layaway.deposit_id, 100)
        rows = self.env["jewelry.layaway.ageing"]
        for day, late in ((30, 0), (31, 220), (61, 220), (62, 540), (92, 540), (93, 860)):
            with self.subTest(day=day), self._days(day):
                rows.invalidate_model()
                row = rows.search([("layaway_id", "=", layaway.id)])
                self.assertEqual(row.amount_late, late)
                self.assertEqual(row.days_late, max(day - 30, 0))

    def test_a_manager_sees_the_ageing_and_another_company_nothing(self):
        layaway = self._opened(self.high)
        self.env.flush_all()
        rows = self.env["jewelry.layaway.ageing"].with_user(self.manager)
        self.assertEqual(rows.search([("layaway_id", "=", layaway.id)]).amount_held, 400)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user(
            "manager",
            login="stranger",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertFalse(rows.with_user(stranger).search([("layaway_id", "=", layaway.id)]))

    def test_the_forecast_is_what_is_still_to_pay_by_month(self):
        layaway = self._opened(self.high)
        self._pay(layaway.deposit_id, 100)
        action = self.env.ref("jewelry_layaway.jewelry_deposit_instalment_action")
        self.assertIn("deposit_state", action.domain)
        groups = self.env["jewelry.deposit.instalment"]._read_group(
            [
                ("deposit_state", "=", "open"),
                ("amount_open", ">", 0),
                ("deposit_id", "=", layaway.deposit_id.id),
            ],
            ["date:month"],
            ["amount_open:sum"],
        )
        self.assertEqual([amount for _month, amount in groups], [220, 320, 320, 320, 320])

    def test_the_forecast_opens_as_a_graph_by_month(self):
        action = self.env.ref("jewelry_layaway.jewelry_deposit_instalment_action")
        self.assertEqual([kind for _view, kind in action.views], ["graph", "pivot", "list"])

    def test_what_is_closed_is_no_forecast(self):
        layaway = self._opened(self.high)
        self._cancel(layaway)
        self.assertEqual(set(layaway.instalment_ids.mapped("deposit_state")), {"closed"})

    # === TERMS AND LAW === #

    def test_the_law_of_the_place_is_shown_with_its_source_and_as_unconfirmed(self):
        self.term.jurisdiction_id = self.env.ref("jewelry_layaway.jurisdiction_us_md")
        self.assertIn("14-1104", self.term.rule_text)
        self.assertIn("Unconfirmed", self.term.rule_text)
        self.assertIn("cancel_days = 7", self.term.rule_text)

    def test_a_term_that_gives_less_than_the_law_warns(self):
        self.term.jurisdiction_id = self.env.ref("jewelry_layaway.jurisdiction_us_md")
        self.assertFalse(self.term.rule_warning)
        self.term.cancel_days = 6
        self.assertIn("within 7 days", self.term.rule_warning)

    def test_a_term_takes_the_law_of_the_companys_state(self):
        self.company.partner_id.write(
            {
                "country_id": self.env.ref("base.us").id,
                "state_id": self.env.ref("base.state_us_27").id,
            }
        )
        term = self._create_term()
        self.assertEqual(term.jurisdiction_id.code, "US-NY")
        self.assertIn("396-t", term.rule_text)

    def test_where_no_law_is_known_nothing_is_shown(self):
        self.term.jurisdiction_id = self.env.ref("jewelry_inventory.jurisdiction_de")
        self.assertFalse(self.term.rule_text or self.term.rule_warning)

    def test_numbers_of_a_term_make_sense(self):
        with self.assertRaises(ValidationError):
            self._create_term(instalment_count=0)
        self._create_term(instalment_count=0, first_percent=100)

    def test_a_term_asks_for_the_larger_of_share_and_amount(self):
        term = self._create_term(first_percent=20, first_amount=100)
        currency = self.company.currency_id
        self.assertEqual(
            [term._get_first(total, currency) for total in (50, 300, 2000)], [50, 100, 400]
        )

    def test_amounts_of_a_term_are_converted_for_an_order_in_another_currency(self):
        currency = self.env["res.currency"].create({"name": "XTS", "symbol": "X"})
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 2, "name": "2020-01-01"}
        )
        term = self._create_term(first_percent=0, first_amount=100, kept_amount=30)
        self.assertEqual((term._get_first(999, currency), term._get_kept(999, currency)), (200, 60))

    def test_everything_is_due_by_the_end_that_the_term_sets(self):
        layaway = self._draft(self.high, term=self._create_term(end_days=60))
        self.assertEqual(str(max(layaway.instalment_ids.mapped("date"))), "2027-01-09")
        self.assertEqual(str(layaway.date_end), "2027-01-09")

    # === CUSTOMERS === #

    def test_a_customer_who_is_merged_takes_the_layaway_along(self):
        layaway = self._opened(self.high)
        other = self._create_partner(name="Client", email="client@example.com")
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge([self.client.id, other.id], other)
        layaway.invalidate_recordset()
        self.assertEqual((layaway.partner_id, layaway.deposit_id.partner_id), (other, other))
        self._pay(layaway.deposit_id, 1600)
        layaway.action_hand_over()
        self.assertEqual((layaway.state, self._laid()), ("delivered", 0))
