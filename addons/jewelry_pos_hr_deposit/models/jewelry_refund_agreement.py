from odoo import api, fields, models


class JewelryRefundAgreement(models.Model):
    """A manager's word that this order may give so much of a deposit back."""

    _name = "jewelry.refund.agreement"
    _inherit = "jewelry.pos.agreement.mixin"
    _description = "Agreed Refund of a Deposit"
    _rec_name = "deposit_id"

    order_uuid = fields.Char(index=True)
    deposit_id = fields.Many2one(
        comodel_name="jewelry.deposit", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="deposit_id.currency_id")
    amount = fields.Monetary(required=True, readonly=True, help="Tax included.")

    # === CRUD METHODS === #

    def _get_frozen_fields(self):
        """Override: what was agreed stays as it was said."""
        return super()._get_frozen_fields() | {"deposit_id", "amount"}

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
