from odoo import api, models
from odoo.tools import SQL


class AccountInvoiceReport(models.Model):
    """Analysis of invoices: what is paid ahead is no turnover, the goods are when invoiced."""

    _inherit = "account.invoice.report"
    _depends = {"account.move.line": ["deposit_act"]}

    @api.model
    def _where(self):
        """Override of `account` to leave out what is paid ahead, used, given back or forfeited."""
        return SQL("%s AND line.deposit_act IS NULL", super()._where())
