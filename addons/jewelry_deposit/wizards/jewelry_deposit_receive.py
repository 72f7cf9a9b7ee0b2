from odoo import api, fields, models


class JewelryDepositReceive(models.TransientModel):
    """Take money for a deposit in the back office."""

    _name = "jewelry.deposit.receive"
    _inherit = "jewelry.deposit.act.mixin"
    _description = "Receive a Deposit"

    amount_due = fields.Monetary(related="deposit_id.amount_due")
    journal_id = fields.Many2one(
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount_credit = fields.Monetary(
        string="The Customer's Credit", compute="_compute_amount_credit"
    )
    is_from_credit = fields.Boolean(
        string="Pay from Credit", help="Takes what the customer has to his credit in the store."
    )
    memo = fields.Char(help="Such as the number of a cheque.")
    amount_surplus = fields.Monetary(
        string="Beyond the Balance",
        compute="_compute_amount_surplus",
        help="More than is to be paid: it is kept to the customer's credit.",
    )

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

    @api.depends("deposit_id")
    def _compute_amount_credit(self):
        for wizard in self:
            credits = wizard.deposit_id._find_credits() if wizard.deposit_id.order_id else []
            wizard.amount_credit = sum(credit.amount_refundable for credit in credits)

    @api.onchange("is_from_credit")
    def _onchange_is_from_credit(self):
        if self.is_from_credit:
            self.amount = min(self.amount, self.amount_credit)

    @api.depends("amount", "deposit_id")
    def _compute_amount_surplus(self):
        for wizard in self:
            has_balance = wizard.deposit_id.amount_total > 0
            surplus = wizard.amount - wizard.amount_due if has_balance else 0.0
            wizard.amount_surplus = max(surplus, 0.0)

    # === ACTION METHODS === #

    def action_receive(self):
        """Take the money, then show the deposit."""
        self._check_once()
        if self.is_from_credit:
            self.deposit_id._use_credit(self.amount, date=self.date)
        else:
            self.deposit_id._receive(self.amount, self.journal_id, date=self.date, memo=self.memo)
        return {"type": "ir.actions.act_window_close"}
