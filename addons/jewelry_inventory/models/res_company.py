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
        string="Piece Opening Account",
        check_company=True,
        help="Counterpart of pieces that are taken into stock without a purchase: those at hand "
        "when the books begin, and finds. Empty: the stock closing posts them.",
    )
