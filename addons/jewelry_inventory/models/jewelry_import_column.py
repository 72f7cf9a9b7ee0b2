from odoo import api, fields, models

from ..tools.intake import TARGETS


class JewelryImportColumn(models.Model):
    """What one column of an intake file means. A column may mean two things: cost and price."""

    _name = "jewelry.import.column"
    _description = "Column of an Intake File"
    _order = "import_id, index, id"

    import_id = fields.Many2one(
        comodel_name="jewelry.import", required=True, index=True, ondelete="cascade"
    )
    index = fields.Integer(required=True, readonly=True)
    header = fields.Char(readonly=True)
    sample = fields.Char(readonly=True, help="The first value in the column.")
    target = fields.Selection(
        selection="_selection_target", help="Empty: the column is not imported."
    )
    factor = fields.Float(
        default=1.0,
        digits=(16, 6),
        help="Numbers are multiplied by this: 0.5 makes a cost of half the price; 0.2 makes grams "
        "of carats.",
    )

    _factor_positive = models.Constraint(
        "CHECK (factor > 0)", "A factor must be above 0: leave it at 1 to take numbers as they are."
    )

    @api.model
    def _selection_target(self):
        return [(target.key, target.label) for target in TARGETS]

    # === ACTION METHODS === #

    def action_duplicate(self):
        """Use the column for one thing more."""
        self.copy({"target": False, "factor": 1.0})
