from odoo import api, fields, models

from ..const import CHANGE_REASON, COST_GROUPS


class JewelryPiecePrice(models.TransientModel):
    """Set the price of a piece by hand; below the lowest price with a reason."""

    _name = "jewelry.piece.price"
    _description = "Set Price"

    piece_id = fields.Many2one(comodel_name="stock.lot", required=True, readonly=True)
    currency_id = fields.Many2one(related="piece_id.currency_id")
    old_price = fields.Monetary(string="Price Now", related="piece_id.list_price")
    floor = fields.Monetary(
        string="Lowest Price",
        compute="_compute_floor",
        groups=COST_GROUPS,
        help="At the cost and the metal rates of today.",
    )
    new_price = fields.Monetary(
        compute="_compute_from_piece", store=True, readonly=False, precompute=True, required=True
    )
    is_locked = fields.Boolean(
        string="Lock",
        compute="_compute_from_piece",
        store=True,
        readonly=False,
        precompute=True,
        help="Keep this price whatever metals cost, until a manager unlocks it.",
    )
    is_below = fields.Boolean(compute="_compute_is_below")
    reason = fields.Char()

    # === COMPUTE METHODS === #

    @api.depends("piece_id")
    def _compute_from_piece(self):
        for wizard in self:
            wizard.new_price = wizard.piece_id.list_price
            wizard.is_locked = wizard.piece_id.price_locked

    @api.depends("piece_id")
    def _compute_floor(self):
        # A keeper need not be allowed to read the policies' figures to be held to them.
        floors = self.piece_id._origin.sudo()._get_price_floors()
        for wizard in self:
            wizard.floor = floors.get(wizard.piece_id._origin, 0.0)

    @api.depends("new_price", "piece_id")
    def _compute_is_below(self):
        for wizard in self:
            # In sudo: that a price is too low is said even to those who may not see the floor.
            wizard.is_below = wizard.new_price < wizard.sudo().floor

    # === ACTION METHODS === #

    def action_set(self):
        """Write the price, with the reason in the piece's history.

        :raises UserError: below the lowest price, for others than managers or without a reason
        """
        self.ensure_one()
        piece = self.piece_id.with_context(**{CHANGE_REASON: self.reason})
        if piece.price_locked and not self.is_locked:
            piece.price_locked = False
        piece.list_price = self.new_price
        if self.is_locked and not piece.price_locked:
            piece.price_locked = True
        return {"type": "ir.actions.act_window_close"}
