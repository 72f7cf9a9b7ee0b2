from odoo import fields, models


class JewelryImportError(models.Model):
    """A row of an intake file that cannot be taken in, or that is worth a look."""

    _name = "jewelry.import.error"
    _description = "Row of an Intake File to Look at"
    _order = "severity, row, id"

    import_id = fields.Many2one(
        comodel_name="jewelry.import", required=True, index=True, ondelete="cascade"
    )
    row = fields.Integer(help="Line in the file; the header is line 1.")
    column = fields.Char()
    severity = fields.Selection(
        selection=[("error", "Error"), ("warning", "Note")], required=True, default="error"
    )
    message = fields.Char(required=True)
