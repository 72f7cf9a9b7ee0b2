"""What drivers of handhelds share: lines turned into reads."""

import logging
import math

from ..reading import MOST_ANTENNA, Read
from ..wire.lines import LINE, LineCutter, compile_pattern, parse
from .base import ConfigurationError, Driver, now

_logger = logging.getLogger(__name__)


class LineDriver(Driver):
    """A source of lines; `pattern` is a regular expression with the group `epc` and, if they are
    there, `rssi`, `antenna` and `tid`.
    """

    OPTIONS = {"antenna": 1, "pattern": LINE}
    # Somebody aims at a piece and reads it once: that is where it is.
    SMOOTHING = {"appear_reads": 1, "move_ms": 0, "move_margin_db": -math.inf}

    def __init__(self, code, options, emit, report):
        """Take a source's options, see `OPTIONS`."""
        super().__init__(code, options, emit, report)
        self.refused = 0
        self.expression = None

    def check(self):
        """Refuse a pattern that finds no EPC."""
        self.check_whole("antenna", 0, MOST_ANTENNA)
        try:
            self.expression = compile_pattern(self.options["pattern"])
        except (TypeError, ValueError) as error:
            raise ConfigurationError(str(error), "pattern") from error

    def take(self, cutter: LineCutter, data):
        """Hand the tags in bytes of one peer to the core."""
        at, reads = now(), []
        for text in cutter.feed(data):
            line = parse(text, self.expression)
            if line:
                antenna = self.options["antenna"] if line.antenna is None else line.antenna
                reads.append(Read(self.code, antenna, line.epc, at, line.rssi, line.tid))
            else:
                self.refuse(text)
        if reads:
            self.emit(reads)

    def refuse(self, text):
        """Count a line that is no tag; the first one is worth a look at the pattern."""
        self.refused += 1
        if self.refused == 1:
            _logger.warning("%s: a line that is no tag: %r", self.code, text[:80])
