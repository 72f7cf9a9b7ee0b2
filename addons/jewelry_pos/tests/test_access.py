from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.common import (
    CREATE,
    READ,
    UNLINK,
    WRITE,
    AccessMatrixTests,
)

from .counter_common import CounterCommon

# What each role may do; a role that is not named may do nothing.
ACCESS = {
    "jewelry.sale.conflict": {
        "associate": {READ},
        "keeper": {READ},
        "manager": {READ, WRITE},
        "auditor": {READ},
    },
    "jewelry.pos.claim": {"manager": {READ, UNLINK}, "auditor": {READ}},
    "jewelry.price.agreement": {"manager": {READ}, "auditor": {READ}},
    "jewelry.price.question": {"manager": {READ}, "auditor": {READ}},
    "jewelry.sale.conflict.settle": {"manager": {READ, WRITE, CREATE}},
}


@tagged("post_install", "-at_install")
class TestAccess(CounterCommon, AccessMatrixTests):
    """Who may do what with the records of registers."""

    access = ACCESS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls._create_user("employee", "jewelry_inventory.group_auditor")
        cls.users = {
            "associate": cls.associate,
            "keeper": cls._create_user("keeper"),
            "manager": cls.manager,
            "portal": cls._create_user("portal", company_ids=[(6, 0, cls.company.ids)]),
            "employee": cls._create_user("employee"),
            "auditor": cls.auditor,
        }
        cls._sell(cls.high)
        cls.conflict = cls._sell(cls.high).conflict_ids
        cls.config.claim_piece(cls.low.id, "open")
        cls.claim = cls.env["jewelry.pos.claim"].search([("piece_id", "=", cls.low.id)])

    def test_every_model_of_the_module_is_in_the_matrix(self):
        mine = self.env["ir.model.data"].search(
            [("module", "=", "jewelry_pos"), ("model", "=", "ir.model")]
        )
        models = self.env["ir.model"].browse(mine.mapped("res_id"))
        own = {
            model.model
            for model in models
            if model.model.startswith("jewelry.") and not self.env[model.model]._abstract
        }
        own -= {name for name in own if self.env[name]._original_module != "jewelry_pos"}
        self.assertEqual(own, set(ACCESS))

    def test_records_of_another_company_are_hidden(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_user(
            "manager",
            "point_of_sale.group_pos_manager",
            login="stranger",
        )
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        for record in (self.conflict, self.claim):
            with self.subTest(model=record._name):
                records = record.with_user(stranger)
                self.assertFalse(records.search([("id", "=", record.id)]))
                self.assertFalse(records.has_access("read"))

    def test_an_auditor_reads_conflicts_and_changes_nothing(self):
        conflict = self.conflict.with_user(self.auditor)
        self.assertEqual(conflict.state, "open")
        for act in (
            lambda: conflict.action_hand_over(self.low, "No"),
            lambda: conflict.action_order("No"),
            lambda: conflict.action_take_back("No"),
            conflict.action_refund,
            lambda: self.config.with_user(self.auditor).request_piece(self.low.id, "No"),
            lambda: self.config.with_user(self.auditor).claim_piece(self.low.id, "No"),
        ):
            with self.assertRaises(AccessError):
                act()
        self.assertEqual(self.conflict.state, "open")
