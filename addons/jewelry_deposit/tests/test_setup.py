from odoo.tests import tagged

from ..tools.chart import DEFAULT, get_codes
from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestSetup(DepositCommon):
    """An accountant sets deposits up once, and may come back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._create_user("employee", "account.group_account_manager")

    # === STEPS AND READERS === #

    def _found_store(self, country, chart):
        """Return a new company that keeps its books on a chart, and lets the accountant in."""
        company = self.env["res.company"].create(
            {
                "name": f"Store {self.env['res.company'].search_count([])}",
                "country_id": self.env.ref(country).id,
            }
        )
        self.env["account.chart.template"]._load(chart, company, install_demo=False)
        self.accountant.company_ids |= company
        return company

    def _open_setup(self, company):
        setups = self.env["jewelry.deposit.setup"].with_user(self.accountant)
        return setups.with_context(allowed_company_ids=company.ids).create({})

    def _kinds(self, company):
        return self.env["jewelry.deposit.kind"].search([("company_id", "=", company.id)])

    # === TESTS === #

    def test_a_store_in_the_united_states_gets_accounts_and_no_tax_on_receipt(self):
        company = self._found_store("base.us", "generic_coa")
        setup = self._open_setup(company)
        self.assertIn("No rule is stated", setup.law)
        self.assertEqual(setup.line_ids.mapped("code"), list(self.kind._get_kind_names()))
        setup.action_apply()
        kinds = self._kinds(company)
        self.assertEqual(set(kinds.mapped("tax_on_receipt")), {False})
        self.assertEqual(len(kinds.account_id), len(setup.line_ids))
        self.assertEqual(len(kinds.forfeit_account_id), 1)
        codes = kinds.account_id.with_company(company).mapped("code")
        self.assertTrue(all(code.startswith("251") for code in codes), codes)

    def test_a_store_in_belgium_is_told_the_law_and_taxes_receipts(self):
        company = self._found_store("base.be", "generic_coa")
        setup = self._open_setup(company)
        self.assertIn("2006/112/EC, article 65", setup.law)
        self.assertIn("C-277/05", setup.law)
        self.assertIn("Unconfirmed", setup.law)
        setup.action_apply()
        kinds = self._kinds(company)
        self.assertEqual(set(kinds.mapped("tax_on_receipt")), {True})
        self.assertEqual(set(kinds.mapped("tax_on_forfeit")), {False})

    def test_the_law_of_the_union_holds_in_each_of_its_countries(self):
        kinds = self.env["jewelry.deposit.kind"]
        for country, taxed in (("base.fr", True), ("base.it", True), ("base.us", False)):
            company = self.env["res.company"].create(
                {"name": country, "country_id": self.env.ref(country).id}
            )
            with self.subTest(country=country):
                self.assertEqual(kinds._asks_for_tax("deposit_receipt", company), taxed)
                self.assertFalse(kinds._asks_for_tax("deposit_forfeit", company))

    def test_a_rule_that_is_withdrawn_taxes_nothing(self):
        rule = self.env.ref("jewelry_deposit.rule_eu_deposit_receipt")
        rule._set_state("withdrawn")
        company = self.env["res.company"].create(
            {"name": "Store", "country_id": self.env.ref("base.fr").id}
        )
        self.assertFalse(self.env["jewelry.deposit.kind"]._asks_for_tax("deposit_receipt", company))

    def test_running_it_twice_changes_nothing(self):
        company = self._found_store("base.us", "generic_coa")
        self._open_setup(company).action_apply()
        kinds = self._kinds(company)
        before = kinds.read()
        accounts = self.env["account.account"].search_count([("company_ids", "=", company.id)])
        setup = self._open_setup(company)
        self.assertEqual(setup.line_ids.kind_id, kinds)
        self.assertEqual(setup.line_ids.account_id, kinds.account_id)
        setup.action_apply()
        self.assertEqual(self._kinds(company), kinds)
        self.assertEqual(kinds.read(), before)
        after = self.env["account.account"].search_count([("company_ids", "=", company.id)])
        self.assertEqual(after, accounts)

    def test_two_dialogs_that_were_open_at_once_make_each_kind_once(self):
        company = self._found_store("base.us", "generic_coa")
        first, second = self._open_setup(company), self._open_setup(company)
        first.action_apply()
        second.action_apply()
        codes = self._kinds(company).mapped("code")
        self.assertEqual(sorted(codes), sorted(self.kind._get_kind_names()))

    def test_what_is_changed_in_the_dialog_is_used(self):
        company = self._found_store("base.us", "generic_coa")
        own = (
            self.env["account.account"]
            .with_company(company)
            .create(
                {
                    "name": "Our Deposits",
                    "code": "219900",
                    "account_type": "liability_current",
                    "reconcile": True,
                    "company_ids": [(6, 0, company.ids)],
                }
            )
        )
        setup = self._open_setup(company)
        line = setup.line_ids.filtered(lambda line: line.code == "deposit")
        line.write({"account_id": own.id, "tax_on_receipt": True, "name": "Money Ahead"})
        other = setup.line_ids.filtered(lambda line: line.code == "credit")
        other.write({"account_code": "277700", "account_name": "Credit Notes Kept"})
        setup.action_apply()
        kinds = {kind.code: kind.with_company(company) for kind in self._kinds(company)}
        self.assertEqual(kinds["deposit"].account_id, own)
        self.assertEqual(
            (kinds["deposit"].name, kinds["deposit"].tax_on_receipt), ("Money Ahead", True)
        )
        self.assertEqual(kinds["credit"].account_id.code, "277700")
        self.assertEqual(kinds["credit"].account_id.name, "Credit Notes Kept")

    def test_a_kind_made_by_itself_is_as_the_dialog_proposes_it(self):
        proposed = self._found_store("base.us", "generic_coa")
        self._open_setup(proposed).action_apply()
        made = self._found_store("base.us", "generic_coa")
        for code in self.kind._get_kind_names():
            self.kind._get_kind(code, made)
        names = ["code", "name", "tax_on_receipt", "tax_on_forfeit"]

        def describe(company):
            return [
                [kind[name] for name in names]
                + [
                    kind.account_id.with_company(company).code,
                    kind.account_id.name,
                    kind.forfeit_account_id.with_company(company).code,
                    kind.journal_id.code,
                    kind.entry_journal_id.code,
                ]
                for kind in self._kinds(company)
            ]

        self.assertEqual(describe(made), describe(proposed))

    def test_a_kind_made_by_itself_is_shown_as_it_is(self):
        setup = self._open_setup(self.company)
        line = setup.line_ids.filtered(lambda line: line.code == "deposit")
        self.assertEqual((line.kind_id, line.account_id), (self.kind, self.kind.account_id))

    def test_the_account_of_held_money_is_not_changed_by_the_dialog(self):
        self._pay(self._open(), 500)
        other = self.kind._create_account("Other", "liability_current", "259000", reconcile=True)
        setup = self._open_setup(self.company)
        setup.line_ids.filtered(lambda line: line.code == "deposit").account_id = other
        with self._refused("Move to Another Account"):
            setup.action_apply()
        self.assertNotEqual(self.kind.account_id, other)

    def test_only_accountants_set_deposits_up(self):
        for role, group in (
            ("manager", ""),
            ("employee", "jewelry_inventory.group_auditor"),
            ("employee", "account.group_account_invoice"),
        ):
            user = self._create_user(role, group)
            for model in ("jewelry.deposit.setup", "jewelry.deposit.kind.account"):
                with self.subTest(role=role, group=group, model=model):
                    self.assertFalse(self.env[model].with_user(user).has_access("create"))

    def test_a_chart_that_is_not_known_uses_the_first_codes(self):
        self.assertEqual(get_codes("be_asso"), get_codes("be_comp"))
        self.assertEqual({get_codes(None), get_codes("xx"), get_codes("bexx")}, {DEFAULT})
