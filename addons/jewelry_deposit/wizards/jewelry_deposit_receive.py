from odoo import api, fields, models


class JewelryDepositReceive(models.TransientModel):
    """Take money for a deposit in the back office."""

    _name = "jewelry.deposit.receive"
    _inherit = "jewelry.deposit.act.mixin"
    _description = "Receive a Deposit"

    amount_due = fields.Monetary(related="deposit_id.amount_due")
    journal_id = fields.Many2one(
        required=True,
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    memo = fields.Char(help="Such as the number of a cheque.")

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

    # === ACTION METHODS === #

    def action_receive(self):
        """Take the money, then show the deposit."""
        self.ensure_one()
        self.deposit_id._receive(self.amount, self.journal_id, date=self.date, memo=self.memo)
        return {"type": "ir.actions.act_window_close"}
