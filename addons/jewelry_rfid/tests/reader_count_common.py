"""What tests of counts by readers share."""

from odoo import Command, fields

from ..tools.batch import SECOND
from .reader_common import ReaderCommon


class ReaderCountCommon(ReaderCommon):
    """People who count, four tagged rings in the case and one in the window; the readers begin a
    minute before now.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = {"associate": "Ann Smith", "keeper": "Ken Brown", "manager": "May Green"}
        cls.associate, cls.keeper, cls.manager = (
            cls._create_user(role, name=name) for role, name in names.items()
        )
        cls.tags = [cls._create_tag(number) for number in range(1, 5)]
        cls.stray = cls._create_tag(9, place=cls.window)
        # They came long before any count.
        lots = cls.stray.lot_id.union(*(tag.lot_id for tag in cls.tags))
        lines = cls.env["stock.move.line"].search([("lot_id", "in", lots.ids)])
        lines.date = fields.Datetime.subtract(fields.Datetime.now(), days=1)

    def setUp(self):
        super().setUp()
        self.now = self.gateway._get_time()

    # === FACTORIES === #

    def _create_count(self, places=None, user=None, **values):
        counts = self.env["jewelry.count"].with_user(user or self.associate)
        places = places or self.case
        values = {"kind": "cycle", "company_id": self.company.id} | values
        return counts.create(values | {"place_ids": [Command.set(places.ids)]})

    def _start(self, places=None, user=None):
        """Return a count that readers count since a minute ago, as who let them begin."""
        count = self._create_count(places, user)
        count.action_count_by_readers()
        begun = fields.Datetime.subtract(fields.Datetime.now(), minutes=1)
        count.sudo().write({"start_date": begun, "readers_date": begun})
        self.now = self.gateway._get_time()
        return count

    # === ACTIONS === #

    def _read_tags(self, *tags, ago=10, **values):
        """Let readers see tags, in one batch."""
        return self._send(*(self._row(tag, ago=ago, **values) for tag in tags))

    def _scan_by_hand(self, count, user, *pieces, place=None):
        count = count.with_user(user)
        count.get_screen()
        place = place or self.case
        return count.register_scans(
            [
                {"uuid": f"hand-{user.id}-{piece.id}", "code": piece.name, "place_id": place.id}
                for piece in pieces
            ]
        )

    # === READERS === #

    def _get_scans(self, count):
        return count.sudo().scan_ids

    def _get_place_of(self, count, tag):
        """Return where a count has a chip, and assert that it is one scan."""
        scans = self._get_scans(count).filtered(lambda scan: scan.lot_id == tag.lot_id)
        self.assertEqual(len(scans), 1)
        return scans.place_id

    def _get_live(self, count, user=None):
        return count.with_user(user or self.manager).get_live()

    def _get_kinds(self, count):
        return {line.lot_id: line.kind for line in count.sudo().line_ids}

    def _ms(self, seconds):
        return self.now - seconds * SECOND
