"""What the tests of deposits share: orders that are paid ahead, and the steps of their money."""

from odoo.addons.jewelry_sale.tests.common import SaleCommon


class DepositCommon(SaleCommon):
    """A store that takes money ahead, with two pieces to sell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["jewelry.deposit.kind"]._get_kind("deposit", cls.company)
        cls.kind.tax_on_receipt = False
        cls.bank = cls.kind._find_journal("bank")

    # === STEPS === #

    @classmethod
    def _open(cls, *pieces, **values):
        """Return the open deposit of a new order for the pieces."""
        order = cls._quote(*(pieces or [cls.high]), **values)
        return order._ensure_deposit()

    @classmethod
    def _pay(cls, deposit, amount, **values):
        return deposit._receive(amount, cls.bank, **values)

    # === READERS === #

    def _owed(self, account=None):
        """Return the balance that the general ledger owes on an account."""
        items = self.env["account.move.line"].search(
            [
                ("account_id", "=", (account or self.kind.account_id).id),
                ("parent_state", "=", "posted"),
            ]
        )
        return -sum(items.mapped("balance"))
