from odoo import models

from ..const import STAFF_GROUP, WALL_CHANNEL


class IrWebsocket(models.AbstractModel):
    """Who hears of the wall of places."""

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Override to let staff who look at the wall hear of their own companies, and nobody else
        of any.
        """
        # A channel may be a record, which is not to be compared with a text.
        others = [each for each in channels if not isinstance(each, str) or each != WALL_CHANNEL]
        if len(others) < len(channels) and self.env.user.has_group(STAFF_GROUP):
            others += [(company, WALL_CHANNEL) for company in self.env.user.company_ids]
        return super()._build_bus_channel_list(others)
