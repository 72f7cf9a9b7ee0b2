from odoo import models
from odoo.exceptions import UserError

from ..const import SETTLING


class SaleOrder(models.Model):
    """Quotations and orders that a register settles, or takes a down payment for."""

    _inherit = "sale.order"

    # === ACTION METHODS === #

    def action_confirm(self):
        """Override of `sale`: what a register was paid for is kept, also where the quotation
        cannot be confirmed; its salesperson is told why.
        """
        if not self.env.context.get(SETTLING):
            return super().action_confirm()
        try:
            with self.env.cr.savepoint():
                return super().action_confirm()
        except UserError as error:
            self._tell_unconfirmed(str(error))
            return False

    # === BUSINESS METHODS === #

    def _tell_unconfirmed(self, problem):
        """Ask the salesperson to confirm a quotation that a register was paid for."""
        # In sudo: whoever sits at the register need not plan what others do.
        for order in self.sudo():
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=order.user_id.id or self.env.uid,
                summary=self.env._("Paid at a register, and not confirmed"),
                note=problem,
            )

    def _get_register_problem(self, config, partner=None):
        """Tell why a register may not take money for the order, or an empty text.

        :param config: the register
        :param partner: the customer of the register's order; None before there is one
        """
        self.ensure_one()
        # In sudo: whether it may be settled depends on all of it, whoever asks.
        order = self.sudo()
        if (order.company_id, order.currency_id) != (config.company_id, config.currency_id):
            return self.env._(
                "%(order)s is kept in other books than those of this register. Settle it in Sales.",
                order=order.name,
            )
        return order._get_state_problem(config) or order._get_customer_problem(partner)

    def _get_state_problem(self, config):
        """Tell why the order is no longer, or not yet, to be paid at a register."""
        if self.state not in ("draft", "sent", "sale"):
            return self.env._("%(order)s is cancelled. Make a new quotation.", order=self.name)
        if self.amount_paid:
            return self.env._(
                "%(order)s was paid online: %(amount)s. What was paid there is settled by the "
                "invoice in Sales, and would be counted twice here. Invoice and deliver it there.",
                order=self.name,
                amount=self.currency_id.format(self.amount_paid),
            )
        if self._is_offer_over(config):
            return self.env._(
                "The offer of %(order)s has ended. Renew the quotation in Sales, or sell the piece "
                "at its price of today.",
                order=self.name,
            )
        return ""

    def _is_offer_over(self, config):
        """Tell whether what the quotation offers holds no longer, on any day that a register may
        have gone by.
        """
        if self.state == "sale" or not self.validity_date:
            return False
        return self.validity_date < min(config._get_known_dates())

    def _get_customer_problem(self, partner):
        """Tell whether somebody else takes pieces than the customer of the order."""
        if not self.order_line.piece_id:
            return ""
        people = self.partner_id | self.partner_invoice_id | self.partner_shipping_id
        if partner is None or partner.commercial_partner_id in people.commercial_partner_id:
            return ""
        return self.env._(
            "%(order)s is of %(customer)s. Choose them as the customer of this order, or take the "
            "lines of %(order)s off.",
            order=self.name,
            customer=self.partner_id.display_name,
        )

    # === PRICE METHODS === #

    def _get_discount_lines(self):
        """Return the lines that take something off the order, as coupons do: no down payments."""
        return self.order_line.filtered(
            lambda line: line.price_total < 0 and not line.is_downpayment
        )

    def _get_paid_share(self):
        """Return which part of what its goods cost the order is paid with."""
        lines = self.order_line.filtered(lambda line: not line.is_downpayment)
        goods = sum(lines.filtered(lambda line: line.price_total > 0).mapped("price_total"))
        return 1 + sum(self._get_discount_lines().mapped("price_total")) / goods if goods else 1.0
