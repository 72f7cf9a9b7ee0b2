from odoo import api, models
from odoo.exceptions import ValidationError


class ProductPricelistItem(models.Model):
    """Price rules that start from the cost: they price for everybody, and tell nobody the cost."""

    _inherit = "product.pricelist.item"

    # === CONSTRAINTS === #

    @api.constrains("base", "compute_price")
    def _check_cost_is_not_shown(self):
        """Refuse a discount on the cost: the quotation would print what it is taken off from."""
        if self.filtered(lambda i: i.base == "standard_price" and i.compute_price == "percentage"):
            raise ValidationError(
                self.env._(
                    "A discount shows the price that it is taken off from, here the cost. Choose "
                    "“Formula”, which shows the result only."
                )
            )

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
        """Override of `product`, as `_compute_price`."""
        return super(ProductPricelistItem, self.sudo())._compute_price_before_discount(
            *args, **kwargs
        )
