from odoo import models


class JewelryGradingReport(models.Model):
    """Reports whose numbers registers find pieces by."""

    _inherit = "jewelry.grading.report"

    # What registers ask for after each change: see `pos.config._get_changed_pieces`.
    _write_date_index = models.Index("(write_date)")
