from odoo import api, models
from odoo.exceptions import AccessError, ValidationError


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

    @api.constrains("base")
    def _check_cost_rule_maker(self):
        """Refuse a rule on the cost to those who may not see it: its prices would tell them."""
        hidden = self.env.user.has_group("jewelry_inventory.group_cost_hidden")
        if hidden and not self.env.su and "standard_price" in self.mapped("base"):
            raise AccessError(self.env._("Costs are hidden from you: no price starts from them."))

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
