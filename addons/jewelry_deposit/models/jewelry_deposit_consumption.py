from odoo import fields, models


class JewelryDepositConsumption(models.Model):
    """What the store spent for a customer before delivery and need not pay back."""

    _name = "jewelry.deposit.consumption"
    _description = "Consumed Part of a Deposit"
    _order = "date, id"

    deposit_id = fields.Many2one(
        comodel_name="jewelry.deposit", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="deposit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="deposit_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    name = fields.Char(
        string="What For", required=True, help="Such as: stone ordered, model made, ring engraved."
    )
    amount = fields.Monetary(required=True)

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "What was spent for the customer is more than nothing."
    )
