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
    parcel_tolerance = fields.Float(related="company_id.parcel_tolerance", readonly=False)
    jewelry_reprice = fields.Selection(related="company_id.jewelry_reprice", readonly=False)
    cost_cipher_word = fields.Char(
        related="company_id.cost_cipher_word",
        readonly=False,
        groups="jewelry_inventory.group_manager",
    )
    cost_cipher_repeat = fields.Char(
        related="company_id.cost_cipher_repeat",
        readonly=False,
        groups="jewelry_inventory.group_manager",
    )
