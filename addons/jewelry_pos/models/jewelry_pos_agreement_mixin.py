from odoo import fields, models


class JewelryPosAgreementMixin(models.AbstractModel):
    """A manager's word to an order at a register.

    The program writes it once it knows who the manager is; nobody makes or changes one by hand.
    """

    _name = "jewelry.pos.agreement.mixin"
    _inherit = "jewelry.guard.mixin"
    _description = "What Was Agreed at a Register"
    _order = "id desc"

    order_uuid = fields.Char(string="Order", required=True, readonly=True)
    config_id = fields.Many2one(
        comodel_name="pos.config",
        string="Register",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    reason = fields.Char(readonly=True)
    manager_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, ondelete="restrict"
    )
    asked_by_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        readonly=True,
        default=lambda self: self.env.uid,
        ondelete="restrict",
    )

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: agreements are made by the acts of managers at the register."""
        return super()._get_guarded_fields() | self._get_frozen_fields()

    def _get_frozen_fields(self):
        """Override: what was agreed stays as it was said."""
        return super()._get_frozen_fields() | {
            "order_uuid",
            "config_id",
            "reason",
            "manager_id",
            "asked_by_id",
        }
