from odoo import api, fields, models
from odoo.exceptions import UserError

from .jewelry_pos_line_return import PAID_STATES

CONFLICT_KINDS = [
    ("double", "Not there to be sold"),
    ("price", "Below the lowest price"),
    ("tax", "Less tax than is due"),
    ("unknown", "Not a known piece"),
]
CONFLICT_STATES = [
    ("open", "To Settle"),
    ("ordered", "On Order"),
    ("settled", "Handed Over"),
    ("refunded", "Paid Back"),
]
PENDING = ("open", "ordered")
# Of these the piece is there, and kept for whoever paid for it.
KEEPING = ("price", "tax")

# What follows what.
TRANSITIONS = {
    ("open", "ordered"),
    ("open", "settled"),
    ("open", "refunded"),
    ("ordered", "settled"),
    ("ordered", "refunded"),
}


class JewelrySaleConflict(models.Model):
    """A paid line of a register whose piece could not be handed over.

    The order stays as it was paid; the money of the line is owed to the customer until a manager
    hands over a piece for it, orders one, or pays it back.
    """

    _name = "jewelry.sale.conflict"
    _inherit = ["jewelry.guard.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Sale Conflict"
    _order = "id desc"
    _rec_name = "order_id"

    line_id = fields.Many2one(
        comodel_name="pos.order.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(related="line_id.order_id", store=True, index=True)
    company_id = fields.Many2one(related="line_id.order_id.company_id", store=True, index=True)
    config_id = fields.Many2one(related="line_id.order_id.config_id", store=True, string="Register")
    partner_id = fields.Many2one(related="line_id.order_id.partner_id", string="Customer")
    date_order = fields.Datetime(related="line_id.order_id.date_order", string="Sold On")
    product_id = fields.Many2one(related="line_id.product_id", string="Style")
    kind = fields.Selection(selection=CONFLICT_KINDS, required=True, readonly=True)
    number = fields.Char(readonly=True, help="The piece as the register named it.")
    piece_id = fields.Many2one(related="line_id.piece_id", string="Sold Piece")
    is_return = fields.Boolean(compute="_compute_is_return")
    problem = fields.Char(readonly=True, help="Why it could not be handed over.")
    currency_id = fields.Many2one(related="line_id.order_id.currency_id")
    amount = fields.Monetary(related="line_id.price_subtotal_incl", string="Paid")

    state = fields.Selection(
        selection=CONFLICT_STATES, required=True, readonly=True, default="open", tracking=True
    )
    is_pending = fields.Boolean(compute="_compute_is_pending", store=True)
    handed_piece_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Handed Over",
        readonly=True,
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    settled_by_id = fields.Many2one(comodel_name="res.users", readonly=True, ondelete="restrict")
    settled_date = fields.Datetime(readonly=True)
    reason = fields.Char(readonly=True, tracking=True)
    entry_id = fields.Many2one(
        comodel_name="account.move",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="What turned the deposit into income.",
    )
    item_ids = fields.One2many(
        comodel_name="account.move.line",
        inverse_name="sale_conflict_id",
        string="Journal Items",
        help="What the books say that is owed, and by what it was settled.",
    )

    _line_unique = models.UniqueIndex("(line_id)", "The line is in conflict already.")
    _pending_index = models.Index("(company_id) WHERE is_pending")

    # === COMPUTE METHODS === #

    @api.depends("state")
    def _compute_is_pending(self):
        for conflict in self:
            conflict.is_pending = conflict.state in PENDING

    @api.depends("line_id.qty")
    def _compute_is_return(self):
        for conflict in self:
            conflict.is_return = conflict.line_id.qty < 0

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: registers open conflicts, and buttons settle them."""
        return super()._get_guarded_fields() | {
            "line_id",
            "kind",
            "number",
            "problem",
            "state",
            "handed_piece_id",
            "settled_by_id",
            "settled_date",
            "reason",
            "entry_id",
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        raise UserError(self.env._("What a register could not hand over stays on record."))

    # === ACTION METHODS === #

    def action_order(self, reason):
        """Promise the customer a piece that has yet to come; the money stays owed.

        :param str reason: what was agreed
        """
        self._check_pending(reason)
        self._set_state("ordered", reason=reason.strip())

    def action_hand_over(self, piece, reason):
        """Hand over `piece` for what was paid: another one, or the sold one that is free again.

        :param piece: a piece that can be sold now
        :param str reason: what was agreed
        :raises UserError: when the piece cannot be sold, naming why
        """
        self.ensure_one()
        self._check_pending(reason)
        self._check_handed_piece(piece)
        self._name_on_invoice(piece)
        self._move_piece(piece)
        self._set_settled(piece, reason)

    def action_take_back(self, reason):
        """Take in what a customer brought and was paid for: the same piece, with its cost.

        :param str reason: why it is taken back after all
        :raises UserError: when no customer has that piece
        """
        self.ensure_one()
        self.action_hand_over(self.piece_id, reason)

    def action_refund(self):
        """Open the order that pays the line back, at the register's open session.

        :return: window action of the refund, to be paid there
        """
        self.ensure_one()
        self._check_manager()
        refund = self.order_id._refund()
        refund.lines.filtered(lambda line: line.refunded_orderline_id != self.line_id).unlink()
        refund._compute_prices()
        return refund._get_records_action()

    # === BUSINESS METHODS === #

    @api.model
    def _open(self, line, kind, problem):
        """Note that a paid line cannot be handed over, and tell the managers.

        :param line: the `pos.order.line`
        :param str kind: one of `CONFLICT_KINDS`
        :param str problem: why, in the user's language
        """
        # In sudo: the cashier who syncs an order writes no conflicts of others.
        conflict = self.sudo().create(
            {
                "line_id": line.id,
                "kind": kind,
                "problem": problem,
                "number": ", ".join(line._get_lot_names()),
            }
        )
        conflict.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=conflict._get_manager().id,
            summary=self.env._("Settle what was paid and not handed over"),
        )
        return conflict

    def _get_manager(self):
        """Return who is asked to settle: of the managers of the store the one who is nearest, else
        whoever sold.
        """
        group = self.env.ref("jewelry_inventory.group_manager")
        managers = group.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        nearest = managers.sorted("id").sorted(self._get_distance)
        return nearest[:1] or self.order_id.user_id

    def _get_distance(self, manager):
        """Hook: return how far a manager is from the register, as a tuple; the least is asked. Who
        opened it is there, then who sold, then whose store it is; who keeps the program comes last.
        """
        return (
            manager != self.order_id.session_id.user_id,
            manager != self.order_id.user_id,
            manager.has_group("base.group_system"),
            not self._is_of_store(manager),
        )

    def _is_of_store(self, manager):
        """Hook: tell whether somebody works in the store of the register, and not just may."""
        return manager.company_id == self.company_id

    def _check_manager(self):
        """Refuse what only managers settle.

        :raises AccessError: for anybody else
        """
        self.check_access("write")

    def _check_pending(self, reason):
        """Refuse to settle twice, or without a reason.

        :raises UserError: saying what is missing
        """
        self._check_manager()
        self.lock_for_update()
        if settled := self.filtered(lambda conflict: not conflict.is_pending):
            raise UserError(
                self.env._(
                    "%(order)s is settled already: %(state)s.",
                    order=settled[0].order_id.name,
                    state=dict(CONFLICT_STATES)[settled[0].state],
                )
            )
        if not (reason or "").strip():
            raise UserError(self.env._("Enter what was agreed with the customer."))

    def _check_handed_piece(self, piece):
        """Refuse a piece that cannot be handed over for the line.

        :raises UserError: naming the piece and why
        """
        piece._lock_pieces()
        if self.is_return:
            self._check_taken_back(piece)
            return
        held = piece.with_context(settled_conflict_id=self.id)
        if reasons := held._get_unavailability():
            raise UserError(
                self.env._(
                    "%(piece)s cannot be handed over: %(reason)s.",
                    piece=piece.name,
                    reason=next(iter(reasons.values())),
                )
            )

    def _check_taken_back(self, piece):
        """Refuse to take back what no customer has.

        :raises UserError: naming the piece and where it is
        """
        if piece.piece_status != "sold":
            raise UserError(
                self.env._(
                    "%(piece)s cannot be taken back: %(status)s. Pay the line back instead.",
                    piece=piece.name or self.number or self.env._("It"),
                    status=piece._get_status_label() if piece else self.env._("no known piece"),
                )
            )

    def _name_on_invoice(self, piece):
        """Let the invoice of the order, if there is one, take the cost of the piece."""
        lines = self.order_id.account_move.invoice_line_ids.filtered(
            lambda line: line.sale_conflict_id == self and not line.piece_ids
        )
        # In sudo: the pieces of a posted invoice are not changed by hand.
        lines[:1].sudo().piece_ids = piece

    def _move_piece(self, piece):
        """Deliver `piece` for the line by an ordinary move of the register's own kind.

        :raises UserError: when it is not where the register delivers from
        """
        order = self.order_id
        picking = self.env["stock.picking"].create(
            self.env["stock.picking"]._prepare_picking_vals(
                order.partner_id, *self._get_direction()
            )
            | {
                "pos_order_id": order.id,
                "pos_session_id": order.session_id.id,
                "origin": order.name,
            }
        )
        values = picking._prepare_stock_move_vals(self.line_id, self.line_id)
        move = self.env["stock.move"].create(
            values | {"product_id": piece.product_id.id, "piece_id": piece.id}
        )
        move._action_confirm(merge=False)
        move._take_own_pieces()
        picking._action_done()

    def _get_direction(self):
        """Return the operation type, and the ids of the places from and to which it moves."""
        picking_type = self.order_id.config_id.picking_type_id
        shop, customers = picking_type.default_location_src_id, self.order_id._get_destination()
        if not self.is_return:
            return picking_type, shop.id, customers.id
        back = picking_type.return_picking_type_id
        place = back.default_location_dest_id or shop
        return back or picking_type, customers.id, place.id

    def _set_settled(self, piece, reason):
        """Close the conflict: what was owed is income now."""
        self._set_state("settled", reason=reason.strip(), handed_piece_id=piece.id)
        # In sudo: as `_set_state`.
        self.sudo().entry_id = self._post()
        self._reconcile_deposits()
        self.activity_ids.action_done()

    def _set_refunded(self):
        """Close conflicts whose money an order has paid back."""
        self._set_state("refunded")
        self.activity_ids.action_done()

    def _set_state(self, state, **values):
        """Move conflicts on.

        :raises UserError: when that step does not follow
        """
        for conflict in self:
            if (conflict.state, state) not in TRANSITIONS:
                raise UserError(
                    self.env._("%(order)s is settled already.", order=conflict.order_id.name)
                )
        now = {} if state in PENDING else {"settled_date": fields.Datetime.now()}
        # In sudo: the fields are written by the program, once the user's rights were checked.
        self.sudo().write({"state": state, "settled_by_id": self.env.uid} | now | values)

    def _post(self):
        """Post what turns the deposit of the line into income, and return the entry."""
        self.ensure_one()
        company = self.company_id
        lines = self._prepare_income_lines() + self._prepare_cost_lines()
        return (
            self.env["account.move"]
            .with_company(company)
            ._post_stock_entry(lines, ref=self.order_id.name)
        )

    def _prepare_income_lines(self):
        """Return the journal items from deposit to income."""
        order = self.order_id
        amount, balance = self._get_owed()
        common = {
            "name": self.env._("Handed over: %(order)s", order=order.name),
            "partner_id": order.partner_id.commercial_partner_id.id,
            "currency_id": order.currency_id.id,
        }
        income = self._get_accounts(self.line_id.product_id)["income"]
        income = income or order.config_id.journal_id.default_account_id
        deposit = self.company_id._get_sale_conflict_account()
        return [
            common
            | {
                "account_id": deposit.id,
                "balance": balance,
                "amount_currency": amount,
                "sale_conflict_id": self.id,
            },
            common | {"account_id": income.id, "balance": -balance, "amount_currency": -amount},
        ]

    # === DEPOSITS === #

    def _prepare_deposit_vals(self):
        """Return what a journal item says of the conflict that it is owed for."""
        partner = self.order_id.partner_id.commercial_partner_id
        return {
            "sale_conflict_id": self.id,
            "partner_id": partner.id,
            "name": self.env._(
                "Paid and not handed over: %(piece)s, %(order)s",
                piece=self.number or self.product_id.display_name,
                order=self.order_id.name,
            ),
        }

    def _get_owed(self):
        """Return what is owed, without taxes, in the currency of the order and in the company's: as
        the books have it, and as they will, where the session is still open.
        """
        # In sudo: whoever settles need not have a right to the books, or to that register.
        conflict = self.sudo()
        items = conflict.item_ids.filtered(lambda item: item.parent_state == "posted")
        left = [(-item.amount_residual_currency, -item.amount_residual) for item in items]
        amounts = [(0.0, 0.0), *left]
        for line in conflict._get_deposit_lines():
            order = line.order_id
            if not order._is_posted():
                amount = order._get_deposits()[line]
                convert = order.session_id._amount_converter
                amounts.append((amount, convert(amount, order.date_order, True)))
        rounding = (conflict.currency_id.round, self.company_id.currency_id.round)
        sums = map(sum, zip(*amounts, strict=True))
        return tuple(exact(total) for exact, total in zip(rounding, sums, strict=True))

    def _get_deposit_lines(self):
        """Return the paid lines that make the deposit, or pay it back."""
        lines = self.line_id | self.line_id.refund_orderline_ids
        return lines.filtered(
            lambda line: line.order_id.state in PAID_STATES and line._get_parking_conflict() == self
        )

    def _is_paid_back(self):
        """Tell whether nothing is owed any more: less than all may have been paid back."""
        amount, _balance = self._get_owed()
        return self.currency_id.is_zero(amount)

    def _reconcile_deposits(self):
        """Match what was owed with what settled it: core books what rates made of it meanwhile."""
        # In sudo: whoever settles, pays back or closes need not have a right to the books.
        for conflict in self.sudo():
            items = conflict.item_ids.filtered(
                lambda item: item.parent_state == "posted" and not item.reconciled
            )
            for account, own in items.grouped("account_id").items():
                if account.reconcile and len(own) > 1:
                    own.reconcile()

    def _prepare_cost_lines(self):
        """Return the journal items of the cost, where neither an invoice nor the closing of the
        session posts it, nor the move itself, as for all that is shipped.
        """
        order = self.order_id
        if order.is_invoiced or order.shipping_date or order.session_id.state != "closed":
            return []
        # In sudo: whoever settles need not see every place that a piece went through.
        moves = order.sudo().picking_ids.move_ids
        moved = moves.filtered(lambda move: move.piece_id == self.handed_piece_id)
        return [line for move in moved for line in move._prepare_expense_lines()]

    def _get_accounts(self, product):
        template = product.product_tmpl_id.with_company(self.company_id)
        return template.get_product_accounts(fiscal_pos=self.order_id.fiscal_position_id)
