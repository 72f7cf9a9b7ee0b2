from odoo import api, fields, models

STATES = [("open", "Open"), ("late", "Late"), ("paid", "Paid")]


class JewelryDepositInstalment(models.Model):
    """An amount that the customer is to pay by a day. It is fixed: never a share of a share."""

    _name = "jewelry.deposit.instalment"
    _description = "Instalment of a Deposit"
    _order = "deposit_id, date, id"

    deposit_id = fields.Many2one(
        comodel_name="jewelry.deposit", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="deposit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="deposit_id.currency_id")
    date = fields.Date(string="Due", required=True, index=True)
    amount = fields.Monetary(required=True)
    amount_open = fields.Monetary(
        string="Still to Pay",
        compute="_compute_amount_open",
        store=True,
        help="What was paid goes to the earliest instalment first.",
    )
    state = fields.Selection(selection=STATES, compute="_compute_state")

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "An instalment is more than nothing."
    )

    # === COMPUTE METHODS === #

    @api.depends("amount", "date", "deposit_id.amount_paid", "deposit_id.instalment_ids.amount")
    def _compute_amount_open(self):
        for deposit in self.deposit_id:
            paid = deposit.amount_paid
            for instalment in deposit.instalment_ids.sorted(lambda line: (line.date, line.id)):
                covered = min(max(paid, 0), instalment.amount)
                instalment.amount_open = instalment.currency_id.round(instalment.amount - covered)
                paid -= covered

    @api.depends("amount_open", "date")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for instalment in self:
            late = instalment.date and instalment.date < today
            instalment.state = (
                "paid" if not instalment.amount_open else ("late" if late else "open")
            )
