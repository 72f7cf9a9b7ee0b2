from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import batch, epc

# What is written without the ORM, and read with it.
SEEN_FIELDS = ["last_zone_id", "last_seen", "is_present", "present_since"]


class JewelryRfidTag(models.Model):
    """Where readers last saw a chip, and whether it is still there."""

    _inherit = "jewelry.rfid.tag"

    last_zone_id = fields.Many2one(
        comodel_name="jewelry.rfid.zone",
        string="Seen At",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    last_seen = fields.Datetime(readonly=True, copy=False)
    is_present = fields.Boolean(
        string="Present",
        readonly=True,
        copy=False,
        help="It was there when the readers last looked, and nobody saw it leave.",
    )
    present_since = fields.Datetime(
        string="Since", readonly=True, copy=False, help="When it came there, or left."
    )

    def init(self):
        """Leave room on each page, of which one batch may change each row: what readers see is in
        no index, and such a row is written beside the old one.
        """
        res = super().init()
        self.env.cr.execute(
            SQL("ALTER TABLE %s SET (fillfactor = 50)", SQL.identifier(self._table))
        )
        return res

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override to say of whom chips were that had been seen before they got a piece."""
        tags = super().create(vals_list)
        tags._adopt_sightings()
        return tags

    # === BUSINESS METHODS === #

    def _adopt_sightings(self):
        """Make sightings of numbers that nobody knew those of the tags that have them now."""
        pairs = self._find_sightings()
        if not pairs:
            return
        self.env.execute_query(
            SQL(
                """
                UPDATE jewelry_rfid_sighting sighting
                   SET tag_id = tag.id, lot_id = tag.lot_id
                  FROM unnest(%s::varchar[], %s::int[]) AS pair (epc, tag_id)
                  JOIN jewelry_rfid_tag tag ON tag.id = pair.tag_id
                 WHERE sighting.tag_id IS NULL
                   AND sighting.company_id = tag.company_id
                   AND sighting.epc = pair.epc
                RETURNING sighting.id
                """,
                *map(list, zip(*pairs, strict=True)),
            )
        )
        self.env["jewelry.rfid.sighting"].invalidate_model(["tag_id", "lot_id"])

    def _find_sightings(self):
        """Return pairs of a number that readers saw and nobody knew, and the tag that has it: some
        readers add zeros.
        """
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT sighting.epc, tag.id, tag.epc
                  FROM jewelry_rfid_tag tag
                  JOIN jewelry_rfid_sighting sighting
                    ON sighting.company_id = tag.company_id
                   AND sighting.tag_id IS NULL
                   AND rtrim(sighting.epc, '0') = rtrim(tag.epc, '0')
                 WHERE tag.id = ANY(%s)
                """,
                self.ids,
            )
        )
        return [(seen, tag) for seen, tag, number in rows if number in epc.find_forms(seen)]

    @api.model
    def _see(self, company, news):
        """Note where chips are now. What was seen later is never changed by what was seen before.

        :param company: whose tags count; a tag of another store is none here
        :param news: lists of id of a tag, zone, time in milliseconds, and whether it left
        :return: for each tag that changed or was confirmed a dict of tag, lot, zone, whether it is
            present, and zone and presence before
        """
        if not news:
            return []
        self.flush_model([*SEEN_FIELDS, "lot_id", "company_id"])
        tags, zones, times, leaves = map(list, zip(*news, strict=True))
        rows = self.env.execute_query(self._get_seen_update(company, tags, zones, times, leaves))
        self.invalidate_model(SEEN_FIELDS)
        names = ("tag", "lot", "zone", "present", "zone_before", "present_before")
        return [dict(zip(names, row, strict=True)) for row in rows]

    @api.model
    def _get_seen_update(self, company, tags, zones, times, leaves):
        """Return the query that notes it. Rows are locked in the order of their ids."""
        return SQL(
            """
            WITH news AS (
                SELECT tag_id, zone_id, leaves,
                       to_timestamp(at / 1000.0) AT TIME ZONE 'UTC' AS seen
                  FROM unnest(%s::int[], %s::int[], %s::bigint[], %s::bool[])
                       AS new (tag_id, zone_id, at, leaves)
            ), held AS (
                SELECT tag.id, tag.last_zone_id AS zone_id, tag.last_seen AS seen,
                       COALESCE(tag.is_present, FALSE) AS is_present
                  FROM jewelry_rfid_tag tag
                 WHERE tag.id IN (SELECT tag_id FROM news)
                   AND tag.company_id = %s
                 ORDER BY tag.id
                   FOR NO KEY UPDATE
            )
            UPDATE jewelry_rfid_tag tag
               SET last_zone_id = news.zone_id,
                   last_seen = news.seen,
                   is_present = NOT news.leaves,
                   present_since = CASE
                       WHEN held.zone_id = news.zone_id AND held.is_present = NOT news.leaves
                       THEN tag.present_since ELSE news.seen END
              FROM held
              JOIN news ON news.tag_id = held.id
             WHERE tag.id = held.id
               AND (held.seen IS NULL OR held.seen < news.seen
                    OR (held.seen = news.seen AND news.leaves))
               AND NOT (news.leaves AND held.is_present AND held.zone_id != news.zone_id)
            RETURNING tag.id, tag.lot_id, tag.last_zone_id, tag.is_present,
                      held.zone_id, held.is_present
            """,
            *(batch.as_array(column) for column in (tags, zones, times, leaves)),
            company.id,
        )
