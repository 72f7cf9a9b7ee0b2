from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import reader_count as rules

# So many pieces of a kind the screen names, and so many numbers that nobody knows.
MOST_NAMED = 60
OVER = ("done", "cancelled")
NAMED_KINDS = ("missing", "misplaced", "unexpected")


class JewelryCountLive(models.AbstractModel):
    """What the live screen shows of a count by readers.

    Who counts learns how much was read, and where. Only a manager who has not scanned by hand
    learns what is missing, and scans by hand no more.
    """

    _name = "jewelry.count.live"
    _description = "Live Screen of a Count"

    # === ACTION METHODS === #

    def get_live(self):
        """Return what the live screen shows to this user.

        :rtype: dict
        :raises AccessError: for whoever may not read the count
        """
        self.ensure_one()
        self.check_access("read")
        is_told = self._may_see_missing()
        if is_told:
            self._note_shown()
        # In sudo: scans of others are counted here, and named only to whoever may know.
        count = self.sudo()
        numbers = rules.tally(count._read_numbers())
        unknown = Domain("count_id", "=", self.id) & Domain(self._get_unknown_domain())
        live = count._prepare_live() | {
            "is_told": is_told,
            "can_sign": self._can_sign(),
            "read": numbers["read"],
            "unknown": count.env["jewelry.count.scan"].search_count(unknown),
            "places": count._prepare_live_places(numbers["places"], is_told),
        }
        if is_told:
            names = ("expected", "found", "missing", "misplaced", "unexpected", "untagged")
            live |= {name: numbers[name] for name in names}
            live |= {"pieces": self._get_named(), "numbers": count._get_unknown(unknown)}
        return live

    # === BUSINESS METHODS === #

    def _may_see_missing(self):
        """Tell whether the user may know what is expected while it is counted."""
        if not self.is_by_readers or self.state in OVER:
            return False
        is_manager = self.env.user.has_group("jewelry_inventory.group_manager")
        return is_manager and not self._find_part().scan_count

    def _note_shown(self):
        # In sudo: the program notes who has seen what was missing.
        if self.env.user not in self.sudo().shown_user_ids:
            self.sudo().shown_user_ids += self.env.user

    def _can_sign(self):
        part = self._find_part()
        return self.state == "open" and bool(part) and not part.close_date

    def _get_unknown_domain(self):
        return [("is_by_reader", "=", True), ("lot_id", "=", False)]

    def _prepare_live(self):
        state = dict(self._fields["state"]._description_selection(self.env))[self.state]
        return {
            "id": self.id,
            "company_id": self.company_id.id,
            "name": self.name,
            "state": self.state,
            "state_name": state,
            "is_by_readers": self.is_by_readers,
            "started": fields.Datetime.to_string(self.readers_date or self.start_date),
            "time": fields.Datetime.to_string(fields.Datetime.now()),
        }

    def _prepare_live_places(self, numbers, is_told):
        """Return a tile for each place in which something was read, or, to whoever may know, is
        expected.
        """
        places = self.env["stock.location"].browse(numbers).sorted("parent_path")
        return [
            {"id": place.id, "name": place.name}
            | (numbers[place.id] if is_told else {"read": numbers[place.id]["read"]})
            for place in places
            if is_told or numbers[place.id]["read"]
        ]

    def _get_judged(self):
        """Return the query of what each piece counts as, by what was frozen when readers began and
        where it was scanned last. Each is in it once.
        """
        return SQL(
            """
            SELECT COALESCE(expected.lot_id, seen.lot_id) AS lot_id,
                   expected.place_id AS home_id, seen.place_id AS seen_id,
                   CASE WHEN seen.lot_id IS NULL THEN 'missing'
                        WHEN starts_with(home.parent_path, place.parent_path) THEN 'found'
                        WHEN home.usage IN ('internal', 'transit') THEN 'misplaced'
                        ELSE 'unexpected' END AS kind
              FROM (SELECT DISTINCT ON (scan.lot_id) scan.lot_id, scan.place_id, lot.location_id
                      FROM jewelry_count_scan scan
                      JOIN stock_lot lot ON lot.id = scan.lot_id AND lot.is_piece
                     WHERE scan.count_id = %(count)s AND scan.quantity > 0
                       AND scan.is_late IS NOT TRUE
                       AND (scan.undo_date IS NULL OR scan.is_undo_late)
                     ORDER BY scan.lot_id, scan.scan_date DESC, scan.id DESC) seen
              FULL JOIN (SELECT lot_id, place_id FROM jewelry_rfid_expected
                          WHERE count_id = %(count)s) expected ON expected.lot_id = seen.lot_id
              LEFT JOIN stock_location home
                ON home.id = COALESCE(expected.place_id, seen.location_id)
              LEFT JOIN stock_location place ON place.id = seen.place_id
            """,
            count=self.id,
        )

    def _read_numbers(self):
        """Return how many pieces are what, as `tools.reader_count.tally` takes them."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT kind, home_id, seen_id, tag.id IS NOT NULL, COUNT(*)
                  FROM (%s) judged
                  LEFT JOIN jewelry_rfid_tag tag
                    ON tag.lot_id = judged.lot_id AND tag.state = 'live'
                   AND judged.kind = 'missing'
                 GROUP BY 1, 2, 3, 4
                """,
                self._get_judged(),
            )
        )

    def _read_named(self):
        """Return the first pieces of each kind that wants somebody's attention."""
        return self.env.execute_query(
            SQL(
                """
                SELECT kind, lot_id, home_id, seen_id
                  FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY kind ORDER BY lot_id) AS place
                          FROM (%s) judged WHERE kind IN %s) few
                 WHERE place <= %s
                 ORDER BY lot_id
                """,
                self._get_judged(),
                NAMED_KINDS,
                MOST_NAMED,
            )
        )

    def _get_named(self):
        """Return {kind: what the screen shows of its pieces}, of those that the user may see."""
        rows = self.sudo()._read_named()
        lots = self.env["stock.lot"].search([("id", "in", [row[1] for row in rows])])
        places = self.env["stock.location"].browse({key for row in rows for key in row[2:] if key})
        # In sudo: where a piece lies is told, whatever else of the place may be read.
        names = {place.id: place.name for place in places.sudo()}
        named = {kind: [] for kind in NAMED_KINDS}
        shown = {lot.id: self._prepare_named(lot) for lot in lots}
        for kind, lot, home, seen in rows:
            if lot in shown:
                where = {"home": names.get(home, ""), "place": names.get(seen, "")}
                named[kind].append(shown[lot] | where)
        return named

    def _prepare_named(self, lot):
        return {
            "id": lot.id,
            "number": lot.name,
            "title": lot.product_id.name,
            "has_tag": bool(lot.rfid_tag_id),
            "zone": (lot.rfid_present and lot.rfid_zone_id.name) or "",
        }

    def _get_unknown(self, domain):
        """Return the numbers that no tag of ours has, and where they were read."""
        scans = self.env["jewelry.count.scan"].search(domain, limit=MOST_NAMED, order="id")
        return [{"code": scan.code, "place": scan.place_id.name} for scan in scans]
