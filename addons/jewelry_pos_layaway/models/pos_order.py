from odoo import models


class PosOrder(models.Model):
    """Orders of registers that layaways are begun from."""

    _inherit = "pos.order"

    # === BUSINESS METHODS === #

    def _free_pieces(self):
        """Override of `jewelry_pos`: with an order, what was begun from it is given up."""
        res = super()._free_pieces()
        self.env["jewelry.layaway"]._give_up_carts(self.mapped("uuid"))
        return res
