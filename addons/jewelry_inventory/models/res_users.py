from odoo import models


class ResUsers(models.Model):
    """Who wrote an event, whatever becomes of the login or the contact."""

    _name = "res.users"
    _inherit = ["res.users", "jewelry.provenance.mixin"]
