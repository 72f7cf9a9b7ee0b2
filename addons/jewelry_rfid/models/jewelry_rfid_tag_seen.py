from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..mention import Mention
from ..tools import batch, epc
from .jewelry_rfid_tag import LIVE

# A chip that is there is told of each minute by each antenna that reads it.
READ_LATELY = timedelta(minutes=2)
# What is written without the ORM, and read with it.
SEEN_FIELDS = ["last_zone_id", "last_seen", "is_present", "present_since"]


class JewelryRfidTag(models.Model):
    """Where readers last saw a chip, and whether it is still there."""

    _inherit = "jewelry.rfid.tag"

    # A zone that something was seen at is never deleted.
    last_zone_id = Mention(
        comodel_name="jewelry.rfid.zone", string="Seen At", readonly=True, copy=False
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
        tags.filtered(lambda tag: tag.state == LIVE)._adopt_sightings()
        return tags

    # === BUSINESS METHODS === #

    def _set_live(self, tids):
        """Override to say of whom chips were that had been seen before they were live."""
        res = super()._set_live(tids)
        self._adopt_sightings()
        return res

    def _set_ended(self, state, reason):
        """Override: a chip that is no tag any more is nowhere, and nothing is proposed for it."""
        ended = self.filtered(lambda tag: tag.state == LIVE)
        res = super()._set_ended(state, reason)
        self._end_presence()
        self.env["jewelry.rfid.proposal"]._withdraw(ended.lot_id)
        return res

    def _end_presence(self):
        """Note that chips are no longer where they were, and tell whoever looks: no reader would
        tell that they leave.
        """
        # In sudo: whoever ends a tag or a zone writes nothing of what readers see by hand.
        present = self.sudo().filtered("is_present")
        changes = {
            company: [tag._prepare_end() for tag in tags]
            for company, tags in present.grouped("company_id").items()
        }
        present.write({"is_present": False, "present_since": fields.Datetime.now()})
        present.flush_recordset(SEEN_FIELDS)
        for company, gone in changes.items():
            self.sudo()._tell_presence(company, gone)

    def _filter_read_here(self):
        """Return the chips that an antenna read, when they were seen last, which looks at their
        zone still.
        """
        self.env["jewelry.rfid.antenna"].flush_model(["zone_id"])
        self.flush_recordset(SEEN_FIELDS)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT tag.id
                  FROM jewelry_rfid_tag tag
                  JOIN jewelry_rfid_sighting sighting
                    ON sighting.lot_id = tag.lot_id
                   AND sighting.day >= tag.last_seen::date - 1
                   AND sighting.last_seen > tag.last_seen - %s
                  JOIN jewelry_rfid_antenna antenna
                    ON antenna.id = sighting.antenna_id AND antenna.zone_id = tag.last_zone_id
                 WHERE tag.id = ANY(%s)
                """,
                READ_LATELY,
                self.ids,
            )
        )
        return self.browse(key for (key,) in rows)

    def _prepare_end(self):
        """Return that a chip is present no longer, as `_see` does."""
        zone = self.last_zone_id.id
        return {
            "tag": self.id,
            "lot": self.lot_id.id,
            "zone": zone,
            "present": False,
            "zone_before": zone,
            "present_before": True,
        }

    @api.model
    def _tell_presence(self, company, changes):
        """Hook: tell the screens that show where chips are. Rooms add theirs.

        :param changes: as of `_see`
        """
        self.env["jewelry.rfid.wall"]._tell(company, changes)

    def _adopt_sightings(self):
        """Make sightings of numbers that nobody knew those of the tags that have them now."""
        if pairs := self._find_sightings():
            self.env["jewelry.rfid.sighting"]._adopt(pairs)

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
