from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import COST_GROUPS, WEIGHT_DIGITS


class JewelryParcelIntake(models.TransientModel):
    """Take stones of a parcel, or metal, into stock that no purchase brought."""

    _name = "jewelry.parcel.intake"
    _inherit = ["jewelry.parcel.act"]
    _description = "Take a Parcel or Metal Into Stock"

    currency_id = fields.Many2one(related="company_id.currency_id")
    quantity = fields.Float(
        digits=WEIGHT_DIGITS, compute="_compute_planned", store=True, readonly=False
    )
    stone_count = fields.Integer(
        string="Stones", compute="_compute_planned", store=True, readonly=False
    )
    place_id = fields.Many2one(
        comodel_name="stock.location",
        required=True,
        compute="_compute_place_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('usage', '=', 'internal'), ('company_id', '=', company_id)]",
    )
    owner_id = fields.Many2one(
        comodel_name="res.partner",
        help="Whose goods they are; empty: ours. Goods of others have no value in our books.",
    )
    cost = fields.Monetary(
        string="Cost of All", groups=COST_GROUPS, help="Of everything that comes in now, together."
    )

    # === COMPUTE METHODS === #

    @api.depends("lot_id")
    def _compute_planned(self):
        """Propose what the parcel was described with before it first came."""
        for intake in self:
            planned = not intake.lot_id.quant_ids and intake.lot_id.stone_ids[:1]
            intake.quantity = planned and planned.carat
            intake.stone_count = planned and planned.count

    @api.depends("company_id")
    def _compute_place_id(self):
        for intake in self:
            intake.place_id = intake.company_id._get_stock_place()

    # === ACTION METHODS === #

    def action_take_in(self):
        """Put what came in the place, from the opening stock.

        :raises UserError: for nothing, or stones that nobody described or counted
        """
        self.ensure_one()
        self._check()
        source = self.company_id._get_opening_place()
        lot = self.lot_id.with_company(self.company_id)
        # In sudo: who takes in need not see costs to bring goods of none.
        cost = 0.0 if self.owner_id else self.sudo().cost
        lot._move_bulk(source, self.place_id, self.quantity, self.stone_count, self.owner_id, cost)
        return {"type": "ir.actions.act_window_close"}

    def _check(self):
        if self.quantity <= 0 or (self.jewelry_kind == "parcel" and self.stone_count <= 0):
            raise UserError(
                self.env._(
                    "Enter how much comes in: grams of a metal, or both "
                    "stones and carats of a parcel."
                )
            )
        if self.jewelry_kind == "parcel" and not self.lot_id.stone_ids:
            raise UserError(self.env._("Describe the stones of the parcel first."))
