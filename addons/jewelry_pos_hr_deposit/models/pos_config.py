from odoo import models


class PosConfig(models.Model):
    """Registers that know their employees: a manager among them gives customers' money back."""

    _inherit = "pos.config"

    # === PUBLIC METHODS, FOR THE REGISTER === #

    def get_deposits(self, partner_id=False, query=""):
        """Override of `jewelry_pos_deposit` to name the managers who may agree by PIN."""
        answer = super().get_deposits(partner_id, query)
        if not self.module_pos_hr:
            return answer
        managers = [{"id": who.id, "name": who.name} for who in self._get_pin_managers()]
        return answer | {"managers": managers, "can_refund": bool(managers)}

    def prepare_refund_by_pin(self, deposit_id, amount, order_uuid, reason, employee_id, pin):
        """Return the lines by which an order gives `amount` of a deposit back, as the manager
        agrees whose PIN is typed.

        A wrong PIN is an answer and no error: that it was wrong must stay written down.

        :param float amount: more than nothing
        :param str order_uuid: the order
        :param int employee_id: the manager's employee
        :param str pin: what was typed
        :return: as of `prepare_deposit_lines`, or `error`, a text
        :rtype: dict
        :raises UserError: when that much cannot be given back, saying why
        """
        self.ensure_one()
        self.check_access("read")
        deposit = self._get_register_deposit(deposit_id)
        amount = self.currency_id.round(amount)
        deposit._check_amount(amount)
        deposit._check_within(amount, deposit.amount_refundable)
        employee, error = self._check_manager_pin(employee_id, pin)
        if error:
            return {"error": error}
        # In sudo: nobody writes these by hand.
        self.env["jewelry.refund.agreement"].sudo().create(
            {
                "order_uuid": order_uuid,
                "deposit_id": deposit.id,
                "config_id": self.id,
                "amount": amount,
                "reason": reason,
                "manager_id": employee.user_id.id,
            }
        )
        return self._prepare_deposit_answer(deposit, -amount)

    # === BUSINESS METHODS === #

    def _may_refund_deposits(self):
        """Override of `jewelry_pos_deposit`: whoever is logged in for all does not decide."""
        return not self.module_pos_hr and super()._may_refund_deposits()
