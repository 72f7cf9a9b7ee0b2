from odoo import models


class PosConfig(models.Model):
    """Registers that begin layaways and special orders."""

    _name = "pos.config"
    _inherit = ["pos.config", "jewelry.register.layaway"]
