from odoo.tests import tagged

from .common import DepositCommon

READ, WRITE, CREATE, UNLINK = "read", "write", "create", "unlink"
ALL = {READ, WRITE, CREATE, UNLINK}
BOOKS = {"auditor": {READ}, "bookkeeper": {READ}, "reader": {READ}}

# What each role may do; a role that is not named may do nothing.
ACCESS = {
    "jewelry.deposit.kind": BOOKS
    | {"associate": {READ}, "keeper": {READ}, "manager": {READ}, "accountant": ALL},
    "jewelry.deposit": BOOKS
    | dict.fromkeys(("associate", "keeper", "manager"), {READ, WRITE, CREATE})
    | {"accountant": {READ}},
    "jewelry.deposit.instalment": BOOKS
    | dict.fromkeys(("associate", "keeper", "manager"), ALL)
    | {"accountant": {READ}},
    "jewelry.deposit.consumption": {
        "auditor": {READ},
        "reader": {READ},
        "associate": {READ, CREATE},
        "keeper": {READ, CREATE},
        "manager": ALL,
        "accountant": {READ},
    },
    "jewelry.deposit.receive": dict.fromkeys(
        ("associate", "keeper", "manager"), {READ, WRITE, CREATE}
    ),
    "jewelry.deposit.return": {"manager": {READ, WRITE, CREATE}},
}


@tagged("post_install", "-at_install")
class TestAccess(DepositCommon):
    """Who may do what with customers' money."""

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

    def test_each_role_may_do_what_the_matrix_says_and_nothing_else(self):
        for model, roles in ACCESS.items():
            for role, user in self.users.items():
                records = self.env[model].with_user(user)
                allowed = {operation for operation in ALL if records.has_access(operation)}
                with self.subTest(model=model, role=role):
                    self.assertEqual(allowed, roles.get(role, set()))

    def test_an_associate_takes_money_and_gives_none_back(self):
        deposit = self._open().with_user(self.users["associate"])
        self._pay(deposit, 500)
        self.assertEqual(deposit.amount_held, 500)
        returns = self.env["jewelry.deposit.return"].with_user(self.users["associate"])
        self.assertFalse(returns.has_access("create"))

    def test_a_deposit_of_another_company_is_not_seen(self):
        deposit = self._open()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("manager", company_ids=[(6, 0, company.ids)], company_id=company.id)
        self.assertFalse(self.env["jewelry.deposit"].with_user(stranger).search([("id", "=", deposit.id)]))
