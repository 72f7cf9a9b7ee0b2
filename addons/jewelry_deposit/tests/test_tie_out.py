from base64 import b64decode
from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook

from odoo import Command, fields
from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestTieOut(DepositCommon):
    """On any day, what deposits add up to is what the general ledger owes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.deposit = cls._open()
        cls.misc = cls.kind.entry_journal_id
        cls.accountant = cls._create_user("employee", "account.group_account_manager")

    # === STEPS AND READERS === #

    def _row(self, account=None, days=0):
        """Return the row of an account, so many days ago."""
        rows = self.env["jewelry.deposit.tie.out"].with_context(
            deposit_date=self.today - timedelta(days=days)
        )
        rows.invalidate_model()
        account = account or self.kind.account_id
        return rows.search([("account_id", "=", account.id), ("company_id", "=", self.company.id)])

    def _ago(self, days):
        return self.today - timedelta(days=days)

    def _enter(self, amount, account=None, **values):
        """Post an entry by hand that owes `amount` on the account, and return that item."""
        account = account or self.kind.account_id
        items = [
            {"account_id": account.id, "credit": amount} | values,
            {"account_id": self.bank.default_account_id.id, "debit": amount},
        ]
        entry = self.env["account.move"].create(
            {"journal_id": self.misc.id, "line_ids": [Command.create(item) for item in items]}
        )
        entry.action_post()
        return entry.line_ids.filtered(lambda line: line.account_id == account)

    def _assign(self, lines, deposit=None, **values):
        wizards = self.env["jewelry.deposit.assign"].with_user(self.accountant)
        wizard = wizards.create(
            {"line_ids": [Command.set(lines.ids)], "deposit_id": (deposit or self.deposit).id}
            | values
        )
        wizard.action_assign()
        return wizard

    # === TESTS === #

    def test_an_account_without_deposits_is_shown_with_nothing(self):
        row = self._row()
        self.assertEqual((row.amount_documents, row.amount_ledger, row.difference), (0, 0, 0))
        self.assertEqual(row.kind_names, "Deposit")

    def test_each_day_has_the_deposits_that_it_had(self):
        self._pay(self.deposit, 500, date=self._ago(20))
        self._pay(self.deposit, 300, date=self._ago(10))
        self.deposit._refund(200, self.bank, date=self._ago(5))
        for days, amount in ((21, 0), (20, 500), (11, 500), (10, 800), (5, 600), (0, 600)):
            with self.subTest(days=days):
                row = self._row(days=days)
                self.assertEqual((row.amount_documents, row.amount_ledger), (amount, amount))
                self.assertEqual(row.deposit_count, bool(amount))

    def test_a_draft_is_in_no_balance(self):
        payment = self._pay(self.deposit, 500)
        payment.reconciled_invoice_ids.button_draft()
        self.assertEqual((self._row().amount_documents, self._row().amount_ledger), (0, 0))

    def test_what_was_entered_without_a_deposit_is_the_difference(self):
        self._pay(self.deposit, 500)
        item = self._enter(70)
        row = self._row()
        self.assertEqual((row.amount_documents, row.amount_ledger), (500, 570))
        self.assertEqual((row.difference, row.item_count), (-70, 1))
        action = row.action_view_unassigned()
        self.assertEqual(self.env["account.move.line"].search(action["domain"]), item)

    def test_an_item_that_is_assigned_is_paid_ahead(self):
        self._assign(self._enter(70))
        self.assertEqual((self.deposit.amount_held, self.deposit.amount_due), (70, 1930))
        self.assertEqual((self._row().difference, self._row().amount_documents), (0, 70))
        self.assertIn("70.00 assigned from", self.deposit.message_ids[0].preview or "")

    def test_an_assigned_item_is_used_by_the_invoice_of_the_goods(self):
        self._assign(self._enter(2000))
        self.deposit.order_id.action_confirm()
        self._deliver(self.deposit.order_id)
        invoice = self._invoice(self.deposit.order_id)
        self.assertEqual((invoice.amount_total, self.deposit.state), (0, "closed"))
        self.assertEqual(self._row().amount_ledger, 0)

    def test_money_taken_off_by_hand_is_paid_back(self):
        self._pay(self.deposit, 500)
        lines = self._enter(-100)
        wizard = self._assign(lines)
        self.assertEqual((wizard.act, self.deposit.amount_held), ("refunded", 400))

    def test_more_than_is_held_cannot_be_taken_off_by_assigning(self):
        self._pay(self.deposit, 50)
        lines = self._enter(-100)
        with self._refused("does not hold that much"):
            self._assign(lines)
        self.assertFalse(lines.deposit_id)

    def test_what_is_not_of_the_deposit_is_refused_with_the_reason(self):
        payment = self._pay(self.deposit, 50)
        other = self.kind._create_account("Other", "liability_current", "259000", reconcile=True)
        own = payment.reconciled_invoice_ids.line_ids.filtered("deposit_id")
        draft = self._enter(10)
        draft.move_id.button_draft()
        currency = self._create_currency()
        foreign = self._enter(10, currency_id=currency.id, amount_currency=-20)
        for line, message in (
            (own, "already"),
            (draft, "post it first"),
            (self._enter(10, account=other), "Choose a deposit of another kind"),
            (foreign, "Enter it in"),
        ):
            with self.subTest(message=message), self._refused(message):
                self._assign(line)

    def test_an_item_of_a_deposit_on_a_foreign_account_shows(self):
        self._pay(self.deposit, 500)
        other = self.kind._create_account("Other", "liability_current", "259000", reconcile=True)
        self._enter(30, account=other, deposit_id=self.deposit.id, deposit_act="received")
        row = self._row(account=other)
        self.assertEqual((row.amount_documents, row.amount_ledger, row.difference), (30, 0, 30))

    def test_kinds_that_share_an_account_are_one_row(self):
        credit = self.kind._get_kind("credit", self.company)
        credit.account_id = self.kind.account_id
        self._pay(self.deposit, 500)
        self.deposit._move_to(self.deposit._get_credit(), 200)
        row = self._row()
        self.assertEqual((row.amount_documents, row.difference, row.deposit_count), (500, 0, 2))
        self.assertEqual(row.kind_names, "Deposit, Store Credit")

    def test_rows_open_deposits_as_they_were_on_that_day(self):
        self._pay(self.deposit, 500, date=self._ago(9))
        self.deposit._forfeit(500, date=self._ago(3))
        for days, held in ((9, [500]), (4, [500]), (3, [])):
            action = self._row(days=days).action_view_deposits()
            balances = self.env[action["res_model"]].with_context(**action["context"])
            found = balances.search(action["domain"])
            self.assertEqual(found.mapped("amount_owed"), held)
            self.assertEqual(found.mapped("amount_held"), held)
        self.assertEqual(self._row(days=9).action_view_items()["res_model"], "account.move.line")

    def test_a_row_of_a_deposit_opens_it(self):
        self._pay(self.deposit, 500)
        row = self.env["jewelry.deposit.balance"].search([("deposit_id", "=", self.deposit.id)])
        action = row.action_open_deposit()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("jewelry.deposit", self.deposit.id)
        )

    def test_taxed_deposits_tie_out_without_their_tax(self):
        self.kind.tax_on_receipt = True
        self.deposit.order_id.order_line.tax_ids = [Command.set(self._create_tax(21).ids)]
        self._pay(self.deposit, 1210)
        row = self._row()
        self.assertEqual((row.amount_documents, row.amount_ledger), (1000, 1000))
        balance = self.env["jewelry.deposit.balance"].search(
            [("account_id", "=", row.account_id.id)]
        )
        self.assertEqual((balance.amount_held, balance.amount_owed), (1210, 1000))

    def test_what_is_left_over_of_a_used_deposit_shows(self):
        self.kind.tax_on_receipt = True
        self.deposit.order_id.order_line.tax_ids = [Command.set(self._create_tax(21).ids)]
        self._pay(self.deposit, 121)
        self.assertFalse(self._row().amount_left_over)
        # An accountant who forgets the tax.
        self._assign(self._enter(-121))
        self.assertEqual((self._row().amount_left_over, self._row().difference), (-21, 0))

    def test_money_in_open_registers_is_shown_beside(self):
        self._pay(self.deposit, 500)
        account, asked = self.kind.account_id, []

        def pending(_self, date):
            asked.append(date)
            return {(self.company.id, account.id): 45.5}

        self.patch(type(self.env["jewelry.deposit.tie.out"]), "_get_pending_by_account", pending)
        row = self._row(days=2)
        self.assertEqual((row.amount_pending, row.difference), (45.5, 0))
        self.assertEqual(set(asked), {self._ago(2)})

    def test_another_company_has_rows_of_its_own(self):
        # What is held here is nothing there, also for whoever no rule holds back.
        self._pay(self.deposit, 500)
        self.env.flush_all()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        rows = self.env["jewelry.deposit.tie.out"].with_context(allowed_company_ids=company.ids)
        self.assertFalse(rows.search([]))

    def test_the_day_is_asked_for_first(self):
        wizard = self.env["jewelry.deposit.tie.out.open"].create({"date": "2026-03-31"})
        action = wizard.action_open()
        self.assertEqual(action["context"]["deposit_date"], "2026-03-31")
        self.assertIn("2026", action["display_name"])

    def test_the_spreadsheet_says_what_the_page_says_and_who_looked(self):
        self._pay(self.deposit, 500, date=self._ago(5))
        self._pay(self.deposit, 70)
        wizards = self.env["jewelry.deposit.tie.out.open"].with_user(self.accountant)
        wizard = wizards.create({"date": self._ago(3)})
        url = wizard.action_download()["url"]
        self.assertIn(f"/{wizard.id}/file?", url)
        self.assertEqual(wizard.file_name, f"deposits-{self._ago(3)}.xlsx")
        book = load_workbook(BytesIO(b64decode(wizard.with_context(bin_size=False).file)))
        table = [[cell.value for cell in row] for row in book.active.rows]
        self.assertIn(self.accountant.name, table[0][0])
        row = next(row for row in table if row[0] == self.kind.account_id.display_name)
        self.assertEqual(row[1:6], ["Deposit", 1, 500, 500, 0])
        self.assertEqual(table[-1][3], sum(row[3] for row in table[3:-1]))

    def test_the_paper_has_difference_and_name_of_who_looked(self):
        self._pay(self.deposit, 500)
        wizards = self.env["jewelry.deposit.tie.out.open"].with_user(self.accountant)
        wizard = wizards.create({"date": self.today})
        report = wizard.action_print()["report_name"]
        reports = self.env["ir.actions.report"].with_user(self.accountant)
        text = reports._render_qweb_html(report, wizard.ids)[0].decode()
        self.assertIn("Each account ties out", text)
        self.assertIn(self.accountant.name, text)
        self.assertIn(self.kind.account_id.name, text)
        self._enter(70)
        self.env.invalidate_all()
        text = reports._render_qweb_html(report, wizard.ids)[0].decode()
        self.assertIn("Accounts that do not tie out: 1.", text)
        self.assertIn("Journal items that name no deposit: 1.", text)

    def test_the_page_is_exported_as_it_is_shown(self):
        self._pay(self.deposit, 500)
        fields_to_export = ["account_id/display_name", "amount_documents", "difference"]
        exported = self._row().export_data(fields_to_export)["datas"]
        self.assertEqual(exported, [[self.kind.account_id.display_name, 500.0, 0.0]])

    def test_the_number_of_queries_does_not_grow_with_the_deposits(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.env["jewelry.deposit.tie.out"].search([])
            rows.read(["amount_documents", "amount_ledger", "difference", "kind_names"])
            return self.env.cr.sql_log_count - before

        def count_warm():
            """Count once what the registry keeps is there: payments empty that."""
            count()
            return count()

        self._pay(self.deposit, 500)
        few = count_warm()
        for _number in range(3):
            self._pay(self._open(self.low), 100)
        self.assertEqual(count_warm(), few)

    def test_each_role_sees_the_page_and_only_accountants_assign(self):
        self._pay(self.deposit, 500)
        for role, group in (
            ("manager", ""),
            ("employee", "jewelry_inventory.group_auditor"),
            ("employee", "account.group_account_readonly"),
            ("employee", "account.group_account_invoice"),
        ):
            user = self._create_user(role, group)
            rows = self.env["jewelry.deposit.tie.out"].with_user(user)
            with self.subTest(role=role, group=group):
                row = rows.search([("account_id", "=", self.kind.account_id.id)])
                self.assertEqual((row.amount_documents, row.kind_names), (500, "Deposit"))
                self.assertTrue(row.action_view_deposits())
                self.assertFalse(
                    self.env["jewelry.deposit.assign"].with_user(user).has_access("create")
                )
