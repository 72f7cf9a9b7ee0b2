from uuid import uuid4

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.common import READ, AccessMatrixTests

from .common import PinRefundCommon


@tagged("post_install", "-at_install")
class TestAccess(PinRefundCommon, AccessMatrixTests):
    """What managers agreed to is read by managers and auditors, and written by the program."""

    access = {"jewelry.refund.agreement": {"manager": {READ}, "auditor": {READ}}}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            "associate": cls.associate,
            "manager": cls.manager,
            "keeper": cls._create_user("keeper"),
            "employee": cls._create_user("employee"),
            "auditor": cls._create_user(
                "employee", "jewelry_inventory.group_auditor", login="auditor"
            ),
        }

    def test_nobody_agrees_by_hand(self):
        self._ask(200)
        agreement = self.env["jewelry.refund.agreement"].search([])
        values = {
            "order_uuid": str(uuid4()),
            "deposit_id": self.deposit.id,
            "config_id": self.config.id,
            "amount": 500,
            "manager_id": self.manager.id,
        }
        for user in (self.associate, self.manager):
            with self.assertRaises(AccessError):
                agreement.with_user(user).create(values)
            with self.assertRaises(AccessError):
                agreement.with_user(user).amount = 500
