from odoo import api, fields, models


class JewelrySaleConflictSettle(models.TransientModel):
    """Settle what was paid and not handed over, with what was agreed with the customer."""

    _name = "jewelry.sale.conflict.settle"
    _description = "Settle a Sale Conflict"

    conflict_id = fields.Many2one(
        comodel_name="jewelry.sale.conflict",
        required=True,
        default=lambda self: self._get_active_conflict(),
        ondelete="cascade",
    )
    act = fields.Selection(
        selection=[
            ("hand_over", "Hand over a piece"),
            ("order", "Order a piece"),
            ("take_back", "Take the piece back"),
        ],
        required=True,
        default="hand_over",
    )
    company_id = fields.Many2one(related="conflict_id.company_id")
    piece_id = fields.Many2one(
        comodel_name="stock.lot",
        domain="""[
            ("is_piece", "=", True),
            ("company_id", "=", company_id),
            ("piece_status", "=", "available"),
        ]""",
    )
    reason = fields.Char(string="Agreed", required=True)

    # === DEFAULTS === #

    @api.model
    def _get_active_conflict(self):
        """Return the id of the conflict that the window was opened over."""
        context = self.env.context
        return context.get("active_model") == "jewelry.sale.conflict" and context.get("active_id")

    # === ACTION METHODS === #

    def action_settle(self):
        """Do what was agreed."""
        self.ensure_one()
        if self.act == "order":
            self.conflict_id.action_order(self.reason)
        elif self.act == "take_back":
            self.conflict_id.action_take_back(self.reason)
        else:
            self.conflict_id.action_hand_over(self.piece_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
