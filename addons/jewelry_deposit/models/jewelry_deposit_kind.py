from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError


class JewelryDepositKind(models.Model):
    """What customers pay ahead for in a company, and the account that owes it to them."""

    _name = "jewelry.deposit.kind"
    _description = "Kind of Customer Deposit"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="What programs call it, such as deposit, layaway or special_order."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company, index=True
    )
    account_id = fields.Many2one(
        comodel_name="account.account",
        string="Deposits Account",
        required=True,
        check_company=True,
        domain=[("account_type", "=", "liability_current"), ("reconcile", "=", True)],
        help="Owes the customers what they paid until it is delivered, paid back or forfeited.",
    )
    forfeit_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Forfeits Account",
        required=True,
        check_company=True,
        domain=[("account_type", "in", ("income", "income_other"))],
        help="Income from money that the store may keep.",
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        required=True,
        check_company=True,
        domain=[("type", "=", "sale")],
        help="Numbers the receipts of deposits apart from the invoices of what was sold.",
    )
    entry_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Journal of Entries",
        required=True,
        check_company=True,
        domain=[("type", "=", "general")],
        help="Where money that is forfeited or moved to another deposit is entered.",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        check_company=True,
        domain=[("type", "=", "service")],
        ondelete="restrict",
        help="What receipts, invoices and registers call the deposit.",
    )
    tax_on_receipt = fields.Boolean(
        help="The country taxes what is paid ahead when it is paid, not when the goods are "
        "delivered: receipts then show the tax of the order."
    )

    _code_once = models.UniqueIndex(
        "(company_id, code)", "The company has a kind of deposit with this code already."
    )

    # === CONSTRAINTS === #

    @api.constrains("account_id")
    def _check_account(self):
        for kind in self:
            account = kind.account_id
            if account.account_type != "liability_current" or not account.reconcile:
                raise ValidationError(
                    self.env._(
                        "%(account)s cannot hold deposits: choose a current liability that allows "
                        "reconciliation.",
                        account=account.display_name,
                    )
                )

    # === BUSINESS METHODS === #

    @api.model
    def _get_kind(self, code, company):
        """Return the kind with a code in a company, made when first needed: money that is paid is
        never refused for want of a setting.
        """
        # In sudo: whoever takes a deposit does not set up accounts.
        kinds = self.sudo().with_context(active_test=False)
        kind = kinds.search([("code", "=", code), ("company_id", "=", company.id)], limit=1)
        kind = kind or kinds.with_company(company)._create_kind(code)
        return kind.sudo(self.env.su)

    @api.model
    def _get_kind_names(self):
        """Hook: {code: (name of the kind, name of its account)} of the kinds that rooms use."""
        return {
            "deposit": (self.env._("Deposit"), self.env._("Customer Deposits")),
            "credit": (self.env._("Store Credit"), self.env._("Store Credit of Customers")),
        }

    def _create_kind(self, code):
        """Make a kind in the current company, with an account and a product of its own."""
        name, account_name = self._get_kind_names()[code]
        account = self._create_account(account_name, "liability_current", "251000", reconcile=True)
        return self.create(
            {
                "name": name,
                "code": code,
                "company_id": self.env.company.id,
                "account_id": account.id,
                "forfeit_account_id": self._ensure_forfeit_account().id,
                "journal_id": self._ensure_journal().id,
                "entry_journal_id": self._find_journal("general").id,
                "product_id": self._create_product(name, account).id,
                "tax_on_receipt": self._is_taxed_on_receipt(),
            }
        )

    def _ensure_forfeit_account(self):
        known = self.search([("company_id", "=", self.env.company.id)], limit=1)
        return known.forfeit_account_id or self._create_account(
            self.env._("Forfeited Deposits"), "income_other", "450000"
        )

    def _create_account(self, name, account_type, code, **values):
        accounts = self.env["account.account"]
        return accounts.create(
            {
                "name": name,
                "code": accounts._search_new_account_code(code),
                "account_type": account_type,
                "company_ids": [Command.set(self.env.company.ids)],
            }
            | values
        )

    def _ensure_journal(self):
        """Return the journal that numbers the receipts of deposits."""
        return self._find_journal("sale", code="DEP") or self.env["account.journal"].create(
            {
                "name": self.env._("Customer Deposits"),
                "code": "DEP",
                "type": "sale",
                "company_id": self.env.company.id,
                "show_on_dashboard": False,
            }
        )

    def _find_journal(self, kind, **values):
        domain = [("type", "=", kind), ("company_id", "=", self.env.company.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["account.journal"].search(domain, limit=1)

    def _create_product(self, name, account):
        return self.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": 0.0,
                "sale_ok": False,
                "purchase_ok": False,
                "taxes_id": False,
                "company_id": self.env.company.id,
                "property_account_income_id": account.id,
            }
        )

    def _is_taxed_on_receipt(self):
        """Tell whether the country taxes what is paid ahead when it is paid.

        The European Union does: directive 2006/112/EC, article 65.
        """
        union = self.env.ref("base.europe")
        return self.env.company.country_id in union.country_ids
