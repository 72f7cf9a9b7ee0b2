from odoo import api, fields, models

from ..const import WEIGHT_DIGITS


class JewelryTransformationSetParcel(models.TransientModel):
    """Small stones out of a parcel that are set beside numbered ones: how many, how many carats."""

    _name = "jewelry.transformation.set.parcel"
    _description = "Small Stones to Set"

    wizard_id = fields.Many2one(
        comodel_name="jewelry.transformation.set", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="wizard_id.company_id")
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Parcel",
        required=True,
        ondelete="cascade",
        domain="[('jewelry_kind', '=', 'parcel'), ('company_id', '=', company_id),"
        " ('product_qty', '>', 0)]",
    )
    place_id = fields.Many2one(
        comodel_name="stock.location",
        string="Out Of",
        required=True,
        compute="_compute_place_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('quant_ids.lot_id', '=', lot_id), ('usage', 'in', ('internal', 'transit'))]",
    )
    stone_count = fields.Integer(string="Stones", required=True)
    carat = fields.Float(
        string="Carats",
        digits=WEIGHT_DIGITS,
        compute="_compute_carat",
        store=True,
        readonly=False,
        help="As weighed. Proposed: what that many average stones weigh.",
    )

    # === COMPUTE METHODS === #

    @api.depends("lot_id")
    def _compute_place_id(self):
        """Propose where the piece is, if the parcel is there, too: at the bench."""
        for line in self:
            places = line.lot_id._get_stock_quants().location_id
            here = line.wizard_id.piece_id.location_id
            line.place_id = here & places or places[:1]

    @api.depends("lot_id", "stone_count")
    def _compute_carat(self):
        for line in self:
            group = line.lot_id.stone_ids[:1]
            line.carat = group.count and round(
                group.carat * line.stone_count / group.count, WEIGHT_DIGITS[1]
            )

    # === BUSINESS METHODS === #

    def _prepare_line_vals(self):
        """Return the values of the line of the transformation."""
        self.ensure_one()
        return {
            "direction": "in",
            "lot_id": self.lot_id.id,
            "place_id": self.place_id.id,
            "carat": self.carat,
            "stone_count": self.stone_count,
        }
