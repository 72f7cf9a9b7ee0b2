from odoo import fields, models

from ..tools import balance, claim

COLORS = [
    ("yellow", "Yellow"),
    ("white", "White"),
    ("rose", "Rose"),
    ("red", "Red"),
    ("green", "Green"),
    ("grey", "Grey"),
    ("black", "Black"),
    ("other", "Other"),
]


class JewelryAlloy(models.Model):
    """A metal at a fineness, as it is cast, marked and sold.

    The fineness of the record counts in every calculation, never karat / 24: 22 karat is 916
    to one refiner and 916.67 to another.
    """

    _name = "jewelry.alloy"
    _inherit = ["jewelry.vocabulary.mixin"]
    _description = "Alloy"
    _order = "metal_id, fineness, sequence, id"
    _rec_names_search = ["name", "code", "label"]

    metal_id = fields.Many2one(
        comodel_name="jewelry.metal", required=True, index=True, ondelete="restrict"
    )
    fineness = fields.Float(
        string="Fineness (‰)",
        digits=(6, 2),
        required=True,
        aggregator=None,
        help="Parts of the metal in a thousand parts of alloy.",
    )
    label = fields.Char(help="What is stamped or said, such as 18K or 925.")
    color = fields.Selection(selection=COLORS, string="Colour")
    density = fields.Float(
        string="Density (g/cm³)",
        digits=(6, 2),
        aggregator=None,
        help="0 if not known.",
    )
    allergens = fields.Char(
        translate=True,
        help="Metals in this alloy that skins react to, such as nickel.",
    )

    _fineness_in_range = models.Constraint(
        "CHECK (fineness > 0 AND fineness <= 1000)",
        "Enter the fineness in parts per thousand, above 0 and at most 1000: 750 for 18K.",
    )
    _density_not_negative = models.Constraint(
        "CHECK (density >= 0)", "A density cannot be negative. Leave it at 0 if you do not know it."
    )

    # === BUSINESS METHODS === #

    def _get_content(self, grams):
        """Return what `grams` of the alloy hold, as `tools.balance` counts it.

        An empty record stands for metal of unknown alloy: grams, but no fine grams. Only of
        precious metals are fine grams counted: copper goes into gold and is not told apart there.
        """
        if not self.metal_id.is_precious:
            return balance.metal_content(grams)
        return balance.metal_content(grams, self.fineness, self.metal_id)

    def _get_claim_words(self):
        """Return the words that describe the alloy, as `tools.claim.Metal`: steel is not fine."""
        return claim.Metal(self.name, self.fineness if self.metal_id.is_precious else 0)
