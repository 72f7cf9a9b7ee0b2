from odoo import fields, models

from odoo.addons.jewelry_inventory.const import COST_GROUPS


class SaleReport(models.Model):
    """Margins in the analysis of sales, for those who may see costs."""

    _inherit = "sale.report"

    margin = fields.Float(groups=COST_GROUPS)
