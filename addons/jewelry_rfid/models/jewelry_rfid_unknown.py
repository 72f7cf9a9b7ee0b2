from odoo import api, fields, models
from odoo.tools import SQL


class JewelryRfidUnknown(models.Model):
    """A number that readers have seen lately and that no live tag has: somebody else's tag, or
    one of ours that was never entered.
    """

    _name = "jewelry.rfid.unknown"
    _description = "Unknown Tag"
    _auto = False
    _order = "last_seen desc, id desc"
    _rec_name = "epc"

    epc = fields.Char(string="EPC", readonly=True)
    tid = fields.Char(string="TID", readonly=True)
    antenna_id = fields.Many2one(comodel_name="jewelry.rfid.antenna", readonly=True)
    zone_id = fields.Many2one(comodel_name="jewelry.rfid.zone", readonly=True)
    first_seen = fields.Datetime(readonly=True)
    last_seen = fields.Datetime(readonly=True)
    reads = fields.Integer(readonly=True)
    rssi = fields.Float(string="Best Signal (dBm)", digits=(16, 1), readonly=True, aggregator="max")
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)

    @property
    def _table_query(self):
        """Return the last row of each number of the last days, with the sums of all of them."""
        return SQL(
            """
            SELECT DISTINCT ON (company_id, epc)
                   id, epc, tid, antenna_id, zone_id, last_seen, company_id,
                   MIN(first_seen) OVER same AS first_seen,
                   LEAST(SUM(reads) OVER same, 2147483647)::int AS reads,
                   MAX(rssi) OVER same AS rssi
              FROM jewelry_rfid_sighting
             WHERE tag_id IS NULL
               AND NOT EXISTS (SELECT FROM jewelry_rfid_tag tag
                                WHERE tag.epc = jewelry_rfid_sighting.epc
                                  AND tag.state IN ('written', 'live'))
               AND day >= (now() AT TIME ZONE 'UTC')::date - %s
            WINDOW same AS (PARTITION BY company_id, epc)
             ORDER BY company_id, epc, last_seen DESC, id DESC
            """,
            self._get_recent_days(),
        )

    @api.model
    def _get_recent_days(self):
        """Return how many days before today are looked at."""
        return 7
