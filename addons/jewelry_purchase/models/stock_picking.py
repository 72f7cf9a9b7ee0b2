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
            "context": {"default_picking_id": self.id},
        }
