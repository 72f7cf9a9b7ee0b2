from psycopg2 import IntegrityError

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LayawayCommon


@tagged("post_install", "-at_install")
class TestFee(LayawayCommon):
    """The fee for opening a layaway is income once it is opened, out of the first payment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.income = cls.kind._create_account("Fees", "income", "709000")
        cls.fee = cls.env["product.product"].create(
            {
                "name": "Layaway fee",
                "type": "service",
                "taxes_id": False,
                "property_account_income_id": cls.income.id,
            }
        )

    # === STEPS AND READERS === #

    @classmethod
    def _fee_term(cls, **values):
        """Return a term that asks for a fee of 30."""
        defaults = {"fee_amount": 30, "fee_product_id": cls.fee.id}
        return cls._create_term(**(defaults | values))

    def _booked(self):
        return self._owed(self.income)

    def _fee_line(self, layaway):
        return layaway.order_id.order_line.filtered("is_layaway_fee")

    def _receivable(self, layaway):
        """Return what is open on invoices and credit notes of the order."""
        return sum(layaway.order_id.invoice_ids.mapped("amount_residual"))

    def _limit(self, **values):
        """Let the law of a place of its own limit fees; return the place."""
        place = self.env["jewelry.jurisdiction"].create({"name": "Limits", "code": "QQ"})
        self.env["jewelry.rule"].create(
            {
                "subject": "layaway",
                "jurisdiction_id": place.id,
                "values": values,
                "source": "A law of the test",
                "source_url": "https://example.com",
                "checked_on": "2026-11-01",
                "confidence": "secondary",
                "state": "active",
            }
        )
        return place

    # === ORDER AND SCHEDULE === #

    def test_the_fee_is_a_line_of_the_order_and_of_what_is_to_be_paid(self):
        layaway = self._draft(self.high, term=self._fee_term(fee_percent=1))
        line = self._fee_line(layaway)
        self.assertEqual((line.product_id, line.price_total), (self.fee, 50))
        self.assertEqual((layaway.amount_fee, layaway.amount_total), (50, 2050))
        self.assertEqual(sum(layaway.instalment_ids.mapped("amount")), 2050)
        self.assertEqual(layaway.amount_first, 410)

    def test_a_term_without_a_fee_adds_no_line(self):
        layaway = self._draft(self.high)
        self.assertFalse(self._fee_line(layaway))
        self.assertEqual(layaway.amount_fee, 0)

    def test_the_dialog_shows_fee_and_total_before(self):
        self._create_tax(21)
        self.fee.taxes_id = self._create_tax(10)
        term = self._fee_term()
        wizard = self.env["jewelry.layaway.create"].create(
            {"order_id": self._quote(self.high).id, "term_id": term.id}
        )
        self.assertEqual((wizard.amount_fee, wizard.amount_total), (33, 2033))
        self.assertEqual(wizard.amount_minimum, 406.6)
        layaway = self.env["jewelry.layaway"].browse(wizard.action_create_layaway()["res_id"])
        self.assertEqual((layaway.amount_total, layaway.amount_fee), (2033, 33))

    def test_the_first_payment_pays_the_fee_at_least(self):
        term = self._fee_term(first_percent=0, fee_amount=75)
        layaway = self._draft(self.high, term=term)
        self.assertEqual(layaway.amount_first, 75)
        with self._refused("75.00 at least"):
            self._draft(self.low, term=term, amount_first=74)

    def test_the_fee_follows_when_it_is_proposed_again(self):
        layaway = self._draft(self.high, term=self._fee_term(fee_percent=1))
        layaway.order_id._add_pieces(self.low)
        layaway.action_propose()
        self.assertEqual((len(self._fee_line(layaway)), layaway.amount_fee), (1, 53))
        self.assertEqual(sum(layaway.instalment_ids.mapped("amount")), 2353)
        layaway.term_id.write({"fee_amount": 0, "fee_percent": 0})
        layaway.action_propose()
        self.assertFalse(self._fee_line(layaway))
        self.assertEqual((layaway.amount_fee, layaway.amount_total), (0, 2300))

    def test_a_draft_that_is_dropped_leaves_no_fee_on_the_quotation(self):
        layaway = self._draft(self.high, term=self._fee_term())
        layaway.action_drop()
        self.assertEqual(layaway.order_id.amount_total, 2000)

    def test_the_fee_is_signed_and_frozen(self):
        layaway = self._draft(self.high, term=self._fee_term())
        version = layaway._get_terms_version()
        layaway.sudo().is_fee_refundable = True
        self.assertNotEqual(layaway._get_terms_version(), version)
        layaway._sign("Client", signature=self.pen)
        with self.assertRaisesRegex(Exception, "stays as it is"), self.env.cr.savepoint():
            layaway.sudo().amount_fee = 0
        text = layaway._render_terms().decode()
        self.assertIn("the fee is given back", text)

    # === INCOME === #

    def test_signing_books_nothing_and_opening_books_the_fee(self):
        layaway = self._signed(self.high, term=self._fee_term())
        self.assertEqual(self._booked(), 0)
        self._pay(layaway.deposit_id, 406)
        self.assertEqual((layaway.state, self._booked()), ("open", 30))
        invoice = layaway.order_id.invoice_ids
        self.assertEqual((invoice.state, invoice.amount_residual), ("posted", 0))
        self.assertEqual(invoice.invoice_line_ids.filtered("sale_line_ids").product_id, self.fee)
        self.assertEqual((layaway.amount_paid, layaway.amount_due), (406, 1624))
        self.assertEqual((layaway.amount_held, self._laid()), (376, 376))

    def test_from_first_payment_to_delivery_all_is_invoiced_once(self):
        layaway = self._paid(self.high, term=self._fee_term())
        layaway.action_hand_over()
        order = layaway.order_id
        self.assertEqual((layaway.state, self._laid()), ("delivered", 0))
        self.assertEqual((len(order.invoice_ids), self._receivable(layaway)), (2, 0))
        self.assertEqual(order.order_line.mapped("qty_invoiced"), [1, 1])
        self.assertEqual((self._booked(), layaway.deposit_id.state), (30, "closed"))

    def test_the_fee_has_the_tax_of_its_service(self):
        tax = self._create_tax(21)
        self.fee.taxes_id = tax
        self._opened(self.high, term=self._fee_term())
        account = tax.invoice_repartition_line_ids.account_id
        self.assertEqual((self._booked(), self._owed(account)), (30, 6.3))

    def test_where_receipts_are_taxed_the_fee_is_taxed_once(self):
        self.laid.tax_on_receipt = True
        tax = self._create_tax(21)
        self.fee.taxes_id = tax
        self.style.taxes_id = tax
        account = tax.invoice_repartition_line_ids.account_id
        layaway = self._draft(self.high, term=self._fee_term())
        layaway.order_id.order_line.tax_ids = [Command.set(tax.ids)]
        layaway.action_propose()
        self.assertEqual(layaway.amount_total, 2456.3)
        layaway._sign("Client", signature=self.pen)
        self._pay(layaway.deposit_id, 2456.3)
        self.assertEqual((self._booked(), self._owed(account)), (30, 426.3))
        self.assertEqual((layaway.amount_held, self._laid()), (2420, 2000))
        layaway.action_hand_over()
        self.assertEqual((self._laid(), self._owed(account)), (0, 426.3))
        self.assertEqual(self._receivable(layaway), 0)

    def test_what_paid_the_fee_pays_for_no_goods(self):
        layaway = self._opened(self.low, self.high, term=self._fee_term(first_amount=300))
        self.assertEqual(layaway.amount_paid, 466)
        self._deliver(layaway.order_id, self.low)
        self.assertEqual(self.low.piece_status, "sold")
        other = self._opened(
            self._stock_piece(cost=1, list_price=300),
            self._stock_piece(cost=1, list_price=700),
            term=self._fee_term(first_percent=0, first_amount=310),
        )
        with self._refused("330.00 is to be paid"):
            self._deliver(other.order_id, other.order_id.order_line[:1].piece_id)

    # === THE END === #

    def test_within_the_days_the_fee_is_given_back_whatever_the_term_says(self):
        layaway = self._opened(self.high, term=self._fee_term())
        self._cancel(layaway)
        self.assertEqual((layaway.state, layaway.amount_held, self._laid()), ("cancelled", 0, 0))
        self.assertEqual((self._booked(), self._receivable(layaway)), (0, 0))
        back = self.env["account.payment"].search(
            [("partner_id", "=", self.client.id), ("payment_type", "=", "outbound")]
        )
        self.assertEqual(back.amount, 406)

    def test_later_the_fee_is_kept_on_top_of_what_was_agreed(self):
        layaway = self._opened(self.high, term=self._fee_term())
        with self._days(8):
            self._cancel(layaway, outcome="credit")
        self.assertEqual((self._booked(), self._laid()), (30, 0))
        self.assertEqual(self._owed(self.laid.forfeit_account_id), 50)
        self.assertEqual(layaway.deposit_id._get_credit().amount_held, 326)

    def test_a_fee_that_is_given_back_is_so_when_it_is_not_paid(self):
        layaway = self._opened(self.high, term=self._fee_term(is_fee_refundable=True))
        self._night(38)
        self._night(53)
        self.assertEqual((layaway.state, self._booked(), self._laid()), ("credited", 0, 0))
        self.assertEqual(layaway.deposit_id._get_credit().amount_held, 356)

    def test_a_fee_that_is_given_back_is_not_invoiced_with_the_part_that_left(self):
        layaway = self._opened(self.low, self.high, term=self._fee_term(is_fee_refundable=True))
        self._deliver(layaway.order_id, self.low)
        with self._days(8):
            self._cancel(layaway, outcome="credit")
        self.assertEqual((layaway.state, self._booked(), self._laid()), ("cancelled", 0, 0))
        self.assertEqual(self._receivable(layaway), 0)
        # 466 was paid: 300 for the piece, 50 is kept.
        self.assertEqual(self._owed(self.laid.forfeit_account_id), 43.48)
        self.assertEqual(layaway.deposit_id._get_credit().amount_held, 122.52)

    def test_the_most_that_is_kept_does_not_shrink_by_the_fee(self):
        layaway = self._opened(self.high, term=self._fee_term())
        wizard = self.env["jewelry.layaway.cancel"].new({"layaway_id": layaway.id})
        with self._days(8):
            self.assertEqual(wizard._get_most_kept(), 50)

    # === TERMS AND LAW === #

    @mute_logger("odoo.sql_db")
    def test_a_fee_is_sold_as_something_and_is_not_negative(self):
        for values in (
            {"fee_amount": 10},
            {"fee_percent": 10},
            {"fee_amount": -1, "fee_product_id": self.fee.id},
            {"fee_percent": 101, "fee_product_id": self.fee.id},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._create_term(**values)

    def test_no_fee_is_above_what_the_law_allows(self):
        currency = self.company.currency_id
        term = self._fee_term(fee_amount=30, fee_percent=1)
        self.assertEqual(term._get_fee(2000, currency), 50)
        term.jurisdiction_id = self._limit(fee_most=12.5)
        self.assertEqual(term._get_fee(2000, currency), 12.5)
        term.jurisdiction_id = self._limit_more(fee_most=40, fee_most_percent=1.5)
        self.assertEqual([term._get_fee(total, currency) for total in (2000, 4000)], [30, 40])
        layaway = self._draft(self.high, term=term)
        self.assertEqual(layaway.amount_fee, 30)

    def _limit_more(self, **values):
        """Change the law of the place of the test; return the place."""
        rule = self.env["jewelry.rule"].search([("jurisdiction_id.code", "=", "QQ")])
        rule.write({"values": values})
        return rule.jurisdiction_id

    def test_the_fee_is_converted_for_an_order_in_another_currency(self):
        currency = self._create_currency()
        self.assertEqual(self._fee_term()._get_fee(1000, currency), 60)
