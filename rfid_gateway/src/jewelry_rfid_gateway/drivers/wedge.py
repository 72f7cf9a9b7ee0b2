"""Handhelds that type what they read.

Plugged into a small Linux computer, such a handheld is one of three things:

- a serial device (`/dev/ttyACM0`, `/dev/rfcomm0`), or a FIFO, that gives lines: read as they come;
- a keyboard (`/dev/input/by-id/...-event-kbd`): its key events are taken before the console gets
  them, so that nobody's keystrokes land in a login prompt, and turned into lines;
- standard input (`-`), for trials by hand and for programs of the shop's own.
"""

import fcntl
import os
import select
import stat
import struct
import sys
import termios
import tty
from contextlib import suppress

from ..wire.lines import LineCutter
from .base import REQUIRED, ConfigurationError, Finished, Unreachable
from .lines import LineDriver

_TICK = 0.2
_CHUNK = 4096

# struct input_event: time (two longs), type, code, value.
_EVENT = struct.Struct("@llHHi")
_KEY_EVENT = 1
_PRESSED = 1
_GRAB = 0x40044590  # EVIOCGRAB
_INPUT_MAJOR = 13

# Codes of linux/input-event-codes.h with a keyboard of the United States, as handhelds type.
_ROWS = {2: "1234567890-=", 16: "qwertyuiop[]", 30: "asdfghjkl;'", 44: "zxcvbnm,./"}
_PAD = {82: "0", 79: "1", 80: "2", 81: "3", 75: "4", 76: "5", 77: "6", 71: "7", 72: "8", 73: "9"}
KEYS = {
    **{first + place: sign for first, row in _ROWS.items() for place, sign in enumerate(row)},
    **_PAD,
    57: " ",
    15: "\t",
    28: "\n",
    96: "\n",
}
# Keys held with shift that a line may need; letters are made upper case elsewhere.
SHIFTED = {39: ":"}
_SHIFTS = {42, 54}


class WedgeDriver(LineDriver):
    """A handheld at the device `path`."""

    OPTIONS = {**LineDriver.OPTIONS, "path": REQUIRED, "keys": "auto"}
    DEVICE = "path"

    def check(self):
        """Refuse a kind of device that we cannot read."""
        super().check()
        self.check_text("path")
        if self.options["keys"] not in ("auto", True, False):
            message = "keys: auto, true (key events) or false (lines)."
            raise ConfigurationError(message, "keys")

    def run(self):
        """Open the device and read until it goes or we are asked to stop."""
        standard = self.options["path"] == "-"
        source = sys.stdin.fileno() if standard else self.open()
        try:
            typed = self.prepare(source)
            self.up()
            self.listen(source, typed)
        finally:
            if not standard:
                os.close(source)
        if standard:
            raise Finished("Standard input has ended.")

    def open(self):
        """The file descriptor of the device; a FIFO is opened for writing as well, so that it
        does not end with the first writer.
        """
        path = self.options["path"]
        fifo = stat.S_ISFIFO(os.stat(path).st_mode)
        return os.open(path, (os.O_RDWR if fifo else os.O_RDONLY) | os.O_NONBLOCK | os.O_NOCTTY)

    def prepare(self, source):
        """Take a keyboard for us alone, put a terminal into raw mode.

        :return: whether the device gives key events.
        """
        status = os.fstat(source)
        is_input = stat.S_ISCHR(status.st_mode) and os.major(status.st_rdev) == _INPUT_MAJOR
        if is_input:
            try:
                fcntl.ioctl(source, _GRAB, 1)
            except OSError as error:
                raise Unreachable(f"Another program has taken the keyboard: {error}.") from error
        elif os.isatty(source) and source != 0:
            with suppress(termios.error):
                tty.setraw(source)
        return is_input if self.options["keys"] == "auto" else self.options["keys"]

    def listen(self, source, typed):
        """Read until the device ends."""
        cutter, keyboard = LineCutter(), Keyboard()
        while not self.stopping.is_set():
            if not select.select([source], [], [], _TICK)[0]:
                continue
            data = os.read(source, _CHUNK)
            if not data:
                self.take(cutter, b"\n")
                return
            self.take(cutter, keyboard.feed(data) if typed else data)


class Keyboard:
    """Turns key events into the text they type."""

    def __init__(self):
        self._rest = b""
        self._shift = set()

    def feed(self, data):
        """Take bytes of events and return the text of the keys that went down."""
        data = self._rest + data
        whole = len(data) - len(data) % _EVENT.size
        self._rest = data[whole:]
        events = _EVENT.iter_unpack(data[:whole])
        return "".join(
            self._type(code, value) for *_time, kind, code, value in events if kind == _KEY_EVENT
        ).encode()

    def _type(self, code, value):
        if code in _SHIFTS:
            (self._shift.add if value else self._shift.discard)(code)
            return ""
        if value != _PRESSED:
            return ""
        return (SHIFTED.get(code) if self._shift else None) or KEYS.get(code, "")
