from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestHand(DepositCommon):
    """What an accountant does by hand never parts deposits from the ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.deposit = cls._open()
        cls.bookkeeper = cls._create_user("employee", "account.group_account_invoice")

    # === STEPS AND READERS === #

    def _take(self, amount=500, **values):
        """Take money and return the receipt."""
        return self._pay(self.deposit, amount, **values).reconciled_invoice_ids

    def _use(self):
        """Deliver the order and return its invoice, which uses the deposit."""
        self.deposit.order_id.action_confirm()
        self._deliver(self.deposit.order_id)
        return self._invoice(self.deposit.order_id)

    def _acts(self, move):
        return set(move.line_ids.filtered("deposit_id").mapped("deposit_act"))

    def _tax(self, percent=21):
        self.kind.tax_on_receipt = True
        tax = self._create_tax(percent)
        self.deposit.order_id.order_line.tax_ids = [Command.set(tax.ids)]
        return tax.invoice_repartition_line_ids.account_id

    # === REVERSALS === #

    def test_a_reversed_receipt_is_paid_back(self):
        credit_note = self._reverse(self._take())
        self.assertEqual(self._acts(credit_note), {"refunded"})
        self.assertEqual((self.deposit.amount_held, self.deposit.amount_paid), (0, 0))
        self.assertEqual((self.deposit.amount_due, self._owed()), (2000, 0))

    def test_a_reversed_receipt_can_be_replaced(self):
        receipt = self._take()
        self._reverse(receipt, "modify_moves")
        replacement = self.deposit.line_ids.move_id.filtered(lambda move: move.state == "draft")
        self.assertEqual(self._acts(replacement), {"received"})
        replacement.action_post()
        self.assertEqual((self.deposit.amount_held, self._owed()), (500, 500))

    def test_a_reversed_refund_is_received_again(self):
        self._take()
        self.deposit._refund(200, self.bank)
        credit_note = self.deposit.line_ids.move_id.filtered(
            lambda move: move.move_type == "out_refund"
        )
        document = self._reverse(credit_note)
        self.assertEqual(self._acts(document), {"received"})
        self.assertEqual((self.deposit.amount_held, self._owed()), (500, 500))

    def test_a_reversed_forfeit_is_held_again(self):
        self._take()
        entry = self.deposit._forfeit(500)
        self._reverse(entry)
        self.assertEqual((self.deposit.amount_held, self._owed()), (500, 500))
        self.assertEqual(self._owed(self.kind.forfeit_account_id), 0)

    def test_a_reversed_move_brings_the_money_back(self):
        self._take()
        credit = self.deposit._get_credit()
        self._reverse(self.deposit._move_to(credit, 500))
        self.assertEqual((self.deposit.amount_held, credit.amount_held), (500, 0))
        self.assertEqual((self._owed(), self._owed(credit.kind_id.account_id)), (500, 0))

    def test_a_credited_invoice_opens_its_deposit_again(self):
        self._take(2000)
        invoice = self._use()
        self.assertEqual(self.deposit.state, "closed")
        self._reverse(invoice)
        self.assertEqual((self.deposit.state, self.deposit.amount_held), ("open", 2000))
        self.assertEqual(self._owed(), 2000)

    def test_an_invoice_set_back_to_draft_opens_its_deposit_again(self):
        self._take(2000)
        invoice = self._use()
        invoice.button_draft()
        self.assertEqual((self.deposit.state, self.deposit.amount_held), ("open", 2000))
        invoice.action_post()
        self.assertEqual((self.deposit.state, self._owed()), ("closed", 0))

    def test_a_receipt_that_was_used_is_not_set_back(self):
        receipt = self._take(2000)
        self._use()
        with self._refused("does not hold that much"):
            receipt.button_draft()

    def test_a_receipt_that_was_used_is_not_reversed(self):
        receipt = self._take(2000)
        self._use()
        with self._refused("does not hold that much"):
            self._reverse(receipt)

    def test_a_bookkeeper_without_rights_on_deposits_reverses_and_they_follow(self):
        self._take(2000)
        invoice = self._use().with_user(self.bookkeeper)
        invoice.button_draft()
        self.assertEqual(self.deposit.state, "open")
        invoice.action_post()
        self.assertEqual(self.deposit.state, "closed")

    # === TAX === #

    def test_what_is_forfeited_takes_its_tax_back(self):
        tax = self._tax()
        self._take(1210)
        self.deposit._forfeit(1210)
        self.assertEqual((self.deposit.amount_held, self._owed(), self._owed(tax)), (0, 0, 0))
        self.assertEqual(self._owed(self.kind.forfeit_account_id), 1210)

    def test_what_is_forfeited_keeps_its_tax_where_the_kind_says_so(self):
        tax = self._tax()
        self.kind.tax_on_forfeit = True
        self._take(1210)
        document = self.deposit._forfeit(1210, memo="Never came")
        self.assertEqual((document.amount_total, document.amount_tax), (0, 0))
        self.assertIn("Never came", document.ref)
        self.assertEqual((self.deposit.amount_held, self._owed(), self._owed(tax)), (0, 0, 210))
        self.assertEqual(self._owed(self.kind.forfeit_account_id), 1000)

    def test_parts_forfeited_and_paid_back_leave_no_cent(self):
        tax = self._tax()
        for amount in (100, 33.33, 33.33, 0.05):
            self._take(amount)
        self.deposit._forfeit(16.67)
        self.deposit._refund(49.99, self.bank)
        self.deposit._refund(0.01, self.bank)
        self.deposit._forfeit(self.deposit.amount_held)
        self.assertEqual((self.deposit.amount_held, self._owed(), self._owed(tax)), (0, 0, 0))

    def test_credit_is_untaxed_until_it_is_known_what_for(self):
        tax = self._tax()
        self._take(1210)
        credit = self.deposit._get_credit()
        self.deposit._move_to(credit, 1210)
        self.assertEqual((self._owed(), self._owed(tax)), (0, 0))
        self.assertEqual(self._owed(credit.kind_id.account_id), 1210)
        other = self._open(self.low)
        other.order_id.order_line.tax_ids = [Command.set(self._create_tax(6).ids)]
        credit._move_to(other, 318)
        self.assertEqual((other.amount_held, other.amount_due), (318, 0))
        self.assertEqual((self._owed(), self._owed(credit.kind_id.account_id)), (300, 892))

    def test_a_reversed_taxed_forfeit_is_held_again_with_its_tax(self):
        tax = self._tax()
        self._take(1210)
        self._reverse(self.deposit._forfeit(1210))
        self.assertEqual(
            (self.deposit.amount_held, self._owed(), self._owed(tax)), (1210, 1000, 210)
        )

    # === WHAT CANNOT BE MOVED === #

    def test_money_is_not_moved_to_itself_nor_to_another_currency(self):
        self._take()
        foreign = self._open_foreign(self._create_currency(), self.low)
        with self._refused("has that money already"):
            self.deposit._move_to(self.deposit, 10)
        with self._refused("in another currency or company"):
            self.deposit._move_to(foreign, 10)

    def test_credit_is_kept_in_the_currency_that_was_paid(self):
        currency = self._create_currency()
        deposit = self._open_foreign(currency, self.low)
        self._pay(deposit, 100)
        credit = deposit._get_credit()
        deposit._move_to(credit, 100)
        self.assertEqual((credit.currency_id, credit.amount_held), (currency, 100))
        self.assertEqual(deposit._get_credit(), credit)
        self.assertEqual(self._owed(credit.kind_id.account_id), 50)

    # === RATES === #

    def test_the_difference_of_two_rates_is_owed_by_its_deposit_until_it_is_settled(self):
        before = self.today - timedelta(days=30)
        currency = self._create_currency(d1990_01_01=2.0, **{f"d{self.today:%Y_%m_%d}": 1.0})
        deposit = self._open_foreign(currency)
        deposit.order_id.order_line.price_unit = 2000
        self._pay(deposit, 2000, date=before)
        self.assertEqual((deposit.amount_held, self._owed()), (2000, 1000))
        deposit.order_id.action_confirm()
        self._deliver(deposit.order_id)
        self._invoice(deposit.order_id)
        self.assertEqual((deposit.amount_held, deposit.state, self._owed()), (0, "closed", 0))
        difference = deposit.line_ids.filtered(lambda line: line.deposit_act == "exchanged")
        self.assertEqual((sum(difference.mapped("balance")), difference.deposit_amount), (-1000, 0))
        self.assertEqual(set(deposit.line_ids.mapped("reconciled")), {True})

    def test_an_entry_of_another_day_takes_the_rate_of_that_day(self):
        before = self.today - timedelta(days=30)
        currency = self._create_currency(d1990_01_01=2.0, **{f"d{self.today:%Y_%m_%d}": 1.0})
        deposit = self._open_foreign(currency)
        self._pay(deposit, 100, date=before)
        deposit._forfeit(100, date=before)
        self.assertEqual(self._owed(self.kind.forfeit_account_id), 50)

    # === LOCKED PERIODS === #

    def test_a_receipt_of_a_locked_period_is_entered_in_the_open_one(self):
        day = self.today - timedelta(days=70)
        self.company.fiscalyear_lock_date = self.today - timedelta(days=40)
        receipt = self._take(date=day)
        self.assertEqual(receipt.invoice_date, day)
        self.assertGreater(receipt.date, self.company.fiscalyear_lock_date)
        entries = self.env["account.move"].search([("partner_id", "=", self.client.id)])
        self.assertGreater(min(entries.mapped("date")), self.company.fiscalyear_lock_date)
        self.assertEqual(self._owed(), 500)

    def test_an_entry_of_a_locked_period_is_entered_in_the_open_one(self):
        self._take()
        self.company.fiscalyear_lock_date = self.today - timedelta(days=40)
        entry = self.deposit._forfeit(500, date=self.today - timedelta(days=70))
        self.assertGreater(entry.date, self.company.fiscalyear_lock_date)

    def test_whoever_takes_money_is_told_the_day_of_its_entry(self):
        self.company.fiscalyear_lock_date = self.today - timedelta(days=40)
        wizard = self.env["jewelry.deposit.receive"].create(
            {"deposit_id": self.deposit.id, "date": self.today - timedelta(days=70), "amount": 5}
        )
        self.assertIn("books are closed", wizard.lock_notice)
        wizard.date = self.today
        self.assertFalse(wizard.lock_notice)

    def test_a_receipt_of_a_closed_period_is_not_set_back(self):
        receipt = self._take(date=self.today - timedelta(days=70))
        self.company.fiscalyear_lock_date = self.today - timedelta(days=40)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            receipt.button_draft()
        self.assertEqual(self.deposit.amount_held, 500)

    # === KINDS === #

    def test_the_account_of_held_money_is_not_changed_but_moved(self):
        self._take()
        other = self.kind._create_account("Other", "liability_current", "259000", reconcile=True)
        with self._refused("Move to Another Account"):
            self.kind.account_id = other
        former = self.kind.account_id
        wizard = self.env["jewelry.deposit.kind.account"].create(
            {"kind_id": self.kind.id, "account_id": other.id}
        )
        wizard.action_move()
        self.assertEqual((self.kind.account_id, self.kind.former_account_ids), (other, former))
        self.assertEqual((self._owed(former), self._owed(other)), (0, 500))
        self.assertEqual(self.deposit.amount_held, 500)
        self._take(100)
        self.assertEqual(self._owed(other), 600)

    def test_moved_money_ties_out_before_and_after(self):
        self._take(date=self.today - timedelta(days=9))
        former = self.kind.account_id
        other = self.kind._create_account("Other", "liability_current", "259000", reconcile=True)
        self.env["jewelry.deposit.kind.account"].create(
            {"kind_id": self.kind.id, "account_id": other.id}
        ).action_move()
        for days, expected in ((1, {former: 500, other: 0}), (0, {former: 0, other: 500})):
            day = self.today - timedelta(days=days)
            rows = self.env["jewelry.deposit.tie.out"].with_context(deposit_date=day)
            rows.invalidate_model()
            found = rows.search([("account_id", "in", (former | other).ids)])
            self.assertEqual({row.account_id: row.amount_ledger for row in found}, expected)
            self.assertEqual(found.mapped("difference"), [0, 0])

    def test_a_kind_that_holds_nothing_may_change_its_account(self):
        other = self.kind._create_account("Other", "liability_current", "259000", reconcile=True)
        self._take()
        self.deposit._refund(500, self.bank)
        self.kind.account_id = other
        self._take(70)
        self.assertEqual(self._owed(other), 70)

    def test_moving_to_the_same_account_is_refused(self):
        wizard = self.env["jewelry.deposit.kind.account"].create(
            {"kind_id": self.kind.id, "account_id": self.kind.account_id.id}
        )
        with self._refused("already"):
            wizard.action_move()

    def test_a_kind_with_deposits_is_archived_and_never_deleted(self):
        self._take()
        with self._refused("Archive it instead"):
            self.kind.unlink()
        self.kind.active = False
        self._take(100)
        row = self.env["jewelry.deposit.tie.out"].search(
            [("account_id", "=", self.kind.account_id.id)]
        )
        self.assertEqual((row.amount_documents, row.difference), (600, 0))
        self.assertEqual(self.kind._get_kind("deposit", self.company), self.kind)

    def test_a_kind_without_deposits_may_be_deleted(self):
        kind = self.kind._get_kind("credit", self.company)
        kind.unlink()
        self.assertFalse(kind.exists())

    # === MERGED ACCOUNTS === #

    def test_accounts_of_two_companies_that_are_merged_tie_out_in_each(self):
        self._take()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        companies = self.company | company
        self.env.user.company_ids |= company
        other = self.env["account.account"].create(
            {
                "name": "Customer Deposits",
                "code": "251999",
                "account_type": "liability_current",
                "reconcile": True,
                "company_ids": [Command.set(company.ids)],
            }
        )
        account = self.kind.account_id
        wizard = self.env["account.merge.wizard"].with_context(
            allowed_company_ids=companies.ids, active_model="account.account"
        )
        wizard._action_merge(other | account)
        self.env.invalidate_all()
        self.assertEqual(self.kind.account_id, other)
        row = self.env["jewelry.deposit.tie.out"].search([("account_id", "=", other.id)])
        self.assertEqual((row.amount_documents, row.difference), (500, 0))

    # === FIGURES OF SALES === #

    def test_deposits_are_no_turnover_and_goods_are_when_invoiced(self):
        def turnover():
            self.env.flush_all()
            rows = self.env["account.invoice.report"].search([("partner_id", "=", self.client.id)])
            rows.invalidate_recordset()
            return sum(rows.mapped("price_subtotal"))

        self._take()
        self.assertEqual(turnover(), 0)
        self.deposit._refund(100, self.bank)
        self.assertEqual(turnover(), 0)
        self._use()
        self.assertEqual(turnover(), 2000)

    def test_a_forfeit_is_no_turnover_whether_taxed_or_not(self):
        self._tax()
        self._take(1210)
        self.deposit._forfeit(1210)
        self.assertFalse(
            self.env["account.invoice.report"].search([("partner_id", "=", self.client.id)])
        )

    def test_the_figures_of_a_team_count_goods_and_no_deposits(self):
        team = self.env["crm.team"].create({"name": "Counter", "company_id": self.company.id})
        self.deposit.order_id.team_id = team
        receipt = self._take(2000)
        receipt.team_id = team
        self.env.flush_all()
        team.invalidate_recordset()
        self.assertEqual(team.invoiced, 0)
        invoice = self._use()
        self.assertEqual((invoice.team_id, invoice.payment_state), (team, "paid"))
        self.env.flush_all()
        team.invalidate_recordset()
        self.assertEqual(team.invoiced, 2000)
