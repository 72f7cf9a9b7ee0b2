from odoo import fields, models


class JewelryTreatment(models.Model):
    """What was done to a stone to change its look, by the code of the American trade."""

    _name = "jewelry.treatment"
    _inherit = ["jewelry.vocabulary.mixin"]
    _description = "Stone Treatment"

    description = fields.Text(translate=True)
    needs_disclosure = fields.Boolean(
        default=True,
        help="Must be told to a buyer: not permanent, needs care, or lowers the value.",
    )
    special_care = fields.Boolean(
        help="A stone treated so does not bear what others do: heat, solvents, ultrasound.",
    )
    confidence = fields.Selection(
        selection=[("confirmed", "Confirmed"), ("likely", "Likely")],
        help="How sure we are of the code's meaning: read in a source, or general knowledge.",
    )

    # === BUSINESS METHODS === #

    def _filter_told(self):
        """Return those that a buyer must be told."""
        return self.filtered(lambda treatment: treatment.needs_disclosure or treatment.special_care)
