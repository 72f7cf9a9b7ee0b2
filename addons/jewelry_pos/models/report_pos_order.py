from odoo import fields, models

from odoo.addons.jewelry_inventory.const import COST_GROUPS


class ReportPosOrder(models.Model):
    """Analysis of the registers' orders: margins are for those who may see costs."""

    _inherit = "report.pos.order"

    margin = fields.Float(groups=COST_GROUPS)
