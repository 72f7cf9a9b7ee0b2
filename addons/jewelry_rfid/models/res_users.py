from odoo import models
from odoo.exceptions import AccessDenied

from ..const import DEVICE_GROUP


class ResUsers(models.Model):
    """Users, of whom devices have no door but their own."""

    _inherit = "res.users"

    def _check_credentials(self, credential, env):
        """Override to keep devices out of every other door, such as the login and XML-RPC: there
        a key opens whatever its user may see.
        """
        if self.env.user.has_group(DEVICE_GROUP):
            raise AccessDenied
        return super()._check_credentials(credential, env)
