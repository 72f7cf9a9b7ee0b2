from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import ValidationError

NUMBER = "{number}"


class JewelryLaboratory(models.Model):
    """Who grades and identifies stones and writes numbered reports."""

    _name = "jewelry.laboratory"
    _inherit = ["jewelry.vocabulary.mixin"]
    _description = "Gem Laboratory"

    country_id = fields.Many2one(comodel_name="res.country")
    website = fields.Char()
    verification_url = fields.Char(
        string="Verification Address",
        help="Address of the laboratory's own check of a report, with {number} for the number.",
    )
    note = fields.Text(translate=True)
    provider = fields.Selection(
        selection=[("manual", "Entered by hand"), ("gia", "GIA Report Results API")],
        string="Reports Are",
        required=True,
        default="manual",
        help="How reports of this laboratory come here: by hand, with the file and the address "
        "where it confirms them, or looked up at the laboratory itself.",
    )

    @api.constrains("verification_url")
    def _check_verification_url(self):
        """Refuse an address that cannot lead to one report."""
        for laboratory in self.filtered("verification_url"):
            address = laboratory.verification_url
            if NUMBER not in address or not address.startswith("https://"):
                raise ValidationError(
                    self.env._(
                        "The verification address of %(laboratory)s must start with https:// "
                        "and contain %(placeholder)s in the place of the report's number.",
                        laboratory=laboratory.name,
                        placeholder=NUMBER,
                    )
                )

    # === BUSINESS METHODS === #

    def _get_provider(self):
        """Return the `jewelry.report.provider` model that asks this laboratory."""
        name = "jewelry.report.provider"
        is_asked = self.provider and self.provider != "manual"
        return self.env[f"{name}.{self.provider}" if is_asked else name]

    def _get_verification_url(self, number):
        """Return where this laboratory confirms a report, or False if not known."""
        return bool(self.verification_url) and self.verification_url.replace(NUMBER, quote(number))
