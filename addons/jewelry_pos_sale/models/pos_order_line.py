from odoo import models

from odoo.addons.jewelry_inventory.const import PIECE_KINDS

UNLINKED = {"sale_order_line_id": False, "sale_order_origin_id": False}


class PosOrderLine(models.Model):
    """Lines of a register that settle those of a quotation or order, or are paid in advance."""

    _inherit = "pos.order.line"

    # === SETTLEMENT === #

    def _get_settled_order(self):
        """Return the quotation or order that the line names, in sudo."""
        # In sudo: a browser may name any.
        line = self.sudo()
        return line.sale_order_line_id.order_id or line.sale_order_origin_id

    def _forget_hidden_sales(self):
        """Let lines that name an order which the user may not see be lines like any other: what
        is paid is kept, and settles nothing.
        """
        for line in self:
            order = line._get_settled_order().with_env(self.env)
            if order and not order.has_access("read"):
                line.write(UNLINKED)

    def _settle_sales(self):
        """Let the register hand over what these paid lines settle, instead of Sales; and lines
        that may not settle what they name be lines like any other.
        """
        naming = self.filtered(lambda line: line._get_settled_order())
        # One after the other, also where two registers settle one order.
        naming.piece_id.sudo()._wait_for_pieces()
        settled = self.env["sale.order.line"].sudo()
        for line in naming:
            if not line._may_settle(settled):
                line.write(UNLINKED)
            settled |= line.sudo().sale_order_line_id
        settled._give_up_deliveries()

    def _may_settle(self, settled):
        """Tell whether the line may settle what it names.

        :param settled: order lines that earlier lines of the same order settle
        """
        line, config = self.sudo(), self.order_id.config_id
        if not line.sale_order_line_id:
            # What is paid in advance is welcome, whoever pays it.
            return line.sale_order_origin_id.company_id == config.company_id
        if self._get_settled_order()._get_register_problem(config, line.order_id.partner_id):
            return False
        if line.sale_order_line_id.is_downpayment:
            return True
        # Of other goods, several lines may hand over what one sells.
        is_once = line.piece_id or line.price_unit < 0
        return self._is_of_sale_line() and not (
            is_once
            and (
                line.sale_order_line_id in settled
                or line.sale_order_line_id._is_settled(self.order_id.lines)
            )
        )

    def _is_of_sale_line(self):
        """Tell whether the line sells what the order line does, this very piece if it is one, or
        takes other goods back.
        """
        line, origin = self.sudo(), self.sudo().sale_order_line_id
        if line.refunded_orderline_id:
            return not line.piece_id and line.refunded_orderline_id.sale_order_line_id == origin
        kinds = (line.product_id | origin.product_id).mapped("jewelry_kind")
        is_same = line.product_id == origin.product_id and line.piece_id == origin.piece_id
        return line.qty > 0 and (is_same or not set(PIECE_KINDS) & set(kinds))

    def _prepare_refund_data(self, refund_order, PosPackOperationLot):
        """Override of `point_of_sale`: a piece that is paid back is known by the line that it
        refunds, as from a register; `pos_sale` would count it twice.
        """
        values = super()._prepare_refund_data(refund_order, PosPackOperationLot)
        return values | {"sale_order_line_id": False} if self.piece_id else values

    # === PRICE HOOKS === #

    def _is_money(self):
        """Override of `jewelry_pos`: what is paid in advance is no goods, and what was is money."""
        return super()._is_money() or self._is_down_payment()

    def _is_granted_discount(self):
        """Override of `jewelry_pos`: what the order takes off is not the cashier's doing."""
        return super()._is_granted_discount() or self._is_of_order_discount()

    def _is_of_order_discount(self):
        """Tell whether the line takes off what the order that it settles does, or less."""
        origin = self.sudo().sale_order_line_id
        if origin not in origin.order_id._get_discount_lines():
            return False
        currency = self.order_id.currency_id
        return currency.compare_amounts(self._get_amount_incl(), origin.price_total) >= 0

    def _is_down_payment(self):
        """Tell whether the line takes a down payment, or deducts one that was really paid."""
        if self.product_id != self.order_id.config_id.down_payment_product_id:
            return False
        origin = self.sudo().sale_order_line_id
        lines = self.order_id.lines.filtered(lambda line: line.sudo().sale_order_line_id == origin)
        deducted = -sum(lines.mapped(lambda line: line._get_amount_incl())) if origin else 0.0
        if self._get_amount_incl() > 0:
            return True
        unspent = origin._get_unspent_down_payment(self.order_id)
        return (
            self.order_id.currency_id.compare_amounts(deducted, unspent) <= 0 if origin else False
        )

    def _get_amount_incl(self):
        """Return what the line comes to, tax included, as the server reckons."""
        return self._compute_amount_line_all()["price_subtotal_incl"]

    def _get_received_amount(self):
        """Return what the line comes to, tax included: no more than its share of what came in."""
        order = self.order_id
        amounts = {line: line._get_amount_incl() for line in order.lines}
        total = sum(amounts.values())
        missing = total - order.amount_paid
        if total <= 0 or missing <= order.config_id._get_price_tolerance(len(amounts)):
            return amounts[self]
        return amounts[self] * order.amount_paid / total
