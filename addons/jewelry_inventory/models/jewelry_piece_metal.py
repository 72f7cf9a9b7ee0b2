from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_repr

from ..const import WEIGHT_DIGITS
from ..tools import weight


class JewelryPieceMetal(models.Model):
    """How much of an alloy is in a piece."""

    _name = "jewelry.piece.metal"
    _description = "Metal in a Piece"
    _order = "lot_id, id"
    _rec_name = "alloy_id"

    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Piece",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="lot_id.company_id", store=True, index=True)
    alloy_id = fields.Many2one(
        comodel_name="jewelry.alloy", required=True, index=True, ondelete="restrict"
    )
    weight = fields.Float(string="Weight (g)", digits=WEIGHT_DIGITS, required=True)
    fine_weight = fields.Float(
        string="Fine (g)",
        digits=WEIGHT_DIGITS,
        compute="_compute_fine_weight",
        store=True,
        help="Grams of the pure metal, by the fineness of the alloy.",
    )

    _alloy_unique = models.UniqueIndex(
        "(lot_id, alloy_id)", "This alloy is already on the piece. Change the weight on its line."
    )

    # === COMPUTE METHODS === #

    @api.depends("weight", "alloy_id.fineness")
    def _compute_fine_weight(self):
        for line in self:
            line.fine_weight = float(weight.fine_weight(line.weight, line.alloy_id.fineness))

    # === CONSTRAINT METHODS === #

    @api.constrains("weight")
    def _check_weight(self):
        """Refuse an alloy that weighs nothing."""
        for line in self:
            if line.weight <= 0:
                raise ValidationError(
                    self.env._(
                        "%(piece)s: the weight of %(alloy)s must be above 0 g.",
                        piece=line.lot_id.name,
                        alloy=line.alloy_id.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override to write down what the pieces consist of, and to keep that of those in stock."""
        self._check_described(vals_list)
        lines = super().create(vals_list)
        lines.lot_id._log_metals()
        return lines

    def write(self, vals):
        """Override to write down what the pieces consist of, and to keep that of those in stock."""
        lots = self.lot_id
        self._check_changed(vals)
        known = lots._prepare_metals()
        result = super().write(vals)
        (lots | self.lot_id)._log_metals(known)
        return result

    def unlink(self):
        """Override to write down what the pieces consist of, and to keep that of those in stock."""
        lots = self.lot_id
        lots._check_material()
        result = super().unlink()
        lots._log_metals()
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _check_described(self, vals_list):
        """Refuse further metals of pieces in stock; the first ones describe them."""
        lots = self.env["stock.lot"].browse(vals["lot_id"] for vals in vals_list)
        lots.filtered("metal_line_ids")._check_material()

    def _check_changed(self, vals):
        """Refuse other metals or grams of pieces in stock."""
        if "lot_id" in vals:
            (self.lot_id | self.lot_id.browse(vals["lot_id"]))._check_material()
        changed = self.filtered(
            lambda line: (
                ("alloy_id" in vals and line.alloy_id.id != vals["alloy_id"])
                or (
                    "weight" in vals
                    and weight.round_milli(line.weight) != weight.round_milli(vals["weight"])
                )
            )
        )
        changed.lot_id._check_material()

    # === TOOLING === #

    def _get_evidence(self):
        """Return {alloy code: grams as text}."""
        return {line.alloy_id.code: float_repr(line.weight, WEIGHT_DIGITS[1]) for line in self}
