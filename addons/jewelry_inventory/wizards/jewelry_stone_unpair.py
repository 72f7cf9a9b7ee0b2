from odoo import fields, models


class JewelryStoneUnpair(models.TransientModel):
    """Break a matched pair, and say why."""

    _name = "jewelry.stone.unpair"
    _description = "Break a Pair"

    stone_id = fields.Many2one(
        comodel_name="jewelry.stone",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    mate_id = fields.Many2one(related="stone_id.mate_id")
    reason = fields.Char(required=True)

    # === ACTION METHODS === #

    def action_break_pair(self):
        """Break the pair with the reason."""
        self.ensure_one()
        self.stone_id.action_break_pair(self.reason)
        return {"type": "ir.actions.act_window_close"}
