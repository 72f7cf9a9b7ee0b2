"""What the tests of refunds by PIN share: a register that knows a manager and an apprentice."""

from uuid import uuid4

from odoo.addons.jewelry_pos_deposit.tests.common import PosDepositCommon, prepare_deposit_row


class PinRefundCommon(PosDepositCommon):
    """A register that knows its employees; 500 of a deposit are held."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config.module_pos_hr = True
        cls.boss = cls._create_employee(cls.manager, "4711")
        cls.apprentice = cls._create_employee(cls.associate, "1234")
        cls._open_session()
        cls._pay(cls.deposit, 500)

    @classmethod
    def _create_employee(cls, user, pin):
        employee = cls.env["hr.employee"].create(
            {"name": user.name, "user_id": user.id, "company_id": cls.company.id}
        )
        user.with_user(user).price_pin = pin
        return employee

    def _ask(self, amount, pin="4711", who=None, user=None, uuid=None):
        """Return what the register of `user` is told, of an order."""
        register = self.config.with_user(user or self.associate)
        return register.prepare_refund_by_pin(
            self.deposit.id, amount, uuid or str(uuid4()), "Ill", (who or self.boss).id, pin
        )

    def _give(self, amount, agreed=None, user=None):
        """Return the order that gives `amount` back, after the manager agreed to `agreed`."""
        uuid = str(uuid4())
        if agreed:
            self._ask(agreed, uuid=uuid)
        row = self._raw(self.deposit, -amount)
        order = self._prepare_order(row, partner_id=self.client.id) | {"uuid": uuid}
        return self._sync(order, user=user or self.associate)

    def _rows_of(self, answer):
        return [prepare_deposit_row(values) for values in answer["lines"]]
