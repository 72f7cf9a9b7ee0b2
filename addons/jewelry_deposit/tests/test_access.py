from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.common import ALL, CREATE, READ, WRITE, AccessMatrixTests

from .common import DepositCommon

STAFF = ("associate", "keeper", "manager")
BOOKS = {role: {READ} for role in ("auditor", "bookkeeper", "reader")}

TIED = {role: {READ} for role in ("manager", "auditor", "bookkeeper", "reader", "accountant")}

# What each role may do; a role that is not named may do nothing.
ACCESS = {
    "jewelry.deposit.kind": BOOKS | {role: {READ} for role in STAFF} | {"accountant": ALL},
    "jewelry.deposit": BOOKS
    | {role: {READ, WRITE, CREATE} for role in STAFF}
    | {"accountant": {READ}},
    "jewelry.deposit.instalment": BOOKS | dict.fromkeys(STAFF, ALL) | {"accountant": {READ}},
    "jewelry.deposit.consumption": BOOKS
    | {"associate": {READ, CREATE}, "keeper": {READ, CREATE}, "manager": ALL}
    | {"accountant": {READ}},
    "jewelry.deposit.receive": {role: {READ, WRITE, CREATE} for role in STAFF},
    "jewelry.deposit.link": {role: {READ, WRITE, CREATE} for role in STAFF},
    "jewelry.deposit.return": {"manager": {READ, WRITE, CREATE}},
    "jewelry.deposit.tie.out": TIED,
    "jewelry.deposit.balance": TIED,
    # It only asks for a day.
    "jewelry.deposit.tie.out.open": {role: {READ, WRITE, CREATE} for role in TIED},
    "jewelry.deposit.assign": {"accountant": {READ, WRITE, CREATE}},
    "jewelry.deposit.kind.account": {"accountant": {READ, WRITE, CREATE}},
    "jewelry.deposit.setup": {"accountant": {READ, WRITE, CREATE}},
    "jewelry.deposit.setup.line": {"accountant": ALL},
}


@tagged("post_install", "-at_install")
class TestAccess(DepositCommon, AccessMatrixTests):
    """Who may do what with customers' money."""

    access = ACCESS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        user = cls._create_user
        cls.users = {
            "associate": user("associate"),
            "keeper": user("keeper"),
            "manager": user("manager"),
            "portal": user("portal", company_ids=[(6, 0, cls.company.ids)]),
            "employee": user("employee"),
            "auditor": user("employee", "jewelry_inventory.group_auditor"),
            "reader": user("employee", "account.group_account_readonly"),
            "bookkeeper": user("employee", "account.group_account_invoice"),
            "accountant": user("employee", "account.group_account_manager"),
        }

    def test_an_associate_takes_money_and_gives_none_back(self):
        deposit = self._open().with_user(self.users["associate"])
        self._pay(deposit, 500)
        self.assertEqual(deposit.amount_held, 500)
        returns = self.env["jewelry.deposit.return"].with_user(self.users["associate"])
        self.assertFalse(returns.has_access("create"))

    def test_a_manager_who_reads_no_books_gives_money_back_and_keeps_it(self):
        deposit = self._open()
        self._pay(deposit, 500)
        manager = self.users["manager"]
        self.assertFalse(self.env["account.move.line"].with_user(manager).has_access("read"))
        returns = self.env["jewelry.deposit.return"].with_user(manager)
        for outcome in ("refund", "credit", "forfeit"):
            # As in a request of its own: nothing is read yet.
            self.env.invalidate_all()
            dialog = returns.create(
                {
                    "deposit_id": deposit.id,
                    "outcome": outcome,
                    "amount": 100,
                    "journal_id": self.bank.id,
                    "reason": "Changed her mind",
                }
            )
            dialog.action_return()
        self.assertEqual((deposit.amount_held, self._owed()), (200, 200))

    def test_an_associate_without_other_rights_takes_money_in_a_request_of_its_own(self):
        deposit = self._open().with_user(self.users["associate"])
        self.env.invalidate_all()
        self._pay(deposit, 2100)
        self.env.invalidate_all()
        deposit._use_credit(60)
        self.assertEqual(deposit.sudo().amount_held, 2000)

    def test_a_deposit_of_another_company_is_not_seen(self):
        deposit = self._open()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        companies = {"company_id": company.id, "company_ids": [(6, 0, company.ids)]}
        stranger = self._create_user("manager", login="stranger", **companies)
        deposits = self.env["jewelry.deposit"].with_user(stranger)
        self.assertFalse(deposits.search([("id", "=", deposit.id)]))
