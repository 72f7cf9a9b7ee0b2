"""What the tests of deposits share: orders that are paid ahead, and the steps of their money."""

from contextlib import contextmanager

from odoo.exceptions import UserError

from odoo.addons.jewelry_sale.tests.common import SaleCommon


def analyze_ledger(env):
    """Tell PostgreSQL how many rows a test has made: of a transaction that is open it does not know
    by itself, and core's query of the payments of an invoice then takes seconds.
    """
    env.flush_all()
    env.cr.execute("ANALYZE account_move, account_move_line, account_partial_reconcile")
    env.cr.execute("ANALYZE account_payment")


class DepositCommon(SaleCommon):
    """A store that takes money ahead, with two pieces to sell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["jewelry.deposit.kind"]._get_kind("deposit", cls.company)
        cls.kind.tax_on_receipt = False
        cls.bank = cls.kind._find_journal("bank")

    # === FACTORIES === #

    @classmethod
    def _create_tax(cls, percent):
        """Return a tax on top of the price, with an account of its own."""
        tax = cls.env["account.tax"].create({"name": f"{percent} %", "amount": percent})
        account = cls.kind._create_account("Tax", "liability_current", "252000")
        shares = tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids
        shares.filtered(lambda line: line.repartition_type == "tax").account_id = account
        return tax

    @classmethod
    def _create_currency(cls, **rates):
        """Return a currency of its own: 2 for 1 of the company's, unless `rates` says otherwise.

        :param rates: {"d2026_01_31": rate from that day on}
        """
        currency = cls.env["res.currency"].create({"name": "QQQ", "symbol": "Q", "rounding": 0.01})
        for day, rate in (rates or {"d1990_01_01": 2.0}).items():
            cls.env["res.currency.rate"].create(
                {
                    "currency_id": currency.id,
                    "company_id": cls.company.id,
                    "name": day.removeprefix("d").replace("_", "-"),
                    "rate": rate,
                }
            )
        return currency

    @classmethod
    def _open_foreign(cls, currency, *pieces):
        """Return the open deposit of an order in a currency."""
        pricelist = cls.env["product.pricelist"].create(
            {"name": currency.name, "currency_id": currency.id, "company_id": cls.company.id}
        )
        return cls._open(*pieces, pricelist_id=pricelist.id)

    # === STEPS === #

    @classmethod
    def _reverse(cls, move, how="refund_moves", **values):
        """Reverse an entry by core's dialog and return what that made, posted."""
        wizard = cls.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        getattr(wizard.create({"journal_id": move.journal_id.id} | values), how)()
        made = move.reversal_move_ids
        made.filtered(lambda entry: entry.state == "draft").action_post()
        return made

    @classmethod
    def _open(cls, *pieces, **values):
        """Return the open deposit of a new order for the pieces."""
        order = cls._quote(*(pieces or [cls.high]), **values)
        return order._ensure_deposit()

    @classmethod
    def _pay(cls, deposit, amount, **values):
        return deposit._receive(amount, cls.bank, **values)

    @contextmanager
    def _refused(self, message):
        """Assert that the block is refused with a message, and undo what it did before."""
        with self.assertRaisesRegex(UserError, message), self.env.cr.savepoint():
            yield

    # === READERS === #

    def _owed(self, account=None):
        """Return the balance that the general ledger owes on an account."""
        items = self.env["account.move.line"].search(
            [
                ("account_id", "=", (account or self.kind.account_id).id),
                ("parent_state", "=", "posted"),
            ]
        )
        return self.company.currency_id.round(-sum(items.mapped("balance")))
