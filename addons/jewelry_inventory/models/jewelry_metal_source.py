from odoo import fields, models

METAL_SOURCE_SELECTION = [
    ("unknown", "Unknown"),
    ("mined", "Newly mined"),
    ("recycled", "Recycled"),
    ("fair_mined", "Fair-mined"),
]
# Of what was melted and cast it is known how much of it a paper shows.
PART_SOURCE_SELECTION = [
    *METAL_SOURCE_SELECTION,
    ("recycled_stated", "Recycled (stated, no evidence)"),
    ("fair_mined_stated", "Fair-mined (stated, no evidence)"),
]


class JewelryMetalSource(models.Model):
    """How many grams of fine metal in a piece or lot are of one source.

    Written by transformations, from what went in. What a lot of metal has lost or handed on since
    was mixed alike, so that the parts of it stay the same.
    """

    _name = "jewelry.metal.source"
    _description = "Source of Metal"
    _order = "lot_id, metal_id, fine_weight desc, id"

    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Piece or Lot",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="lot_id.company_id", store=True, index=True)
    metal_id = fields.Many2one(
        comodel_name="jewelry.metal", required=True, index=True, ondelete="restrict"
    )
    source = fields.Selection(selection=PART_SOURCE_SELECTION, required=True)
    fine_weight = fields.Float(string="Fine (g)", digits=(16, 6), required=True)

    _source_unique = models.UniqueIndex(
        "(lot_id, metal_id, source)", "A source is named once for each metal."
    )
    _weight_positive = models.Constraint("CHECK (fine_weight > 0)", "Fine grams must be above 0.")
