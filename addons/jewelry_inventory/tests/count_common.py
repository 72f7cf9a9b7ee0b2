from contextlib import contextmanager
from datetime import timedelta
from itertools import count as numbers

from freezegun import freeze_time

from odoo import Command, fields

from .common import JewelryCommon


class CountCommon(JewelryCommon):
    """A case with a tray in it, a safe, three rings in the case, and people who count.

    What is stocked here came before any count: the clock of a count begins an hour later.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.uuids = numbers(1)
        cls.start = fields.Datetime.now() + timedelta(hours=1)
        cls.case = cls._create_place("Case", jewelry_role="sale", barcode="CASE")
        cls.tray = cls._create_place("Tray", location_id=cls.case.id, barcode="TRAY")
        cls.rings = cls._stock_rings(3, cls.case)
        cls.associate = cls._create_user("associate", name="Ann Smith")
        cls.keeper = cls._create_user("keeper", name="Ken Brown")
        cls.manager = cls._create_user("manager", name="May Green")
        cls.owner = cls._create_user("manager", login="owner", name="Olga Orlov")

    # === FACTORIES === #

    @classmethod
    def _stock_rings(cls, number, place, cost=100.0):
        rings = [
            cls._stock_piece(cost=cost, place=place, list_price=250.0) for _turn in range(number)
        ]
        return cls.env["stock.lot"].union(*rings)

    @classmethod
    def _create_count(cls, places=None, kind="cycle", user=None):
        counts = cls.env["jewelry.count"].with_user(user or cls.keeper)
        places = places or cls.case
        return counts.create({"kind": kind, "place_ids": [Command.set(places.ids)]})

    # === ACTIONS === #

    @contextmanager
    def _at(self, minutes):
        """Let the block happen so many minutes after the counts of the test begin."""
        with freeze_time(self.start + timedelta(minutes=minutes)):
            yield

    def _open(self, places=None, kind="cycle", users=None):
        """Return a count that each of the users has joined, as the first of them."""
        users = users or [self.associate]
        count = self._create_count(places, kind)
        with self._at(0):
            for user in users:
                count.with_user(user).get_screen()
        return count.with_user(users[0])

    def _prepare_scan(self, code, place=None, **values):
        defaults = {"uuid": f"scan-{next(self.uuids)}", "age": 0}
        return defaults | {"code": code, "place_id": (place or self.case).id} | values

    def _scan(self, count, pieces, place=None, at=10, **values):
        """Scan pieces, or codes, in a place, at a time; return the answers."""
        codes = pieces if isinstance(pieces, list) else pieces.mapped("name")
        with self._at(at):
            return count.register_scans(
                [self._prepare_scan(code, place, **values) for code in codes]
            )

    def _sign(self, count, *users, at=60):
        with self._at(at):
            for user in users or [count.env.user]:
                count.with_user(user).action_sign()

    def _count(self, pieces, places=None, **values):
        """Return a count that is closed, in which just these pieces were scanned."""
        count = self._open(places)
        self._scan(count, pieces, **values)
        self._sign(count)
        return count.with_user(self.keeper)

    def _move_at(self, at, pieces, source, dest):
        with self._at(at):
            return self._move(pieces, source, dest)

    # === READERS === #

    def _kinds(self, count):
        """Return {piece: kind of its line} of a count that is closed."""
        lines = count.sudo().line_ids
        self.assertEqual(len(lines), len(lines.lot_id), "one line for each piece")
        return {line.lot_id: line.kind for line in lines}

    def _assert_sum(self, count):
        """Assert that the differences are what is between expected and found."""
        lines = count.sudo().line_ids
        difference = sum(line.expected_quantity - line.found_quantity for line in lines)
        self.assertEqual(difference, count.expected_quantity - count.found_quantity)

    def _place(self, piece):
        piece.invalidate_recordset()
        quants = piece.sudo().quant_ids.filtered(lambda quant: quant.quantity > 0)
        return quants.location_id
