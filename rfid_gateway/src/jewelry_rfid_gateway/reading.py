"""One read of one tag, as a reader reports it."""

from typing import NamedTuple


class Read(NamedTuple):
    """A tag answered an antenna."""

    reader: str
    antenna: int
    # Upper-case hex as the reader gave it, without the protocol control word.
    epc: str
    # Milliseconds since 1970 by the gateway's clock.
    at: int
    # dBm; None when the reader does not say.
    rssi: float | None = None
    tid: str | None = None
    # Protocol control word of the tag.
    pc: int | None = None
