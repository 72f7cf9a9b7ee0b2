from odoo import api, fields, models
from odoo.exceptions import UserError

# What the currency of an order may follow.
CURRENCY_FIELDS = {"company_id", "currency_id", "partner_id", "pricelist_id"}


class SaleOrder(models.Model):
    """Orders that customers pay ahead for."""

    _name = "sale.order"
    _inherit = "sale.order"

    deposit_ids = fields.One2many(comodel_name="jewelry.deposit", inverse_name="order_id")
    deposit_count = fields.Integer(compute="_compute_deposit_count")

    # === COMPUTE METHODS === #

    @api.depends("deposit_ids")
    def _compute_deposit_count(self):
        for order in self:
            order.deposit_count = len(order.deposit_ids)

    # === CRUD METHODS === #

    def write(self, vals):
        """Override of `sale` to keep the currency in which money is held."""
        res = super().write(vals)
        if CURRENCY_FIELDS & vals.keys():
            # In sudo: whoever changes an order need not have rights on deposits.
            self.sudo().deposit_ids._check_currency()
        return res

    # === ACTION METHODS === #

    def action_view_deposits(self):
        """Open what the customer paid ahead for the order.

        :return: window action
        :rtype: dict
        """
        self.ensure_one()
        return self.deposit_ids._get_records_action(name=self.env._("Deposits"))

    def action_take_deposit(self):
        """Open the dialog that takes money ahead for the order.

        :return: window action
        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_deposit.jewelry_deposit_receive_action"
        )
        return action | {"context": {"default_deposit_id": self._ensure_deposit().id}}

    # === BUSINESS METHODS === #

    def _ensure_deposit(self, code="deposit"):
        """Return the open deposit of the order, made where there is none.

        :param str code: the kind that a new one is of
        """
        self.ensure_one()
        if deposit := self.deposit_ids.filtered(lambda deposit: deposit.state == "open")[:1]:
            return deposit
        self._check_no_other_way()
        return self.env["jewelry.deposit"].create(self._prepare_deposit_vals(code))

    def _prepare_deposit_vals(self, code):
        """Hook: values of a new deposit for the order."""
        kind = self.env["jewelry.deposit.kind"]._get_kind(code, self.company_id)
        return {
            "order_id": self.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "kind_id": kind.id,
        }

    # === OTHER WAYS TO PAY AHEAD === #

    def _get_open_deposit(self):
        """Return the open deposit, in sudo, that these orders are paid into, or none."""
        # In sudo: customers pay who see no deposits.
        return self.sudo().deposit_ids.filtered(lambda deposit: deposit.state == "open")[:1]

    def _check_no_other_way(self):
        """Refuse a deposit for an order that was paid ahead in a way of core's already.

        :raises UserError: saying what to do
        """
        # In sudo: whoever takes a deposit need not see transactions.
        order = self.sudo()
        if order.order_line.filtered(lambda line: line.is_downpayment and not line.display_type):
            raise UserError(
                self.env._(
                    "%(order)s has a down payment. Credit it and take its line off the order, or "
                    "invoice the order: two ways to pay ahead would count the money twice.",
                    order=order.name,
                )
            )
        if order.amount_paid:
            raise UserError(
                self.env._(
                    "%(amount)s was paid online for %(order)s. Invoice the order, and match the "
                    "payment with it: in a deposit the money would be counted twice.",
                    amount=order.currency_id.format(order.amount_paid),
                    order=order.name,
                )
            )

    def _get_other_way_refusal(self):
        """Return why money for the orders is taken in no other way than a deposit, or nothing."""
        deposit = self._get_open_deposit()
        if not deposit:
            return None
        return self.env._(
            "%(order)s is paid ahead into %(deposit)s. Take the money there (“Receive Money”), or "
            "send its payment link.",
            order=deposit.order_id.name,
            deposit=deposit.name,
        )

    def _check_paid_into_deposit(self):
        """Refuse to take money for the orders in another way than their deposits.

        :raises UserError: saying where to take it
        """
        if refusal := self._get_other_way_refusal():
            raise UserError(refusal)

    def _has_to_be_paid(self):
        """Override of `sale`: what has a deposit is paid into it, not on the page of the order."""
        return super()._has_to_be_paid() and not self._get_open_deposit()

    def _validate_order(self):
        """Override of `sale`: who signs a quotation that is to be paid for, too, has confirmed it
        once that much is in its deposit.
        """
        waiting = self.filtered(lambda order: order._waits_for_deposit())
        return super(SaleOrder, self - waiting)._validate_order()

    def _waits_for_deposit(self):
        deposit = self._get_open_deposit()
        missing = self._get_prepayment_required_amount() - deposit.amount_paid
        return (
            self.require_payment
            and bool(deposit)
            and self.currency_id.compare_amounts(missing, 0) > 0
        )

    def _get_default_payment_link_values(self):
        """Override of `sale`: a deposit has links of its own.

        :raises UserError: saying where to find them
        """
        self._check_paid_into_deposit()
        return super()._get_default_payment_link_values()

    # === INVOICES === #

    def _create_invoices(self, grouped=False, final=False, date=None):
        """Override of `sale`: an invoice uses what was paid ahead for its orders."""
        moves = super()._create_invoices(grouped=grouped, final=final, date=date)
        for move in moves:
            move.line_ids.sale_line_ids.order_id.deposit_ids._apply_to(move)
        return moves

    def _action_cancel(self):
        """Override of `sale`: a deposit that holds nothing ends with its order, and what it is to
        pay for is invoiced first.
        """
        for order in self:
            order._check_delivered_invoiced()
        res = super()._action_cancel()
        # In sudo: whoever cancels an order need not have rights on deposits.
        self.sudo().deposit_ids._follow_amounts()
        return res

    # === CHECKS === #

    def _check_delivered_invoiced(self):
        """Refuse to cancel an order that still owes the invoice of what has left: the money that is
        held pays for it, and would be taken for the customer's.

        :raises UserError: saying what to do
        """
        # In sudo: as above.
        held = self.sudo().deposit_ids.filtered(
            lambda deposit: not deposit.currency_id.is_zero(deposit.amount_held)
        )
        open_lines = self.order_line.filtered(
            lambda line: line.product_id.type == "consu" and line.qty_delivered > line.qty_invoiced
        )
        if held and open_lines:
            raise UserError(
                self.env._(
                    "%(goods)s of %(order)s was handed over and is not invoiced yet. Invoice it "
                    "first: %(deposit)s pays for it. Then cancel the rest.",
                    goods=open_lines[0].name,
                    order=self.name,
                    deposit=held[0].name,
                )
            )
