from odoo import models


class JewelryPosLineTax(models.AbstractModel):
    """What pieces must be taxed with, whatever a browser says."""

    _name = "jewelry.pos.line.tax"
    _description = "Taxes of Lines of the Register"

    # === BUSINESS METHODS === #

    def _get_tax_obstacles(self):
        """Tell which lines sell a piece with less tax than is due for it.

        :return: {line: text}; lines without an obstacle are absent
        """
        return {
            line: self.env._(
                "%(piece)s is taxed with less than is due for it.", piece=line.piece_id.name
            )
            for line in self
            if line.piece_id and line.qty > 0 and line._is_taxed_too_low()
        }

    def _is_taxed_too_low(self):
        taxes, due = self.tax_ids_after_fiscal_position, self._get_due_taxes()
        if taxes == due:
            return False
        currency = self.order_id.currency_id
        return currency.compare_amounts(self._get_tax_amount(taxes), self._get_tax_amount(due)) < 0

    def _get_tax_amount(self, taxes):
        """Return what taxes come to at the price of the line."""
        self.ensure_one()
        amounts = taxes.compute_all(
            self.price_unit * (1 - self.discount / 100),
            self.order_id.currency_id,
            self.qty,
            product=self.product_id,
            partner=self.order_id.partner_id,
        )
        return amounts["total_included"] - amounts["total_excluded"]

    def _get_due_taxes(self):
        """Return the taxes of the style, as the fiscal position of the order makes them."""
        self.ensure_one()
        order = self.order_id
        # In sudo: whoever sells need not see the taxes of each style.
        taxes = self.product_id.sudo().taxes_id._filter_taxes_by_company(order.company_id)
        return order._get_due_fiscal_position().map_tax(taxes)
