from odoo import api, fields, models


class JewelryLayawayPiece(models.TransientModel):
    """Assign the piece that has come for a special order, or exchange one for another."""

    _name = "jewelry.layaway.piece"
    _description = "Assign or Exchange a Piece"
    _check_company_auto = True

    layaway_id = fields.Many2one(comodel_name="jewelry.layaway", required=True)
    company_id = fields.Many2one(related="layaway_id.company_id")
    currency_id = fields.Many2one(related="layaway_id.currency_id")
    order_id = fields.Many2one(related="layaway_id.order_id")
    line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Instead Of",
        required=True,
        compute="_compute_line_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('order_id', '=', order_id), ('product_id.type', '=', 'consu')]",
    )
    is_exchange = fields.Boolean(compute="_compute_is_exchange")
    ordered_id = fields.Many2one(
        comodel_name="product.product",
        compute="_compute_is_exchange",
        help="The style that was ordered; empty where another one may take its place.",
    )
    piece_id = fields.Many2one(
        comodel_name="stock.lot",
        string="This Piece",
        required=True,
        check_company=True,
        domain="[('is_piece', '=', True), ('piece_status', '=', 'available'), "
        "('company_id', '=', company_id), ('product_id', '=?', ordered_id)]",
    )
    price_before = fields.Float(related="line_id.price_unit", string="Price Until Now")
    price_after = fields.Monetary(related="piece_id.list_price", string="Its Price")
    reason = fields.Char()

    # === COMPUTE METHODS === #

    @api.depends("layaway_id")
    def _compute_line_id(self):
        for wizard in self:
            lines = wizard.layaway_id._get_open_lines()
            wizard.line_id = (lines.filtered(lambda line: not line.piece_id) or lines)[:1]

    @api.depends("line_id")
    def _compute_is_exchange(self):
        for wizard in self:
            wizard.is_exchange = bool(wizard.line_id.piece_id)
            wizard.ordered_id = not wizard.is_exchange and wizard.line_id.product_id

    # === ACTION METHODS === #

    def action_put_away(self):
        """Put the piece away, instead of the one before where there was one."""
        self.ensure_one()
        self.layaway_id.check_access("write")
        if self.is_exchange:
            self.layaway_id._exchange(self.line_id, self.piece_id, self.reason)
        else:
            self.layaway_id._assign(self.line_id, self.piece_id)
        return {"type": "ir.actions.act_window_close"}
