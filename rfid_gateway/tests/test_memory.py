"""Memory and disk stay flat however long tags are read; shortened in time, not in reads."""

import gc
import resource
import tracemalloc

import pytest
from conftest import START
from jewelry_rfid_gateway.reading import Read
from jewelry_rfid_gateway.simulate import STILL, Scene, make_epcs
from jewelry_rfid_gateway.smoothing import Presence

#: Reads of a second, and how many of them are an hour: 72 million reads.
RATE, HOUR = 20_000, 3_600
#: The same minute of a scene are played again and again.
RECORDED = 240
#: Bytes that may come and go.
MOST_GROWTH = 4 * 1024 * 1024


def _record(reads_of_a_round):
    """Rounds of a quarter of a second with so many reads."""
    scene = Scene(make_epcs(int(reads_of_a_round / 0.46)), 16, people=STILL)
    return [scene.step() for _round in range(RECORDED)]


def _play(spool, rounds, seconds):
    """Reads of so many seconds, through presence to disk and away; bytes after each tenth."""
    presence, now, memory, fed = Presence(), 0, [], 0
    steps = seconds * 4
    for step in range(steps):
        now += 250
        reads = rounds[step % len(rounds)]
        fed += len(reads)
        events = presence.feed(reads, now) + presence.tick(now)
        if step % 4 == 3 or events:
            spool.commit(events, *presence.take_changes())
        if step % 40 == 39:
            while batch := spool.seal(5_000):
                spool.settle(batch)
        if step % (steps // 10) == steps // 10 - 1:
            gc.collect()
            memory.append((tracemalloc.get_traced_memory()[0], spool.used()))
    assert fed == presence.fed == presence.told + presence.ignored + presence.pending()
    return fed, memory


@pytest.mark.parametrize(
    ("rate", "seconds"),
    [(500, 240), pytest.param(RATE, HOUR, marks=pytest.mark.full)],
)
def test_memory_is_flat_over_an_hour_of_reads(spool, rate, seconds):
    rounds = _record(rate / 4)
    # Tracing makes the hour a day, so the process as a whole is weighed there.
    if rate < RATE:
        tracemalloc.start()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        fed, memory = _play(spool, rounds, seconds)
    finally:
        tracemalloc.stop()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert fed == pytest.approx(rate * seconds, rel=0.1)
    traced, disk = zip(*memory[2:], strict=True)
    assert max(traced) - min(traced) < MOST_GROWTH
    assert max(disk) - min(disk) < MOST_GROWTH
    if rate >= RATE:
        assert grown * 1024 < 64 * 1024 * 1024


def test_garbage_that_is_read_once_does_not_pile_up(spool):
    presence, now = Presence(), 0
    for step in range(4_000):
        now += 250
        reads = [Read("r", 1, f"{step * 10 + i:024X}", START + now) for i in range(10)]
        events = presence.feed(reads, now) + presence.tick(now)
        assert not events
        if step % 4 == 3:
            spool.commit(events, *presence.take_changes())
    assert presence.count() < 150
    assert presence.ignored == 40_000 - presence.pending()
    assert len(spool.load_tracks()) <= presence.count()
