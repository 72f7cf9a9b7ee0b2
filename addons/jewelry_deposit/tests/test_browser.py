from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

ACCOUNTANT = "account.group_account_manager"


@tagged("post_install", "-at_install")
class TestDepositTours(HttpCase):
    """The dialogs of deposits, as those use them who take money and who keep the books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(cls.env, login="tour_manager", groups="jewelry_inventory.group_manager")
        new_test_user(cls.env, login="tour_accountant", groups=ACCOUNTANT)
        cls.kind = cls.env["jewelry.deposit.kind"]._get_kind("deposit", cls.env.company)
        cls.kind.tax_on_receipt = False
        # Whatever else was paid ahead in the company is not of this test.
        cls.kind.account_id = cls.kind._create_account(
            "Deposits of the tour", "liability_current", "259100", reconcile=True
        )
        cls.bank = cls.kind._find_journal("bank")

    def _open(self):
        """Return the deposit of an order of 9,000."""
        client = self.env["res.partner"].create({"name": "Client of the tour"})
        product = self.env["product.product"].create(
            {"name": "Ring of the tour", "type": "service", "taxes_id": False}
        )
        line = Command.create({"product_id": product.id, "price_unit": 9000})
        order = self.env["sale.order"].create({"partner_id": client.id, "order_line": [line]})
        return order._ensure_deposit()

    def _enter(self, amount):
        """Post an entry by hand that owes an amount without a deposit."""
        items = [
            {"account_id": self.kind.account_id.id, "credit": amount},
            {"account_id": self.bank.default_account_id.id, "debit": amount},
        ]
        entry = self.env["account.move"].create(
            {
                "journal_id": self.kind.entry_journal_id.id,
                "line_ids": [Command.create(item) for item in items],
            }
        )
        entry.action_post()

    def test_a_manager_takes_and_returns_money(self):
        deposit = self._open()
        url = f"/odoo/action-jewelry_deposit.jewelry_deposit_action/{deposit.id}"
        self.start_tour(url, "jewelry_manager_takes_and_returns_money", login="tour_manager")
        self.assertEqual((deposit.amount_held, deposit.amount_due), (8500, 500))
        self.assertEqual(deposit._get_credit().amount_held, 0)

    def test_an_accountant_ties_deposits_out(self):
        deposit = self._open()
        deposit._receive(500, self.bank)
        self._enter(70)
        url = "/odoo/action-jewelry_deposit.jewelry_deposit_tie_out_action"
        self.start_tour(url, "jewelry_accountant_ties_deposits_out", login="tour_accountant")
        self.assertEqual(deposit.amount_held, 570)

    def test_an_accountant_moves_deposits_to_another_account(self):
        deposit = self._open()
        deposit._receive(500, self.bank)
        former = self.kind.account_id
        other = self.kind._create_account(
            "Another account of the tour", "liability_current", "259200", reconcile=True
        )
        url = f"/odoo/action-jewelry_deposit.jewelry_deposit_kind_action/{self.kind.id}"
        self.start_tour(url, "jewelry_accountant_moves_deposits", login="tour_accountant")
        self.assertEqual((self.kind.account_id, self.kind.former_account_ids), (other, former))
        owed = {
            account: -sum(
                deposit.line_ids.filtered(lambda line, on=account: line.account_id == on).mapped(
                    "balance"
                )
            )
            for account in (former, other)
        }
        self.assertEqual(owed, {former: 0, other: 500})
        self.assertEqual(deposit.amount_held, 500)
