"""What the wall of places shows, counted without a database."""

from collections import Counter
from typing import NamedTuple


class Zone(NamedTuple):
    """A zone, and the path of its place; "" where nothing is stored."""

    id: int
    path: str


class Tally(NamedTuple):
    """How many pieces a zone has: present, expected by the books, and expected and present."""

    present: int
    expected: int
    home: int

    @property
    def missing(self):
        """How many should be there, and are not."""
        return self.expected - self.home

    @property
    def strange(self):
        """How many are there, and should not be."""
        return self.present - self.home


def find_home(path, zones):
    """Return the id of the zone that stands nearest above a place, or None.

    :param str path: path of the place, such as "1/7/8/"
    """
    above = [zone for zone in zones if zone.path and path.startswith(zone.path)]
    nearest = max(above, key=lambda zone: (len(zone.path), -zone.id), default=None)
    return nearest and nearest.id


def tally(rows, zones):
    """Return {id of a zone: Tally}.

    :param rows: pieces with a live tag, as lists of path of their place, id of the zone that they
        are present in, or None, and how many there are of them
    """
    homes = {path: find_home(path, zones) for path, _seen, _count in rows}
    present, expected, home = Counter(), Counter(), Counter()
    for path, seen, count in rows:
        present[seen] += count
        expected[homes[path]] += count
        home[seen] += count if seen == homes[path] else 0
    return {zone.id: Tally(present[zone.id], expected[zone.id], home[zone.id]) for zone in zones}
