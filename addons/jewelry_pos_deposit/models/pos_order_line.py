from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jewelry_pos.models.jewelry_pos_line_return import PAID_STATES


class PosOrderLine(models.Model):
    """Lines by which a register takes money for a deposit, or gives it back.

    A browser names the deposit by its number; which one that is, and whether it may be, is found
    out here.
    """

    _name = "pos.order.line"
    _inherit = ["pos.order.line", "jewelry.guard.mixin"]

    deposit_number = fields.Char(help="The deposit as the register named it.")
    deposit_id = fields.Many2one(
        comodel_name="jewelry.deposit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The deposit that the line paid, or gave back: known once the order is paid.",
    )
    deposit_item_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Item of the Deposit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The journal item that owes what the line took: of the closing entry of the session, "
        "or of the invoice of the order.",
    )
    deposit_amount = fields.Monetary(
        string="Paid Ahead",
        readonly=True,
        copy=False,
        help="What the line adds to the deposit, tax included, as the server reckoned when it was "
        "paid.",
    )
    deposit_due = fields.Float(
        string="Balance Left", help="What is left to be paid on the deposit after the line."
    )
    is_handed_over = fields.Boolean(
        string="Hand Over", help="The cashier hands over what the deposit is for once it is paid."
    )

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: which money is whose is found out once, when an order is paid."""
        return super()._get_guarded_fields() | {"deposit_id", "deposit_item_id", "deposit_amount"}

    # === REGISTER DATA === #

    @api.model
    def _load_pos_data_fields(self, config):
        """Override of `point_of_sale` to add what a register says of deposits, and is told."""
        names = super()._load_pos_data_fields(config)
        return [*names, "deposit_number", "deposit_due", "is_handed_over"]

    # === WHAT A LINE MAY DO === #

    def _confirm_deposits(self):
        """Let lines of a paid order stand to the deposits that they name, as far as they may: what
        cannot be confirmed is kept for whoever paid, and a manager is told.
        """
        found = self._find_deposits()
        others = self - self._filter_deposit_products()
        others.deposit_number = False
        naming = self - others
        deposits = self.env["jewelry.deposit"].sudo().union(*found.values())
        # One after the other, also where two registers take the last instalment.
        deposits._wait_for_deposits()
        naming._set_deposit_amounts()
        # What is known of the deposits before any of the lines counts.
        left = {deposit: deposit.amount_refundable for deposit in deposits}
        due = {deposit: deposit.amount_due for deposit in deposits}
        decisions = [line._decide_deposit(found[line], left, due) for line in naming]
        for line, (deposit, problem, notice) in zip(naming, decisions, strict=True):
            line._apply_decision(deposit, problem, notice)

    def _filter_of_deposits(self):
        """Return the lines that take money for a deposit or give it back: they name it, refund one
        that does, or sell what deposits are called.
        """
        # In sudo: what is refunded may be of another register.
        for line in self.sudo():
            refunded = line.refunded_orderline_id.deposit_id
            if refunded and not line.deposit_number:
                line.deposit_number = refunded.name
        return self.filtered("deposit_number") | self._filter_deposit_products()

    def _filter_deposit_products(self):
        """Return the lines of what deposits are called: goods are sold, whatever a line says."""
        # In sudo: whoever sells need not read settings.
        kinds = self.env["jewelry.deposit.kind"].sudo().with_context(active_test=False)
        products = kinds.search(
            [
                ("company_id", "in", self.order_id.company_id.ids),
                ("product_id", "in", self.product_id.ids),
            ]
        ).product_id
        return self.filtered(lambda line: line.product_id.sudo() in products)

    def _check_named(self):
        """Refuse lines that take money for a deposit and do not say for which.

        :raises UserError: saying what to do instead
        """
        if nameless := self.filtered(lambda line: not line.deposit_number):
            raise UserError(
                self.env._(
                    "“%(product)s” says of no deposit what it is paid for. Take the line off, and "
                    "choose the deposit by the button Deposits.",
                    product=nameless[0].product_id.display_name,
                )
            )

    def _find_deposits(self):
        """Return {line: the deposit of its company that it names, or none}, in sudo."""
        # In sudo: whoever takes money need not see each deposit.
        deposits = self.env["jewelry.deposit"].sudo()
        known = deposits.search(
            [
                ("name", "in", self.mapped("deposit_number")),
                ("company_id", "in", self.order_id.company_id.ids),
            ]
        ).grouped(lambda deposit: (deposit.company_id, deposit.name))
        return {
            line: known.get((line.order_id.company_id.sudo(), line.deposit_number), deposits)
            for line in self
        }

    def _set_deposit_amounts(self):
        """Let the lines come to what their price and taxes make, whatever a browser says."""
        taxes = self.env["account.tax"]
        for order in self.order_id:
            lines = self.filtered(lambda line, order=order: line.order_id == order)
            base_lines = [line._prepare_deposit_base_line() for line in lines]
            taxes._add_tax_details_in_base_lines(base_lines, order.company_id)
            taxes._round_base_lines_tax_details(base_lines, order.company_id)
            for line, base_line in zip(lines, base_lines, strict=True):
                line._set_deposit_amount(base_line["tax_details"])

    def _set_deposit_amount(self, details):
        currency = self.order_id.currency_id
        net = details["total_excluded_currency"] + details["delta_total_excluded_currency"]
        gross = net + sum(tax["tax_amount_currency"] for tax in details["taxes_data"])
        # In sudo: the program fills it in.
        self.sudo().write(
            {
                "price_subtotal": currency.round(net),
                "price_subtotal_incl": currency.round(gross),
                "deposit_amount": currency.round(gross),
            }
        )

    def _decide_deposit(self, deposit, left, due):
        """Return (deposit, why it may not be, what a manager should know) of one line.

        :param dict left: what may still be given back of each deposit; it is brought up to date
        :param dict due: what is still to pay on each deposit; it is brought up to date
        """
        if problem := self._get_deposit_problem(deposit, left):
            return deposit, problem, None
        notice = self._get_deposit_notice(deposit, due)
        left[deposit] += self.deposit_amount
        due[deposit] = max(due[deposit] - self.deposit_amount, 0.0)
        return deposit, "", notice

    def _apply_decision(self, deposit, problem, notice):
        if problem:
            self._redirect_deposit(problem)
            return
        # In sudo: the program fills it in.
        self.sudo().deposit_id = deposit
        if notice:
            deposit._tell(*notice)

    def _get_deposit_problem(self, deposit, left):
        """Tell why the line may not stand to the deposit that it names, or an empty text."""
        order = self.order_id
        if not self.deposit_number:
            return self.env._("The line names no deposit.")
        if not deposit:
            return self.env._("There is no deposit %(number)s.", number=self.deposit_number)
        if deposit.currency_id != order.currency_id:
            return self.env._("%(deposit)s is in another currency.", deposit=deposit.name)
        if not self._is_of_customer(deposit):
            return self.env._("%(deposit)s is another customer's.", deposit=deposit.name)
        if order._is_underpaid():
            return self.env._("Less was paid than the lines of the order come to.")
        if self.deposit_amount >= 0:
            return ""
        return self._get_refund_problem(deposit, left)

    def _is_of_customer(self, deposit):
        """Tell whether who pays may pay for the deposit: its customer, or nobody who is known."""
        partner = self.order_id.partner_id.commercial_partner_id
        return not partner or partner == deposit.partner_id.commercial_partner_id

    def _get_refund_problem(self, deposit, left):
        """Tell why the line may not give money back, or an empty text."""
        order, amount = self.order_id, -self.deposit_amount
        if order.currency_id.compare_amounts(amount, left[deposit]) > 0:
            return self.env._(
                "%(amount)s was given back, and only %(limit)s of %(deposit)s can be.",
                amount=order.currency_id.format(amount),
                limit=order.currency_id.format(left[deposit]),
                deposit=deposit.name,
            )
        if not order._may_give_back(deposit):
            return self.env._("Money was given back, which only managers may.")
        return ""

    def _redirect_deposit(self, problem):
        """Keep money that cannot stand to the deposit for the customer who paid; what was given
        back, and what nobody known paid, is parked.
        """
        order, partner = self.order_id, self.order_id.partner_id
        if self.deposit_amount < 0 or not partner or order._is_underpaid():
            self.env["jewelry.sale.conflict"]._open(self, "deposit", problem)
            return
        # In sudo: whoever takes money need not make deposits, and the program fills them in.
        credits = self.env["jewelry.deposit"].sudo()
        credit = credits._get_credit_of(partner, order.company_id, order.currency_id)
        self.sudo().deposit_id = credit
        credit._tell(
            self.env._("Money for another deposit: %(order)s", order=order.name),
            self.env._(
                "%(amount)s of %(order)s was paid for %(name)s: %(problem)s It is kept to the "
                "customer's credit.",
                amount=order.currency_id.format(self.deposit_amount),
                order=order.name,
                name=self.deposit_number or self.full_product_name,
                problem=problem,
            ),
        )

    def _get_deposit_notice(self, deposit, due):
        """Return (summary, text) of what a manager should know of a line that is confirmed, or
        None.
        """
        currency, amount = self.order_id.currency_id, self.deposit_amount
        if amount < 0 or not deposit.order_id:
            return None
        told = {
            "order": self.order_id.name,
            "amount": currency.format(amount),
            "deposit": deposit.name,
            "due": currency.format(due[deposit]),
        }
        if deposit.state == "closed":
            return self.env._("Paid after the end: %(order)s", **told), self.env._(
                "%(order)s took %(amount)s for %(deposit)s, which was closed. Pay it back or keep "
                "it to the customer's credit.",
                **told,
            )
        if currency.compare_amounts(amount, due[deposit]) > 0:
            return self.env._("Paid too much: %(order)s", **told), self.env._(
                "%(order)s took %(amount)s for %(deposit)s, and %(due)s was still to pay. Refund "
                "the rest there, or it is kept to the customer's credit when the session is "
                "closed.",
                **told,
            )
        return None

    # === MONEY === #

    def _filter_pending(self):
        """Return the lines whose money was taken and is in the ledger by no posted item."""
        return self.filtered(
            lambda line: (
                line.order_id.state in PAID_STATES and line.deposit_item_id.parent_state != "posted"
            )
        )

    def _prepare_deposit_base_line(self):
        """Return the base line of what the line adds to the deposit, whatever order it is on."""
        order = self.order_id
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            self,
            partner_id=order.partner_id.commercial_partner_id,
            currency_id=order.currency_id,
            rate=order.currency_rate,
            tax_ids=self.tax_ids_after_fiscal_position,
            quantity=self.qty,
            sign=-1,
        )

    def _prepare_base_line_for_taxes_computation(self):
        """Override of `jewelry_pos`: what is paid ahead is owed to the customer. Where the order
        as a whole gives money back, core turns quantities round, and the tax turns with them.
        """
        values = super()._prepare_base_line_for_taxes_computation()
        if not self.deposit_id:
            return values
        values["account_id"] = self.deposit_id.sudo().kind_id.account_id
        if self.extra_tax_data and self.order_id.amount_total < 0:
            taxes = self.env["account.tax"]
            extra = taxes._reverse_quantity_base_line_extra_tax_data(self.extra_tax_data)
            values |= taxes._import_base_line_extra_tax_data(values, extra)
        return values

    def _prepare_deposit_item(self):
        """Return what a journal item of the line says of its deposit."""
        deposit = self.deposit_id.sudo()
        return {
            "account_id": deposit.kind_id.account_id.id,
            "deposit_id": deposit.id,
            "deposit_act": "received" if self.deposit_amount >= 0 else "refunded",
        }

    # === PRICE HOOKS === #

    def _is_money(self):
        """Override of `jewelry_pos`: what is paid ahead is no goods, and what was is money."""
        is_paid_ahead = self.deposit_number and self.qty * self.price_unit > 0
        return super()._is_money() or bool(self.deposit_id or is_paid_ahead)
