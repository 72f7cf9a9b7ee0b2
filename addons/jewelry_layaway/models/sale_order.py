from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import FEE_ONLY

# What a customer is bound to besides the lines.
BOUND_FIELDS = {"partner_id", "pricelist_id", "currency_id", "fiscal_position_id", "company_id"}


class SaleOrder(models.Model):
    """Orders that are paid in parts, to terms that are signed."""

    _inherit = "sale.order"

    layaway_ids = fields.One2many(comodel_name="jewelry.layaway", inverse_name="order_id")
    layaway_count = fields.Integer(compute="_compute_layaway_count")

    # === COMPUTE METHODS === #

    @api.depends("layaway_ids")
    def _compute_layaway_count(self):
        for order in self:
            order.layaway_count = len(order.layaway_ids)

    # === CRUD METHODS === #

    def write(self, vals):
        """Override of `sale` to keep what a customer has signed."""
        if BOUND_FIELDS & vals.keys():
            self._check_unbound()
        return super().write(vals)

    # === ACTION METHODS === #

    def action_view_layaways(self):
        """Open the layaway of the order.

        :return: window action
        :rtype: dict
        """
        return self.layaway_ids._get_records_action(name=self.env._("Layaways"))

    def action_cancel(self):
        """Override of `sale`: money and pieces of a layaway are not left behind."""
        for order in self:
            if layaway := order._get_bound_layaway():
                raise UserError(
                    self.env._(
                        "%(order)s is %(layaway)s: cancel it there, where you say what becomes of "
                        "the money.",
                        order=order.name,
                        layaway=layaway.name,
                    )
                )
        return super().action_cancel()

    # === BUSINESS METHODS === #

    def _get_bound_layaway(self):
        """Return the layaway that binds customer and store, if there is one."""
        # In sudo: who is bound does not depend on who asks.
        return self.sudo().layaway_ids.filtered(lambda layaway: layaway._is_bound())

    def _get_live_layaway(self):
        """Return the layaway that has not come to nothing, if there is one."""
        return self.sudo().layaway_ids.filtered(lambda layaway: layaway.state != "cancelled")

    def _confirmation_error_message(self):
        """Override of `sale`: signing and the first payment confirm a layaway, nothing else."""
        waiting = self._get_live_layaway().filtered(
            lambda layaway: layaway.state in ("draft", "signed")
        )
        if waiting:
            return self.env._(
                "%(order)s is %(layaway)s: it is confirmed once the terms are signed and the "
                "first payment is made.",
                order=self.name,
                layaway=waiting[0].name,
            )
        return super()._confirmation_error_message()

    def _has_to_be_signed(self):
        """Override of `sale`: the terms of a layaway are signed, not its quotation."""
        return super()._has_to_be_signed() and not self._get_live_layaway()

    def _has_to_be_paid(self):
        """Override of `sale`: a layaway is paid into its deposit."""
        return super()._has_to_be_paid() and not self._get_live_layaway()

    def _get_update_prices_lines(self):
        """Override of `sale`: the price that was signed stays."""
        lines = super()._get_update_prices_lines()
        return lines.browse() if self._get_bound_layaway() else lines

    def _get_fee_lines(self):
        """Return the lines by which the opening of a layaway is paid for."""
        return self.order_line.filtered("is_layaway_fee")

    def _get_invoiceable_lines(self, final=False):
        """Override of `sale` to invoice the fee alone when a layaway is opened."""
        lines = super()._get_invoiceable_lines(final=final)
        if self.env.context.get("layaway_lines") is FEE_ONLY:
            return lines & self._get_fee_lines()
        return lines

    def _prepare_deposit_vals(self, code):
        """Override of `jewelry_deposit`: what is paid for a layaway stands apart."""
        layaway = self._get_live_layaway()
        return super()._prepare_deposit_vals(layaway.kind or code)

    def _check_unbound(self):
        """Refuse to change by hand what a customer has signed.

        :raises UserError: saying what to do instead
        """
        if self.env.su:
            return
        for order in self:
            if layaway := order._get_bound_layaway():
                raise UserError(
                    self.env._(
                        "%(layaway)s is signed, so %(order)s stays as it is. Cancel a part or "
                        "exchange a piece there instead.",
                        layaway=layaway.name,
                        order=order.name,
                    )
                )
