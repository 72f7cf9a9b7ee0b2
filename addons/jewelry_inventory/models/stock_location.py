from odoo import api, fields, models

PLACE_ROLES = [
    ("sale", "For sale"),
    ("safe", "Safe"),
    ("bench", "Bench"),
    ("memo_out", "Memo out"),
    ("layaway", "Layaway"),
    ("hold", "Hold"),
    ("transit", "In transit"),
    ("gone", "Gone"),
]


class StockLocation(models.Model):
    """What a place means for the pieces in it."""

    _name = "stock.location"
    _inherit = ["stock.location", "jewelry.provenance.mixin"]

    jewelry_role = fields.Selection(
        selection=PLACE_ROLES,
        index="btree_not_null",
        help="Pieces can be sold from places for sale, from a safe and from places without a "
        "role. Every other role takes them out of sale.",
    )

    count_cycle_days = fields.Integer(
        string="Count Every (Days)",
        help="0: no count is asked for. Otherwise a count is prepared and somebody reminded when "
        "the last one is older.",
    )
    count_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Reminded",
        help="Who is reminded of the count. Empty: the managers.",
    )

    _count_cycle_positive = models.Constraint(
        "CHECK (COALESCE(count_cycle_days, 0) >= 0)",
        "The days between two counts cannot be negative. Enter 0 for none.",
    )

    @api.depends_context("hierarchical_naming")
    def _compute_display_name(self):
        """Override of `stock`: in a tree of places, each is called by its own name."""
        super()._compute_display_name()
        if self.env.context.get("hierarchical_naming", True):
            return
        for place in self:
            place.display_name = place.name

    # === BUSINESS METHODS === #

    def _is_of_store(self):
        """Tell whether what is in the place is in stock, on the way included; no place is none."""
        return self.usage in ("internal", "transit")
