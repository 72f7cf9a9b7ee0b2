from odoo import models


class ProductPricelistItem(models.Model):
    """Price rules that start from the cost: they price for everybody, and tell nobody the cost."""

    _inherit = "product.pricelist.item"

    # === CRUD METHODS === #

    def write(self, vals):
        """Override of `product`: who sees no costs makes no rule on them out of another; access
        rules look at what a record was before.
        """
        res = super().write(vals)
        if "base" in vals:
            self.check_access("write")
        return res

    # === BUSINESS METHODS === #

    def _compute_price(self, product, quantity, uom, date, currency=None, **kwargs):
        """Override of `product`: the rule need not be the user's to read to give its price."""
        # The price is what the customer is told; of the rule and the cost nothing comes out.
        rule = super(ProductPricelistItem, self.sudo())
        return rule._compute_price(product, quantity, uom, date, currency=currency, **kwargs)

    def _compute_price_before_discount(self, *args, **kwargs):
        """Override of `product`, as `_compute_price`: this is shown beside the discount."""
        rule = super(ProductPricelistItem, self.sudo().with_context(is_shown=True))
        return rule._compute_price_before_discount(*args, **kwargs)

    def _compute_base_price(self, product, quantity, uom, date, currency, **kwargs):
        """Override of `product`: what a discount is taken off is shown, unless it is the cost; then
        the price alone is.
        """
        if self.base == "standard_price" and self.env.context.get("is_shown"):
            rule = self.with_context(is_shown=False)
            return rule._compute_price(product, quantity, uom, date, currency=currency, **kwargs)
        return super()._compute_base_price(product, quantity, uom, date, currency, **kwargs)
