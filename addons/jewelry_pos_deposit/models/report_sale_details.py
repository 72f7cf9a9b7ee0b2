from odoo import models


class ReportSaleDetails(models.AbstractModel):
    """What a session sold: what was paid ahead is among its payments, and is no sale."""

    _inherit = "report.point_of_sale.report_saledetails"

    def _get_products_and_taxes_dict(self, line, products, taxes, currency):
        """Override of `point_of_sale` to leave out the lines of deposits."""
        if line.deposit_id:
            return products, taxes
        return super()._get_products_and_taxes_dict(line, products, taxes, currency)
