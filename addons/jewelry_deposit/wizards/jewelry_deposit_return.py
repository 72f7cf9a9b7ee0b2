from odoo import api, fields, models

OUTCOMES = [
    ("refund", "Pay Back"),
    ("credit", "Keep to the Customer's Credit"),
    ("forfeit", "Forfeit"),
]


class JewelryDepositReturn(models.TransientModel):
    """What becomes of money that is not used for the goods it was paid for."""

    _name = "jewelry.deposit.return"
    _inherit = "jewelry.deposit.act.mixin"
    _description = "Give Back or Keep a Deposit"

    amount_held = fields.Monetary(related="deposit_id.amount_held")
    amount_refundable = fields.Monetary(related="deposit_id.amount_refundable")
    outcome = fields.Selection(selection=OUTCOMES, required=True, default="refund")
    reason = fields.Char(required=True)

    # === COMPUTE METHODS === #

    @api.depends("deposit_id", "outcome")
    def _compute_amount(self):
        for wizard in self:
            kept = wizard.outcome == "forfeit"
            wizard.amount = wizard.amount_held if kept else wizard.amount_refundable

    # === ACTION METHODS === #

    def action_return(self):
        """Do what was chosen, and tell the deposit why."""
        self._check_once()
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
