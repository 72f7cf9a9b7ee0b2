from odoo import fields, models

from odoo.addons.jewelry_inventory.const import COST_GROUPS


class SaleOrder(models.Model):
    """Margins of orders, for those who may see costs."""

    _inherit = "sale.order"

    margin = fields.Monetary(groups=COST_GROUPS)
    margin_percent = fields.Float(groups=COST_GROUPS)
