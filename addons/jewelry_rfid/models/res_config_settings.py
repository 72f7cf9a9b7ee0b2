from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What a company decides about the chips on its pieces."""

    _inherit = "res.config.settings"

    rfid_scheme = fields.Selection(related="company_id.rfid_scheme", readonly=False)
    rfid_labels = fields.Boolean(related="company_id.rfid_labels", readonly=False)
    rfid_lock = fields.Boolean(related="company_id.rfid_lock", readonly=False)
    rfid_alarm_minutes = fields.Integer(related="company_id.rfid_alarm_minutes", readonly=False)
    rfid_alarm_url = fields.Char(
        related="company_id.rfid_alarm_url", readonly=False, groups="base.group_system"
    )
    rfid_alarm_secret = fields.Char(
        related="company_id.rfid_alarm_secret", readonly=False, groups="base.group_system"
    )
