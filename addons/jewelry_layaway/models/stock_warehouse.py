from odoo import models


class StockWarehouse(models.Model):
    """Warehouses with a place for what is put away for customers."""

    _inherit = "stock.warehouse"

    def _ensure_layaway_place(self):
        """Return the place of layaways, within the stock that orders are delivered from; made
        when first needed, because what is paid has to be put somewhere.
        """
        self.ensure_one()
        # In sudo: whoever opens a layaway does not set up places.
        places = self.env["stock.location"].sudo()
        domain = [
            ("jewelry_role", "=", "layaway"),
            ("location_id", "child_of", self.lot_stock_id.id),
            ("usage", "=", "internal"),
        ]
        return places.search(domain, limit=1) or places.create(
            {
                "name": self.env._("Layaway"),
                "location_id": self.lot_stock_id.id,
                "usage": "internal",
                "jewelry_role": "layaway",
                "company_id": self.company_id.id,
            }
        )
