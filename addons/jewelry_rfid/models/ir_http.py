from werkzeug.exceptions import Forbidden

from odoo import models
from odoo.http import request

from ..const import DEVICE_GROUP, DEVICE_PATHS, STAFF_GROUP


class IrHttp(models.AbstractModel):
    """What a device may ask of the server, and whose screens ring when a piece is at a door."""

    _inherit = "ir.http"

    @classmethod
    def _auth_method_user(cls):
        """Override to let devices call the two methods that are theirs, and nothing else: a key of
        core opens whatever its user may see, and a portal user may see some records of core.
        """
        res = super()._auth_method_user()
        path = request.httprequest.path
        if request.env.user.has_group(DEVICE_GROUP) and path not in DEVICE_PATHS:
            raise Forbidden(request.env._("A device may only send what its readers see."))
        return res

    def session_info(self):
        """Override to let the screens of staff ring for pieces at doors."""
        return super().session_info() | {
            "jewelry_rfid_alarms": self.env.user.has_group(STAFF_GROUP)
        }
