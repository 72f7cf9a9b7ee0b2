from odoo import models


class ProductPricelistItem(models.Model):
    """Price rules on quotations."""

    _inherit = "product.pricelist.item"

    def _show_discount(self):
        """Override of `sale`: the rule may start from the cost, and be out of the user's sight."""
        # Whether a discount is printed tells nothing of the rule's figures.
        return super(ProductPricelistItem, self.sudo())._show_discount()
