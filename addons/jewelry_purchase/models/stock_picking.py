from odoo import models


class StockPicking(models.Model):
    """Deliveries of vendors."""

    _inherit = "stock.picking"

    def action_enter_pieces(self):
        """Open the table in which the pieces of the delivery are entered."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pieces of %(delivery)s", delivery=self.name),
            "res_model": "jewelry.delivery.entry",
            "view_mode": "form",
            "target": "new",
            # The table is wide: many columns, and the cost must be in sight.
            "context": {"default_picking_id": self.id, "dialog_size": "extra-large"},
        }
