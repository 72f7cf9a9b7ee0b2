from odoo import api, fields, models

OUTCOMES = [
    ("refund", "Pay Back"),
    ("credit", "Keep to the Customer's Credit"),
    ("forfeit", "Forfeit"),
]


class JewelryDepositReturn(models.TransientModel):
    """What becomes of money that is not used for the goods it was paid for."""

    _name = "jewelry.deposit.return"
    _description = "Give Back or Keep a Deposit"
    _check_company_auto = True

    deposit_id = fields.Many2one(comodel_name="jewelry.deposit", required=True)
    company_id = fields.Many2one(related="deposit_id.company_id")
    currency_id = fields.Many2one(related="deposit_id.currency_id")
    amount_held = fields.Monetary(related="deposit_id.amount_held")
    amount_refundable = fields.Monetary(related="deposit_id.amount_refundable")
    outcome = fields.Selection(selection=OUTCOMES, required=True, default="refund")
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, precompute=True, required=True
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Paid By",
        check_company=True,
        domain=[("type", "in", ("bank", "cash", "credit"))],
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    reason = fields.Char(required=True)
    lock_notice = fields.Char(compute="_compute_lock_notice")

    # === COMPUTE METHODS === #

    @api.depends("deposit_id", "outcome")
    def _compute_amount(self):
        for wizard in self:
            kept = wizard.outcome == "forfeit"
            wizard.amount = wizard.amount_held if kept else wizard.amount_refundable

    @api.depends("date", "deposit_id")
    def _compute_lock_notice(self):
        for wizard in self:
            wizard.lock_notice = wizard.deposit_id._get_lock_notice(wizard.date)

    # === ACTION METHODS === #

    def action_return(self):
        """Do what was chosen, and tell the deposit why."""
        self.ensure_one()
        deposit = self.deposit_id
        getattr(self, f"_{self.outcome}")()
        deposit.message_post(body=self.reason)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _refund(self):
        self.deposit_id._refund(self.amount, self.journal_id, date=self.date, memo=self.reason)

    def _credit(self):
        credit = self.deposit_id._get_credit()
        self.deposit_id._move_to(credit, self.amount, date=self.date, memo=self.reason)

    def _forfeit(self):
        self.deposit_id._forfeit(self.amount, date=self.date, memo=self.reason)
