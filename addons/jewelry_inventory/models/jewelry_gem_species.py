from odoo import fields, models


class JewelryGemSpecies(models.Model):
    """A gem material by its own nature: a mineral species, a simulant, an assembled stone."""

    _name = "jewelry.gem.species"
    _inherit = ["jewelry.gem.mixin"]
    _description = "Gem Species"

    variety_ids = fields.One2many(
        comodel_name="jewelry.gem.variety", inverse_name="species_id", string="Varieties"
    )
