from odoo import fields, models


class JewelryGemMixin(models.AbstractModel):
    """What is known of a gem material, be it a species or a variety of one."""

    _name = "jewelry.gem.mixin"
    _inherit = ["jewelry.vocabulary.mixin"]
    _description = "Gem Material"
    _order = "name, id"

    category = fields.Selection(
        selection=[
            ("mineral", "Mineral or organic"),
            ("synthetic", "Synthetic"),
            ("simulant", "Simulant"),
            ("composite", "Composite"),
        ],
        required=True,
        default="mineral",
        index=True,
    )
    hardness_min = fields.Float(string="Hardness from", digits=(4, 2), aggregator=None)
    hardness_max = fields.Float(string="Hardness to", digits=(4, 2), aggregator=None)
    density_min = fields.Float(string="Specific Gravity from", digits=(6, 3), aggregator=None)
    density_max = fields.Float(string="Specific Gravity to", digits=(6, 3), aggregator=None)
    refractive_index = fields.Char()
    cleavage = fields.Char()
    usual_treatments = fields.Char(help="As the source words them.")
    treatment_ids = fields.Many2many(
        comodel_name="jewelry.treatment", string="Usual Treatment Codes"
    )
    care = fields.Text(translate=True, help="What to tell the customer and the bench.")
    care_source = fields.Char(help="What the care advice rests on.")
    source = fields.Char(help="Where the figures come from, and what was corrected.")

    _hardness_in_order = models.Constraint(
        "CHECK (hardness_min >= 0 AND hardness_min <= hardness_max AND hardness_max <= 10)",
        "Enter the hardness on Mohs' scale, from 0 to 10, with the lower figure first.",
    )
    _density_in_order = models.Constraint(
        "CHECK (density_min >= 0 AND density_min <= density_max)",
        "Enter a specific gravity of 0 or more, with the lower figure first.",
    )

    # === BUSINESS METHODS === #

    def _get_density(self):
        """Return the middle of the specific gravity (g/cm³), 0 if not known."""
        return (self.density_min + self.density_max) / 2
