from odoo import fields, models

# The numbers of what readers scan begin with it.
READER_PREFIX = "rfid:"


class JewelryCountScan(models.Model):
    """A scan that a reader made: one for each chip, however often it is read. While the count is
    open it follows the chip to the zone that reads it best.
    """

    _inherit = "jewelry.count.scan"

    is_by_reader = fields.Boolean(string="By Reader", readonly=True)
    rfid_zone_id = fields.Many2one(
        comodel_name="jewelry.rfid.zone", string="Zone", readonly=True, ondelete="set null"
    )
    rssi = fields.Float(string="Signal (dBm)", digits=(16, 1), readonly=True, aggregator="max")

    # === CRUD METHODS === #

    def _get_frozen_fields(self):
        """Override: what was read stays as it was."""
        return super()._get_frozen_fields() | {"is_by_reader", "rfid_zone_id", "rssi"}
