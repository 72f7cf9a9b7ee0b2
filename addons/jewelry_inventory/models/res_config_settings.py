from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What a company decides about its pieces: accounts, and what new metal rates do."""

    _inherit = "res.config.settings"

    piece_revaluation_account_id = fields.Many2one(
        related="company_id.piece_revaluation_account_id", readonly=False
    )
    piece_write_down_account_id = fields.Many2one(
        related="company_id.piece_write_down_account_id", readonly=False
    )
    piece_reversal_allowed = fields.Boolean(
        related="company_id.piece_reversal_allowed", readonly=False
    )
    piece_opening_account_id = fields.Many2one(
        related="company_id.piece_opening_account_id", readonly=False
    )
    transformation_wip_account_id = fields.Many2one(
        related="company_id.transformation_wip_account_id", readonly=False
    )
    transformation_cost_account_id = fields.Many2one(
        related="company_id.transformation_cost_account_id", readonly=False
    )
    transformation_loss_account_id = fields.Many2one(
        related="company_id.transformation_loss_account_id", readonly=False
    )
    jewelry_jurisdiction_id = fields.Many2one(
        related="company_id.jewelry_jurisdiction_id", readonly=False
    )
    approval_days = fields.Integer(related="company_id.approval_days", readonly=False)
    approval_limit = fields.Monetary(related="company_id.approval_limit", readonly=False)
    approval_rate_percent = fields.Float(related="company_id.approval_rate_percent", readonly=False)
    parcel_tolerance = fields.Float(related="company_id.parcel_tolerance", readonly=False)
    jewelry_reprice = fields.Selection(related="company_id.jewelry_reprice", readonly=False)
