from odoo import models


class ResPartner(models.Model):
    """The owners of pieces."""

    _name = "res.partner"
    _inherit = ["res.partner", "jewelry.provenance.mixin"]
