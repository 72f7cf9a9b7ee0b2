from odoo import fields, models

SCALES = [
    ("color", "Colour"),
    ("fancy_intensity", "Fancy colour intensity"),
    ("clarity", "Clarity"),
    ("cut", "Cut"),
    ("polish", "Polish"),
    ("symmetry", "Symmetry"),
    ("fluorescence", "Fluorescence"),
    ("fluorescence_color", "Fluorescence colour"),
    ("lab_grown_class", "Lab-grown class"),
]


class JewelryGrade(models.Model):
    """A step of a grading scale, in the order in which the scale is written."""

    _name = "jewelry.grade"
    _inherit = ["jewelry.vocabulary.mixin"]
    _description = "Stone Grade"
    _order = "scale, scheme, sequence, id"

    scale = fields.Selection(selection=SCALES, required=True, index=True)
    scheme = fields.Selection(
        selection=[("gia", "GIA"), ("trade", "Trade")],
        required=True,
        default="gia",
        help="Who defines the steps: Ideal is a cut of the trade, not one of GIA.",
    )
    is_range = fields.Boolean(
        string="Range",
        help="Covers several steps, as on parcels and in sales lists.",
    )

    # Overrides the vocabulary's: polish and symmetry share the codes of cut.
    _code_unique = models.UniqueIndex(
        "(scale, scheme, code)",
        "This scale already has a grade with this code. Choose another code.",
    )
