from base64 import b64encode

from odoo import api, models

QR_PIXELS = 400
# How much of each there is on the one page.
ROOM = {"paper_stones": 8, "paper_reports": 12, "paper_story": 5}


class ReportJewelryPassport(models.AbstractModel):
    """Values of the passport on paper."""

    _name = "report.jewelry_inventory.report_passport"
    _description = "Passport on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the passports of pieces; the context holds the token of the link to one."""
        token = self.env.context.get("passport_token")
        passports = [
            piece._get_passport_values(token) for piece in self.env["stock.lot"].browse(docids)
        ]
        docs = [values | {"qr": self._get_qr(values["url"])} for values in passports]
        return {"docs": docs, **ROOM}

    @api.model
    def _get_qr(self, url):
        """Return a code that leads to an address, as data for an image; nothing without one."""
        if not url:
            return False
        picture = self.env["ir.actions.report"].barcode(
            "QR", url, width=QR_PIXELS, height=QR_PIXELS, barLevel="M"
        )
        return f"data:image/png;base64,{b64encode(picture).decode()}"
