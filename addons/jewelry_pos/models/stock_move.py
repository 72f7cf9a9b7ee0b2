from odoo import models
from odoo.exceptions import UserError, ValidationError


class StockMove(models.Model):
    """Moves of the register for one very piece."""

    _inherit = "stock.move"

    def _take_own_pieces(self):
        """Take the own piece of each move, as the register says it was, whoever owns it."""
        for move in self:
            if not move.move_line_ids:
                move.quantity = move.product_uom_qty
            quants = move.piece_id.quant_ids.filtered(lambda quant: quant.quantity > 0)
            lines = move.move_line_ids.filtered(
                lambda line, owner=quants[:1].owner_id: line.owner_id != owner
            )
            lines.owner_id = quants[:1].owner_id
        self.picked = True

    def _try_done(self):
        """Do the move; return why that cannot be, or an empty text."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._action_done()
        except (UserError, ValidationError) as error:
            return str(error)
        return ""

    def _add_mls_related_to_order(self, related_order_lines, are_qties_done=True):
        """Override of `point_of_sale`: a move that is for one piece has reserved it already."""
        own = self.filtered("piece_id")
        own._action_assign()
        others = related_order_lines.filtered(lambda line: not line.piece_id)
        return super(StockMove, self - own)._add_mls_related_to_order(others, are_qties_done)
