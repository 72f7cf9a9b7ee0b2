from odoo import models

MANAGER = "jewelry_inventory.group_manager"


class PosConfig(models.Model):
    """Managers agree to prices at the register by their PIN."""

    _inherit = "pos.config"

    # === PUBLIC METHODS, FOR THE REGISTER === #

    def check_prices(self, order):
        """Override of `jewelry_pos` to name the managers who may agree by PIN."""
        answer = super().check_prices(order)
        managers = self._get_pin_managers() if answer["problems"] else []
        return answer | {"managers": [{"id": who.id, "name": who.name} for who in managers]}

    def agree_prices_by_pin(self, order, reason, employee_id, pin):
        """Agree to an order's prices, as the manager whose PIN is typed.

        A wrong PIN is an answer and no error: that it was wrong must stay written down.

        :param dict order: as of `check_prices`
        :param str reason: why
        :param int employee_id: the manager's employee
        :param str pin: what was typed
        :return: `error`, a text, or False
        :rtype: dict
        :raises UserError: without a reason
        """
        self.ensure_one()
        self.check_access("read")
        employee, error = self._check_manager_pin(employee_id, pin)
        if error:
            return {"error": error}
        self._note_agreement(order, reason, agreed_by="pin", manager_id=employee.user_id.id)
        return {"error": False}

    # === BUSINESS METHODS === #

    def _may_agree_to_prices(self):
        """Override: where employees take turns under one login, that login is nobody's word. A
        manager's PIN is.
        """
        return super()._may_agree_to_prices() and not self.module_pos_hr

    def _check_manager_pin(self, employee_id, pin):
        """Return the employee whose PIN is typed, and why he is not believed, or nothing.

        A PIN that is wrong is counted, so it must not be answered by an error.

        :param int employee_id: a manager of the register's company
        :param str pin: what was typed
        """
        employee = self._get_pin_managers().filtered(lambda who: who.id == employee_id)
        failures = self.env["jewelry.pin.failure"]
        if not employee:
            return employee, self.env._("Choose a manager.")
        # One after the other, so that none of those at once goes uncounted.
        employee.lock_for_update()
        if failures._is_exceeded(employee):
            return employee, self.env._(
                "Too many wrong PINs. Wait a quarter of an hour, or ask a manager elsewhere."
            )
        if not employee.user_id._is_price_pin(pin):
            failures._note(employee, self)
            return employee, self.env._("This is not the PIN.")
        return employee, None

    def _get_pin_managers(self):
        """Return the employees who are managers with a PIN for prices, in sudo."""
        if not self.module_pos_hr:
            return self.env["hr.employee"].sudo()
        managers = self.env.ref(MANAGER).all_user_ids
        # In sudo: whoever stands at the register need not read employees.
        return (
            self.env["hr.employee"]
            .sudo()
            .search(
                [
                    ("user_id", "in", managers.filtered("has_price_pin").ids),
                    ("company_id", "=", self.company_id.id),
                ]
            )
        )
