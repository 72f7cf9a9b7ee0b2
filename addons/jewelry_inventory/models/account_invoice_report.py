from odoo import fields, models

from ..const import COST_GROUPS


class AccountInvoiceReport(models.Model):
    """Analysis of invoices, which sets the price off against the cost."""

    _inherit = "account.invoice.report"

    price_margin = fields.Float(groups=COST_GROUPS)
    inventory_value = fields.Float(groups=COST_GROUPS)
