from odoo import api, fields, models


class JewelryRefundAgreement(models.Model):
    """A manager's word that this order may give so much of a deposit back.

    The program writes it once it knows who the manager is; nobody makes or changes one by hand.
    """

    _name = "jewelry.refund.agreement"
    _inherit = "jewelry.guard.mixin"
    _description = "Agreed Refund of a Deposit"
    _order = "id desc"
    _rec_name = "deposit_id"

    order_uuid = fields.Char(string="Order", required=True, readonly=True, index=True)
    deposit_id = fields.Many2one(
        comodel_name="jewelry.deposit", required=True, readonly=True, ondelete="restrict"
    )
    config_id = fields.Many2one(
        comodel_name="pos.config",
        string="Register",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    currency_id = fields.Many2one(related="deposit_id.currency_id")
    amount = fields.Monetary(required=True, readonly=True, help="Tax included.")
    reason = fields.Char(readonly=True)
    manager_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, ondelete="restrict"
    )
    asked_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Logged In",
        required=True,
        readonly=True,
        default=lambda self: self.env.uid,
        ondelete="restrict",
    )

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: agreements are made by PIN at a register."""
        return super()._get_guarded_fields() | self._get_frozen_fields()

    def _get_frozen_fields(self):
        """Override: what was agreed stays as it was said."""
        return super()._get_frozen_fields() | {
            "order_uuid",
            "deposit_id",
            "config_id",
            "amount",
            "reason",
            "manager_id",
            "asked_by_id",
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_agreed(self, order_uuid, deposit):
        """Return how much of a deposit an order may give back. What was asked again, such as after
        the line was taken off, counts once.
        """
        # In sudo: whoever stands at the register does not read them.
        found = self.sudo().search(
            [("order_uuid", "=", order_uuid), ("deposit_id", "=", deposit.id)]
        )
        return max(found.mapped("amount"), default=0.0)
