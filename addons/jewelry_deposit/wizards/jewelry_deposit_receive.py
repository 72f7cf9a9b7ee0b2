from odoo import api, fields, models


class JewelryDepositReceive(models.TransientModel):
    """Take money for a deposit in the back office."""

    _name = "jewelry.deposit.receive"
    _description = "Receive a Deposit"
    _check_company_auto = True

    deposit_id = fields.Many2one(comodel_name="jewelry.deposit", required=True)
    company_id = fields.Many2one(related="deposit_id.company_id")
    currency_id = fields.Many2one(related="deposit_id.currency_id")
    amount_due = fields.Monetary(related="deposit_id.amount_due")
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, precompute=True, required=True
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Paid By",
        required=True,
        check_company=True,
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("type", "in", ("bank", "cash", "credit"))],
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    memo = fields.Char(help="Such as the number of a cheque.")
    lock_notice = fields.Char(compute="_compute_lock_notice")

    # === COMPUTE METHODS === #

    @api.depends("deposit_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.deposit_id._get_next_amount()

    @api.depends("deposit_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = self.env["account.journal"].search(
                [
                    ("type", "in", ("bank", "cash", "credit")),
                    ("company_id", "=", wizard.company_id.id),
                ],
                limit=1,
            )

    @api.depends("date", "deposit_id")
    def _compute_lock_notice(self):
        for wizard in self:
            wizard.lock_notice = wizard.deposit_id._get_lock_notice(wizard.date)

    # === ACTION METHODS === #

    def action_receive(self):
        """Take the money, then show the deposit."""
        self.ensure_one()
        self.deposit_id._receive(self.amount, self.journal_id, date=self.date, memo=self.memo)
        return {"type": "ir.actions.act_window_close"}
