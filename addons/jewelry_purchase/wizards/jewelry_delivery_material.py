from odoo import fields, models

from odoo.addons.jewelry_inventory.tools import weight


class JewelryDeliveryMaterial(models.AbstractModel):
    """A stone and a metal of a piece, with the laboratory's report, as a vendor's list has them."""

    _name = "jewelry.delivery.material"
    _description = "Material of a Delivered Piece"

    name = fields.Char(string="Number")
    species_id = fields.Many2one(comodel_name="jewelry.gem.species", string="Stone")
    variety_id = fields.Many2one(comodel_name="jewelry.gem.variety")
    shape_id = fields.Many2one(comodel_name="jewelry.shape")
    carat = fields.Float(string="Carats", digits=(16, 3), help="Of all stones of the line.")
    count = fields.Integer(string="Stones", default=1, help="How many like stones, such as melee.")
    origin = fields.Selection(
        selection=lambda self: self.env["jewelry.stone"]._fields["origin"].selection,
        default="unknown",
    )
    color_grade_id = fields.Many2one(
        comodel_name="jewelry.grade", string="Colour", domain=[("scale", "=", "color")]
    )
    clarity_grade_id = fields.Many2one(
        comodel_name="jewelry.grade", string="Clarity", domain=[("scale", "=", "clarity")]
    )
    cut_grade_id = fields.Many2one(
        comodel_name="jewelry.grade", string="Cut", domain=[("scale", "=", "cut")]
    )
    alloy_id = fields.Many2one(comodel_name="jewelry.alloy")
    metal_weight = fields.Float(
        string="Metal (g)",
        digits=(16, 3),
        help="Empty: what the gross weight leaves when the stones are taken off.",
    )
    laboratory_id = fields.Many2one(comodel_name="jewelry.laboratory")
    report = fields.Char(string="Report Number")

    def _has_stone(self):
        self.ensure_one()
        return bool(self.species_id and self.shape_id and self.carat)

    def _prepare_stone_vals(self, lot):
        """Return the values of the stone in `lot`."""
        self.ensure_one()
        return {
            "holder_id": lot.id,
            "company_id": lot.company_id.id,
            "species_id": self.species_id.id,
            "variety_id": self.variety_id.id,
            "shape_id": self.shape_id.id,
            "carat": self.carat,
            "count": self.count or 1,
            "origin": self.origin,
            "color_grade_id": self.color_grade_id.id,
            "clarity_grade_id": self.clarity_grade_id.id,
            "cut_grade_id": self.cut_grade_id.id,
        }

    def _prepare_metal_vals(self, lot):
        """Return the values of the metal in `lot`, or None where no weight is known."""
        self.ensure_one()
        grams = self.metal_weight
        if self.alloy_id and not grams and lot.gross_weight:
            grams = float(weight.net_weight(lot.gross_weight, lot.carat_weight, lot.other_weight))
        if not (self.alloy_id and grams):
            return None
        return {"lot_id": lot.id, "alloy_id": self.alloy_id.id, "weight": grams}

    def _prepare_report_vals(self, lot, stone):
        """Return the values of the report: on the line's stone, else on the piece as a whole."""
        self.ensure_one()
        if not (self.report and self.laboratory_id):
            return None
        subject = {"stone_id": stone.id} if stone else {"piece_id": lot.id}
        return {"number": self.report, "laboratory_id": self.laboratory_id.id} | subject
