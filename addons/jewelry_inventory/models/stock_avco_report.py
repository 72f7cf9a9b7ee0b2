from odoo import fields, models

from ..const import COST_GROUPS


class StockAvcoReport(models.AbstractModel):
    """History of average costs, in which each change of a piece's cost has a row, too."""

    _inherit = "stock.avco.report"

    value = fields.Float(groups=COST_GROUPS)
    added_value = fields.Float(groups=COST_GROUPS)
    total_value = fields.Float(groups=COST_GROUPS)
    avco_value = fields.Float(groups=COST_GROUPS)
    justification = fields.Text(groups=COST_GROUPS)
