from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import COUNT_CHANNEL
from ..tools import batch as batches
from ..tools import reader_count as rules
from .jewelry_count_scan import READER_PREFIX

# A chip that is told of this lately is there now: gateways repeat what stays each minute.
TOLD_WITHIN = timedelta(minutes=1)


class JewelryCountReading(models.AbstractModel):
    """How what readers see becomes scans, in the transaction of the batch that brings it."""

    _name = "jewelry.count.reading"
    _description = "Reading for a Count"

    @api.model
    def _take_sightings(self, gateway, rows, zones, tags):
        """Make scans of what a batch brings for the counts that are open.

        :param rows: sightings, as of `tools.batch`
        :param dict zones: {(code of a reader, port): id of a zone, or None}
        :param dict tags: {EPC: id of the live tag}
        """
        news = {}
        for count in self._find_read(gateway):
            if came := count._take(gateway, rows, zones, tags):
                news[count.id] = came
        if news:
            self._tell(gateway.company_id, news)

    @api.model
    def _find_read(self, gateway):
        """Return the open counts that a gateway counts for: one query, where there is none."""
        device = gateway.user_id.id
        self.flush_model(["state", "is_by_readers", "company_id"])
        self.env["jewelry.count.part"].flush_model(["count_id", "user_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT count.id FROM jewelry_count count
                  JOIN jewelry_count_part part ON part.count_id = count.id AND part.user_id = %s
                 WHERE count.is_by_readers AND count.state = 'open' AND count.company_id = %s
                 ORDER BY count.id
                """,
                device,
                gateway.company_id.id,
            )
        )
        return self.browse(key for (key,) in rows)

    def _take(self, gateway, rows, zones, tags):
        """Make scans of what a batch brings for this count, and return how many chips are new, or
        None when it brings nothing.
        """
        counted = set(self._get_zones().ids)
        zones = {pair: zone for pair, zone in zones.items() if zone in counted}
        since = batches.as_milliseconds(self.readers_date)
        gone = self._take_back(rules.find_left(rows, zones, tags, since))
        best = rules.find_strongest(rows, zones, tags, since)
        changed = self._write_scans(gateway, best) if best else []
        if not changed and not gone:
            return None
        came = sum(is_new for (is_new,) in changed)
        self._note_readings(gateway, came - gone)
        return came

    @api.model
    def _get_counting_time(self, gateway):
        """Return when readers began the latest count that a gateway counts for, in milliseconds, or
        None. What is present it then tells at once.
        """
        begun = self._find_read(gateway).mapped("readers_date")
        return batches.as_milliseconds(max(begun)) if begun else None

    def _begin_with_present(self):
        """Count at once what lies before running readers, and would be told again within a minute.

        No reading from before the count is a scan. That a chip is present is no such reading: it
        is what readers say of this moment, as long as they have told of the chip a minute ago at
        most and not that it has left. One that left just before, of which the gateway waits
        whether it comes back, is taken back as soon as its leave is told (`_take_back`).
        """
        now = self.readers_date
        running = self._get_zones().antenna_ids._filter_running()
        for gateway, antennas in running.grouped(lambda each: each.reader_id.gateway_id).items():
            present = self._read_present(antennas.zone_id, now - TOLD_WITHIN)
            # A number that nobody knows is no difference: it waits until it is read again.
            known = [(epc, tag, zone) for epc, tag, zone in present if tag]
            changed = self._scan_present(gateway, known, now)
            self._note_readings(gateway, sum(is_new for (is_new,) in changed))

    def _take_back(self, left):
        """Forget the scans of chips that were held for present, and were not read since.

        :param left: pairs of tag and zone
        :return: how many they were
        """
        if not left:
            return 0
        tags, zones = map(list, zip(*left, strict=True))
        scans = self.env["jewelry.count.scan"]
        scans.flush_model()
        gone = self.env.execute_query(
            SQL(
                """
                DELETE FROM jewelry_count_scan scan
                 USING unnest(%s::int[], %s::int[]) AS gone (tag_id, zone_id)
                  JOIN jewelry_rfid_tag tag ON tag.id = gone.tag_id
                 WHERE scan.count_id = %s AND scan.is_by_reader AND scan.rssi IS NULL
                   AND scan.lot_id = tag.lot_id AND scan.rfid_zone_id = gone.zone_id
                   AND scan.scan_date = %s
                RETURNING scan.id
                """,
                tags,
                zones,
                self.id,
                self.readers_date,
            )
        )
        scans.invalidate_model()
        self.invalidate_recordset(["scan_ids"])
        return len(gone)

    def _note_last_readings(self):
        """Let the scans of readers be of when they read each chip last where they have it, and not
        first: books that have moved a piece meanwhile say what readers did not see.
        """
        scans = self.env["jewelry.count.scan"]
        scans.flush_model()
        self.env.execute_query(
            SQL(
                """
                UPDATE jewelry_count_scan scan
                   SET scan_date = date_trunc('second', reading.last)
                  FROM (SELECT own.id, MAX(sighting.last_seen) AS last
                          FROM jewelry_count_scan own
                          JOIN jewelry_rfid_sighting sighting
                            ON sighting.lot_id = own.lot_id
                           AND sighting.zone_id = own.rfid_zone_id
                           AND sighting.day >= own.scan_date::date
                           AND sighting.last_seen > own.scan_date
                         WHERE own.count_id = %s AND own.is_by_reader
                         GROUP BY own.id) reading
                 WHERE scan.id = reading.id
                RETURNING scan.id
                """,
                self.id,
            )
        )
        scans.invalidate_model(["scan_date"])

    def _write_scans(self, gateway, best):
        """Write the scans of chips, in the order of their numbers: two gateways then never wait
        for each other in a circle.

        :param dict best: as of `tools.reader_count.find_strongest`
        :return: for each scan that was made or changed, whether it is new
        """
        tags = [key if isinstance(key, int) else None for key in best]
        columns = {
            "epc": ("varchar", [each.epc for each in best.values()]),
            "tag": ("int", tags),
            "zone": ("int", [each.zone for each in best.values()]),
            "rssi": ("float8", [each.rssi for each in best.values()]),
            "last": ("bigint", [each.last for each in best.values()]),
        }
        arrays = SQL(", ").join(
            SQL(f"%s::{kind}[]", batches.as_array(values))  # pylint: disable=sql-injection
            for kind, values in columns.values()
        )
        scans = self.env["jewelry.count.scan"]
        scans.flush_model()
        query = self._get_scan_query(gateway, arrays, columns)
        changed = self.env.execute_query(query)
        scans.invalidate_model()
        self.invalidate_recordset(["scan_ids", "unknown_scan_ids"])
        return changed

    def _get_scan_query(self, gateway, arrays, columns):
        """Return the query that makes scans, and lets the stronger zone win."""
        return SQL(
            """
            INSERT INTO jewelry_count_scan AS old (
                uuid, count_id, user_id, scan_date, code, place_id, lot_id, quantity, stone_count,
                is_late, is_undo_late, is_foreign, is_by_reader, rfid_zone_id, rssi,
                create_uid, create_date, write_uid, write_date
            )
            %(rows)s
            ON CONFLICT (uuid) DO UPDATE
               SET rssi = EXCLUDED.rssi,
                   rfid_zone_id = EXCLUDED.rfid_zone_id,
                   place_id = EXCLUDED.place_id,
                   scan_date = CASE WHEN old.rfid_zone_id = EXCLUDED.rfid_zone_id
                       THEN old.scan_date ELSE EXCLUDED.scan_date END,
                   lot_id = COALESCE(old.lot_id, EXCLUDED.lot_id)
             WHERE %(wins)s
            RETURNING (xmax = 0)
            """,
            rows=self._get_scan_rows(gateway, arrays, columns),
            wins=self._get_winning(),
        )

    def _get_scan_rows(self, gateway, arrays, columns):
        """Return the query of what was read, as rows of scans."""
        return SQL(
            """
            SELECT %(prefix)s || COALESCE(tag.epc, new.epc), %(count)s, %(user)s,
                   date_trunc('second', to_timestamp(last / 1000.0) AT TIME ZONE 'UTC'),
                   COALESCE(tag.epc, new.epc), zone.location_id, tag.lot_id,
                   CASE WHEN lot.is_piece OR lot.id IS NULL THEN 1 ELSE 0 END, 0,
                   FALSE, FALSE, FALSE, TRUE, zone.id, NULLIF(new.rssi, %(weakest)s),
                   %(user)s, now() AT TIME ZONE 'UTC', %(user)s, now() AT TIME ZONE 'UTC'
              FROM unnest(%(arrays)s) AS new (%(names)s)
              JOIN jewelry_rfid_zone zone ON zone.id = new.zone
              LEFT JOIN jewelry_rfid_tag tag ON tag.id = new.tag AND tag.company_id = %(company)s
              LEFT JOIN stock_lot lot ON lot.id = tag.lot_id
             ORDER BY 1
            """,
            prefix=f"{READER_PREFIX}{self.id}:",
            count=self.id,
            user=gateway.user_id.id,
            company=gateway.company_id.id,
            weakest=rules.WEAKEST,
            arrays=arrays,
            names=SQL(", ").join(map(SQL.identifier, columns)),
        )

    @api.model
    def _get_winning(self):
        """Return the condition under which what is read now counts, and not what was read before:
        a stronger signal, another zone once the first has not read the chip for as long as fields
        overlap, or a number that somebody has entered meanwhile.
        """
        return SQL(
            """
            (COALESCE(EXCLUDED.rssi, %(weakest)s) > COALESCE(old.rssi, %(weakest)s)
             AND EXCLUDED.scan_date > old.scan_date - %(overlap)s * INTERVAL '1 second')
            OR (old.rfid_zone_id IS DISTINCT FROM EXCLUDED.rfid_zone_id
                AND EXCLUDED.scan_date > old.scan_date + %(overlap)s * INTERVAL '1 second'
                AND NOT EXISTS (
                    SELECT FROM jewelry_rfid_sighting sighting
                     WHERE sighting.lot_id = old.lot_id
                       AND sighting.day >= EXCLUDED.scan_date::date - 1
                       AND sighting.zone_id = old.rfid_zone_id
                       AND sighting.last_seen
                           > EXCLUDED.scan_date - %(overlap)s * INTERVAL '1 second'))
            OR (old.lot_id IS NULL AND EXCLUDED.lot_id IS NOT NULL)
            """,
            weakest=rules.WEAKEST,
            overlap=rules.OVERLAP // batches.SECOND,
        )

    def _note_readings(self, gateway, came):
        """Write down that a gateway has counted. The close takes the parts as well, so that it and
        a batch never miss each other.
        """
        part = self.part_ids.filtered(lambda part: part.user_id == gateway.user_id)
        part.write({"scan_count": part.scan_count + came, "scan_date": fields.Datetime.now()})

    @api.model
    def _tell(self, company, news):
        """Tell whoever looks at a count that a batch has come, in one message. What is expected is
        not in it: who may know, asks for it.

        :param dict news: {id of a count: how many chips are new}
        """
        message = {
            "company_id": company.id,
            "counts": [{"id": count, "came": came} for count, came in news.items()],
        }
        self.env["bus.bus"]._sendone((company, COUNT_CHANNEL), COUNT_CHANNEL, message)
