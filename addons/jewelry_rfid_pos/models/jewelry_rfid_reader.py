from odoo import models


class JewelryRfidReader(models.Model):
    """Readers, of which some look at pads."""

    _inherit = "jewelry.rfid.reader"

    def _take_report(self, report):
        """Override to tell registers when nobody looks at their pads any more, or again."""
        before = self.state
        res = super()._take_report(report)
        if self.state != before:
            self.env["pos.config"]._tell_pads(self.antenna_ids.zone_id.ids)
        return res
