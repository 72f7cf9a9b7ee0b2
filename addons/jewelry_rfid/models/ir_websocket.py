from odoo import models

from ..const import ALARM_CHANNEL, COUNT_CHANNEL, STAFF_GROUP, WALL_CHANNEL

CHANNELS = (ALARM_CHANNEL, COUNT_CHANNEL, WALL_CHANNEL)


class IrWebsocket(models.AbstractModel):
    """Who hears of the wall of places, of pieces at doors, and of counts by readers."""

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Override to let staff who ask for it hear of their own companies, and nobody else of
        any.
        """
        # A channel may be a record, which is not to be compared with a text.
        asked = {each for each in channels if isinstance(each, str)} & set(CHANNELS)
        others = [each for each in channels if not isinstance(each, str) or each not in CHANNELS]
        if asked and self.env.user.has_group(STAFF_GROUP):
            companies = self.env.user.company_ids
            others += [(company, channel) for company in companies for channel in sorted(asked)]
        return super()._build_bus_channel_list(others)
