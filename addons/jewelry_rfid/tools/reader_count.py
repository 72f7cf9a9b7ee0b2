"""What readers say in a count: which zone a chip is in, and what its piece counts as.

Times are milliseconds since 1970.
"""

from collections import Counter
from typing import NamedTuple

from .batch import SECOND

#: A chip without a signal loses against any that has one.
WEAKEST = -999.0
#: So long two fields that both read a chip overlap: twice the time in which a gateway repeats
#: itself. A zone that has not read it for longer has lost it.
OVERLAP = 120 * SECOND


class Best(NamedTuple):
    """The zone that a chip is in, its best signal there in dBm, and when it was read there last."""

    epc: str
    zone: int
    rssi: float
    last: int


def find_strongest(rows, zones, tags, since):
    """Return where each chip is, one row for each.

    :param rows: sightings, as of `tools.batch`
    :param dict zones: {(reader, antenna): zone that is counted}; other antennas do not count
    :param dict tags: {EPC: tag}; what readers call by two numbers is one chip
    :param since: what was read before does not count
    :rtype: dict
    :return: {tag, or EPC where no tag is known: Best}
    """
    best = {}
    for row in sorted(rows, key=lambda row: row.last):
        zone = zones.get((row.reader, row.antenna))
        if zone and row.last >= since:
            key = tags.get(row.epc, row.epc)
            rssi = WEAKEST if row.rssi is None else row.rssi
            new = Best(row.epc, zone, rssi, row.last)
            best[key] = _prefer(best[key], new) if key in best else new
    return best


def _prefer(old, new):
    """Return which of two reads of a chip counts: the stronger, unless the first is long past."""
    if old.zone == new.zone:
        return new._replace(rssi=max(old.rssi, new.rssi))
    return new if new.rssi > old.rssi or new.last - old.last > OVERLAP else old


def find_left(rows, zones, tags, since):
    """Return pairs of tag and zone of the chips that left before a moment.

    :param rows: sightings, as of `tools.batch`
    :param dict zones: {(reader, antenna): zone that is counted}; other antennas do not count
    :param dict tags: {EPC: tag}
    """
    return {
        (tags[row.epc], zones[row.reader, row.antenna])
        for row in rows
        if row.kind == "leave"
        and row.last < since
        and row.epc in tags
        and (row.reader, row.antenna) in zones
    }


def tally(rows):
    """Return how many pieces are what, in all and by place.

    :param rows: lists of kind, place by the books when the count began or None, place that it was
        seen in or None, whether it has a tag, and how many pieces
    :rtype: dict
    """
    kinds, expected, found, read = Counter(), Counter(), Counter(), Counter()
    untagged = 0
    for kind, home, seen, has_tag, count in rows:
        kinds[kind] += count
        expected[home] += count
        found[home] += count if seen else 0
        read[seen] += count
        untagged += count if kind == "missing" and not has_tag else 0
    for each in (expected, found, read):
        each.pop(None, None)
    return {
        "expected": sum(expected.values()),
        "found": sum(found.values()),
        "read": sum(read.values()),
        "missing": kinds["missing"],
        "misplaced": kinds["misplaced"],
        "unexpected": kinds["unexpected"],
        "untagged": untagged,
        "places": {
            place: {"expected": expected[place], "found": found[place], "read": read[place]}
            for place in expected.keys() | read.keys()
        },
    }
