from odoo import models


class JewelryRfidGateway(models.Model):
    """What gateways are told to follow."""

    _inherit = "jewelry.rfid.gateway"

    def _get_watched_epcs(self):
        """Override: the tags of the pieces that somebody looks for."""
        tags = self.env["jewelry.rfid.watch"]._get_watched_tags(self.company_id)
        return super()._get_watched_epcs() | set(tags.mapped("epc"))
