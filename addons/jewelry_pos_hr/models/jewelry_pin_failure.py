from datetime import timedelta

from odoo import api, fields, models

# So many wrong PINs of an employee in so many minutes, and no more are tried.
LIMIT = 5
MINUTES = 15


class JewelryPinFailure(models.Model):
    """A wrong PIN at a register: that it was wrong, never what it was."""

    _name = "jewelry.pin.failure"
    _description = "Wrong PIN"
    _order = "id desc"
    _rec_name = "employee_id"

    employee_id = fields.Many2one(
        comodel_name="hr.employee", required=True, readonly=True, index=True, ondelete="cascade"
    )
    config_id = fields.Many2one(
        comodel_name="pos.config",
        string="Register",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Logged In",
        required=True,
        readonly=True,
        default=lambda self: self.env.uid,
        ondelete="cascade",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _note(self, employee, config):
        """Note a wrong PIN."""
        # In sudo: nobody writes these by hand.
        self.sudo().create({"employee_id": employee.id, "config_id": config.id})

    @api.model
    def _is_exceeded(self, employee):
        """Tell whether too many PINs of the employee were wrong lately, at any register."""
        since = fields.Datetime.now() - timedelta(minutes=MINUTES)
        domain = [("employee_id", "=", employee.id), ("create_date", ">", since)]
        # In sudo: whoever stands at the register does not read them.
        return self.sudo().search_count(domain, limit=LIMIT) >= LIMIT

    @api.autovacuum
    def _gc_failures(self):
        since = fields.Datetime.now() - timedelta(days=90)
        self.search([("create_date", "<", since)]).unlink()
