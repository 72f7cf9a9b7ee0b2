from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.report import ReportError
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
    tells_stated_recycled = fields.Boolean(
        related="company_id.tells_stated_recycled", readonly=False
    )
    jewelry_jurisdiction_id = fields.Many2one(
        related="company_id.jewelry_jurisdiction_id", readonly=False
    )
    approval_days = fields.Integer(related="company_id.approval_days", readonly=False)
    approval_limit = fields.Monetary(related="company_id.approval_limit", readonly=False)
    approval_rate_percent = fields.Float(related="company_id.approval_rate_percent", readonly=False)
    custody_basis = fields.Selection(related="company_id.custody_basis", readonly=False)
    custody_opening = fields.Float(related="company_id.custody_opening", readonly=False)
    custody_closing = fields.Float(related="company_id.custody_closing", readonly=False)
    custody_calendar_id = fields.Many2one(related="company_id.custody_calendar_id", readonly=False)
    custody_tz = fields.Char(related="company_id.custody_tz")
    case_items_out = fields.Integer(related="company_id.case_items_out", readonly=False)
    parcel_tolerance = fields.Float(related="company_id.parcel_tolerance", readonly=False)
    gia_url = fields.Char(related="company_id.gia_url", readonly=False)
    gia_key = fields.Char(related="company_id.gia_key", readonly=False, groups="base.group_system")
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

    # === ACTION METHODS === #

    def action_check_gia(self):
        """Ask GIA how many lookups are left, which tells whether address and key are right.

        :raises UserError: in one line, if they are not
        """
        laboratory = self.env.ref("jewelry_inventory.laboratory_gia")
        provider = self.env["jewelry.report.provider.gia"]
        try:
            quota = provider._fetch_quota(self.company_id)
        except ReportError as error:
            retry_at = provider._get_retry_time(error)
            message = provider._get_message(laboratory, error, retry_at=retry_at)
            raise UserError(message) from None
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("GIA took the key: %(quota)s lookups left.", quota=quota),
            },
        }
