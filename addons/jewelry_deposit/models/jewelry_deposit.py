from odoo import api, fields, models
from odoo.exceptions import ValidationError

STATES = [("open", "Open"), ("closed", "Closed")]
# What follows from the ledger, the order and the schedule.
RECKONED = {
    "amount_consumed",
    "amount_due",
    "amount_held",
    "amount_paid",
    "amount_refundable",
    "amount_total",
    "date_due",
    "state",
}


class JewelryDeposit(models.Model):
    """A customer's money before delivery.

    The money is in the ledger and nowhere else: journal items of the kind's liability account name
    their deposit, and every amount here is a sum of them. Receipts put it there, the invoice of
    what is delivered uses it, and what is left is paid back, moved or forfeited.
    """

    _name = "jewelry.deposit"
    _inherit = [
        "jewelry.discretion.mixin",
        "jewelry.deposit.ledger",
        "jewelry.deposit.delivery",
        "jewelry.deposit.telling",
        "jewelry.deposit.online",
        "jewelry.guard.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Customer Deposit"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="/", index="trigram"
    )
    state = fields.Selection(
        selection=STATES, required=True, readonly=True, default="open", copy=False, tracking=True
    )
    kind_id = fields.Many2one(
        comodel_name="jewelry.deposit.kind",
        required=True,
        check_company=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company, index=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="What the money is for. Empty: the customer has it to his credit.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        # What is given for a credit stays: it has no order to follow.
        readonly=False,
        required=True,
    )

    user_id = fields.Many2one(related="order_id.user_id", string="Salesperson")
    discretion_until = fields.Date(related="order_id.discretion_until")
    discretion_partner_ids = fields.Many2many(related="order_id.discretion_partner_ids")

    line_ids = fields.One2many(
        comodel_name="account.move.line", inverse_name="deposit_id", string="Journal Items"
    )
    instalment_ids = fields.One2many(
        comodel_name="jewelry.deposit.instalment", inverse_name="deposit_id"
    )
    consumption_ids = fields.One2many(
        comodel_name="jewelry.deposit.consumption", inverse_name="deposit_id"
    )

    amount_total = fields.Monetary(
        string="To Pay in All", compute="_compute_amount_total", store=True, tracking=True
    )
    amount_paid = fields.Monetary(
        string="Paid",
        compute="_compute_amounts",
        store=True,
        help="Received less what was paid back, moved elsewhere or forfeited.",
    )
    amount_held = fields.Monetary(
        string="Held",
        compute="_compute_amounts",
        store=True,
        help="What the store owes the customer now, tax included.",
    )
    amount_due = fields.Monetary(string="Balance", compute="_compute_amount_due", store=True)
    amount_consumed = fields.Monetary(
        string="Consumed",
        compute="_compute_amount_refundable",
        store=True,
        help="Spent for the customer already, such as a stone that was ordered: not paid back.",
    )
    amount_refundable = fields.Monetary(
        string="Refundable", compute="_compute_amount_refundable", store=True
    )
    date_due = fields.Date(
        string="Next Due",
        compute="_compute_date_due",
        store=True,
        help="The day by which the next instalment is to be paid.",
    )

    _number_once = models.UniqueIndex(
        "(company_id, name) WHERE name <> '/'", "A deposit has a number of its own."
    )

    # === COMPUTE METHODS === #

    @api.depends("order_id.currency_id", "company_id")
    def _compute_currency_id(self):
        for deposit in self:
            deposit.currency_id = (
                deposit.order_id.currency_id
                or deposit.currency_id
                or deposit.company_id.currency_id
            )

    @api.depends("order_id.amount_total", "order_id.state", "order_id.deposit_ids.amount_paid")
    def _compute_amount_total(self):
        for deposit in self:
            others = deposit.order_id.deposit_ids - deposit._origin
            # What an earlier deposit has paid, such as before the order grew, is not asked again.
            rest = deposit._get_order_total() - sum(others.mapped("amount_paid"))
            deposit.amount_total = max(rest, 0.0)

    def _get_order_total(self):
        """Return what is to be paid for the order: nothing for one that came to nothing."""
        return self.order_id.amount_total if self.order_id.state != "cancel" else 0.0

    @api.depends("line_ids.deposit_amount", "line_ids.deposit_act", "line_ids.parent_state")
    def _compute_amounts(self):
        sums = self._get_sums()
        for deposit in self:
            acts = sums.get(deposit._origin.id, {})
            deposit.amount_held = sum(acts.values())
            # What was forfeited pays for nothing any more; what an invoice has used does.
            deposit.amount_paid = deposit.amount_held - acts.get("applied", 0.0)

    @api.depends("amount_total", "amount_paid", "state")
    def _compute_amount_due(self):
        for deposit in self:
            due = deposit.amount_total - deposit.amount_paid if deposit.state == "open" else 0.0
            deposit.amount_due = max(due, 0.0)

    @api.depends("consumption_ids.amount", "amount_held")
    def _compute_amount_refundable(self):
        for deposit in self:
            deposit.amount_consumed = sum(deposit.consumption_ids.mapped("amount"))
            deposit.amount_refundable = max(deposit.amount_held - deposit.amount_consumed, 0.0)

    @api.depends("instalment_ids.date", "instalment_ids.amount_open", "state")
    def _compute_date_due(self):
        for deposit in self:
            lines = deposit.instalment_ids.filtered("amount_open")
            dates = lines.mapped("date") if deposit.state == "open" else []
            deposit.date_due = min(dates, default=False)

    def _get_sums(self):
        """Return {deposit id: {act: amount in the deposit's currency}} of what is posted."""
        groups = self.env["account.move.line"]._read_group(
            [("deposit_id", "in", self.ids), ("parent_state", "=", "posted")],
            ["deposit_id", "deposit_act"],
            ["deposit_amount:sum"],
        )
        sums = {}
        for deposit, act, amount in groups:
            sums.setdefault(deposit.id, {})[act] = deposit.currency_id.round(amount)
        return sums

    # === CONSTRAINTS === #

    # Not when the order changes: what is still to pay is the balance in any case, and whoever
    # changes the order changes the schedule next.
    @api.constrains("instalment_ids")
    def _check_instalments(self):
        for deposit in self.filtered("instalment_ids"):
            total = sum(deposit.instalment_ids.mapped("amount"))
            if deposit.currency_id.compare_amounts(total, deposit.amount_total):
                raise ValidationError(
                    self.env._(
                        "The instalments of %(deposit)s add up to %(sum)s, but %(total)s is to be "
                        "paid. Change one of them.",
                        deposit=deposit.name,
                        sum=deposit.currency_id.format(total),
                        total=deposit.currency_id.format(deposit.amount_total),
                    )
                )

    @api.constrains("currency_id")
    def _check_currency(self):
        """Refuse that amounts in one currency are taken for amounts in another.

        :raises ValidationError: saying what to do instead
        """
        # In sudo: whoever changes an order need not read journal items, nor who takes money orders.
        for deposit in self.sudo():
            currency = deposit.order_id.currency_id or deposit.currency_id
            items = deposit.line_ids.filtered(
                lambda line: line.deposit_act != "exchanged" and line.parent_state != "cancel"
            )
            if others := items.currency_id - currency:
                raise ValidationError(
                    self.env._(
                        "Money was paid ahead for %(subject)s in %(paid)s, so it stays in that "
                        "currency. To sell in %(other)s, pay the money back and make another "
                        "quotation.",
                        subject=deposit.order_id.name or deposit.name,
                        paid=others[0].name,
                        other=currency.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override to number the deposits of each company."""
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            if vals.get("name", "/") == "/":
                vals["name"] = (
                    self.env["ir.sequence"].with_company(company).next_by_code("jewelry.deposit")
                )
        return super().create(vals_list)

    def _get_guarded_fields(self):
        """Override: nobody says by hand what is paid."""
        return super()._get_guarded_fields() | RECKONED

    # === ACTION METHODS === #

    def action_view_items(self):
        """Open the journal items of the deposits.

        :return: window action
        :rtype: dict
        """
        return self.line_ids._get_records_action(name=self.env._("Journal Items"))

    # === BUSINESS METHODS === #

    def _get_next_amount(self):
        """Return what the customer is to pay next: late and current instalments, or the balance."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        open_lines = self.instalment_ids.filtered("amount_open").sorted("date")
        due = open_lines.filtered(lambda line: line.date <= today) or open_lines[:1]
        return sum(due.mapped("amount_open")) or self.amount_due

    def _get_surplus(self):
        """Hook: what is paid beyond what the order comes to and can be given back. What is held
        for no order, or for one that was cancelled, is not beyond anything.
        """
        self.ensure_one()
        if self.currency_id.compare_amounts(self._get_order_total(), 0) <= 0:
            return 0.0
        surplus = self.currency_id.round(self.amount_paid - self.amount_total)
        return max(min(surplus, self.amount_refundable), 0.0)

    def _get_credit(self):
        """Return the customer's credit, a deposit for no order, made where there is none."""
        self.ensure_one()
        return self._get_credit_of(self.partner_id, self.company_id, self.currency_id)

    @api.model
    def _get_credit_of(self, partner, company, currency):
        """Return a customer's credit in a company and a currency, made where there is none."""
        kind = self.env["jewelry.deposit.kind"]._get_kind("credit", company)
        vals = {
            "kind_id": kind.id,
            "company_id": company.id,
            "partner_id": partner.commercial_partner_id.id,
            "currency_id": currency.id,
        }
        domain = [(name, "=", value) for name, value in vals.items()]
        found = self.search([*domain, ("order_id", "=", False), ("state", "=", "open")], limit=1)
        return found or self.create(vals)

    def _find_credits(self):
        """Return what the customer has to his credit and could pay this deposit with, oldest
        first.
        """
        self.ensure_one()
        return self.search(
            [
                ("partner_id", "child_of", self.partner_id.commercial_partner_id.ids),
                ("company_id", "=", self.company_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("order_id", "=", False),
                ("amount_refundable", ">", 0),
                ("id", "!=", self.id),
            ],
            order="id",
        )
