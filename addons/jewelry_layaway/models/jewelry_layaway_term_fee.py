from odoo import Command, fields, models


class JewelryLayawayTermFee(models.Model):
    """What terms say of the fee."""

    _inherit = "jewelry.layaway.term"

    fee_percent = fields.Float(string="Fee (%)", help="Of the order's total, before tax.")
    fee_amount = fields.Monetary(string="Fee", help="Before tax; on top of the share.")
    fee_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Fee Is Sold As",
        check_company=True,
        domain=[("type", "=", "service")],
        ondelete="restrict",
        help="Gives its account and its taxes to the fee.",
    )
    is_fee_refundable = fields.Boolean(
        string="Fee Is Given Back", help="When the layaway comes to nothing."
    )

    _fee_positive = models.Constraint(
        "CHECK (fee_amount >= 0 AND fee_percent BETWEEN 0 AND 100)",
        "A fee cannot be negative, nor more than 100 %.",
    )
    _fee_sold = models.Constraint(
        "CHECK (fee_product_id IS NOT NULL OR (fee_amount = 0 AND fee_percent = 0))",
        "Choose the service as which the fee is sold: it gives its account and its taxes.",
    )

    # === BUSINESS METHODS === #

    def _get_fee(self, total, currency):
        """Return the fee for a total, before tax, as a fixed amount: never above the law's."""
        share = currency.round(total * self.fee_percent / 100)
        fee = share + self._convert(self.fee_amount, currency)
        return max(min([fee, *self._get_fee_limits(total, currency)]), 0.0)

    def _get_fee_limits(self, total, currency):
        """Return the most that the law lets a store ask for, where it says."""
        rule = self._get_law()
        values = rule.values or {} if rule else {}
        limits = []
        if "fee_most" in values:
            limits.append(self._convert(values["fee_most"], currency))
        if "fee_most_percent" in values:
            limits.append(currency.round(total * values["fee_most_percent"] / 100))
        return limits

    def _preview_fee(self, order, goods):
        """Return what the fee of an order will be, tax included.

        :param float goods: what the order comes to without it
        """
        fee = self._get_fee(goods, order.currency_id)
        taxes = order.fiscal_position_id.map_tax(
            self.fee_product_id.taxes_id._filter_taxes_by_company(order.company_id)
        )
        return taxes.compute_all(fee, order.currency_id)["total_included"]

    def _write_fee(self, order):
        """Let an order have the fee of the term, as a line of its own, and no other one."""
        lines = order._get_fee_lines()
        goods = order.amount_total - sum(lines.mapped("price_total"))
        fee = self._get_fee(goods, order.currency_id)
        values = {"product_id": self.fee_product_id.id, "price_unit": fee}
        if not fee:
            lines.unlink()
        elif lines:
            lines.write(values)
        else:
            values |= {"is_layaway_fee": True}
            order.order_line = [Command.create(values)]
