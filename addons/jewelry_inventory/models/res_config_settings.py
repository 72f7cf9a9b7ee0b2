from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The accounts that changes of a piece's cost are posted to."""

    _inherit = "res.config.settings"

    piece_revaluation_account_id = fields.Many2one(
        related="company_id.piece_revaluation_account_id", readonly=False
    )
    piece_write_down_account_id = fields.Many2one(
        related="company_id.piece_write_down_account_id", readonly=False
    )
    piece_opening_account_id = fields.Many2one(
        related="company_id.piece_opening_account_id", readonly=False
    )
