from odoo import models

CORE_METHODS = ("fifo", "average")


class StockLandedCost(models.Model):
    """Landed costs of pieces, which core refuses for any method but FIFO and average."""

    _inherit = "stock.landed.cost"

    def get_valuation_lines(self):
        """Override of `stock_landed_costs` to let received pieces bear landed costs."""
        self.ensure_one()
        moves = self._get_targeted_move_ids()
        pieces = moves.filtered(lambda move: move.state == "done" and move._is_specific())
        lines = [self._prepare_piece_line(move) for move in pieces]
        if not lines or any(move.product_id.cost_method in CORE_METHODS for move in moves):
            lines += super().get_valuation_lines()
        return lines

    def _prepare_piece_line(self, move):
        return {
            "product_id": move.product_id.id,
            "move_id": move.id,
            "quantity": move._get_valued_qty(),
            "former_cost": move.value,
            "weight": 0.0,
            "volume": 0.0,
        }

    def button_validate(self):
        """Override of `stock_landed_costs`: what a receipt bears is spread over its pieces."""
        res = super().button_validate()
        for cost in self:
            cost.with_company(cost.company_id)._spread_over_pieces()
        return res

    def _spread_over_pieces(self):
        """Add to each piece its share, in proportion to its cost."""
        for move, lines in self.valuation_adjustment_lines.grouped("move_id").items():
            if move and move._is_specific():
                lots = move._get_in_move_lines().lot_id.with_company(self.company_id)
                extra = sum(lines.mapped("additional_landed_cost"))
                total = lots._get_cost() + extra
                lots._set_cost(lots._spread_total(total), "landed_cost", self.name)
