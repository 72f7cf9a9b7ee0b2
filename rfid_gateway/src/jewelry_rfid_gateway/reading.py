"""What travels inside the gateway: a reader's read, and what a series of reads means."""

from typing import NamedTuple


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
