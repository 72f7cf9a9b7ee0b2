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
    fitting_targets = fields.Json(compute="_compute_fitting_targets")
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
        return [(target.key, self._get_label(target)) for target in TARGETS]

    @api.model
    def _get_label(self, target):
        """Return what people call a target, in the language of the environment."""
        return str(target.label)

    # === COMPUTE METHODS === #

    @api.depends("import_id.kind")
    def _compute_fitting_targets(self):
        """Offer only what a file of this content can have."""
        for column in self:
            kind = column.import_id.kind
            column.fitting_targets = [target.key for target in TARGETS if kind in target.of]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a file that is read differently has to be checked again."""
        columns = super().create(vals_list)
        columns._changed()
        return columns

    def write(self, vals):
        """Override: a file that is read differently has to be checked again.

        :raises UserError: when rows that were read as before are in stock or coming in
        """
        self.import_id._check_change({"column_ids"})
        result = super().write(vals)
        self._changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_check_change(self):
        self._changed()

    def _changed(self):
        self.import_id._check_change({"column_ids"})
        self.import_id._forget_check()

    # === ACTION METHODS === #

    def action_duplicate(self):
        """Use the column for one thing more."""
        self.copy({"target": False, "factor": 1.0})
