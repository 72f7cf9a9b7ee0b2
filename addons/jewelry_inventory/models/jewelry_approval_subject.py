from odoo import fields, models

from ..const import COST_GROUPS


class JewelryApprovalSubject(models.Model):
    """One record that an approval is about, and what shall become of it, in words."""

    _name = "jewelry.approval.subject"
    _inherit = "jewelry.guard.mixin"
    _description = "Subject of an Approval"
    _order = "id"

    approval_id = fields.Many2one(
        comodel_name="jewelry.approval",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    name = fields.Char(required=True, readonly=True)
    change = fields.Char(required=True, readonly=True, groups=COST_GROUPS)

    _record_index = models.Index("(res_model, res_id)")

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: approvals are made by their buttons."""
        return super()._get_guarded_fields() | self._get_frozen_fields()

    def _get_frozen_fields(self):
        """Override: what was asked is what is approved."""
        return super()._get_frozen_fields() | {
            "approval_id",
            "res_model",
            "res_id",
            "name",
            "change",
        }
