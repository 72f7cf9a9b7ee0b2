from odoo import fields, models


class JewelryPieceVoid(models.TransientModel):
    """Void pieces that were entered by mistake, and say why."""

    _name = "jewelry.piece.void"
    _description = "Void Pieces"

    piece_ids = fields.Many2many(
        comodel_name="stock.lot",
        string="Pieces",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason = fields.Char(required=True)

    # === ACTION METHODS === #

    def action_void(self):
        """Void the pieces with the reason."""
        self.ensure_one()
        self.piece_ids.action_void(self.reason)
        return {"type": "ir.actions.act_window_close"}
