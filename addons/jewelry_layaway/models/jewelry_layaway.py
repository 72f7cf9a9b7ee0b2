from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import format_date

from ..const import (
    BOUND_STATES,
    CONDITION_FIELDS,
    FAILED_STATES,
    FLOW,
    HELD_STATES,
    KINDS,
    OUTCOMES,
    SIGNED_FIELDS,
    STATES,
)


class JewelryLayaway(models.Model):
    """An order that a customer pays in parts, to terms that he signs, before it is handed over.

    The money is its deposit's. What was agreed is copied from the term and frozen once it is
    signed. On the first payment the order is confirmed and its pieces are put away for the
    customer; a layaway of which nothing is there yet is a special order.
    """

    _name = "jewelry.layaway"
    _inherit = [
        "jewelry.discretion.mixin",
        "jewelry.guard.mixin",
        "jewelry.layaway.signing",
        "jewelry.layaway.holding",
        "jewelry.layaway.ending",
        "jewelry.layaway.changing",
        "jewelry.layaway.reminding",
        "jewelry.layaway.fee",
        "jewelry.deposit.telling",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Layaway"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="/", index="trigram"
    )
    state = fields.Selection(
        selection=STATES, required=True, readonly=True, default="draft", copy=False, tracking=True
    )
    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        readonly=True,
        check_company=True,
        index=True,
        ondelete="restrict",
    )
    deposit_id = fields.Many2one(
        comodel_name="jewelry.deposit",
        required=True,
        readonly=True,
        check_company=True,
        index=True,
        ondelete="restrict",
    )
    term_id = fields.Many2one(
        comodel_name="jewelry.layaway.term",
        required=True,
        readonly=True,
        check_company=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="order_id.currency_id", store=True)
    partner_id = fields.Many2one(
        related="order_id.partner_id", string="Customer", store=True, index=True
    )
    user_id = fields.Many2one(related="order_id.user_id", store=True)
    discretion_until = fields.Date(related="order_id.discretion_until")
    discretion_partner_ids = fields.Many2many(related="order_id.discretion_partner_ids")

    # What is agreed
    amount_first = fields.Monetary(
        string="First Payment", readonly=True, help="Once it is paid, the pieces are put away."
    )
    amount_kept = fields.Monetary(
        string="Kept at the End",
        readonly=True,
        help="What the store keeps when the customer does not pay, or cancels later than he may "
        "for nothing; what was spent for him comes on top.",
    )
    amount_fee = fields.Monetary(
        string="Fee", readonly=True, help="For opening it, tax included. The first payment pays it."
    )
    is_fee_refundable = fields.Boolean(
        string="Fee Is Given Back",
        readonly=True,
        help="When the layaway comes to nothing. Within the days to cancel for nothing it always "
        "is.",
    )
    date_end = fields.Date(string="To Be Paid By", readonly=True)
    grace_days = fields.Integer(readonly=True)
    notice_days = fields.Integer(readonly=True)
    cancel_days = fields.Integer(string="Days to Cancel for Nothing", readonly=True)
    outcome = fields.Selection(
        selection=OUTCOMES, string="If It Is Not Paid", required=True, readonly=True
    )
    terms = fields.Html(readonly=True)

    # What is paid
    instalment_ids = fields.One2many(related="deposit_id.instalment_ids", readonly=False)
    amount_total = fields.Monetary(related="deposit_id.amount_total")
    amount_paid = fields.Monetary(related="deposit_id.amount_paid")
    amount_held = fields.Monetary(related="deposit_id.amount_held")
    amount_due = fields.Monetary(related="deposit_id.amount_due")
    date_due = fields.Date(related="deposit_id.date_due", string="Next Due")
    piece_ids = fields.One2many(comodel_name="stock.lot", inverse_name="layaway_id")

    date_opened = fields.Date(string="Put Away On", readonly=True, copy=False)
    date_notice = fields.Date(string="Notice Given On", readonly=True, copy=False)
    date_ended = fields.Date(string="Ended On", readonly=True, copy=False)
    rule_text = fields.Text(related="term_id.rule_text")

    _order_once = models.UniqueIndex(
        "(order_id) WHERE state <> 'cancelled'", "The order is a layaway or special order already."
    )
    _state_index = models.Index("(company_id, state)")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override to number layaways and special orders."""
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = self.env["ir.sequence"].next_by_code("jewelry.layaway")
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if kept := self.filtered(lambda layaway: layaway.state != "draft"):
            raise UserError(
                self.env._("%(layaway)s was signed, so it stays. Cancel it.", layaway=kept[0].name)
            )

    def _get_guarded_fields(self):
        """Override: what is agreed comes from the term, and all that follows from acts."""
        dates = {"date_opened", "date_notice", "date_ended"}
        return super()._get_guarded_fields() | CONDITION_FIELDS | SIGNED_FIELDS | dates | {"state"}

    def _get_frozen_fields(self):
        """Override: what was signed stays as it was signed."""
        frozen = (
            CONDITION_FIELDS | SIGNED_FIELDS if any(self.sudo().mapped("document_hash")) else set()
        )
        return super()._get_frozen_fields() | frozen

    # === ACTION METHODS === #

    def action_propose(self):
        """Make the schedule of a draft anew, such as after the quotation has changed."""
        self.check_access("write")
        for layaway in self:
            layaway._check_state("draft")
            layaway._propose()

    def action_view_order(self):
        """Open the order.

        :return: window action
        :rtype: dict
        """
        return self.order_id._get_records_action(name=self.env._("Orders"))

    def action_view_deposit(self):
        """Open the deposit that has the money.

        :return: window action
        :rtype: dict
        """
        return self.deposit_id._get_records_action(name=self.env._("Deposits"))

    def action_receive(self):
        """Open the dialog that takes money.

        :return: window action
        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_deposit.jewelry_deposit_receive_action"
        )
        return action | {"context": {"default_deposit_id": self.deposit_id.id}}

    def action_open(self):
        """Put the pieces away now: after what kept it from happening on the first payment.

        :raises UserError: saying what is missing
        """
        self.check_access("write")
        for layaway in self:
            layaway._check_state("signed")
            layaway._check_first_paid()
            layaway._open()

    def action_drop(self):
        """Cancel what nothing was paid for yet."""
        self.check_access("write")
        for layaway in self:
            layaway._drop()

    def action_hand_over(self):
        """Hand over what is paid, and invoice it.

        :raises UserError: when something is still to pay, or a piece is missing
        """
        self.check_access("write")
        for layaway in self:
            layaway._check_state("paid")
            layaway._hand_over()

    # === BUSINESS METHODS === #

    def _set_state(self, state):
        """Change the state; the one funnel that does.

        :raises UserError: when it cannot follow on the present one
        """
        for layaway in self:
            if state not in FLOW[layaway.state]:
                raise UserError(
                    self.env._(
                        "%(layaway)s is “%(before)s” and cannot become “%(after)s”.",
                        layaway=layaway.name,
                        before=layaway._get_state_label(layaway.state),
                        after=layaway._get_state_label(state),
                    )
                )
        # In sudo: who may was checked, and nobody writes the state by hand.
        groups = self.sudo().grouped(
            lambda layaway: tuple(layaway._prepare_state_vals(state).items())
        )
        for vals, layaways in groups.items():
            layaways.write({"state": state} | dict(vals))

    def _prepare_state_vals(self, state):
        """Hook: what else is written down when the state changes."""
        today = fields.Date.context_today(self)
        if state == "open":
            return {"date_opened": self.date_opened or today, "date_notice": False}
        if state == "notice":
            return {"date_notice": today}
        return {} if FLOW[state] else {"date_ended": today}

    def _get_state_label(self, state):
        return dict(self._fields["state"]._description_selection(self.env))[state]

    def _propose(self):
        """Replace the schedule by what the term proposes for the order as it is now."""
        self.ensure_one()
        start = fields.Date.context_today(self)
        self.term_id._write_fee(self.order_id)
        rows = self.term_id._propose(self.order_id.amount_total, self.currency_id, start)
        # In sudo: conditions come from the term, nobody writes them by hand.
        self.sudo().write(self.term_id._prepare_conditions(self.order_id, rows))
        self.deposit_id._replace_instalments(rows)

    def _follow_money(self):
        """Do what follows from money that came or went."""
        for layaway in self:
            if layaway.state == "signed" and layaway._is_first_paid():
                layaway._open_or_tell()
            elif layaway.state in ("open", "notice") and not layaway._has_due():
                layaway._set_state("paid")
            elif layaway.state == "paid" and layaway._has_due():
                layaway._set_state("open")
            elif layaway.state == "notice" and not layaway._is_late():
                layaway._set_state("open")

    def _receive_late(self):
        """Keep what was paid after the end for the customer, and tell somebody to give it back."""
        for layaway in self.filtered(lambda layaway: layaway.state in FAILED_STATES):
            layaway._tell(
                self.env._("Money after the end"),
                self.env._(
                    "%(amount)s is held for %(layaway)s, which is “%(state)s”. Pay it back or keep "
                    "it to the customer's credit.",
                    amount=layaway.currency_id.format(layaway.amount_held),
                    layaway=layaway.name,
                    state=layaway._get_state_label(layaway.state),
                ),
            )

    def _drop(self):
        """Hook: end what nothing was paid for yet.

        :raises UserError: when something was paid
        """
        self.ensure_one()
        self._lock()
        self._check_state("draft", "signed")
        self._check_unpaid()
        self._set_state("cancelled")
        self.deposit_id.sudo()._set_closed()
        self.order_id.sudo()._get_fee_lines().unlink()

    def _has_due(self):
        return self.currency_id.compare_amounts(self.amount_due, 0) > 0

    def _is_first_paid(self):
        return self.currency_id.compare_amounts(self.amount_paid, self.amount_first) >= 0

    def _is_overdue(self):
        """Tell whether an instalment is open after its day, days of grace or not."""
        return bool(self.date_due) and self.date_due < fields.Date.context_today(self)

    def _get_counter_line(self):
        """Return what is told of it at the counter: how it stands, and what is due when."""
        due = self.env._(
            "%(state)s, %(amount)s due %(day)s",
            state=self._get_state_label(self.state),
            amount=self.currency_id.format(self.deposit_id._get_next_amount()),
            day=format_date(self.env, self.date_due),
        )
        return {
            "label": f"{self.name}: {self._get_goods_text()}",
            "value": due if self.date_due else self._get_state_label(self.state),
        }

    def _get_goods_text(self):
        lines = self.order_id.order_line.filtered(lambda line: not line.display_type)
        return ", ".join(line.piece_id.name or line.product_id.display_name for line in lines)

    def _is_bound(self):
        """Tell whether customer and store are bound by what was signed."""
        return self.state in BOUND_STATES

    def _is_held(self):
        """Tell whether the pieces are put away for the customer."""
        return self.state in HELD_STATES

    def _lock(self):
        """Let one transaction at a time act on these or on their money, and see what others did
        before.

        :raises LockError: when somebody else is doing so
        """
        self.sudo().deposit_id._lock_deposits()
        if self._lock_free() != self:
            raise LockError(
                self.env._(
                    "Somebody else is changing %(layaways)s right now. Look at it again, then try "
                    "once more.",
                    layaways=", ".join(self.mapped("name")),
                )
            )

    def _lock_free(self):
        """Lock and return those that nobody else is changing or paying right now."""
        # In sudo: whoever acts on a layaway need not have rights on its money.
        deposits = self.sudo().deposit_id.sorted("id").try_lock_for_update()
        free = self.filtered(lambda layaway: layaway.sudo().deposit_id in deposits)
        free = free.sudo().sorted("id").try_lock_for_update().sudo(self.env.su)
        deposits.invalidate_recordset(["amount_held", "amount_paid", "amount_due", "date_due"])
        free.invalidate_recordset(["state", "date_notice"])
        return self & free

    def _tell(self, summary, note):
        """Override of `jewelry_deposit`: what is still being asked for is asked for as it is now,
        however often it is tried.
        """
        # In sudo: as there.
        asked = self.sudo().activity_ids.filtered(lambda activity: activity.summary == summary)
        asked.note = note
        told = self.filtered(lambda layaway: layaway.id in asked.mapped("res_id"))
        super(JewelryLayaway, self - told)._tell(summary, note)

    def _get_seller(self):
        """Override of `jewelry_deposit`: the layaway says who deals with the customer."""
        return self.user_id

    # === CHECKS === #

    def _check_state(self, *states):
        """Refuse an act that the state does not allow.

        :raises UserError: naming both
        """
        if self.state not in states:
            raise UserError(
                self.env._(
                    "%(layaway)s is “%(state)s”. This can be done only while it is “%(states)s”.",
                    layaway=self.name,
                    state=self._get_state_label(self.state),
                    states=self.env._("” or “").join(map(self._get_state_label, states)),
                )
            )

    def _check_first_paid(self):
        if not self._is_first_paid():
            raise UserError(
                self.env._(
                    "The first payment of %(layaway)s is %(first)s; %(paid)s is paid.",
                    layaway=self.name,
                    first=self.currency_id.format(self.amount_first),
                    paid=self.currency_id.format(self.amount_paid),
                )
            )

    def _check_unpaid(self):
        if not self.currency_id.is_zero(self.amount_held):
            raise UserError(
                self.env._(
                    "%(amount)s is held for %(layaway)s. Let a manager cancel it, who says what "
                    "becomes of the money.",
                    amount=self.currency_id.format(self.amount_held),
                    layaway=self.name,
                )
            )
