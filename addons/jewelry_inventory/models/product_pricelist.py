from odoo import models


class ProductPricelist(models.Model):
    """Pricelists price by rules that start from the cost also for those who may not see them."""

    _name = "product.pricelist"
    _inherit = ["product.pricelist", "jewelry.cost.guard"]

    def _get_applicable_rules(self, products, date, **kwargs):
        """Override of `product` to find the rules that are out of the user's sight."""
        guarded = super(ProductPricelist, self._with_costs("read"))
        return guarded._get_applicable_rules(products, date, **kwargs)
