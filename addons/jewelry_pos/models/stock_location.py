from odoo import models


class StockLocation(models.Model):
    """Places as registers name them."""

    _inherit = "stock.location"

    def _get_shop_name(self):
        """Return the name of the shop that the place is in, or of the place itself."""
        return self.warehouse_id.name or self.display_name
