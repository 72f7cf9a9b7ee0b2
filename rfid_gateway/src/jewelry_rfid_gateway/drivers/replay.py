"""A recording of reads, one JSON object a line, played as it was or faster."""

import json
import time
from itertools import islice

from ..reading import LONGEST_CODE, MOST_ANTENNA, Read, get_signal, is_code, is_port
from .base import REQUIRED, ConfigurationError, Driver, Finished, now

_LONGEST_WAIT = 0.5


class ReplayDriver(Driver):
    """A file of `{"epc": ..., "at": ms, "antenna": 1, "rssi": -60, "tid": ..., "pc": ...}`."""

    OPTIONS = {
        "path": REQUIRED,
        "speed": 1.0,  # 10: ten times as fast; 0: as fast as the core takes it
        "loops": 1,  # 0: without end
        "batch": 200,
        # Go on where the reads end that an earlier process had kept on disk.
        "resume": False,
    }

    def check(self):
        """Refuse a speed or a number of loops below zero."""
        self.check_text("path")
        self.check_number("speed", 0, 1e6)
        self.check_whole("loops", 0, 10**9)
        self.check_whole("batch", 1, 100_000)
        self.check_flag("resume")

    def run(self):
        """Play the file as often as wanted."""
        self.loop, done = (self.options["resume"] and self.position) or (0, 0)
        self.up()
        while not self.options["loops"] or self.loop < self.options["loops"]:
            if not self.play(done) and not self.options["loops"]:
                raise ConfigurationError("The recording is empty.")
            self.loop, done = self.loop + 1, 0
        raise Finished("The recording has ended.")

    def play(self, done=0):
        """Play the file once, without the first `done` reads.

        :return: the number of reads.
        """
        count, pending, beginning, first = done, [], now(), None
        started = time.monotonic()
        for read in islice(self.records(), done, None):
            first = read.at if first is None else first
            due = self.due(read.at - first)
            if pending and (len(pending) >= self.options["batch"] or self.ahead(started, due)):
                self.hand_over(pending, count)
                pending = []
            while (left := self.ahead(started, due)) > 0:
                self.wait(min(left, _LONGEST_WAIT))
            pending.append(read._replace(at=beginning + int(due * 1000)))
            count += 1
            if self.stopping.is_set():
                break
        if pending:
            self.hand_over(pending, count)
        self.wait(0)
        return count

    def hand_over(self, reads, count):
        """Emit reads, the last of which is number `count` of the file."""
        if self.options["resume"]:
            self.emit(reads, [self.loop, count])
        else:
            self.emit(reads)

    def due(self, milliseconds):
        """Seconds after the beginning when a read of that time is due."""
        speed = self.options["speed"]
        return milliseconds / 1000 / speed if speed else 0.0

    def ahead(self, started, due):
        """Seconds until then, 0 when it is past."""
        return max(0.0, started + due - time.monotonic())

    def records(self):
        """The reads of the file, which is never held whole.

        :raise ConfigurationError: the file, or one of its lines, cannot be read.
        """
        try:
            with open(self.options["path"], encoding="utf-8") as lines:
                for number, line in enumerate(lines, 1):
                    if line.strip():
                        yield self.parse(number, line)
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"The recording cannot be read: {error}.") from error

    def parse(self, number, line):
        """The read on a line."""
        try:
            record = json.loads(line)
            epc, tid = record["epc"].upper(), record.get("tid") and record["tid"].upper()
            if not is_code(epc) or (tid and not is_code(tid)):
                raise ValueError(f"not whole bytes in hexadecimal, at most {LONGEST_CODE}")
            antenna = record.get("antenna", 1)
            if not is_port(antenna):
                raise ValueError(f"antenna is not a whole number up to {MOST_ANTENNA}")
            rssi = get_signal(record.get("rssi"))
            return Read(
                self.code, antenna, epc, int(record["at"]), rssi, tid or None, record.get("pc")
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ConfigurationError(f"Line {number} of the recording: {error!r}.") from error
