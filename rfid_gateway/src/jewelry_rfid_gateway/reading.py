"""What travels inside the gateway: a reader's read, and what a series of reads means."""

import re
from typing import NamedTuple

#: What Odoo takes: the highest number of an antenna, the bytes of the longest EPC or TID, and dBm.
MOST_ANTENNA, LONGEST_CODE, SIGNALS = 255, 62, (-200.0, 100.0)
_HEX = re.compile(rf"(?:[0-9A-F]{{2}}){{1,{LONGEST_CODE}}}")


def is_port(value):
    """Whether a value can be the number of an antenna."""
    return type(value) is int and 0 <= value <= MOST_ANTENNA


def is_code(text):
    """Whether upper-case hex can be an EPC or a TID: whole bytes, and not more than a tag holds."""
    return isinstance(text, str) and bool(_HEX.fullmatch(text))


def get_signal(value):
    """A strength in dBm, None for what is none: the read is one all the same."""
    if value is None or not SIGNALS[0] <= float(value) <= SIGNALS[1]:
        return None
    return float(value)


class Read(NamedTuple):
    """One answer of one tag to one antenna, as the driver got it."""

    reader: str
    antenna: int
    #: Upper-case hex as on the tag, without the protocol control word.
    epc: str
    #: Milliseconds since 1970 on the gateway's clock.
    at: int
    #: dBm.
    rssi: float | None = None
    #: Upper-case hex.
    tid: str | None = None
    pc: int | None = None


#: Kinds of sightings that say where a tag is. All but a stay say something new and are never
#: thinned.
APPEAR, STAY, MOVE, LEAVE = "appear", "stay", "move", "leave"
#: A read of a tag that somebody follows, at the antenna that heard it; says nothing of its place.
SIGNAL = "signal"


class Sighting(NamedTuple):
    """What happened to a tag, and the reads that say so; sent to Odoo in this order."""

    kind: str
    epc: str
    tid: str | None
    reader: str
    antenna: int
    #: Times of the first and the last read that this sighting counts, in milliseconds since 1970.
    first: int
    last: int
    reads: int
    #: The best dBm in the place that the sighting names.
    rssi: float | None


class Earlier(Sighting):
    """A sighting of reads that came before this process: by a clock that it knows nothing of."""

    __slots__ = ()


def shift(sighting, milliseconds):
    """The same sighting on a clock that was set by so much since this process began."""
    if isinstance(sighting, Earlier):
        return sighting
    return sighting._replace(first=sighting.first + milliseconds, last=sighting.last + milliseconds)
