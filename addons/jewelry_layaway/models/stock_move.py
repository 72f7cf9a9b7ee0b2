from odoo import models


class StockMove(models.Model):
    """Deliveries of layaways: nothing leaves before it is paid."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """Override of `jewelry_inventory` to keep what is not paid, and to follow what leaves."""
        leaving = self.filtered(lambda move: move.location_dest_id.usage == "customer")
        # Where nothing is picked, all is taken.
        lines = (leaving.filtered("picked") or leaving).sale_line_id.sudo()
        layaways = lines.order_id.layaway_ids
        layaways._lock_money()
        layaways._check_paid_for(lines)
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        layaways._follow_delivery()
        return moves
