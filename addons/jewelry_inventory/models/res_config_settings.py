from odoo import fields, models

from .jewelry_provenance_witness import MAIL_PARAMETER, STAMP_PARAMETER


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
    gs1_prefix = fields.Char(related="company_id.gs1_prefix", readonly=False)
    provenance_anchor_mail = fields.Char(
        string="Mail Anchors To",
        config_parameter=MAIL_PARAMETER,
        help="Somebody outside the store: what was sent cannot be taken back.",
    )
    provenance_tsa_url = fields.Char(
        string="Time Stamp Authority",
        config_parameter=STAMP_PARAMETER,
        help="Address of a service that stamps by RFC 3161.",
    )
