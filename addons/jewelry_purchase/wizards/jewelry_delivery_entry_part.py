from odoo import fields, models


class JewelryDeliveryEntryPart(models.TransientModel):
    """A further stone or metal of a piece that the table of a delivery names."""

    _name = "jewelry.delivery.entry.part"
    _inherit = ["jewelry.delivery.material"]
    _description = "Further Stone or Metal of a Delivered Piece"

    entry_id = fields.Many2one(
        comodel_name="jewelry.delivery.entry", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(string="Of Piece", required=True, help="Number of a piece of the table.")
