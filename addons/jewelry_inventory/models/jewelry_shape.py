from odoo import fields, models

from ..tools import carat


class JewelryShape(models.Model):
    """The outline and cut of a stone, or the form of a pearl."""

    _name = "jewelry.shape"
    _inherit = ["jewelry.vocabulary.mixin"]
    _description = "Stone Shape"

    estimate_key = fields.Selection(
        selection=[(key, key.capitalize()) for key in carat.SHAPE_KEYS],
        string="Weight Estimate",
        help="The formula that estimates carats from millimetres; none if left empty.",
    )
