"""Frames of serial UHF modules with the M100 or QM100 chip.

    BB type command length(2) parameters checksum 7E

The checksum is one byte, and BB and 7E occur inside of parameters: a frame is taken only when
its begin, type, length, checksum and end agree, and the tag's own CRC-16 is checked as well.
"""

from typing import NamedTuple

BEGIN, END = 0xBB, 0x7E
COMMAND, RESPONSE, NOTIFICATION = 0, 1, 2
INFO, REGION, QUERY, POLL, POLL_MANY, STOP = 0x03, 0x07, 0x0E, 0x22, 0x27, 0x28
POWER, GET_POWER = 0xB6, 0xB7
ERROR = 0xFF
NO_TAG = 0x15

# A tag has at most 62 bytes of EPC; the longest answers are those to reading memory.
LONGEST_PARAMETERS = 256
_AROUND = 7  # bytes of a frame that are not parameters


class Frame(NamedTuple):
    """One frame that is whole."""

    kind: int
    command: int
    parameters: bytes

    def encode(self):
        """The bytes to send."""
        body = bytes([self.kind, self.command]) + len(self.parameters).to_bytes(2, "big")
        body += self.parameters
        return bytes([BEGIN, *body, sum(body) & 0xFF, END])


class Tag(NamedTuple):
    """What a poll notifies."""

    rssi: int
    pc: int
    epc: str


class FrameFinder:
    """Finds frames in a stream that may begin anywhere, lose bytes and hold noise."""

    def __init__(self):
        self._buffer = bytearray()
        self.skipped = 0

    def __len__(self):
        return len(self._buffer)

    def feed(self, data):
        """Take bytes and yield every frame found in them."""
        self._buffer += data
        yield from self._find()

    def flush(self):
        """Yield what is there after a silence: a beginning that never ends may be hiding it."""
        while self._buffer:
            self._skip(1)
            yield from self._find()

    def _find(self):
        while self._seek_begin():
            length = self._measure()
            if length is None:
                return
            if length:
                frame = bytes(self._buffer[:length])
                del self._buffer[:length]
                yield Frame(frame[1], frame[2], frame[5:-2])
            else:
                self._skip(1)

    def _seek_begin(self):
        start = self._buffer.find(BEGIN)
        self._skip(len(self._buffer) if start < 0 else start)
        return start >= 0

    def _measure(self):
        """Length of the frame at the front: 0 when none can be there, None when bytes miss."""
        buffer = self._buffer
        if len(buffer) > 1 and buffer[1] > NOTIFICATION:
            return 0
        if len(buffer) < 5:
            return None
        parameters = int.from_bytes(buffer[3:5], "big")
        if parameters > LONGEST_PARAMETERS:
            return 0
        length = parameters + _AROUND
        if len(buffer) < length:
            return None
        right = (
            buffer[length - 1] == END and sum(buffer[1 : length - 2]) & 0xFF == buffer[length - 2]
        )
        return length if right else 0

    def _skip(self, count):
        self.skipped += count
        del self._buffer[:count]


def read_tag(parameters, check_crc=True):
    """The tag of a notification.

    :param check_crc: refuse a tag whose CRC-16 disagrees with its PC and EPC
    :return Tag: None when the parameters hold no sound tag.
    """
    if len(parameters) < 7:
        return None
    body, crc = parameters[1:-2], int.from_bytes(parameters[-2:], "big")
    if check_crc and crc16(body) != crc:
        return None
    rssi = parameters[0] - 256 if parameters[0] > 127 else parameters[0]
    return Tag(rssi, int.from_bytes(body[:2], "big"), body[2:].hex().upper())


def crc16(data):
    """CRC-16 of Gen2 air protocol (ISO/IEC 13239): begins with FFFF, result inverted."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _bit in range(8):
            crc = crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc ^ 0xFFFF
