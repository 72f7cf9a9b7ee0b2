from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.jewelry_inventory.tools.rule import to_text

from ..const import CANCEL_DAYS, GRACE_DAYS, KINDS, OUTCOMES, RHYTHMS
from ..tools.schedule import propose, propose_days

REMINDERS = [("mail", "Mail"), ("sms", "SMS"), ("both", "Mail and SMS"), ("none", "Nothing")]


class JewelryLayawayTerm(models.Model):
    """Terms of a company for layaways or special orders.

    A term is a rule: what it proposes for an order are fixed amounts and days, which are agreed
    and signed. To change it changes nothing that was signed before.
    """

    _name = "jewelry.layaway.term"
    _description = "Layaway Term"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer()
    active = fields.Boolean(default=True)
    kind = fields.Selection(selection=KINDS, required=True, default="layaway")
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    jurisdiction_id = fields.Many2one(
        comodel_name="jewelry.jurisdiction",
        string="Law Of",
        compute="_compute_jurisdiction_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        help="Whose law holds; the nearest that is known.",
    )
    rule_text = fields.Text(string="The Law", compute="_compute_rule_text")
    rule_warning = fields.Text(compute="_compute_rule_text")

    # Schedule
    first_percent = fields.Float(
        string="First Payment (%)",
        default=20.0,
        help="Of the order's total. What it makes is proposed as a fixed amount.",
    )
    first_amount = fields.Monetary(string="First Payment at Least")
    instalment_count = fields.Integer(
        string="Instalments", default=5, help="After the first payment."
    )
    rhythm = fields.Selection(selection=RHYTHMS, required=True, default="month")
    end_days = fields.Integer(
        string="To Be Paid Within (Days)", help="0: by the day of the last instalment."
    )

    # Reminders and default
    remind_by = fields.Selection(selection=REMINDERS, required=True, default="mail")
    reminder_days = fields.Integer(string="Remind Before (Days)", default=3)
    grace_days = fields.Integer(
        default=GRACE_DAYS, help="How late an instalment may be before notice."
    )
    notice_days = fields.Integer(default=14, help="How long a customer may still pay after notice.")
    outcome = fields.Selection(
        selection=OUTCOMES, string="If It Is Not Paid", required=True, default="credit"
    )
    kept_percent = fields.Float(
        string="Kept at the End (%)", help="Of the order's total, as a fixed amount once signed."
    )
    kept_amount = fields.Monetary(string="Kept at the End")
    cancel_days = fields.Integer(
        string="Days to Cancel for Nothing",
        default=CANCEL_DAYS,
        help="From signing on, the customer may cancel and gets everything back.",
    )
    terms = fields.Html(
        string="Text", translate=True, sanitize=True, help="Printed, and signed by the customer."
    )

    _numbers_positive = models.Constraint(
        "CHECK (LEAST(instalment_count, end_days, reminder_days, grace_days, notice_days, "
        "cancel_days, first_amount, kept_amount) >= 0)",
        "Days, numbers and amounts of a term cannot be negative. Enter 0 or more.",
    )
    _shares_within = models.Constraint(
        "CHECK (first_percent BETWEEN 0 AND 100 AND kept_percent BETWEEN 0 AND 100)",
        "A share lies between 0 and 100 %.",
    )

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_jurisdiction_id(self):
        places = self.env["jewelry.jurisdiction"]
        for term in self:
            partner = term.company_id.partner_id
            term.jurisdiction_id = places._find(partner.country_id, partner.state_id)

    @api.depends("jurisdiction_id", "cancel_days")
    @api.depends_context("lang", "tz")
    def _compute_rule_text(self):
        for term in self:
            rule = term._get_law()
            schema = rule._get_schema() if rule else {}
            lines = [to_text(rule.values, schema), rule._cite()] if rule else []
            term.rule_text = "\n".join(lines)
            term.rule_warning = term._get_law_warning(rule.values or {} if rule else {})

    def _get_law(self):
        """Return the rule on layaways where the term is used, if one is known."""
        # In sudo: which law holds does not depend on who asks.
        rules = self.env["jewelry.rule"].sudo()
        return rules._get_rule("layaway", self.jurisdiction_id)

    def _get_law_warning(self, values):
        days = values.get("cancel_days", 0)
        if self.kind != "layaway" or self.cancel_days >= days:
            return False
        return self.env._(
            "The law lets customers cancel for nothing within %(law)s days; this term gives them "
            "%(term)s.",
            law=days,
            term=self.cancel_days,
        )

    # === CONSTRAINTS === #

    @api.constrains("first_percent", "first_amount", "instalment_count")
    def _check_schedule(self):
        for term in self:
            if not term.instalment_count and term.first_percent < 100:
                raise ValidationError(
                    self.env._(
                        "Without instalments the first payment is all: enter 100 %, or how many "
                        "instalments follow."
                    )
                )

    # === BUSINESS METHODS === #

    def _get_first(self, total, currency):
        """Return the first payment for a total, as a fixed amount."""
        share = currency.round(total * self.first_percent / 100)
        return min(max(share, self._convert(self.first_amount, currency)), total)

    def _get_minimum(self, order, total=None, fee=None):
        """Return the least first payment for an order: it pays the fee, too.

        :param total: with the fee, where the order has none yet
        :param fee: tax included, as above
        """
        total = order.amount_total if total is None else total
        fee = sum(order._get_fee_lines().mapped("price_total")) if fee is None else fee
        return max(self._get_first(total, order.currency_id), min(fee, total))

    def _get_kept(self, total, currency):
        """Return what the store keeps at the end, as a fixed amount."""
        share = currency.round(total * self.kept_percent / 100)
        return min(share + self._convert(self.kept_amount, currency), total)

    def _convert(self, amount, currency):
        """Return an amount of the term in the currency of an order."""
        return self.currency_id._convert(amount, currency, self.company_id)

    def _propose(self, total, currency, start, first=None):
        """Return the schedule for an order: [(day, amount)], which adds up to the cent.

        :param float first: the first payment, where it is not what the term asks for
        """
        self.ensure_one()
        end = start + timedelta(days=self.end_days) if self.end_days else None
        amounts = propose(
            total,
            self._get_first(total, currency) if first is None else first,
            self.instalment_count,
            currency.rounding,
        )
        return list(zip(propose_days(start, len(amounts), self.rhythm, end), amounts, strict=True))

    def _prepare_conditions(self, order, rows):
        """Return what is agreed for an order, as values of its layaway.

        :param list rows: the schedule, as of `_propose`
        """
        self.ensure_one()
        term = self.with_context(lang=order.partner_id.lang)
        return {
            "amount_fee": sum(order._get_fee_lines().mapped("price_total")),
            "amount_first": self._get_minimum(order),
            "amount_kept": self._get_kept(order.amount_total, order.currency_id),
            "cancel_days": self.cancel_days,
            "date_end": rows[-1][0] if rows else False,
            "grace_days": self.grace_days,
            "is_fee_refundable": self.is_fee_refundable,
            "notice_days": self.notice_days,
            "outcome": self.outcome,
            "terms": term.terms,
        }
