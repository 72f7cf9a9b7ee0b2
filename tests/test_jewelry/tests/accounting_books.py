"""Companies to keep books in, and what the books then hold, as plain data."""

from dataclasses import dataclass

from odoo import Command, fields
from odoo.tests import new_test_user

ROLES = {
    "stock": "Stock valuation account",
    "expense": "Cost of goods sold (perpetual), purchases (periodic)",
    "variation": "Stock variation, posted by the closing",
    "opening": "Opening account",
    "write_down": "Write-down account",
    "revaluation": "Revaluation account",
    "loss": "Account of the inventory loss place",
    "wip": "Work in progress account",
    "work": "Work added account",
    "gift": "Gift cards account: income account of the products that sell and pay with them",
}
VALUATIONS = {"real_time": "Perpetual", "periodic": "Periodic"}
STOCK_ENTRY = "Stock journal"


@dataclass(frozen=True)
class Chart:
    """A chart of accounts and the account that it has for each of ``ROLES``."""

    name: str
    template: str
    country: str
    accounts: dict
    added: dict


# Core's defaults are for manufacturers (Belgium: 300 raw materials); a jeweller resells goods.
CHARTS = (
    Chart(
        name="United States: Odoo's generic chart",
        template="generic_coa",
        country="base.us",
        accounts={
            "stock": "110100",
            "expense": "500000",
            "variation": "610000",
            "opening": "301000",
            "write_down": "500100",
            "revaluation": "500200",
            "loss": "500300",
            "wip": "110500",
            "work": "500400",
            "gift": "212000",
        },
        added={
            "500100": "Inventory Write-Downs",
            "500200": "Inventory Revaluation",
            "500300": "Inventory Shrinkage",
            "500400": "Work Added to Pieces",
        },
    ),
    Chart(
        name="Belgium: minimum chart for companies",
        template="be_comp",
        country="base.be",
        accounts={
            "stock": "340000",
            "expense": "604000",
            "variation": "609400",
            "opening": "100000",
            "write_down": "631000",
            "revaluation": "609400",
            "loss": "609400",
            "wip": "320000",
            "work": "712000",
            "gift": "489000",
        },
        added={},
    ),
)


@dataclass(frozen=True)
class Item:
    """A journal item: account as "code name", and which amount on which side."""

    account: str
    debit: float
    credit: float


@dataclass(frozen=True)
class Entry:
    """A posted journal entry, without what differs between two databases."""

    document: str
    items: tuple

    @classmethod
    def from_move(cls, move):
        """Return the entry of an `account.move`: debits first, each side by account."""
        items = [
            Item(f"{line.account_id.code} {line.account_id.name}", line.debit, line.credit)
            for line in move.line_ids
            if line.balance
        ]
        return cls(cls._get_document(move), cls._sort(items))

    def take_back(self):
        """Return what happens to the ledger when the document is cancelled."""
        items = [Item(item.account, item.credit, item.debit) for item in self.items]
        return Entry(f"{self.document}, cancelled", self._sort(items))

    @staticmethod
    def _sort(items):
        return tuple(
            sorted(items, key=lambda item: (item.credit > 0, item.account, item.debit, item.credit))
        )

    @staticmethod
    def _get_document(move):
        if move.move_type == "entry":
            is_stock = move.journal_id == move.company_id.account_stock_journal_id
            return STOCK_ENTRY if is_stock else move.journal_id.name
        kind = dict(move._fields["move_type"]._description_selection(move.env))[move.move_type]
        # What is numbered apart from invoices is told apart from them.
        return f"{kind}, {move.journal_id.name}" if move.journal_id.code == "DEP" else kind


class Book:
    """The books of a company of its own: one chart, one valuation, nothing posted yet."""

    def __init__(self, env, chart, valuation):
        self.chart, self.valuation = chart, valuation
        self.company = env["res.company"].create(
            {"name": f"{chart.name}, {valuation}", "country_id": env.ref(chart.country).id}
        )
        env["account.chart.template"]._load(chart.template, self.company, install_demo=False)
        self.env = env(
            context=dict(env.context, allowed_company_ids=self.company.ids, tracking_disable=True)
        )
        self.company = self.company.with_env(self.env)
        self.accounts = {role: self._get_account(code) for role, code in chart.accounts.items()}
        category = self._create_category()
        self.style = self._create_style(category, "Solitaire", "piece")
        self.stone_style = self._create_style(category, "Round diamond", "stone")
        self.parcel_style = self._create_style(category, "Small diamonds", "parcel")
        gold = self.env.ref("jewelry_inventory.alloy_gold_750_yellow")
        self.metal_style = self._create_style(category, "Gold", "metal", alloy_id=gold.id)
        self.styles = self.style + self.stone_style + self.parcel_style + self.metal_style
        self.bench, self.manager = self._create_bench(), self._create_manager()
        self._set_accounts()
        self.deposit_accounts = self._set_up_deposits()

    # === SETTINGS === #

    def _get_account(self, code):
        Account = self.env["account.account"]
        return Account.search([("code", "=", code)]) or Account.create(
            {"code": code, "name": self.chart.added[code], "account_type": "expense"}
        )

    def _set_accounts(self):
        """Set what an accountant sets up: the stock account and the counterparts."""
        account = self.accounts
        account["stock"].account_stock_variation_id = account["variation"]
        if not self.company.anglo_saxon_accounting:
            account["stock"].account_stock_expense_id = account["expense"]
        self.company.write(
            {
                "account_stock_valuation_id": account["stock"].id,
                "expense_account_id": account["expense"].id,
                "piece_opening_account_id": account["opening"].id,
                "piece_write_down_account_id": account["write_down"].id,
                "piece_revaluation_account_id": account["revaluation"].id,
                "transformation_wip_account_id": account["wip"].id,
                "transformation_cost_account_id": account["work"].id,
                "transformation_loss_account_id": account["loss"].id,
            }
        )
        self.losses.valuation_account_id = account["loss"]

    def _set_up_deposits(self):
        """Accept what the setup of deposits proposes; return {role: account}."""
        self.env["jewelry.deposit.setup"].create({}).action_apply()
        kinds = self.env["jewelry.deposit.kind"]
        deposit, credit = (kinds._get_kind(code, self.company) for code in ("deposit", "credit"))
        return {
            "Account of customer deposits": deposit.account_id,
            "Account of store credit": credit.account_id,
            "Account of forfeits": deposit.forfeit_account_id,
        }

    def _create_category(self):
        return self.env["product.category"].create(
            {
                "name": "Jewelry",
                "property_valuation": self.valuation,
                "property_stock_valuation_account_id": self.accounts["stock"].id,
                "property_account_expense_categ_id": self.accounts["expense"].id,
            }
        )

    def _create_style(self, category, name, kind, **values):
        style = self.env["product.template"].create(
            {
                "name": name,
                "jewelry_kind": kind,
                "categ_id": category.id,
                "invoice_policy": "order",
                "company_id": self.company.id,
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
            }
            | values
        )
        return style.product_variant_id

    def _create_bench(self):
        return self.env["stock.location"].create(
            {
                "name": "Bench",
                "usage": "internal",
                "jewelry_role": "bench",
                "company_id": self.company.id,
            }
        )

    def _create_manager(self):
        """Return the second person who approves what is lost."""
        return new_test_user(
            self.env,
            login=f"manager_{self.company.id}",
            groups="jewelry_inventory.group_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    # === PLACES AND PARTNERS === #

    @property
    def shop(self):
        """The place where pieces are for sale."""
        domain = [("company_id", "=", self.company.id)]
        return self.env["stock.warehouse"].search(domain, order="id", limit=1).lot_stock_id

    @property
    def losses(self):
        """The place of what an inventory did not find."""
        return self.style.property_stock_inventory

    @property
    def vendors(self):
        return self.env.ref("stock.stock_location_suppliers")

    # === READERS === #

    def get_entries(self):
        """Return {move: entry} of what is posted, oldest first."""
        domain = [("company_id", "=", self.company.id), ("state", "=", "posted")]
        moves = self.env["account.move"].search(domain, order="id")
        return {move: Entry.from_move(move) for move in moves}

    def get_balances(self):
        """Return {account as "code name": balance} of the general ledger."""
        groups = self.env["account.move.line"]._read_group(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")],
            ["account_id"],
            ["balance:sum"],
        )
        rounding = self.company.currency_id
        return {
            f"{account.code} {account.name}": rounding.round(balance)
            for account, balance in groups
            if not rounding.is_zero(balance)
        }

    def get_balance(self, role):
        """Return the balance of the account that has a role of ``ROLES``."""
        account = self.accounts[role]
        return self.get_balances().get(f"{account.code} {account.name}", 0.0)

    def get_profit(self):
        """Return revenue less expenses, before the year is closed."""
        items = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
                ("account_id.internal_group", "in", ("income", "expense")),
            ]
        )
        return self.company.currency_id.round(-sum(items.mapped("balance")))

    def get_value(self):
        """Return what the pieces, parcels and metal in stock are worth."""
        self.styles.invalidate_recordset(["total_value"])
        return sum(self.styles.mapped("total_value"))

    def get_pieces(self):
        """Return all pieces, parcels and lots of metal of the book, oldest first."""
        return self.env["stock.lot"].search([("product_id", "in", self.styles.ids)], order="id")

    def get_piece_values(self):
        """Return {piece, parcel or lot of metal: its value in stock}."""
        pieces = self.get_pieces()
        pieces.invalidate_recordset(["total_value"])
        return {piece: piece.total_value for piece in pieces}

    def get_values(self):
        """Return what is in stock is worth, read in each of the ways there are."""
        pieces = self.get_pieces()
        accounts = self.company._get_accounts_by_product(self.styles)
        readings = {
            "by piece": sum(pieces.mapped("total_value")),
            "by place": sum(pieces.quant_ids.mapped("value")),
            "at closing": self.company.stock_value(accounts)[self.accounts["stock"]],
            "at a date": sum(
                self.styles.with_context(to_date=fields.Date.today()).mapped("total_value")
            ),
        }
        return {name: self.company.currency_id.round(value) for name, value in readings.items()}
