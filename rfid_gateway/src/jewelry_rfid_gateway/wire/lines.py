"""Lines of handhelds: an EPC in hexadecimal and, when they send it, the signal strength."""

import re
from typing import NamedTuple

from ..reading import get_signal, is_code, is_port

# An EPC has 8 to 62 bytes: less is a keystroke or a bar code, more no tag holds.
LINE = (
    r"(?P<epc>[0-9A-Fa-f]{2}(?:[ -]?[0-9A-Fa-f]{2}){7,61})"
    r"(?:[,;\t ]+(?P<rssi>-\d{1,3}(?:\.\d{1,3})?))?"
)
LONGEST_LINE = 512
_GROUPS = {"epc", "rssi", "antenna", "tid"}


class Line(NamedTuple):
    """What one line says."""

    epc: str
    rssi: float | None = None
    antenna: int | None = None
    tid: str | None = None


def compile_pattern(pattern):
    """The regular expression of a shop's own lines.

    :raise ValueError: it is none, has no group `epc`, or groups that we do not know.
    """
    try:
        expression = re.compile(pattern)
    except re.error as error:
        raise ValueError(f"The pattern is no regular expression: {error}.") from error
    groups = set(expression.groupindex)
    if "epc" not in groups or groups - _GROUPS:
        raise ValueError(f"The pattern must have a group epc and no others but {sorted(_GROUPS)}.")
    return expression


def parse(text, expression):
    """Read a line.

    :return Line: None when the line holds no tag.
    """
    match = expression.fullmatch(text.strip())
    if not match:
        return None
    found = match.groupdict()
    epc, tid = _join_digits(found["epc"]), _join_digits(found.get("tid")) or None
    try:
        rssi = get_signal(found.get("rssi") or None)
        antenna = int(found["antenna"]) if found.get("antenna") else None
    except ValueError:
        return None
    right = is_code(epc) and (tid is None or is_code(tid)) and (antenna is None or is_port(antenna))
    return Line(epc, rssi, antenna, tid) if right else None


def _join_digits(text):
    """Upper case without what groups the digits."""
    return re.sub(r"[ :-]", "", text or "").upper()


class LineCutter:
    """Cuts a stream into lines at LF, CR or NUL; a line that never ends is dropped whole."""

    def __init__(self, longest=LONGEST_LINE):
        self.longest = longest
        self.dropped = 0
        self._buffer = b""
        self._dropping = False

    def __len__(self):
        return len(self._buffer)

    def feed(self, data):
        """Take bytes and return the lines that are complete, without empty ones."""
        *ended, rest = re.split(rb"[\n\r\0]", self._buffer + data)
        lines = [line for line in ended if line]
        if self._dropping and ended:
            lines = [line for line in ended[1:] if line]
            self._dropping = False
        if self._dropping or len(rest) > self.longest:
            self.dropped += not self._dropping
            rest, self._dropping = b"", True
        self._buffer = rest
        short = [line for line in lines if len(line) <= self.longest]
        self.dropped += len(lines) - len(short)
        return [line.decode("ascii", "replace") for line in short]
