from odoo import api, fields, models


class ReportJewelryShipment(models.AbstractModel):
    """Values of the report of shipments on paper."""

    _name = "report.jewelry_inventory.report_shipment"
    _description = "Shipments on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the shipments of companies.

        :raises AccessError: for whoever may not see insured limits
        """
        companies = self.env["res.company"].browse(docids) & self.env.user.company_ids
        shipments = self.env["jewelry.shipment"]
        return {
            "docs": companies,
            "reports": {
                company.id: shipments.with_company(company)._get_report(company)
                for company in companies
            },
            "now": fields.Datetime.now(),
        }
