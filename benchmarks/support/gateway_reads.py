"""Time the gateway on the reads of 10,000 tags; prints one JSON object."""

import json
import resource
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from false_alarms import Naive
from jewelry_rfid_gateway.core import Core
from jewelry_rfid_gateway.metrics import Metrics
from jewelry_rfid_gateway.simulate import STILL, Scene, make_epcs
from jewelry_rfid_gateway.smoothing import Presence
from jewelry_rfid_gateway.spool import Spool

TAGS = 10_000
ANTENNAS = 16
ROUND_MS = 250
#: A minute of reads, played as often as `LOOPS` says.
ROUNDS, LOOPS = 60, 4


def record():
    """The reads of each round: about 18,500 a second, missed, crossed and noisy."""
    scene = Scene(make_epcs(TAGS), ANTENNAS, people=STILL)
    return [scene.step() for _round in range(ROUNDS)]


def play(rounds, take):
    """Hand all rounds to `take(reads, now)`; seconds of the processor."""
    started, now = time.process_time(), 0
    for _loop in range(LOOPS):
        for reads in rounds:
            now += ROUND_MS
            take(reads, now)
    return time.process_time() - started


def time_pipeline(rounds, path):
    """Seconds for smoothing and a transaction a second, as the core does it."""
    presence, spool, events = Presence(), Spool(path), []

    def take(reads, now):
        events.extend(presence.feed(reads, now) + presence.tick(now))
        if now % 1_000 == 0:
            spool.commit(events, *presence.take_changes())
            events.clear()

    seconds = play(rounds, take)
    used = spool.used()
    spool.close()
    return seconds, used


def time_threads(rounds, path):
    """Seconds of the clock from a driver's thread through the core's to the disk."""
    spool = Spool(path)
    core = Core(Presence(), spool, Metrics())
    core.start()
    emit = core.get_emit("sim")
    started = time.perf_counter()
    for _loop in range(LOOPS):
        for reads in rounds:
            emit(reads)
    core.stop(60)
    seconds = time.perf_counter() - started
    assert core.presence.fed == LOOPS * sum(map(len, rounds))
    spool.close()
    return seconds


def time_naive(rounds, path):
    """Seconds for each read as a row that is ready to be sent, with as many transactions."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL").fetchall()
        db.execute("CREATE TABLE read (id INTEGER PRIMARY KEY, line TEXT)")
        waiting = []

        def take(reads, now):
            waiting.extend((json.dumps(read),) for read in reads)
            if now % 1_000 == 0:
                db.execute("BEGIN")
                db.executemany("INSERT INTO read (line) VALUES (?)", waiting)
                db.execute("COMMIT")
                waiting.clear()

        return play(rounds, take)


def count_sightings(rounds, presence):
    """How many sightings a presence tells of tags that lie still."""
    told = []
    play(rounds, lambda reads, now: told.extend(presence.feed(reads, now) + presence.tick(now)))
    return len(told)


def get_memory():
    """The most that this process has used, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(folder):
    """Measure; {what: figure}."""
    rounds = record()
    count = LOOPS * sum(map(len, rounds))
    time_pipeline(rounds[:8], folder / "warm.db")
    before = get_memory()
    pipeline, used = time_pipeline(rounds, folder / "ours.db")
    grown = get_memory() - before
    threads = time_threads(rounds, folder / "threads.db")
    naive = time_naive(rounds, folder / "naive.db")
    return {
        "tags": TAGS,
        "reads": count,
        "pipeline": count / pipeline,
        "threads": count / threads,
        "naive": count / naive,
        "share": 20_000 * pipeline / count,
        "bytes": used / count,
        "naive_bytes": (folder / "naive.db").stat().st_size / count,
        "growth": grown,
        "told": count_sightings(rounds, Presence()),
        "naive_told": count_sightings(rounds, Naive()),
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        sys.stdout.write(json.dumps(main(Path(name))))
