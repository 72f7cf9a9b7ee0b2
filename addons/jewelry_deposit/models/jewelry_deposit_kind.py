from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools.chart import get_codes


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
    former_account_ids = fields.Many2many(
        comodel_name="account.account",
        relation="jewelry_deposit_kind_former_account_rel",
        string="Former Accounts",
        readonly=True,
        copy=False,
        help="Owed the deposits before they were moved to the account of today.",
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
    currency_id = fields.Many2one(related="company_id.currency_id")
    online_minimum = fields.Monetary(
        string="Smallest Online Payment",
        help="Customers pay no less at once online, unless it is all that is left.",
    )
    link_days = fields.Integer(
        string="Payment Links End After (days)",
        required=True,
        default=90,
        help="0: when they are revoked.",
    )
    tax_on_forfeit = fields.Boolean(
        help="Where receipts are taxed: what is forfeited keeps its tax. Otherwise it is taken for "
        "a compensation without tax, and the tax of the receipts is taken back."
    )

    _online_minimum_positive = models.Constraint(
        "CHECK (online_minimum >= 0)", "The smallest payment is nothing at least."
    )
    _link_days_positive = models.Constraint(
        "CHECK (link_days >= 0)", "A link cannot end in the past."
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

    # === CRUD METHODS === #

    def write(self, vals):
        """Override to leave money where it is owed.

        :raises UserError: when the account of held money is changed
        """
        if account := self.env["account.account"].browse(vals.get("account_id")):
            self.filtered(lambda kind: kind.account_id != account)._check_nothing_held()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Keep the kinds that deposits are of.

        :raises UserError: saying what to do instead
        """
        deposits = self.env["jewelry.deposit"].sudo()
        for kind, _count in deposits._read_group(
            [("kind_id", "in", self.ids)], ["kind_id"], ["__count"]
        ):
            raise UserError(
                self.env._(
                    "There are deposits of the kind “%(kind)s”. Archive it instead: it is not "
                    "offered any more, and what is held stays where it is.",
                    kind=kind.name,
                )
            )

    def _check_nothing_held(self):
        """Refuse to change the account of kinds whose account owes money to customers."""
        owed = self._get_owed()
        for kind in self.filtered(lambda kind: owed.get(kind.id)):
            raise UserError(
                self.env._(
                    "%(account)s owes %(amount)s to customers for deposits of the kind “%(kind)s”. "
                    "Choose Move to Another Account on the kind: an entry then takes the money of "
                    "each deposit there.",
                    account=kind.account_id.display_name,
                    amount=kind.company_id.currency_id.format(owed[kind.id]),
                    kind=kind.name,
                )
            )

    # === BUSINESS METHODS === #

    def _get_owed(self):
        """Return {kind id: what its account owes now for its deposits}, where that is not 0."""
        # In sudo: the accounts are asked for whoever changes a kind.
        items = self.env["account.move.line"].sudo()
        groups = items._read_group(
            [
                ("deposit_id.kind_id", "in", self.ids),
                ("account_id", "in", self.account_id.ids),
                ("parent_state", "=", "posted"),
            ],
            ["deposit_id", "account_id"],
            ["balance:sum"],
        )
        owed = {}
        for deposit, account, balance in groups:
            kind = deposit.kind_id
            if account == kind.account_id:
                owed[kind.id] = kind.company_id.currency_id.round(owed.get(kind.id, 0.0) - balance)
        return owed

    @api.model
    def _get_kind(self, code, company):
        """Return the kind with a code in a company, made when first needed: money that is paid is
        never refused for want of a setting.
        """
        # In sudo: whoever takes a deposit does not set up accounts.
        kinds = self.sudo().with_context(active_test=False)
        kind = kinds.search([("code", "=", code), ("company_id", "=", company.id)], limit=1)
        if not kind:
            kinds._wait_to_create(company)
            kind = kinds.with_company(company)._create_kind(code)
        return kind.sudo(self.env.su)

    @api.model
    def _wait_to_create(self, company):
        """Let one transaction at a time make what a company needs: whoever has waited begins again,
        and finds what the other one made.
        """
        self.env.cr.execute(
            SQL("UPDATE res_company SET write_date = write_date WHERE id = %s", company.id)
        )

    @api.model
    def _get_kind_names(self):
        """Hook: {code: (name of the kind, name of its account)} of the kinds that rooms use."""
        return {
            "deposit": (self.env._("Deposit"), self.env._("Customer Deposits")),
            "credit": (self.env._("Store Credit"), self.env._("Store Credit of Customers")),
        }

    def _create_kind(self, code, account=None, **chosen):
        """Make a kind in the current company, as the setup dialog proposes it.

        :param dict account: name and code of its new account, where not those of the proposal
        :param chosen: values that somebody chose
        """
        return self.create(self._prepare_kind_vals(code, account or {}, chosen))

    def _prepare_kind_vals(self, code, account, chosen):
        """Hook: values of a new kind: what was chosen; what was not is made or read in the law."""
        names = self._get_kind_names()[code]
        vals = {
            "name": names[0],
            "code": code,
            "company_id": self.env.company.id,
            "entry_journal_id": self._find_journal("general").id,
            "tax_on_receipt": self._asks_for_tax("deposit_receipt"),
            "tax_on_forfeit": self._asks_for_tax("deposit_forfeit"),
        } | chosen
        vals["account_id"] = chosen.get("account_id") or self._make_account(names[1], account).id
        vals["forfeit_account_id"] = (
            chosen.get("forfeit_account_id") or self._ensure_forfeit_account().id
        )
        vals["journal_id"] = chosen.get("journal_id") or self._ensure_journal().id
        vals["product_id"] = self._create_product(vals["name"], vals["account_id"]).id
        return vals

    def _make_account(self, name, account):
        return self._create_account(
            account.get("name") or name,
            "liability_current",
            account.get("code") or self._get_codes().deposits,
            reconcile=True,
        )

    def _get_codes(self):
        """Return where in the chart of the current company new accounts belong."""
        return get_codes(self.env.company.chart_template)

    @api.model
    def _find_forfeit_account(self):
        """Return the forfeits account that the kinds of the current company have, if any."""
        return self.search([("company_id", "=", self.env.company.id)], limit=1).forfeit_account_id

    def _ensure_forfeit_account(self):
        return self._find_forfeit_account() or self._create_account(
            self.env._("Forfeited Deposits"), "income_other", self._get_codes().forfeits
        )

    def _create_account(self, name, account_type, code, **values):
        accounts = self.env["account.account"]
        return accounts.create(
            {
                "name": name,
                # The code itself, or the next that is free.
                "code": accounts._search_new_account_code(code, set()),
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

    def _create_product(self, name, account_id):
        # In sudo: it only names deposits on documents; who sets up accounts need not keep products.
        products = self.env["product.product"].sudo()
        return products.create(
            {
                "name": name,
                "type": "service",
                "list_price": 0.0,
                "sale_ok": False,
                "purchase_ok": False,
                "taxes_id": False,
                "company_id": self.env.company.id,
                "property_account_income_id": account_id,
            }
        )

    # === LAW === #

    @api.model
    def _get_tax_rule(self, subject, company=None):
        """Return the rule on the tax of deposits that holds where a company is, or none.

        :param str subject: `deposit_receipt` or `deposit_forfeit`
        """
        # In sudo: whoever takes a deposit need not read the law.
        company = (company or self.env.company).sudo()
        rules = self.env["jewelry.rule"].sudo()
        rule = rules._get_rule(subject, company.jewelry_jurisdiction_id)
        if not rule and company.country_id in self.env.ref("base.europe").country_ids:
            # Not each of its countries is a jurisdiction of its own.
            rule = rules._get_rule(subject, self.env.ref("jewelry_inventory.jurisdiction_eu"))
        return rule

    @api.model
    def _asks_for_tax(self, subject, company=None):
        """Tell whether the law taxes what is paid ahead, or forfeited; without a rule, not."""
        rule = self._get_tax_rule(subject, company)
        return bool(rule and rule.values.get("taxed"))
