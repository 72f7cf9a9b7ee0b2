from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of registers that sell pieces."""

    _inherit = "res.config.settings"

    sale_conflict_account_id = fields.Many2one(
        related="company_id.sale_conflict_account_id", readonly=False
    )
    register_price_hours = fields.Integer(related="company_id.register_price_hours", readonly=False)
    receipt_warranty = fields.Text(related="company_id.receipt_warranty", readonly=False)
    receipt_passport = fields.Boolean(related="company_id.receipt_passport", readonly=False)
