"""Memory and disk stay flat however long tags are read; shortened in time, not in reads."""

import gc
import json
import time
import tracemalloc
from pathlib import Path

import pytest
from conftest import START
from drivers_common import eventually
from gateway_process import Gateway
from jewelry_rfid_gateway.reading import Read
from jewelry_rfid_gateway.simulate import STILL, Scene, make_epcs
from jewelry_rfid_gateway.smoothing import Presence

#: An hour of 20,000 reads a second.
HOUR = 72_000_000
#: The same minute of a scene are played again and again.
RECORDED = 240
#: Bytes that may come and go: of objects and on disk, and of a process.
MOST_GROWTH, MOST_WEIGHT = 4 * 1024 * 1024, 12 * 1024 * 1024


def _record(reads_of_a_round):
    """Rounds of a quarter of a second with so many reads."""
    scene = Scene(make_epcs(round(reads_of_a_round / 0.46)), 16, people=STILL)
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


def test_memory_is_flat_in_presence_and_spool(spool):
    rate, seconds = 500, 240
    rounds = _record(rate / 4)
    tracemalloc.start()
    try:
        fed, memory = _play(spool, rounds, seconds)
    finally:
        tracemalloc.stop()
    assert fed == pytest.approx(rate * seconds, rel=0.1)
    traced, disk = zip(*memory[2:], strict=True)
    assert max(traced) - min(traced) < MOST_GROWTH
    assert max(disk) - min(disk) < MOST_GROWTH


_REPLAY = """
[smoothing]
stay_ms = {stay_ms}
[[readers]]
code = "play"
driver = "replay"
path = "{path}"
speed = 0
loops = 0
"""


def _write_recording(path):
    """A minute of 2,000 tags at rest."""
    with open(path, "w") as file:
        for reads in _record(920):
            for read in reads:
                line = {"epc": read.epc, "at": read.at, "antenna": read.antenna, "rssi": read.rssi}
                file.write(json.dumps(line) + "\n")


def _count_reads(gateway):
    lines = gateway.ask("/metrics")[1].splitlines()
    counts = [line.split()[1] for line in lines if line.startswith("jewelry_rfid_reads_total{")]
    return int(counts[0]) if counts else 0


def _weigh(gateway):
    """Bytes of memory that the process has."""
    lines = Path(f"/proc/{gateway.process.pid}/status").read_text().splitlines()
    [weight] = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(weight) * 1024


# An hour's reads are played in some 20 minutes, and tell more stays than an hour has.
@pytest.mark.parametrize(
    ("reads", "stay_ms"),
    [(600_000, 60_000), pytest.param(HOUR, 1_000, marks=pytest.mark.full)],
)
def test_the_process_weighs_the_same_however_much_is_read(tmp_path, odoo, key_file, reads, stay_ms):
    _write_recording(tmp_path / "reads.jsonl")
    readers = _REPLAY.format(path=tmp_path / "reads.jsonl", stay_ms=stay_ms)
    with Gateway(tmp_path, odoo.url, key_file) as gateway:
        gateway.write(readers).start()
        eventually(lambda: gateway.says("play") and _count_reads(gateway))
        weights = []
        while (count := _count_reads(gateway)) < reads:
            weights.append((count, _weigh(gateway)))
            time.sleep(0.05)
        assert gateway.end() == 0
    settled = [weight for count, weight in weights if count > reads / 3]
    assert len(settled) > 5
    assert max(settled) - min(settled) < MOST_WEIGHT
    assert {row[1] for row in odoo.rows()} == set(make_epcs(2_000))


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
