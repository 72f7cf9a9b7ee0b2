from odoo import models


class StockLot(models.Model):
    """Pieces that came from a vendor."""

    _inherit = "stock.lot"

    def _after_move(self, moves):
        """Override of `jewelry_inventory`: new pieces remember their vendor, and cost what a bill
        says that came before them.
        """
        res = super()._after_move(moves)
        for order_line, bought in moves.grouped("purchase_line_id").items():
            if order_line:
                new = bought.move_line_ids.lot_id.filtered(lambda lot: not lot.vendor_id)
                new.vendor_id = order_line.order_id.partner_id
                order_line.sudo().with_company(order_line.company_id)._settle_piece_costs()
        return res
