from odoo import fields
from odoo.tests import TransactionCase, tagged

from .accounting_books import CHARTS, Book

# What the setup proposes on each chart: where accounts begin, and whether receipts are taxed.
PROPOSED = {"generic_coa": ("2510", "4500", False), "be_comp": ("4601", "7431", True)}


@tagged("post_install", "-at_install")
class TestDepositSetup(TransactionCase):
    """What the setup of deposits proposes belongs in the chart of each country."""

    def test_accounts_belong_in_the_chart_and_tax_follows_the_law(self):
        for chart in CHARTS:
            book = Book(self.env, chart, "periodic")
            deposits, forfeits, taxed = PROPOSED[chart.template]
            kinds = book.env["jewelry.deposit.kind"].search([("company_id", "=", book.company.id)])
            with self.subTest(chart=chart.name):
                self.assertEqual({account.code[:4] for account in kinds.account_id}, {deposits})
                self.assertEqual(kinds.forfeit_account_id.code[:4], forfeits)
                self.assertEqual(len(kinds.account_id), len(kinds))
                self.assertEqual(set(kinds.mapped("tax_on_receipt")), {taxed})
                rows = book.env["jewelry.deposit.tie.out"].search([])
                self.assertEqual(rows.account_id, kinds.account_id)
                self.assertFalse(sum(rows.mapped("amount_ledger")))

    def test_the_law_that_is_proposed_has_a_source_and_a_day(self):
        rules = self.env["jewelry.rule"].search([("subject", "like", "deposit_")])
        self.assertEqual(set(rules.mapped("subject")), {"deposit_receipt", "deposit_forfeit"})
        for rule in rules:
            self.assertTrue(rule.source and rule.source_url and rule.quote)
            self.assertLessEqual(rule.checked_on, fields.Date.today())
