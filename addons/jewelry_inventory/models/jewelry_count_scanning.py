from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import scan as rules

# How many scans the screen lists when it is opened anew.
RECENT = 30
# How many scans may come at once; the screen sends fewer.
LARGEST_BATCH = 1000
LONGEST_CODE = 256
# Of grams, carats or stones. Whatever is more is a code that was scanned into the wrong field.
LARGEST_NUMBER = 1_000_000
# How many people sign: a case is opened and closed by two.
SIGNATURES = {"opening": 2, "closing": 2, "cycle": 1, "full": 1}


class JewelryCountScanning(models.AbstractModel):
    """What the counting screen asks of the server. Nothing of it tells what is expected."""

    _name = "jewelry.count.scanning"
    _description = "Scanning for a Count"

    # === ACTION METHODS === #

    def get_screen(self):
        """Join the count and return what the screen needs to work, also without a network.

        :return: number, kind, state, who counts, places, what they scanned so far
        :rtype: dict
        """
        self._start()
        part = self._join()
        scans = self._get_own_scans()
        seen = self._get_seen_before(scans[:RECENT])
        return {
            "id": self.id,
            "name": self.name,
            "kind": dict(self._fields["kind"]._description_selection(self.env))[self.kind],
            "state": self.state,
            "user": self.env.user.name,
            "initials": part.initials,
            "signed": bool(part.close_date),
            "places": self._get_screen_places(),
            "recent": [scan._prepare_answer(seen) for scan in scans[:RECENT]],
            "codes": [
                [scan.uuid, scan.code, scan.lot_id.name] for scan in reversed(scans._filter_valid())
            ],
        }

    def register_scans(self, scans):
        """Keep scans, each once however often it is sent, and tell what each is.

        :param list scans: dicts of `uuid`, `code`, `place_id`, `age` (milliseconds ago), and where
            they apply `quantity`, `stone_count` and `undone`
        :return: an answer for each, as of `_prepare_answer`
        :raises UserError: for what no screen sends
        """
        self._check_counter()
        self._check_scans(scans)
        part = self._get_part()
        known = self._get_known_scans(scans)
        new = [scan for scan in scans if scan["uuid"] not in known]
        # In sudo: nobody writes a scan by hand.
        created = self.env["jewelry.count.scan"].sudo().create(self._prepare_scans(new))
        records = known | {scan.uuid: scan for scan in created}
        undone = self._undo_scans([records[scan["uuid"]] for scan in scans if scan.get("undone")])
        if created or undone:
            self._note_scans(part, len(created))
        seen = self._get_seen_before(created)
        return [records[scan["uuid"]]._prepare_answer(seen) for scan in scans]

    def action_sign(self):
        """Close one's own part with one's initials; the last one to do so closes the count.

        :return: whether the count is closed
        :raises UserError: when the count is not open
        """
        self._check_counter()
        self._check_state("open")
        self._lock()
        self._get_part().close_date = fields.Datetime.now()
        if self._has_signatures() and all(self._get_signers().mapped("close_date")):
            self._close()
        return self.state == "counted"

    # === BUSINESS METHODS === #

    def _check_counter(self):
        """Refuse whoever may not begin a count: what they read, they do not count.

        :raises AccessError: saying so
        :raises UserError: for no count, or more than one
        """
        if len(self) != 1:
            raise UserError(self.env._("Open one count, and scan there."))
        self.check_access("read")
        self.browse().check_access("create")

    def _join(self):
        """Return the user's part, made at the first time, in sudo."""
        part = self._find_part()
        if part or self.state != "open":
            return part
        # In sudo: people join by opening the screen. Closing waits for whoever is joining.
        self.sudo().join_date = fields.Datetime.now()
        return part.create({"count_id": self.id, "user_id": self.env.uid})

    def _find_part(self):
        # In sudo: it is the user's own.
        return self.sudo().part_ids.filtered(lambda part: part.user_id == self.env.user)

    def _get_part(self):
        """Return the user's part, in sudo.

        :raises UserError: when the user has none
        """
        if part := self._find_part():
            return part
        raise UserError(
            self.env._("You do not take part in %(count)s. Open it first.", count=self.name)
        )

    def _note_scans(self, part, number):
        """Write down that somebody has scanned. The close takes the parts as well, so that it and
        a scan never miss each other.
        """
        vals = {"scan_date": fields.Datetime.now(), "scan_count": part.scan_count + number}
        if self.state == "open":
            # Signed was what had been scanned until then.
            vals["close_date"] = False
        part.write(vals)

    def _get_own_scans(self):
        domain = [("count_id", "=", self.id), ("user_id", "=", self.env.uid)]
        # In sudo: their own, whatever else they may see.
        return self.env["jewelry.count.scan"].sudo().search(domain)

    def _get_screen_places(self):
        places = self._get_places().sorted("parent_path")
        return [
            {"id": place.id, "name": place.display_name, "barcode": place.barcode or ""}
            for place in places.with_context(hierarchical_naming=False)
        ]

    @api.model
    def _check_scans(self, scans):
        """Refuse what no screen sends.

        :raises UserError: when something is missing, too long or too much
        """
        if not isinstance(scans, list) or not all(isinstance(scan, dict) for scan in scans):
            raise UserError(self.env._("Scans come as a list, each with its number and its code."))
        if len(scans) > LARGEST_BATCH:
            raise UserError(
                self.env._("Send no more than %(most)s scans at once.", most=LARGEST_BATCH)
            )
        for scan in scans:
            self._check_scan(scan)

    @api.model
    def _check_scan(self, scan):
        if not all(rules.is_text(scan.get(name), LONGEST_CODE) for name in ("uuid", "code")):
            raise UserError(self.env._("A scan needs a number of its own and a code."))
        age, weight, count = (scan.get(name, 0) for name in ("age", "quantity", "stone_count"))
        if not all(map(rules.is_amount, (age, weight, count))):
            raise UserError(self.env._("A scan cannot have a negative age, weight or count."))
        if max(weight, count) > LARGEST_NUMBER:
            raise UserError(
                self.env._("No goods weigh or count so much. Enter what the scale shows.")
            )
        if count % 1:
            raise UserError(self.env._("Stones are counted whole. Enter 12, not 12.5."))
        if not isinstance(scan.get("undone", False), bool):
            raise UserError(self.env._("A scan was taken back, or it was not."))

    def _get_known_scans(self, scans):
        """Return those of the scans that came in before, by their UUID, in sudo.

        :raises UserError: when one of them is somebody else's
        """
        uuids = [scan["uuid"] for scan in scans]
        known = self.env["jewelry.count.scan"].sudo().search([("uuid", "in", uuids)])
        if any(scan.count_id != self or scan.user_id != self.env.user for scan in known):
            raise UserError(self.env._("These scans belong to another count, or another person."))
        return {scan.uuid: scan for scan in known}

    def _prepare_scans(self, scans):
        """Return the values of new scans."""
        places = self._get_places()
        pieces = self.env["stock.lot"]._get_pieces_by_scan({scan["code"] for scan in scans})
        unknown = [code for code, piece in pieces.items() if not piece]
        foreign = self.env["stock.lot"]._find_foreign_scans(unknown)
        first = {}
        for scan in scans:
            first.setdefault(scan["uuid"], scan)
        return [
            self._prepare_scan(scan, places, pieces[scan["code"]])
            | {"is_foreign": scan["code"] in foreign}
            for scan in first.values()
        ]

    def _prepare_scan(self, scan, places, piece):
        place_id = scan.get("place_id")
        # True is 1 to Python, and no place.
        if type(place_id) is not int or place_id not in places.ids:
            raise UserError(self.env._("This place is not counted in %(count)s.", count=self.name))
        return {
            "uuid": scan["uuid"],
            "count_id": self.id,
            "user_id": self.env.uid,
            "scan_date": self._get_scan_date(scan.get("age", 0)),
            "code": scan["code"],
            "place_id": place_id,
            "lot_id": piece.id,
            "quantity": 1 if piece.is_piece else scan.get("quantity", 0),
            "stone_count": 0 if piece.is_piece else scan.get("stone_count", 0),
            "is_late": self.state != "open",
        }

    def _get_scan_date(self, age):
        """Return when something was scanned so many milliseconds ago: the clock is the server's."""
        now = fields.Datetime.now()
        longest = max(now - self.start_date, timedelta()) if self.start_date else timedelta()
        return now - min(timedelta(milliseconds=min(age, 1e12)), longest)

    @api.model
    def _undo_scans(self, scans):
        """Take back slips and return those that were not yet; what was taken back stays so. After
        the close it changes nothing any more, and is kept for whoever opens the count again.
        """
        slips = self.env["jewelry.count.scan"].sudo().union(*scans)
        slips = slips.filtered(lambda scan: not scan.undo_date)
        slips.undo_date = fields.Datetime.now()
        if self.state != "open":
            slips.filtered(lambda scan: not scan.is_late).is_undo_late = True
        return slips

    def _get_seen_before(self, created):
        """Return the ids of new scans of pieces that had been scanned before, by whomever."""
        lots = created.lot_id.filtered("is_piece")
        domain = Domain("count_id", "=", self.id) & Domain("lot_id", "in", lots.ids)
        others = domain & Domain("undo_date", "=", False)
        first = dict(created._read_group(others, ["lot_id"], ["id:min"]))
        return {scan.id for scan in created if first.get(scan.lot_id, scan.id) < scan.id}

    def _get_signers(self):
        """Hook: return the parts of all who sign before the count closes by itself, in sudo."""
        return self.sudo().part_ids

    def _has_signatures(self):
        """Tell whether as many people signed as the kind of count asks for."""
        return len(self.sudo().part_ids.filtered("close_date")) >= SIGNATURES[self.kind]
