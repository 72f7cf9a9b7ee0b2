from odoo import Command, api, fields, models

from ..models.product_value import DECIDED_REASONS


class JewelryPieceRevalue(models.TransientModel):
    """Change what pieces cost in the books, with the reason that an accountant asks for."""

    _name = "jewelry.piece.revalue"
    _description = "Revalue Pieces"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company
    )
    reason = fields.Selection(
        selection=lambda self: self._get_reasons(), required=True, default="correction"
    )
    is_reversal_allowed = fields.Boolean(related="company_id.piece_reversal_allowed")
    note = fields.Char(required=True)
    line_ids = fields.One2many(
        comodel_name="jewelry.piece.revalue.line",
        inverse_name="revalue_id",
        string="Pieces",
        default=lambda self: self._default_line_ids(),
    )

    # === DEFAULT AND SELECTION METHODS === #

    @api.model
    def _get_reasons(self):
        labels = dict(self.env["product.value"]._fields["reason"]._description_selection(self.env))
        return [(reason, labels[reason]) for reason in DECIDED_REASONS]

    @api.model
    def _default_line_ids(self):
        pieces = self.env["stock.lot"].browse(self.env.context.get("active_ids", []))
        return [
            Command.create({"piece_id": piece.id, "new_cost": piece.standard_price})
            for piece in pieces.filtered("is_piece")
        ]

    # === ACTION METHODS === #

    def action_revalue(self):
        """Give each piece its new cost from now on, and post the differences.

        :raises RedirectWarning: when a second person must approve first
        """
        self.ensure_one()
        costs = {line.piece_id: line.new_cost for line in self.line_ids}
        pieces = self.line_ids.piece_id.with_company(self.company_id)
        pieces._revalue(costs, self.reason, self.note)
        return {"type": "ir.actions.act_window_close"}
