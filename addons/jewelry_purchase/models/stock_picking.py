from odoo import models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    """Deliveries of vendors."""

    _inherit = "stock.picking"

    def action_enter_pieces(self):
        """Open the table in which the pieces of the delivery are entered.

        :raises UserError: when they are entered already
        """
        self.ensure_one()
        self._check_not_entered()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pieces of %(delivery)s", delivery=self.name),
            "res_model": "jewelry.delivery.entry",
            "view_mode": "form",
            "target": "new",
            # The table is wide: many columns, and the cost must be in sight.
            "context": {"default_picking_id": self.id, "dialog_size": "extra-large"},
        }

    # === BUSINESS METHODS === #

    def _check_not_entered(self):
        """Refuse to enter pieces twice: the first ones would stay behind, expected for ever.

        :raises UserError: naming the pieces
        """
        moves = self.move_ids.filtered(lambda move: move.state != "done" and move._is_specific())
        if entered := moves.move_line_ids.lot_id.filtered(lambda lot: not lot.void_reason):
            raise UserError(
                self.env._(
                    "%(pieces)s of %(delivery)s is entered already. Correct the pieces "
                    "themselves, or void them and enter the delivery anew.",
                    pieces=", ".join(entered.mapped("name")),
                    delivery=self.name,
                )
            )
