from odoo import models

CORE_METHODS = ("fifo", "average")


class StockLandedCost(models.Model):
    """Landed costs of pieces, which core refuses for any method but FIFO and average."""

    _inherit = "stock.landed.cost"

    def get_valuation_lines(self):
        """Override of `stock_landed_costs` to let received pieces bear landed costs."""
        self.ensure_one()
        moves = self._get_targeted_move_ids()
        received = moves.filtered(lambda move: move.state == "done" and move._is_specific())
        lines = [
            self._prepare_piece_line(move, piece)
            for move in received
            for piece in move._get_in_move_lines().lot_id
        ]
        if not lines or any(move.product_id.cost_method in CORE_METHODS for move in moves):
            lines += super().get_valuation_lines()
        return lines

    def _prepare_piece_line(self, move, piece):
        """Return the line of one piece, so that every split method reaches each piece."""
        return {
            "product_id": piece.product_id.id,
            "move_id": move.id,
            "piece_id": piece.id,
            "quantity": 1,
            "former_cost": piece.with_company(self.company_id).sudo().standard_price,
            # Core compares weights in kilograms.
            "weight": piece.gross_weight / 1000,
            "volume": piece.product_id.volume,
        }

    def button_validate(self):
        """Override of `stock_landed_costs`: each piece costs from now on what it bears."""
        res = super().button_validate()
        for cost in self:
            cost.with_company(cost.company_id)._charge_pieces()
        return res

    def _charge_pieces(self):
        """Add to the cost of each piece what its lines say."""
        lines = self.valuation_adjustment_lines.filtered("piece_id")
        costs = {
            piece: piece.sudo().standard_price + sum(own.mapped("additional_landed_cost"))
            for piece, own in lines.grouped("piece_id").items()
        }
        self.env["stock.lot"].concat(*costs)._set_cost(costs, "landed_cost", self.name)
