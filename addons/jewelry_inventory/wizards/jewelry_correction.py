from odoo import fields, models
from odoo.exceptions import UserError

from ..const import CHANGE_REASON


class JewelryCorrection(models.TransientModel):
    """Say why an entry is wrong, then correct it in its own form: a weight, an alloy, a carat.

    The audit trail tells the reason with each value that is changed there.
    """

    _name = "jewelry.correction"
    _description = "Correct"

    res_model = fields.Char(
        required=True, readonly=True, default=lambda self: self.env.context.get("active_model")
    )
    res_id = fields.Many2oneReference(
        model_field="res_model",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    reason = fields.Char(required=True)

    # === ACTION METHODS === #

    def action_correct(self):
        """Open the form in which the reason goes with whatever is changed.

        :raises UserError: without a reason
        """
        self.ensure_one()
        if not self.reason.strip():
            raise UserError(self.env._("Enter why the entry is wrong: the audit trail keeps it."))
        record = self.env[self.res_model].browse(self.res_id)
        record.check_access("write")
        return record.get_formview_action() | {
            "name": self.env._("Correct %s", record.display_name),
            "target": "new",
            "context": {CHANGE_REASON: self.reason.strip()},
        }
