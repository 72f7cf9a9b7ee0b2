"""What the tests of deposits share: orders that are paid ahead, and the steps of their money."""

from contextlib import contextmanager

from odoo.exceptions import UserError

from odoo.addons.jewelry_sale.tests.common import SaleCommon


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

    # === STEPS === #

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
