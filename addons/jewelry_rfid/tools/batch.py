"""What a gateway's batch of sightings means: read, folded and put in order, without a database.

Times are milliseconds since 1970.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

#: A read of a chip that somebody follows, told at once, from which nothing else follows.
SIGNAL = "signal"
KINDS = frozenset({"appear", "stay", "move", "leave", SIGNAL})
# A chip has come to a place with these, and not merely stayed.
ARRIVALS = frozenset({"appear", "move"})
MOST_ROWS = 5_000
SECOND = 1_000
DAY = 24 * 3600 * SECOND
#: Below this a difference of clocks is the time that the message took.
CLOCK_TOLERANCE = 5 * SECOND
#: Above this a clock is not late or early, but wrong.
CLOCK_LIMIT = DAY
#: So many characters the code of a gateway or reader has at most.
LONGEST_CODE = 64
#: So many characters of what a gateway says of itself are kept.
LONGEST_TEXT = 500

# The longest number on a chip: 31 words of 16 bits.
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){1,62}")
# What no line shows, and what no database stores: halves of characters among them.
_UNFIT = r"\x00-\x1f\x7f\ud800-\udfff"
_CODE = re.compile(rf"[^{_UNFIT}]+")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_MOST_READS = 2**31 - 1
_LATEST = 2**43
_RSSI = (-200.0, 100.0)
_MOST_ANTENNA = 255


class Row(NamedTuple):
    """One event of a chip at an antenna, as the gateway tells it."""

    kind: str
    epc: str
    tid: str | None
    reader: str
    antenna: int
    first: int
    last: int
    reads: int
    rssi: float | None


class Seen(NamedTuple):
    """All that an antenna saw of a chip on one day."""

    first: int
    last: int
    reads: int
    rssi: float | None
    visits: int
    tid: str | None


def as_array(values):
    """Return numbers, truth values and hexadecimal texts as an array of PostgreSQL: a tenth of the
    time of adapting each.
    """
    texts = ["NULL" if value is None else str(value) for value in values]
    return f"{{{','.join(texts)}}}"


def as_datetime(milliseconds):
    """Return a time as Odoo has it: in whole seconds of universal time, without a zone."""
    return datetime.fromtimestamp(milliseconds // SECOND, UTC).replace(tzinfo=None)


def as_milliseconds(moment):
    """Return a time that Odoo has in milliseconds."""
    return round(moment.replace(tzinfo=UTC).timestamp()) * SECOND


def is_uuid(value):
    """Tell whether a value is a universally unique identifier, in lower case."""
    return isinstance(value, str) and bool(_UUID.fullmatch(value))


def is_count(value, most=_MOST_READS):
    """Tell whether a value is a whole number from 0 to `most`."""
    return type(value) is int and 0 <= value <= most


def is_code(value):
    """Tell whether a value can be the code of a gateway or reader."""
    return isinstance(value, str) and len(value) <= LONGEST_CODE and _is_code(value)


@lru_cache(1024)
def _is_code(text):
    return bool(_CODE.fullmatch(text)) and text == text.strip()


def is_hex(value):
    """Tell whether a value can be what a chip holds: whole bytes in hexadecimal."""
    return isinstance(value, str) and bool(_HEX.fullmatch(value))


def read_text(value):
    """Return whatever a gateway says as a text that can be stored."""
    return re.sub(f"[{_UNFIT}]", " ", str(value or ""))[:LONGEST_TEXT]


def is_port(value):
    """Tell whether a value can be the number of an antenna."""
    return is_count(value, _MOST_ANTENNA)


def is_time(value):
    """Tell whether a value can be a time in milliseconds."""
    return is_count(value, _LATEST) and value > 0


def _is_rssi(value):
    # A whole number may be too large for a fraction, and what is no number lies nowhere.
    return type(value) in (int, float) and _RSSI[0] <= value <= _RSSI[1]


# In the order of a row: what a value must be, whether it may be missing, and what is said else.
_COLUMNS = (
    (lambda value: isinstance(value, str) and value in KINDS, False, "unknown kind"),
    (is_hex, False, "the EPC is not hexadecimal"),
    (is_hex, True, "the TID is not hexadecimal"),
    (is_code, False, "the code of the reader is not a text of 1 to 64 characters"),
    (is_port, False, "the antenna is not a number from 0 to 255"),
    (is_time, False, "the first time is not in milliseconds"),
    (is_time, False, "the last time is not in milliseconds"),
    (is_count, False, "the reads are not a number"),
    (_is_rssi, True, "the signal is not in dBm"),
)


def read_rows(rows):
    """Return what of a batch can be used, and why the rest cannot.

    :param list rows: lists as they came, of whatever is in them
    :return: {index: Row}, {index: reason}
    """
    good, refused = {}, {}
    for index, values in enumerate(rows):
        if reason := _find_fault(values):
            refused[index] = reason
        else:
            kind, epc, tid, *rest = values
            good[index] = Row(kind, epc.upper(), tid and tid.upper(), *rest)
    return good, refused


def _find_fault(values):
    """Return why a row cannot be used, or None."""
    if not isinstance(values, list) or len(values) != len(_COLUMNS):
        return "a row is a list of nine values"
    for value, (is_valid, optional, reason) in zip(values, _COLUMNS, strict=True):
        if not ((optional and value is None) or is_valid(value)):
            return reason
    return "the first time is later than the last" if values[5] > values[6] else None


def get_offset(sent, now):
    """Return what to add to the times of a gateway; 0 while its clock is as good as ours."""
    offset = now - sent
    return offset if abs(offset) > CLOCK_TOLERANCE else 0


def settle_times(rows, offset, now, keep_days):
    """Put rows on our clock, and sort out those that are too old.

    Nothing is refused because it lies ahead: it was read, by a clock that was set back since, so
    it is taken as read now. A first time from before anything is kept is no time either.

    :param dict rows: {index: Row} on the clock of the gateway
    :return: {index: Row} on ours, {index: reason}
    """
    good, refused, oldest = {}, {}, now - keep_days * DAY
    for index, row in rows.items():
        first, last = row.first + offset, min(row.last + offset, now)
        if last < oldest:
            refused[index] = "older than sightings are kept"
            continue
        times = (max(min(first, last), oldest), last)
        # Nearly all: a copy of each takes longer than reading it.
        is_right = times == (row.first, row.last)
        good[index] = row if is_right else row._replace(first=times[0], last=times[1])
    return good, refused


def fold(rows):
    """Return {(day since 1970, EPC, reader, antenna): Seen} of rows in whatever order."""
    seen = {}
    for row in rows:
        key = (row.last // DAY, row.epc, row.reader, row.antenna)
        visits = row.kind in ARRIVALS
        new = Seen(row.first, row.last, row.reads, row.rssi, int(visits), row.tid)
        seen[key] = _add(seen[key], new) if key in seen else new
    return seen


def _add(one, other):
    signals = [rssi for rssi in (one.rssi, other.rssi) if rssi is not None]
    return Seen(
        min(one.first, other.first),
        max(one.last, other.last),
        min(one.reads + other.reads, _MOST_READS),
        max(signals, default=None),
        one.visits + other.visits,
        other.tid or one.tid,
    )


def find_latest(rows, zones, tags):
    """Return {tag: the row that says where it is now}.

    Of two rows at the same moment a leave is the later one: a chip was read, and then no more.
    That it left one zone says nothing of a chip that is in another meanwhile.

    :param rows: rows in the order that they were sent
    :param dict zones: {(reader, antenna): zone}; what is read elsewhere is nowhere known
    :param dict tags: {EPC: tag}; what readers call by two numbers is one chip
    """
    latest = {}
    for row in sorted(rows, key=lambda row: (row.last, row.kind == "leave")):
        zone, tag = zones.get((row.reader, row.antenna)), tags.get(row.epc)
        before = latest.get(tag)
        leaves_another = before and row.kind == "leave" and zone != _get_zone(before, zones)
        if zone and tag and not leaves_another:
            latest[tag] = row
    return latest


def _get_zone(row, zones):
    return zones[row.reader, row.antenna]
