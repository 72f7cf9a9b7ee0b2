from odoo import api, fields, models
from odoo.tools import SQL

from ..const import KEEP_DAYS, KEEP_PARAMETER
from ..mention import Mention
from ..tools import batch as rules


class JewelryRfidSighting(models.Model):
    """All that an antenna saw of a chip on one day: one row, however often it was read, for each
    piece that the chip hung on.

    The day is part of the key, so that the table can be cut into days. No row is written by the
    ORM, and none says who wrote it.
    """

    _name = "jewelry.rfid.sighting"
    _description = "RFID Sighting"
    _order = "day desc, id desc"
    _rec_name = "epc"
    _log_access = False

    day = fields.Date(required=True, readonly=True, help="By universal time.")
    epc = fields.Char(string="EPC", required=True, readonly=True)
    tid = fields.Char(string="TID", readonly=True)
    antenna_id = fields.Many2one(
        comodel_name="jewelry.rfid.antenna",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    # Neither tags nor pieces are ever deleted, nor a zone that antennas have looked at, nor a
    # company that has antennas.
    zone_id = Mention(
        comodel_name="jewelry.rfid.zone", readonly=True, help="What the antenna looked at then."
    )
    tag_id = Mention(
        comodel_name="jewelry.rfid.tag",
        readonly=True,
        help="Empty: no live tag has this number.",
    )
    lot_id = Mention(
        comodel_name="stock.lot",
        string="Piece",
        readonly=True,
        help="What the tag hung on then.",
    )
    company_id = Mention(comodel_name="res.company", required=True, readonly=True)
    first_seen = fields.Datetime(required=True, readonly=True)
    last_seen = fields.Datetime(required=True, readonly=True)
    reads = fields.Integer(readonly=True)
    visits = fields.Integer(
        readonly=True, help="How often it came here, as opposed to staying here."
    )
    rssi = fields.Float(string="Best Signal (dBm)", digits=(16, 1), readonly=True, aggregator="max")

    # Few, because each makes each new row slower, and none on a column that every reading changes:
    # such a row is then written beside the old one, and no index is touched.
    _key_unique = models.UniqueIndex("(day, epc, antenna_id, (COALESCE(lot_id, 0)))")
    _lot_index = models.Index("(lot_id, day) WHERE lot_id IS NOT NULL")
    _unknown_index = models.Index("(company_id, day, epc) WHERE tag_id IS NULL")

    def init(self):
        """Leave room on each page: one batch may change each row on it."""
        self.env.cr.execute(
            SQL("ALTER TABLE %s SET (fillfactor = 50)", SQL.identifier(self._table))
        )

    # === BUSINESS METHODS === #

    @api.model
    def _get_keep_days(self):
        """Return for how many days sightings are kept."""
        # In sudo: how long is no secret.
        value = self.env["ir.config_parameter"].sudo().get_param(KEEP_PARAMETER, "")
        return int(value) if value.isdigit() and int(value) > 0 else KEEP_DAYS

    @api.model
    def _record(self, gateway, rows, antennas):
        """Write down what was seen, and what follows from it for the pieces.

        :param rows: sightings, as of `tools.batch`
        :param dict antennas: {(code of a reader, port): antenna}
        """
        if not rows:
            return
        company = gateway.company_id
        zones = {pair: antenna._get_zone().id or None for pair, antenna in antennas.items()}
        tags = self._find_tags({row.epc for row in rows})
        self._upsert(gateway, [*rules.fold(rows).items()], antennas, zones, tags)
        self.env["jewelry.rfid.watch"]._tell(company, rows, antennas, tags)
        events = [row for row in rows if row.kind != rules.SIGNAL]
        self.env["jewelry.count"]._take_sightings(gateway, events, zones, tags)
        news = [
            (tag, zones[row.reader, row.antenna], row.last, row.kind == "leave")
            for tag, row in rules.find_latest(events, zones, tags).items()
        ]
        changes = self.env["jewelry.rfid.tag"]._see(company, news)
        self._follow(company, events, zones, tags, changes)

    @api.model
    def _follow(self, company, rows, zones, tags, changes):
        """Do what follows from a batch for the pieces, in its transaction.

        :param rows: sightings, as of `tools.batch`
        :param dict zones: {(code of a reader, port): id of a zone, or None}
        :param dict tags: {EPC: id of a live tag}
        :param changes: as of `jewelry.rfid.tag._see`
        """
        self.env["jewelry.rfid.proposal"]._propose(changes)
        self.env["jewelry.rfid.tag"]._tell_presence(company, changes)
        self.env["jewelry.rfid.alarm"]._raise(company, rows, zones, tags)

    @api.model
    def _find_tags(self, epcs):
        """Return {EPC: id of the live tag}. Whether it is of the company, the queries ask."""
        tags = self.env["jewelry.rfid.tag"]._find_by_epc(sorted(epcs))
        return {epc: tag.id for epc, tag in tags.items()}

    @api.model
    def _upsert(self, gateway, seen, antennas, zones, tags):
        """Add what was seen to the rows of its day, in the order of the key: two transactions
        then never wait for each other.

        :param seen: pairs, as of `tools.batch.fold`
        :param dict antennas: {(code of a reader, port): antenna}
        :param dict zones: {(code of a reader, port): id of a zone, or None}
        :param dict tags: {EPC: id of a tag}
        """
        ids = {pair: antenna.id for pair, antenna in antennas.items()}
        columns = {
            "day": ("int", [key[0] for key, _seen in seen]),
            "epc": ("varchar", [key[1] for key, _seen in seen]),
            "antenna": ("int", [ids[key[2:]] for key, _seen in seen]),
            "zone": ("int", [zones[key[2:]] for key, _seen in seen]),
            "tag": ("int", [tags.get(key[1]) for key, _seen in seen]),
            "tid": ("varchar", [each.tid for _key, each in seen]),
            "first": ("bigint", [each.first for _key, each in seen]),
            "last": ("bigint", [each.last for _key, each in seen]),
            "reads": ("int", [each.reads for _key, each in seen]),
            "visits": ("int", [each.visits for _key, each in seen]),
            "rssi": ("float8", [each.rssi for _key, each in seen]),
        }
        self.env["jewelry.rfid.tag"].flush_model(["lot_id", "company_id"])
        self.env.cr.execute(self._get_upsert(gateway.company_id, columns))
        self.invalidate_model()

    @api.model
    def _get_upsert(self, company, columns):
        arrays = SQL(", ").join(
            SQL(f"%s::{kind}[]", rules.as_array(values))  # pylint: disable=sql-injection
            for kind, values in columns.values()
        )
        return SQL(
            """
            INSERT INTO jewelry_rfid_sighting AS old (
                day, epc, antenna_id, zone_id, tag_id, lot_id, tid, first_seen, last_seen, reads,
                visits, rssi, company_id
            )
            SELECT DATE '1970-01-01' + day, new.epc, antenna, zone, tag.id, tag.lot_id, new.tid,
                   to_timestamp(first / 1000.0) AT TIME ZONE 'UTC',
                   to_timestamp(last / 1000.0) AT TIME ZONE 'UTC',
                   reads, visits, rssi, %(company)s
              FROM unnest(%(arrays)s) AS new (%(names)s)
              LEFT JOIN jewelry_rfid_tag tag
                ON tag.id = new.tag AND tag.company_id = %(company)s
             ORDER BY day, new.epc, antenna
            %(adding)s
            """,
            company=company.id,
            arrays=arrays,
            names=SQL(", ").join(map(SQL.identifier, columns)),
            adding=self._get_adding(),
        )

    @api.model
    def _get_adding(self):
        """Return what becomes of a new row where there is an `old` one with its key."""
        return SQL(
            """
            ON CONFLICT (day, epc, antenna_id, (COALESCE(lot_id, 0))) DO UPDATE
               SET zone_id = COALESCE(EXCLUDED.zone_id, old.zone_id),
                   tag_id = COALESCE(EXCLUDED.tag_id, old.tag_id),
                   tid = COALESCE(EXCLUDED.tid, old.tid),
                   first_seen = LEAST(old.first_seen, EXCLUDED.first_seen),
                   last_seen = GREATEST(old.last_seen, EXCLUDED.last_seen),
                   reads = LEAST(old.reads::bigint + EXCLUDED.reads, 2147483647)::int,
                   visits = LEAST(old.visits::bigint + EXCLUDED.visits, 2147483647)::int,
                   rssi = GREATEST(old.rssi, EXCLUDED.rssi)
            """
        )

    @api.model
    def _adopt(self, pairs):
        """Make rows of numbers that nobody knew those of tags that have them now. What was seen of
        their pieces on the same day is added up.

        :param pairs: lists of a number as it was seen, and id of the tag that has it
        """
        self.env.cr.execute(
            SQL(
                """
                WITH unknown AS (
                    DELETE FROM jewelry_rfid_sighting sighting
                     USING unnest(%(epcs)s::varchar[], %(tags)s::int[]) AS pair (epc, tag_id)
                      JOIN jewelry_rfid_tag tag ON tag.id = pair.tag_id
                     WHERE sighting.tag_id IS NULL
                       AND sighting.company_id = tag.company_id
                       AND sighting.epc = pair.epc
                    RETURNING sighting.*, tag.id AS adopter_id, tag.lot_id AS piece_id
                )
                INSERT INTO jewelry_rfid_sighting AS old (
                    day, epc, antenna_id, zone_id, tag_id, lot_id, tid, first_seen, last_seen,
                    reads, visits, rssi, company_id
                )
                SELECT day, epc, antenna_id, zone_id, adopter_id, piece_id, tid, first_seen,
                       last_seen, reads, visits, rssi, company_id
                  FROM unknown
                 ORDER BY day, epc, antenna_id
                %(adding)s
                """,
                epcs=[epc for epc, _tag in pairs],
                tags=[tag for _epc, tag in pairs],
                adding=self._get_adding(),
            )
        )
        self.invalidate_model()
