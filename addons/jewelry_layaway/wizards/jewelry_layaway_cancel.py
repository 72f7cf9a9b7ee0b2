from odoo import api, fields, models
from odoo.exceptions import UserError

OUTCOMES = [("refund", "Pay Back"), ("credit", "Keep to the Customer's Credit")]


class JewelryLayawayCancel(models.TransientModel):
    """Cancel a layaway for the customer, or a part of it."""

    _name = "jewelry.layaway.cancel"
    _description = "Cancel a Layaway"
    _check_company_auto = True

    layaway_id = fields.Many2one(comodel_name="jewelry.layaway", required=True)
    company_id = fields.Many2one(related="layaway_id.company_id")
    currency_id = fields.Many2one(related="layaway_id.currency_id")
    order_id = fields.Many2one(related="layaway_id.order_id")
    open_line_ids = fields.Many2many(
        comodel_name="sale.order.line",
        compute="_compute_open_line_ids",
    )
    line_ids = fields.Many2many(
        comodel_name="sale.order.line",
        string="To Cancel",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        domain="[('id', 'in', open_line_ids)]",
    )
    amount_held = fields.Monetary(related="layaway_id.amount_held")
    is_free = fields.Boolean(
        compute="_compute_is_free", help="Still within the days to cancel for nothing."
    )
    amount_kept = fields.Monetary(
        string="Kept by the Store",
        compute="_compute_amount_kept",
        store=True,
        readonly=False,
        help="At most what was agreed, and nothing within the days to cancel for nothing.",
    )
    outcome = fields.Selection(selection=OUTCOMES, required=True, default="refund")
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Paid By",
        check_company=True,
        domain=[("type", "in", ("bank", "cash", "credit"))],
        help="Empty: the money is owed to the customer and paid later.",
    )
    reason = fields.Char(required=True)

    # === COMPUTE METHODS === #

    @api.depends("layaway_id")
    def _compute_open_line_ids(self):
        for wizard in self:
            wizard.open_line_ids = wizard.layaway_id._get_open_lines()

    @api.depends("layaway_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = wizard.layaway_id._get_open_lines()

    @api.depends("layaway_id")
    def _compute_is_free(self):
        for wizard in self:
            wizard.is_free = wizard.layaway_id._is_cancel_free()

    @api.depends("layaway_id", "line_ids")
    def _compute_amount_kept(self):
        for wizard in self:
            wizard.amount_kept = wizard._get_most_kept()

    def _get_most_kept(self):
        """Return what the store may keep: of what was agreed, the share of what is cancelled."""
        layaway = self.layaway_id
        if not layaway or layaway._is_cancel_free():
            return 0.0
        total = layaway.amount_total - layaway.amount_fee
        share = sum(self.line_ids.mapped("price_total")) / total if total else 0.0
        return min(self.currency_id.round(layaway.amount_kept * share), layaway.amount_held)

    # === ACTION METHODS === #

    def action_cancel_layaway(self):
        """Cancel what is chosen.

        :raises UserError: when nothing is chosen, or more would be kept than was agreed
        """
        self.ensure_one()
        layaway = self.layaway_id
        layaway.check_access("write")
        if not self.line_ids:
            raise UserError(self.env._("Choose what the customer does not want any more."))
        if self.currency_id.compare_amounts(self.amount_kept, self._get_most_kept()) > 0:
            raise UserError(
                self.env._(
                    "%(most)s at most can be kept.",
                    most=self.currency_id.format(self._get_most_kept()),
                )
            )
        how = {"journal": self.journal_id, "reason": self.reason}
        if self.line_ids == layaway._get_open_lines():
            layaway._cancel(self.outcome, self.amount_kept, **how)
        else:
            layaway._cancel_part(self.line_ids, self.outcome, self.amount_kept, **how)
        return {"type": "ir.actions.act_window_close"}
