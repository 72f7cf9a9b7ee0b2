import base64

from odoo import fields, models
from odoo.exceptions import UserError


class JewelryMetalRateImport(models.TransientModel):
    """Read a file of metal prices into rates."""

    _name = "jewelry.metal.rate.import"
    _description = "Import Metal Rates"

    metal_id = fields.Many2one(comodel_name="jewelry.metal", required=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company.root_id
    )
    file = fields.Binary(required=True, attachment=False)
    filename = fields.Char()
    unit = fields.Selection(
        selection=[("ozt", "Troy ounce"), ("g", "Gram"), ("kg", "Kilogram"), ("tola", "Tola")],
        string="Price per",
        required=True,
        default="ozt",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    date_from = fields.Date(string="From", help="Leave out what is older; empty for all.")
    source = fields.Char(help="Who published the file.")

    # === ACTION METHODS === #

    def action_import(self):
        """Add the file's rates that are newer than the newest, and show them.

        :raise UserError: if the file is unreadable or has nothing new
        """
        self.ensure_one()
        rates = self.env["jewelry.metal.rate"]._append_rates(
            "csv",
            self.metal_id,
            self.company_id,
            content=base64.b64decode(self.file),
            filename=self.filename or "",
            unit=self.unit,
            currency=self.currency_id,
            date_from=self.date_from,
            source=self.source or self.filename,
        )
        if not rates:
            raise UserError(
                self.env._(
                    "No price in the file is newer than the newest rate of %(metal)s, so there "
                    "is nothing to add. Choose a later file.",
                    metal=self.metal_id.name,
                )
            )
        return self.metal_id.action_view_rates()
