from odoo import api, fields, models


class JewelryPieceRevalueLine(models.TransientModel):
    """The new cost of one piece."""

    _name = "jewelry.piece.revalue.line"
    _description = "Revalue Piece"

    revalue_id = fields.Many2one(
        comodel_name="jewelry.piece.revalue", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="revalue_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    piece_id = fields.Many2one(
        comodel_name="stock.lot", required=True, domain=[("is_piece", "=", True)]
    )
    style_id = fields.Many2one(related="piece_id.product_id", string="Style")
    old_cost = fields.Monetary(string="Cost Now", compute="_compute_old_cost")
    new_cost = fields.Monetary()
    difference = fields.Monetary(compute="_compute_difference")
    write_down = fields.Monetary(
        string="Written Down",
        compute="_compute_old_cost",
        help="What a reversal may bring back at most (IAS 2.33).",
    )

    # === COMPUTE METHODS === #

    @api.depends("piece_id", "company_id")
    def _compute_old_cost(self):
        written_down = self.env["product.value"]._get_written_down(self.piece_id)
        for line in self:
            line.old_cost = line.piece_id.with_company(line.company_id).standard_price
            line.write_down = written_down.get(line.piece_id, 0.0)

    @api.depends("old_cost", "new_cost")
    def _compute_difference(self):
        for line in self:
            line.difference = line.new_cost - line.old_cost
