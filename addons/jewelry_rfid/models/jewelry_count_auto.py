from datetime import timedelta

from odoo import models
from odoo.tools import SQL

from ..tools import batch as batches
from ..tools.reader_count import WEAKEST, Best

# A chip that is present was read this lately: gateways repeat what stays each minute.
FRESH = timedelta(minutes=15)
ACTIVITY = "mail.mail_activity_data_todo"


class JewelryCountAuto(models.AbstractModel):
    """A count that a smart case makes of itself: of pieces with a tag, by what is present."""

    _name = "jewelry.count.auto"
    _description = "Count That a Case Makes of Itself"

    def _scan_all_present(self, now):
        """Make scans of the chips that are present in the zones of the places."""
        zones = self._get_zones()
        gateway = zones.antenna_ids.reader_id.gateway_id.filtered("user_id")[:1]
        if gateway:
            self._scan_present(gateway, self._read_present(zones, now - FRESH), now)

    def _scan_present(self, gateway, rows, now):
        """Make scans of chips that are present now, as a gateway says.

        :param rows: as of `_read_present`
        :return: as of `_write_scans`
        """
        moment = batches.as_milliseconds(now)
        best = {tag or epc: Best(epc, zone, WEAKEST, moment) for epc, tag, zone in rows}
        return self._write_scans(gateway, best) if best else []

    def _read_present(self, zones, since):
        """Return number, tag, if any, and zone of each chip that is present: what nobody knows is
        present when it was read lately.
        """
        self.env["jewelry.rfid.tag"].flush_model()
        self.env["jewelry.rfid.sighting"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT epc, id, last_zone_id FROM jewelry_rfid_tag
                 WHERE state = 'live' AND is_present AND company_id = %(company)s
                   AND last_zone_id = ANY(%(zones)s) AND last_seen >= %(since)s
                 UNION ALL
                SELECT DISTINCT ON (epc) epc, NULL, zone_id FROM jewelry_rfid_sighting
                 WHERE tag_id IS NULL AND company_id = %(company)s AND day >= %(since)s::date
                   AND zone_id = ANY(%(zones)s) AND last_seen >= %(since)s
                   AND NOT EXISTS (SELECT FROM jewelry_rfid_tag tag
                                    WHERE tag.epc = jewelry_rfid_sighting.epc
                                      AND tag.state = 'live' AND tag.company_id = %(company)s)
                """,
                company=self.company_id.id,
                zones=zones.ids,
                since=since,
            )
        )

    def _get_difference_keys(self):
        """Return what the count found, as lists of kind, piece, and the place it was found in."""
        lines = self.line_ids._filter_differences()
        return {(line.kind, line.lot_id.id, line.found_place_id.id) for line in lines}

    def _get_figures(self):
        """Return the figures of the count for a row of `jewelry.rfid.auto.count`."""
        kinds = self.line_ids.mapped("kind")
        pieces = [("location_id", "child_of", self.place_ids.ids), ("is_piece", "=", True)]
        return {
            "expected": self.expected_quantity,
            "found": self.expected_quantity - kinds.count("missing"),
            "unknown": len(self.scan_ids.filtered(lambda scan: not scan.lot_id)),
            "untagged": self.env["stock.lot"].search_count([*pieces, ("rfid_tag_id", "=", False)]),
        } | {kind: kinds.count(kind) for kind in ("missing", "misplaced", "unexpected")}

    def _remind_of_differences(self):
        """Remind whoever answers for the place, or else the managers."""
        managers = self.env["jewelry.count.tie.out"]._get_managers(self.company_id)
        for user in self.place_ids.count_user_id or managers:
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                ACTIVITY,
                user_id=user.id,
                summary=self.env._(
                    "%(place)s has counted itself, and differs",
                    place=", ".join(self.place_ids.mapped("display_name")),
                ),
            )

    def _withdraw(self):
        """Give up counts that were overtaken by a later one, unless somebody has begun to say why
        things differ.
        """
        for count in self.filtered(lambda count: count.line_ids.write_uid <= self.env.user):
            count._set_state("cancelled")
            count.activity_unlink([ACTIVITY])
