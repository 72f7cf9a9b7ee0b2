from odoo import fields, models


class JewelryGemVariety(models.Model):
    """A species by the name it is sold under: ruby of corundum, and ruby grown in flux."""

    _name = "jewelry.gem.variety"
    _inherit = ["jewelry.gem.mixin"]
    _description = "Gem Variety"

    species_id = fields.Many2one(
        comodel_name="jewelry.gem.species", required=True, index=True, ondelete="restrict"
    )
