from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.account_move_line import ACTS


class JewelryDepositAssign(models.TransientModel):
    """Say which deposit journal items are of that somebody entered by hand."""

    _name = "jewelry.deposit.assign"
    _description = "Assign Journal Items to a Deposit"
    _check_company_auto = True

    line_ids = fields.Many2many(
        comodel_name="account.move.line",
        string="Journal Items",
        required=True,
        default=lambda self: self._get_default_lines(),
    )
    company_id = fields.Many2one(comodel_name="res.company", compute="_compute_company_id")
    currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_company_id", help="Of the journal items."
    )
    partner_id = fields.Many2one(comodel_name="res.partner", compute="_compute_company_id")
    amount = fields.Monetary(
        compute="_compute_company_id", help="What they add to the deposit, or take off it."
    )
    deposit_id = fields.Many2one(
        comodel_name="jewelry.deposit",
        required=True,
        check_company=True,
        domain="[('currency_id', '=', currency_id)]",
    )
    act = fields.Selection(
        selection=[act for act in ACTS if act[0] != "exchanged"],
        string="What Happened",
        required=True,
        compute="_compute_act",
        store=True,
        readonly=False,
        precompute=True,
    )

    def _get_default_lines(self):
        if self.env.context.get("active_model") != "account.move.line":
            return self.env["account.move.line"]
        return self.env["account.move.line"].browse(self.env.context.get("active_ids"))

    # === COMPUTE METHODS === #

    @api.depends("line_ids")
    def _compute_company_id(self):
        for wizard in self:
            lines = wizard.line_ids
            wizard.company_id = lines.company_id[:1]
            wizard.currency_id = lines.currency_id[:1]
            wizard.partner_id = lines.partner_id[:1]
            wizard.amount = -sum(lines.mapped("amount_currency"))

    @api.depends("line_ids")
    def _compute_act(self):
        for wizard in self:
            wizard.act = "received" if wizard.amount >= 0 else "refunded"

    # === ACTION METHODS === #

    def action_assign(self):
        """Let the deposit own the items, and do what follows from it.

        :raises UserError: saying which item cannot be of the deposit
        """
        self.ensure_one()
        lines, deposit = self.line_ids, self.deposit_id
        self._check_items()
        # In sudo: who keeps the books need not have rights on deposits, and what follows is theirs.
        deposit = deposit.sudo()
        deposit._lock_deposits()
        lines.write({"deposit_id": deposit.id, "deposit_act": self.act})
        deposit._follow_ledger()
        deposit.message_post(
            body=self.env._(
                "%(amount)s assigned from %(entries)s.",
                amount=deposit.currency_id.format(self.amount),
                entries=", ".join(lines.move_id.mapped("name")),
            )
        )
        return {"type": "ir.actions.act_window_close"}

    # === CHECKS === #

    def _check_items(self):
        if not self.line_ids:
            raise UserError(self.env._("Choose the journal items that are of a deposit."))
        for line in self.line_ids:
            if reason := self._get_refusal(line):
                raise UserError(
                    self.env._("%(entry)s: %(reason)s", entry=line.move_id.name, reason=reason)
                )

    def _get_refusal(self, line):
        """Return why an item cannot be of the deposit, or nothing."""
        kind = self.deposit_id.kind_id
        if line.deposit_id:
            return self.env._("it is of %(deposit)s already.", deposit=line.deposit_id.name)
        if line.parent_state != "posted":
            return self.env._("post it first.")
        if line.account_id not in kind.account_id | kind.former_account_ids:
            return self.env._(
                "it is on %(account)s, but deposits of the kind “%(kind)s” are on %(own)s. Choose "
                "a deposit of another kind, or correct the entry.",
                account=line.account_id.display_name,
                kind=kind.name,
                own=kind.account_id.display_name,
            )
        if line.currency_id != self.deposit_id.currency_id:
            return self.env._(
                "it is in %(currency)s, but the deposit is in %(own)s. Enter it in %(own)s.",
                currency=line.currency_id.name,
                own=self.deposit_id.currency_id.name,
            )
        return None
