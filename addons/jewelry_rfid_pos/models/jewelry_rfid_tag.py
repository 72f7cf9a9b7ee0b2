from odoo import api, models


class JewelryRfidTag(models.Model):
    """Chips, of which those on a pad are told to its register."""

    _inherit = "jewelry.rfid.tag"

    @api.model
    def _tell_presence(self, company, changes):
        """Override to tell registers what came to their pads, or was taken away."""
        res = super()._tell_presence(company, changes)
        zones = {zone for change in changes for zone in self._get_changed_zones(change) if zone}
        self.env["pos.config"]._tell_pads(zones)
        return res

    @api.model
    def _get_changed_zones(self, change):
        """Return the zones that a piece came to or left, where it did."""
        before = change["present_before"] and change["zone_before"]
        after = change["present"] and change["zone"]
        return {before, after} if before != after else ()
