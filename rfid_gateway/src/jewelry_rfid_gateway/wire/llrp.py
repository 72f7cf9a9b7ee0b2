"""Frames of the Low Level Reader Protocol, cut out of a stream before anything decodes them."""

from struct import Struct

_HEADER = Struct("!HII")
HEADER_LENGTH = _HEADER.size
# A report of a thousand tags, as many as may be asked for, has some 50 kB, and 125 kB with the
# longest EPCs. A length above this is damage, or an attack that would cost sllurp seconds, which
# copies the rest of a message for each of its parameters.
LONGEST_FRAME = 128 * 1024
_RESERVED_BITS = 0xE000
_VERSIONS = (1, 2)


class DamagedStream(Exception):
    """No frame can begin here, and TCP offers nothing to find the next one by."""


class FrameCutter:
    """Cuts a stream of bytes into frames; never holds more than one frame and one `feed`."""

    def __init__(self, longest=LONGEST_FRAME):
        self.longest = longest
        self._buffer = bytearray()

    def __len__(self):
        return len(self._buffer)

    def feed(self, data):
        """Take bytes and yield every frame that is complete.

        :raise DamagedStream: the bytes cannot be LLRP; the connection has to be made again.
        """
        self._buffer += data
        start = 0
        try:
            while length := self._measure(start):
                yield bytes(self._buffer[start : start + length])
                start += length
        finally:
            del self._buffer[:start]

    def _measure(self, start):
        """The length of the frame that begins at `start`, 0 while it is not complete."""
        available = len(self._buffer) - start
        if available < HEADER_LENGTH:
            return 0
        kind, length, _number = _HEADER.unpack_from(self._buffer, start)
        if kind & _RESERVED_BITS or (kind >> 10) not in _VERSIONS:
            raise DamagedStream("The reader sent something that is not LLRP.")
        if not HEADER_LENGTH <= length <= self.longest:
            raise DamagedStream(f"The reader announced a message of {length} bytes.")
        return length if length <= available else 0


class ReaderClock:
    """Turns a reader's microseconds, wherever they begin, into milliseconds of a clock of ours
    that only runs: the computer's own may be set at any time.

    A message is never received before it was sent, so the smallest difference seen between the
    two clocks is the truest one. It may grow by `DRIFT`; where it grows by `JUMP` at once, the
    reader's clock was set back, and all starts anew. A message that was so late all the same is
    taken to have been read when it came, until the next one.
    """

    DRIFT = 0.001
    JUMP = 2_000

    def __init__(self):
        self._offset = None
        self._seen = 0

    def at(self, microseconds, now):
        """When a read happened, never later than `now`; without a time of the reader, `now`."""
        if microseconds is None:
            return now
        there = microseconds // 1000
        offset = now - there
        if self._offset is None or not offset < self._offset + self.JUMP:
            self._offset = offset
        else:
            drifted = self._offset + max(0, now - self._seen) * self.DRIFT
            self._offset = min(offset, drifted)
        self._seen = now
        return int(there + self._offset)
