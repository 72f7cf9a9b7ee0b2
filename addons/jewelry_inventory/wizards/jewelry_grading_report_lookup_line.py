from odoo import fields, models


class JewelryGradingReportLookupLine(models.TransientModel):
    """What a report says of one field, beside what was typed."""

    _name = "jewelry.grading.report.lookup.line"
    _description = "Report Compared"

    wizard_id = fields.Many2one(
        comodel_name="jewelry.grading.report.lookup",
        required=True,
        index=True,
        ondelete="cascade",
    )
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    subject = fields.Char(string="Of", readonly=True)
    label = fields.Char(string="Field", readonly=True)
    typed = fields.Char(readonly=True)
    printed = fields.Char(string="As Printed", readonly=True)
    read_as = fields.Char(readonly=True)
    value = fields.Json(readonly=True)
    status = fields.Selection(
        selection=[
            ("same", "Same"),
            ("missing", "Not typed"),
            ("differs", "Differs"),
            ("locked", "Differs: change it in stock"),
            ("unreadable", "Read it yourself"),
            ("silent", "Not on the report"),
        ],
        readonly=True,
    )
    is_taken = fields.Boolean(string="Take")

    def _can_take(self):
        """Tell whether the value can be written."""
        return self.status in ("missing", "differs")
