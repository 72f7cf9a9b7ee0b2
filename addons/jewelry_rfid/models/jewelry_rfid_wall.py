from odoo import api, fields, models
from odoo.tools import SQL

from ..const import WALL_CHANNEL
from ..tools import wall

# So many pictures a tile shows, and so many pieces a message names.
MOST_PICTURES = 6
MOST_NAMED = 8


class JewelryRfidWall(models.AbstractModel):
    """The wall of places: what is in each zone right now. It is told of changes on the bus, once
    for each batch of a gateway.

    It knows numbers, names and pictures of pieces, and nothing that they cost.
    """

    _name = "jewelry.rfid.wall"
    _description = "Wall of Places"

    @api.model
    @api.readonly
    def get_wall(self):
        """Return what the wall shows of the current company.

        :rtype: dict
        :raises AccessError: for anybody but staff
        """
        zones = self.env["jewelry.rfid.zone"].search([("company_id", "=", self.env.company.id)])
        # In sudo: associates may not read every place, and learn here how many pieces it has.
        tallies = self.sudo()._get_tallies(zones.sudo())
        pictures = self._get_pictures(zones)
        watched = self.sudo()._get_watched(zones.sudo())
        notices = self.sudo()._get_notices(self.env.company)
        if not self.env["jewelry.rfid.gateway"].has_access("read"):
            # They see by grey tiles which zones nobody looks at.
            notices["silent"] = 0
        return {
            "company_id": self.env.company.id,
            "company": self.env.company.name,
            "time": fields.Datetime.to_string(fields.Datetime.now()),
            "zones": [
                self._prepare_tile(zone, tallies[zone.id], pictures.get(zone.id, []))
                | {"watched": zone.id in watched}
                for zone in zones
            ],
        } | notices

    @api.model
    def _prepare_tile(self, zone, tally, pictures):
        kinds = dict(zone._fields["kind"]._description_selection(self.env))
        return {
            "id": zone.id,
            "name": zone.name,
            "kind": zone.kind,
            "kind_name": kinds[zone.kind],
            "stored": bool(zone.location_id),
            "present": tally.present,
            "expected": tally.expected,
            "missing": tally.missing,
            "strange": tally.strange,
            "pieces": pictures,
        }

    @api.model
    def _get_tallies(self, zones):
        """Return {id of a zone: Tally}."""
        tags = self.env["jewelry.rfid.tag"]
        tags.flush_model(["lot_id", "state", "last_zone_id", "is_present", "company_id"])
        self.env["stock.lot"].flush_model(["location_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(place.parent_path, ''), seen, SUM(count)::int
                  FROM (SELECT lot.location_id AS location,
                               CASE WHEN tag.is_present THEN tag.last_zone_id END AS seen,
                               COUNT(*) AS count
                          FROM jewelry_rfid_tag tag
                          JOIN stock_lot lot ON lot.id = tag.lot_id
                         WHERE tag.state = 'live' AND tag.company_id = %s
                         GROUP BY 1, 2) counted
                  LEFT JOIN stock_location place ON place.id = location
                 GROUP BY 1, 2
                """,
                self.env.company.id,
            )
        )
        named = [wall.Zone(zone.id, zone.location_id.parent_path or "") for zone in zones]
        return wall.tally(rows, named)

    @api.model
    def _get_pictures(self, zones):
        """Return {id of a zone: the pieces that came last}, in one query for all zones."""
        if not zones:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT last_zone_id, lot_id
                  FROM (SELECT last_zone_id, lot_id,
                               ROW_NUMBER() OVER (
                                   PARTITION BY last_zone_id
                                   ORDER BY present_since DESC NULLS LAST, id DESC
                               ) AS place
                          FROM jewelry_rfid_tag
                         WHERE is_present AND state = 'live' AND last_zone_id = ANY(%s)) newest
                 WHERE place <= %s
                 ORDER BY last_zone_id, place
                """,
                zones.ids,
                MOST_PICTURES,
            )
        )
        named = self._get_pieces([lot for _zone, lot in rows])
        tiles = {}
        for zone, lot in rows:
            if lot in named:
                tiles.setdefault(zone, []).append(named[lot])
        return tiles

    @api.model
    def _get_pieces(self, ids):
        """Return {id: what is shown of a piece} of those that the user may see."""
        lots = self.env["stock.lot"].search([("id", "in", ids)])
        return {
            lot.id: {"id": lot.id, "number": lot.name, "title": lot.product_id.name} for lot in lots
        }

    @api.model
    def _get_watched(self, zones):
        """Return the ids of the zones that a running reader of a running gateway looks at."""
        return set(zones.antenna_ids._filter_running().zone_id.ids)

    @api.model
    def _get_notices(self, company):
        """Return how many things want somebody's attention."""
        mine = ("company_id", "=", company.id)
        return {
            "elsewhere": self.env["jewelry.rfid.proposal"].search_count(
                [mine, ("state", "=", "open")]
            ),
            "unknown": self.env["jewelry.rfid.unknown"].search_count([mine]),
            "unplaced": self.env["jewelry.rfid.antenna"].search_count(
                [mine, ("zone_id", "=", False), ("reader_id.active", "=", True)]
            ),
            "silent": self.env["jewelry.rfid.gateway"].search_count(
                [mine, ("state", "=", "silent")]
            ),
        }

    # === BUS === #

    @api.model
    def _tell(self, company, changes):
        """Tell whoever looks at the wall what a batch has changed, in one message.

        :param changes: as of `jewelry.rfid.tag._see`
        """
        moved = [change for change in changes if self._is_change(change)]
        if moved:
            message = self._prepare_message(company, moved)
            self.env["bus.bus"]._sendone((company, WALL_CHANNEL), WALL_CHANNEL, message)

    @api.model
    def _is_change(self, change):
        was = change["present_before"] and change["zone_before"]
        return was != (change["present"] and change["zone"])

    @api.model
    def _prepare_message(self, company, changes):
        came, left = {}, {}
        for change in changes:
            if change["present"]:
                came.setdefault(change["zone"], []).append(change["lot"])
            if change["present_before"]:
                left.setdefault(change["zone_before"], []).append(change["lot"])
        zones = sorted(came.keys() | left.keys())
        named = [lots[:MOST_NAMED] for each in (came, left) for lots in each.values()]
        pieces = self._get_pieces(sorted(set().union(*named)))
        present = self._count_present(zones)
        return {
            "company_id": company.id,
            "time": fields.Datetime.to_string(fields.Datetime.now()),
            "zones": [
                {
                    "id": zone,
                    "present": present.get(zone, 0),
                    "came": self._prepare_named(came.get(zone, []), pieces),
                    "came_count": len(came.get(zone, [])),
                    "left": self._prepare_named(left.get(zone, []), pieces),
                    "left_count": len(left.get(zone, [])),
                }
                for zone in zones
            ],
        }

    @api.model
    def _prepare_named(self, lots, pieces):
        return [pieces[lot] for lot in lots[:MOST_NAMED] if lot in pieces]

    @api.model
    def _count_present(self, zones):
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT last_zone_id, COUNT(*) FROM jewelry_rfid_tag
                     WHERE last_zone_id = ANY(%s) AND is_present AND state = 'live'
                     GROUP BY last_zone_id
                    """,
                    zones,
                )
            )
        )
