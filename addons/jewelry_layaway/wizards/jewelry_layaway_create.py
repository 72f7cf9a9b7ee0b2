from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..const import KINDS


class JewelryLayawayCreate(models.TransientModel):
    """Make a layaway or a special order of a quotation."""

    _name = "jewelry.layaway.create"
    _description = "Make a Layaway"
    _check_company_auto = True

    order_id = fields.Many2one(comodel_name="sale.order", required=True)
    company_id = fields.Many2one(related="order_id.company_id")
    currency_id = fields.Many2one(related="order_id.currency_id")
    amount_fee = fields.Monetary(
        string="Fee", compute="_compute_amount_fee", help="For opening it, tax included."
    )
    amount_total = fields.Monetary(
        string="Total", compute="_compute_amount_fee", help="With the fee, tax included."
    )
    kind = fields.Selection(
        selection=KINDS,
        required=True,
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
    )
    term_id = fields.Many2one(
        comodel_name="jewelry.layaway.term",
        required=True,
        check_company=True,
        compute="_compute_term_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('kind', '=', kind)]",
    )
    amount_minimum = fields.Monetary(string="At Least", compute="_compute_amount_minimum")
    amount_first = fields.Monetary(
        string="First Payment",
        required=True,
        compute="_compute_amount_first",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_start = fields.Date(string="From", required=True, default=fields.Date.context_today)
    schedule_text = fields.Text(string="Schedule", compute="_compute_schedule_text")
    rule_text = fields.Text(related="term_id.rule_text")
    rule_warning = fields.Text(related="term_id.rule_warning")

    # === COMPUTE METHODS === #

    @api.depends("order_id")
    def _compute_kind(self):
        for wizard in self:
            goods = wizard.order_id.order_line.filtered(
                lambda line: line.product_id.jewelry_kind == "piece"
            )
            missing = goods.filtered(lambda line: not line.piece_id)
            wizard.kind = "special_order" if missing else "layaway"

    @api.depends("kind", "company_id")
    def _compute_term_id(self):
        for wizard in self:
            domain = [("company_id", "=", wizard.company_id.id), ("kind", "=", wizard.kind)]
            wizard.term_id = self.env["jewelry.layaway.term"].search(domain, limit=1)

    @api.depends("term_id", "order_id")
    def _compute_amount_fee(self):
        for wizard in self:
            lines = wizard.order_id._get_fee_lines()
            goods = wizard.order_id.amount_total - sum(lines.mapped("price_total"))
            wizard.amount_fee = wizard.term_id._preview_fee(wizard.order_id, goods)
            wizard.amount_total = goods + wizard.amount_fee

    @api.depends("term_id", "amount_total")
    def _compute_amount_minimum(self):
        for wizard in self:
            wizard.amount_minimum = wizard.term_id._get_minimum(
                wizard.order_id, wizard.amount_total, wizard.amount_fee
            )

    @api.depends("amount_minimum")
    def _compute_amount_first(self):
        for wizard in self:
            wizard.amount_first = wizard.amount_minimum

    @api.depends("term_id", "amount_first", "date_start", "amount_total")
    def _compute_schedule_text(self):
        for wizard in self:
            rows = wizard._get_rows() if wizard.term_id and wizard.date_start else []
            wizard.schedule_text = "\n".join(
                f"{format_date(self.env, day)}: {wizard.currency_id.format(amount)}"
                for day, amount in rows
            )

    def _get_rows(self, total=None):
        return self.term_id._propose(
            self.amount_total if total is None else total,
            self.currency_id,
            self.date_start,
            self.amount_first,
        )

    # === ACTION METHODS === #

    def action_create_layaway(self):
        """Make the draft, and open it.

        :return: window action
        :rtype: dict
        """
        self.ensure_one()
        self._check_order()
        self.term_id._write_fee(self.order_id)
        # As it is now, with the fee: added up by the order.
        rows = self._get_rows(self.order_id.amount_total)
        deposit = self.order_id._ensure_deposit(self.kind)
        conditions = self.term_id._prepare_conditions(self.order_id, rows)
        # One that was cancelled just now makes room for another.
        self.order_id.layaway_ids.flush_recordset(["state"])
        # In sudo: what is agreed comes from the term, nobody writes it by hand.
        layaway = (
            self.env["jewelry.layaway"]
            .sudo()
            .create(
                conditions
                | {
                    "kind": self.kind,
                    "order_id": self.order_id.id,
                    "deposit_id": deposit.id,
                    "term_id": self.term_id.id,
                    "amount_first": self.amount_first,
                }
            )
            .sudo(flag=self.env.su)
        )
        deposit._replace_instalments(rows)
        return layaway._get_records_action()

    # === CHECKS === #

    def _check_order(self):
        """Refuse what cannot be paid in parts.

        :raises UserError: saying what to do
        """
        order = self.order_id
        order.check_access("write")
        if order.state not in ("draft", "sent") or order._get_live_layaway():
            raise UserError(
                self.env._("%(order)s is confirmed, or a layaway already.", order=order.name)
            )
        if self.currency_id.compare_amounts(self.amount_total, 0) <= 0:
            raise UserError(self.env._("Add what the customer wants to the quotation first."))
        if self.currency_id.compare_amounts(self.amount_first, self.amount_minimum) < 0:
            raise UserError(
                self.env._(
                    "The first payment is %(first)s at least.",
                    first=self.currency_id.format(self.amount_minimum),
                )
            )
        if self.currency_id.compare_amounts(self.amount_first, self.amount_total) > 0:
            raise UserError(
                self.env._(
                    "The first payment is %(total)s at most, which is all.",
                    total=self.currency_id.format(self.amount_total),
                )
            )
