from odoo import api, fields, models
from odoo.exceptions import UserError


class JewelryDepositActMixin(models.AbstractModel):
    """What the dialogs have in common that enter money of a deposit on a day."""

    _name = "jewelry.deposit.act.mixin"
    _description = "Act on a Deposit"
    _check_company_auto = True

    deposit_id = fields.Many2one(comodel_name="jewelry.deposit", required=True)
    company_id = fields.Many2one(related="deposit_id.company_id")
    currency_id = fields.Many2one(related="deposit_id.currency_id")
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
    lock_notice = fields.Char(compute="_compute_lock_notice")
    is_done = fields.Boolean(readonly=True)

    # === COMPUTE METHODS === #

    @api.depends("deposit_id")
    def _compute_amount(self):
        """Hook: the amount that a dialog proposes."""

    @api.depends("date", "deposit_id")
    def _compute_lock_notice(self):
        for wizard in self:
            wizard.lock_notice = wizard.deposit_id._get_lock_notice(wizard.date)

    # === CHECKS === #

    def _check_once(self):
        """Refuse to enter a dialog twice: a double click is one payment.

        :raises UserError: saying where to look
        """
        self.ensure_one()
        if not self.try_lock_for_update() or self.is_done:
            raise UserError(
                self.env._(
                    "This was entered already. Look at %(deposit)s before you enter more.",
                    deposit=self.deposit_id.name,
                )
            )
        self.is_done = True
