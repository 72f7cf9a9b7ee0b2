"""A process that dies between any two transactions: what it leaves on disk is one whole truth.

The kills of test_kills.py are real and few; here thousands of them are imagined, each at a
transaction, with disks that fill up and servers that answer twice.
"""

import json
import tempfile
from pathlib import Path

from conftest import START
from hypothesis import given, settings
from hypothesis import strategies as st
from jewelry_rfid_gateway.core import Core
from jewelry_rfid_gateway.metrics import Metrics
from jewelry_rfid_gateway.reading import APPEAR, LEAVE, Read, Sighting
from jewelry_rfid_gateway.smoothing import Presence, Settings
from jewelry_rfid_gateway.spool import Spool, SpoolFull

PATIENT = Settings(
    appear_reads=2, appear_ms=600_000, leave_min_ms=1_000, leave_max_ms=1_000, stay_ms=2_000
)


class Store:
    """A recording of reads, a gateway that reads it, and a server; played step by step."""

    def __init__(self, folder):
        self.path = Path(folder) / "spool.db"
        self.now = 0
        self.batches = {}
        #: All reads that there are; how far the gateway has come is its own business.
        self.recording = []
        self._begin()

    def _begin(self):
        self.spool = Spool(self.path)
        self.core = Core(Presence(PATIENT), self.spool, Metrics(), clock=lambda: self.now)
        self.core.presence.restore(self.spool.load_tracks(), self.now)
        self.read = self.spool.load_positions().get("r", 0)

    # === WHAT MAY HAPPEN === #

    def hear(self, epc, antenna):
        """The reader records a read."""
        self.recording.append(Read("r", antenna, epc, START + self.now, -50.0))

    def understand(self, count):
        """The driver hands over some reads, and the core looks at them."""
        reads = self.recording[self.read : self.read + count]
        if reads:
            self.read += len(reads)
            self.core._understand([("r", reads, self.read)])

    def wait(self, milliseconds):
        """Time passes in steps that the core sees."""
        for _step in range(0, milliseconds, 250):
            self.now += 250
            self.core._understand([])

    def commit(self):
        """The disk takes it."""
        self.core._commit()
        self.core.full_since = None

    def refuse(self):
        """The disk is full."""
        commit = self.spool.commit
        self.spool.commit = _refuse
        try:
            self.core._commit()
        finally:
            self.spool.commit = commit
        self.core.full_since = None

    def send(self, answered):
        """A batch reaches the server, whose answer may be lost."""
        if batch := self.spool.seal(3):
            rows = json.loads(batch.lines)
            assert self.batches.setdefault(batch.uuid, (batch.sequence, rows))[1] == rows
            if answered:
                self.spool.settle(batch)

    def thin(self):
        """The spool joins stays."""
        self.spool.thin()

    def die(self):
        """The process ends here, and another begins."""
        self.spool.close()
        self._begin()

    # === THE END === #

    def finish(self):
        """Everything is read, kept and sent; the sightings that the server has."""
        self.understand(len(self.recording))
        self.commit()
        while self.spool.count()["spooled"]:
            self.send(answered=True)
        self.spool.close()
        batches = sorted(self.batches.values())
        return [Sighting(*row) for _sequence, rows in batches for row in rows]


def _refuse(*_args):
    raise SpoolFull("No room.")


_acts = st.one_of(
    st.tuples(st.just("hear"), st.sampled_from(["AA", "BB"]), st.integers(1, 2)),
    st.tuples(st.just("hear"), st.just("CC"), st.just(1)),
    st.tuples(st.just("understand"), st.integers(1, 5)),
    st.tuples(st.just("wait"), st.sampled_from([250, 1_000, 3_000])),
    st.tuples(st.just("commit")),
    st.tuples(st.just("refuse")),
    st.tuples(st.just("send"), st.booleans()),
    st.tuples(st.just("thin")),
    st.tuples(st.just("die")),
)


@given(acts=st.lists(_acts, min_size=5, max_size=80))
@settings(max_examples=150, deadline=None)
def test_no_read_is_lost_or_twice_wherever_the_process_dies(acts):
    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder)
        for name, *arguments in acts:
            getattr(store, name)(*arguments)
        events = store.finish()
        pending = store.core.presence.pending()
    assert sum(event.reads for event in events) + pending == len(store.recording)
    assert all(event.first <= event.last for event in events)
    _check_stories(events, store.core.presence.present())


def _check_stories(events, present):
    there = set()
    for event in events:
        assert (event.kind == APPEAR) == (event.epc not in there)
        there.add(event.epc)
        if event.kind == LEAVE:
            there.discard(event.epc)
    assert there == set(present)


def test_the_imagined_crash_loses_what_was_not_committed_and_reads_it_again(tmp_path):
    store = Store(tmp_path)
    for _read in range(6):
        store.hear("AA", 1)
    store.understand(3)
    store.commit()
    store.understand(3)
    assert store.core.presence.fed == 6
    store.die()
    assert (store.read, store.core.presence.pending()) == (3, 1)
    [event] = store.finish()
    assert (event.kind, event.reads) == (APPEAR, 2)
    assert store.core.presence.pending() == 4


def _read(store, epc, times=3):
    for _read in range(times):
        store.hear(epc, 1)
    store.understand(times)


def test_what_has_left_does_not_come_back_with_a_new_process(tmp_path):
    store = Store(tmp_path)
    _read(store, "AA")
    store.commit()
    store.wait(3_000)
    store.commit()
    store.die()
    assert store.core.presence.present() == {}
    assert [event.kind for event in store.finish()] == [APPEAR, LEAVE]


def test_what_the_disk_refused_is_kept_with_what_came_later(tmp_path):
    store = Store(tmp_path)
    _read(store, "AA")
    store.refuse()
    _read(store, "BB")
    store.commit()
    store.die()
    assert store.read == 6
    assert set(store.core.presence.present()) == {"AA", "BB"}


def test_what_left_while_the_disk_refused_is_gone(tmp_path):
    store = Store(tmp_path)
    _read(store, "AA")
    store.commit()
    _read(store, "AA")
    store.refuse()
    store.wait(3_000)
    store.refuse()
    store.commit()
    store.die()
    assert store.core.presence.present() == {}


def test_what_left_and_came_back_while_the_disk_refused_is_there(tmp_path):
    store = Store(tmp_path)
    _read(store, "AA")
    store.commit()
    store.wait(3_000)
    store.refuse()
    _read(store, "AA")
    store.commit()
    store.die()
    assert set(store.core.presence.present()) == {"AA"}
    assert [event.kind for event in store.finish()] == [APPEAR, LEAVE, APPEAR]
