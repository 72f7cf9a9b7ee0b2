from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import COST_GROUPS

# Goods that stay somebody else's although they are in the store.
OTHERS_STOCK_TYPES = ("memo", "consignment", "customer")


class JewelryPieceIntake(models.TransientModel):
    """Take pieces into stock that no purchase brought: opening stock, finds, goods of others."""

    _name = "jewelry.piece.intake"
    _description = "Take Into Stock"

    piece_ids = fields.Many2many(
        comodel_name="stock.lot",
        string="Pieces",
        required=True,
        domain=[("piece_status", "=", "expected")],
        default=lambda self: self._default_piece_ids(),
    )
    company_id = fields.Many2one(comodel_name="res.company", compute="_compute_company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    place_id = fields.Many2one(
        comodel_name="stock.location",
        required=True,
        compute="_compute_place_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('usage', '=', 'internal'), ('company_id', '=', company_id)]",
    )
    is_of_others = fields.Boolean(compute="_compute_is_of_others")
    owner_id = fields.Many2one(
        comodel_name="res.partner",
        compute="_compute_owner_id",
        store=True,
        precompute=True,
        readonly=False,
        help="Whose goods they are. They have no value in our books.",
    )
    total_cost = fields.Monetary(compute="_compute_total_cost", groups=COST_GROUPS)
    costless_ids = fields.Many2many(
        comodel_name="stock.lot", compute="_compute_total_cost", groups=COST_GROUPS
    )

    # === COMPUTE METHODS === #

    @api.model
    def _default_piece_ids(self):
        if self.env.context.get("active_model") != "stock.lot":
            return self.env["stock.lot"]
        return self.env["stock.lot"].browse(self.env.context.get("active_ids", []))

    @api.depends("piece_ids")
    def _compute_company_id(self):
        for intake in self:
            intake.company_id = intake.piece_ids.company_id[:1] or self.env.company

    @api.depends("company_id")
    def _compute_place_id(self):
        for intake in self:
            intake.place_id = intake.company_id._get_stock_place()

    @api.depends("piece_ids.stock_type")
    def _compute_is_of_others(self):
        for intake in self:
            intake.is_of_others = any(
                piece.stock_type in OTHERS_STOCK_TYPES for piece in intake.piece_ids
            )

    @api.depends("piece_ids.vendor_id", "is_of_others")
    def _compute_owner_id(self):
        for intake in self:
            vendors = intake.piece_ids.vendor_id
            intake.owner_id = intake.is_of_others and len(vendors) == 1 and vendors

    @api.depends("piece_ids")
    def _compute_total_cost(self):
        for intake in self:
            pieces = intake.piece_ids.with_company(intake.company_id)
            intake.total_cost = sum(pieces.mapped("standard_price"))
            intake.costless_ids = pieces.filtered(lambda piece: not piece.standard_price)

    # === ACTION METHODS === #

    def action_take_in(self):
        """Put the pieces in the place, from the opening stock.

        :raises UserError: when nobody is named as the owner of goods of others
        """
        self.ensure_one()
        self._check_owner()
        company = self.company_id
        self.piece_ids.with_company(company)._take_in(
            company._get_opening_place(), self.place_id, self.owner_id
        )
        return {"type": "ir.actions.act_window_close"}

    def action_take_in_and_label(self):
        """Put the pieces in the place, and go on to print their labels.

        :raises UserError: as of `action_take_in`, and when a piece is void
        """
        self.action_take_in()
        return self.piece_ids.action_print_labels()

    def _check_owner(self):
        """Refuse goods of others without an owner, and ours mixed with theirs."""
        if self.is_of_others and not self.owner_id:
            raise UserError(self.env._("Choose the owner of these goods."))
        if len(set(self.piece_ids.mapped(self._is_ours))) > 1:
            raise UserError(
                self.env._("Take your own pieces and goods of others into stock separately.")
            )

    @api.model
    def _is_ours(self, piece):
        return piece.stock_type not in OTHERS_STOCK_TYPES
