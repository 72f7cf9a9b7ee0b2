from odoo import fields, models

from ..const import SPECIFIC


class ResCompany(models.Model):
    """The company's default cost method and the accounts of its pieces."""

    _inherit = "res.company"

    cost_method = fields.Selection(
        selection_add=[(SPECIFIC, "Specific identification")],
        ondelete={SPECIFIC: "set standard"},
    )
    piece_revaluation_account_id = fields.Many2one(
        comodel_name="account.account",
        check_company=True,
        help="Counterpart of a correction of a piece's cost. Empty: the stock closing posts it.",
    )
    piece_write_down_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Piece Write-Down Account",
        check_company=True,
        help="Counterpart of write-downs to net realisable value and of their reversals "
        "(IAS 2.28-33). Empty: the stock closing posts them.",
    )
    piece_opening_account_id = fields.Many2one(
        comodel_name="account.account",
        check_company=True,
        help="Counterpart of pieces that are taken into stock without a purchase: those at hand "
        "when the books begin, and finds. Empty: the stock closing posts them.",
    )
    piece_opening_place_id = fields.Many2one(
        comodel_name="stock.location",
        check_company=True,
        help="Where pieces come from that are taken into stock without a purchase.",
    )

    def write(self, vals):
        """Override to post what comes from the opening place to the opening account."""
        res = super().write(vals)
        if "piece_opening_account_id" in vals:
            for company in self.filtered("piece_opening_place_id"):
                place = company.piece_opening_place_id.sudo()
                place.valuation_account_id = company.piece_opening_account_id
        return res

    def _get_opening_place(self):
        """Return the place that opening stock comes from, made when first asked for.

        Opening stock never comes from the place of inventory losses: it is no gain.
        """
        self.ensure_one()
        if not self.piece_opening_place_id:
            # An import is started by a keeper, who may not set up the company.
            company = self.sudo()
            company.piece_opening_place_id = company.env["stock.location"].create(
                {
                    "name": self.env._("Opening stock"),
                    "usage": "inventory",
                    "company_id": self.id,
                    "valuation_account_id": self.piece_opening_account_id.id,
                }
            )
        return self.piece_opening_place_id
