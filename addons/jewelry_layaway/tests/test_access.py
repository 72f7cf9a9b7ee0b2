from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.common import (
    ALL,
    CREATE,
    READ,
    UNLINK,
    WRITE,
    AccessMatrixTests,
)

from .common import LayawayCommon

BOOKS = {role: {READ} for role in ("auditor", "bookkeeper", "reader", "accountant")}
STAFF = ("associate", "keeper", "manager")
ACT = {READ, WRITE, CREATE}

# What each role may do; a role that is not named may do nothing.
ACCESS = {
    "jewelry.layaway.term": {"auditor": {READ}, "associate": {READ}, "keeper": {READ}}
    | {"manager": ALL},
    "jewelry.layaway": BOOKS
    | {role: {READ, WRITE} for role in STAFF}
    | {"manager": {READ, WRITE, UNLINK}},
    "jewelry.layaway.ageing": BOOKS | {role: {READ} for role in STAFF},
    "jewelry.layaway.create": dict.fromkeys(STAFF, ACT),
    "jewelry.layaway.sign": dict.fromkeys(STAFF, ACT),
    "jewelry.layaway.piece": dict.fromkeys(STAFF, ACT),
    "jewelry.layaway.cancel": {"manager": ACT},
}


@tagged("post_install", "-at_install")
class TestAccess(LayawayCommon, AccessMatrixTests):
    """Who may do what with layaways."""

    access = ACCESS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        user = cls._create_user
        cls.users = {
            "associate": user("associate", "sales_team.group_sale_salesman_all_leads"),
            "keeper": user("keeper"),
            "manager": cls.manager,
            "portal": user("portal"),
            "employee": user("employee"),
            "auditor": user("employee", "jewelry_inventory.group_auditor"),
            "reader": user("employee", "account.group_account_readonly"),
            "bookkeeper": user("employee", "account.group_account_invoice"),
            "accountant": user("employee", "account.group_account_manager"),
        }

    def test_an_associate_plays_a_layaway_from_quotation_to_delivery(self):
        user = self.users["associate"]
        order = self._quote(self.high, user_id=user.id).with_user(user)
        wizard = self.env["jewelry.layaway.create"].with_user(user)
        wizard = wizard.create({"order_id": order.id, "term_id": self.term.id})
        self.assertEqual(wizard.kind, "layaway")
        self.assertIn("320.00", wizard.schedule_text)
        layaway = wizard.env["jewelry.layaway"].browse(wizard.action_create_layaway()["res_id"])
        self.assertFalse(layaway.env.su)
        sign = self.env["jewelry.layaway.sign"].with_user(user)
        sign.create({"layaway_id": layaway.id, "signature": self.pen}).action_sign()
        self._pay(layaway.deposit_id, 400)
        self.assertEqual((layaway.state, self.high.piece_status), ("open", "layaway"))
        self._pay(layaway.deposit_id, 1600)
        layaway.action_hand_over()
        self.assertEqual((layaway.state, self._laid()), ("delivered", 0))

    def test_an_associate_ends_nothing_that_has_money(self):
        layaway = self._opened(self.high)
        with self.assertRaises(AccessError):
            self.env["jewelry.layaway.cancel"].with_user(self.users["associate"]).create(
                {"layaway_id": layaway.id, "reason": "Why not"}
            )

    def test_an_auditor_reads_and_does_nothing(self):
        layaway = self._opened(self.high).with_user(self.users["auditor"])
        self.assertEqual(layaway.state, "open")
        for act in ("action_propose", "action_hand_over", "action_drop", "action_give_notice"):
            with self.subTest(act=act), self.assertRaises(AccessError):
                getattr(layaway, act)()

    def test_no_cost_of_what_is_put_away_is_shown_to_an_associate(self):
        self._opened(self.high)
        view = self.env.ref("jewelry_layaway.stock_lot_view_list_layaway")
        for role, shown in (("associate", False), ("manager", True)):
            lots = self.env["stock.lot"].with_user(self.users[role])
            arch = lots.get_view(view.id, "list")["arch"]
            with self.subTest(role=role):
                self.assertEqual('name="standard_price"' in arch, shown)

    def test_a_layaway_of_another_company_is_not_seen(self):
        layaway = self._opened(self.high)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        companies = {"company_id": company.id, "company_ids": [(6, 0, company.ids)]}
        stranger = self._create_user("keeper", login="stranger", **companies)
        for model in ("jewelry.layaway", "jewelry.layaway.ageing", "jewelry.layaway.term"):
            with self.subTest(model=model):
                records = self.env[model].with_user(stranger)
                found = records.search([("company_id", "=", layaway.company_id.id)])
                self.assertFalse(found)
