from odoo import models

from ..const import SETTLING


class StockMove(models.Model):
    """Deliveries of an order that a register settles in part."""

    _inherit = "stock.move"

    # === CRUD METHODS === #

    def write(self, vals):
        """Override of `stock`: `pos_sale` reckons what is left to deliver by style, and takes it
        off all moves of a style alike. A move for one piece is done, cancelled or left as it is.
        """
        if "product_uom_qty" not in vals or not self.env.context.get(SETTLING):
            return super().write(vals)
        own = self.filtered(lambda move: move.piece_id and move.sale_line_id)
        others = {name: value for name, value in vals.items() if name != "product_uom_qty"}
        if own and others:
            super(StockMove, own).write(others)
        return super(StockMove, self - own).write(vals)
