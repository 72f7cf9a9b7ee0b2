"""What tests of drivers share: the core's side of a driver, and waiting without sleeping long."""

import threading
import time
from contextlib import contextmanager

PATIENCE = 30.0


def eventually(condition, seconds=PATIENCE):
    """Wait until `condition()` is true and return what it returned."""
    end = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < end, f"not within {seconds} seconds"
        time.sleep(0.01)
    return answer


class Core:
    """Takes reads and states as the gateway's core does; can be full."""

    def __init__(self):
        self.reads = []
        #: How often a reader said that it is there and hears no tag.
        self.signs = 0
        self.states = []
        self.room = threading.Event()
        self.room.set()

    def emit(self, reads):
        self.room.wait()
        self.reads.extend(reads)
        self.signs += not reads

    def report(self, state, message):
        self.states.append((state, message))

    @property
    def state(self):
        return self.states[-1] if self.states else (None, "")

    @property
    def epcs(self):
        return {read.epc for read in self.reads}

    def until(self, state, words="", seconds=PATIENCE):
        """Wait until a state with these words has been reported, and return its message."""

        def found():
            return next((m for s, m in self.states if s == state and words in m), None)

        return eventually(lambda: found() is not None, seconds) and found()

    def until_reads(self, count, seconds=PATIENCE):
        eventually(lambda: len(self.reads) >= count, seconds)
        return self.reads


@contextmanager
def running(cls, options, core=None, code="R1"):
    """A driver that runs inside the block and is stopped, in time, after it."""
    core = core or Core()
    driver = cls(code, options, core.emit, core.report)
    driver.start()
    core.driver = driver
    try:
        yield core
    finally:
        core.room.set()
        assert driver.stop(PATIENCE), "the driver's thread did not end"
