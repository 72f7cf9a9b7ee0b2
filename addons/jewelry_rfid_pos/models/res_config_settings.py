from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Where the pad of a register is."""

    _inherit = "res.config.settings"

    pos_rfid_pad_id = fields.Many2one(related="pos_config_id.rfid_pad_id", readonly=False)
