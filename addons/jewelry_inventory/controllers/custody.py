from odoo.exceptions import AccessError
from odoo.http import Controller, content_disposition, request, route

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CustodyController(Controller):
    """Files for insurers and carriers."""

    @route("/jewelry/custody/shipments.xlsx", type="http", auth="user", readonly=True)
    def download_shipments(self, company_id=None):
        """Return what is on the way or about to leave, as XLSX.

        :raises AccessError: for whoever may not see insured limits, or is not of the company
        """
        company = request.env.user.company_id
        if company_id:
            company = request.env.user.company_ids.filtered(lambda c: str(c.id) == company_id)
        if not company:
            raise AccessError(request.env._("You are not of this company."))
        shipments = request.env["jewelry.shipment"].with_company(company)
        content = shipments._make_sheet(company)
        headers = [
            ("Content-Type", XLSX),
            ("Content-Disposition", content_disposition("shipments.xlsx")),
        ]
        return request.make_response(content, headers)
