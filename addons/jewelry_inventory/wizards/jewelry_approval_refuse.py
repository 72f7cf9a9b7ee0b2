from odoo import fields, models


class JewelryApprovalRefuse(models.TransientModel):
    """Refuse what was asked for, and say why."""

    _name = "jewelry.approval.refuse"
    _description = "Refuse"

    approval_ids = fields.Many2many(
        comodel_name="jewelry.approval",
        string="Approvals",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason = fields.Char(required=True)

    # === ACTION METHODS === #

    def action_refuse(self):
        """Refuse them with the reason."""
        self.ensure_one()
        self.approval_ids.action_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
