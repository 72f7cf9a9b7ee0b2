"""Killed with -9 at random moments, before a server that fails in every way: nothing is lost and
nothing counts twice.

A recording is replayed as fast as the gateway takes it. What counts is each single read: in a
sighting that the server has once, or pending with its tag on disk.
"""

import json
import random
import time

import pytest
from drivers_common import eventually
from gateway_process import Gateway
from jewelry_rfid_gateway.reading import APPEAR, LEAVE, Sighting
from jewelry_rfid_gateway.simulate import People, Scene, make_epcs
from jewelry_rfid_gateway.spool import Spool

# Nothing is ever ignored as too few, so that each read can be accounted for; tags leave quickly.
READER = """
[smoothing]
appear_ms = 600_000
leave_min_ms = 1_500
leave_max_ms = 2_000
stay_ms = 1_000

[[readers]]
code = "play"
driver = "replay"
path = "{path}"
resume = true
speed = {speed}
batch = 40
"""
#: A kill comes so many seconds after the gateway runs, or after its start.
MOMENTS = (0.0, 2.0)
FAILURES = ["late", "silent", "silent", "cut", 500, 503, 429, "page"]


def _record(path, seconds):
    """A recording of a store at work; the number of its reads."""
    people = People(act_every_ms=4_000, away_ms=(3_000, 8_000))
    scene, count = Scene(make_epcs(25), reader="play", people=people), 0
    with open(path, "w") as file:
        while scene.now < seconds * 1_000:
            for read in scene.step():
                line = {"epc": read.epc, "at": read.at, "antenna": read.antenna, "rssi": read.rssi}
                file.write(json.dumps(line) + "\n")
                count += 1
    return count


def _kill_again_and_again(tmp_path, odoo, key_file, kills, seconds):
    """Play a recording of `seconds` over so many deaths; what became of its reads."""
    recording = tmp_path / "reads.jsonl"
    total = _record(recording, seconds)
    with Gateway(tmp_path, odoo.url, key_file, log="warning") as gateway:
        gateway.write(READER.format(path=recording, speed=1), commit_ms=50, urgent_ms=20)
        for _kill in range(kills):
            odoo.plan = random.choices(FAILURES + [None] * 16, k=10)
            gateway.start()
            # Some die before they have begun, most while they read.
            if random.random() < 0.8:
                eventually(lambda: gateway.says("play"))
            time.sleep(random.uniform(*MOMENTS))
            gateway.kill()
        odoo.plan = []
        gateway.write(READER.format(path=recording, speed=0)).start()
        eventually(lambda: gateway.says("The recording has ended"))
        assert gateway.end() == 0
        _send_what_is_left(gateway)
    return total, Spool(tmp_path / "spool.db")


def _send_what_is_left(gateway):
    gateway.write("").start()
    eventually(lambda: gateway.says('"spooled": 0'))
    assert gateway.end() == 0


def _check(odoo, total, spool):
    events = [Sighting(*row) for row in odoo.rows()]
    told = sum(event.reads for event in events)
    pending = sum(state[-2] for _epc, state in spool.load_tracks())
    assert told + pending == total
    assert spool.count() == {"spooled": 0, "refused": 0}
    assert all(event.first <= event.last for event in events)
    _check_stories(events, {epc for epc, state in spool.load_tracks() if state[0]})


def _check_stories(events, present):
    """Each tag appears once before it leaves, over all deaths."""
    there = set()
    for event in events:
        assert (event.kind == APPEAR) == (event.epc not in there), event
        if event.kind == LEAVE:
            there.discard(event.epc)
        else:
            there.add(event.epc)
    assert there == present


@pytest.mark.parametrize(
    ("kills", "seconds"),
    [(8, 30), pytest.param(200, 400, marks=pytest.mark.full)],
)
def test_nothing_is_lost_and_nothing_is_twice(tmp_path, odoo, key_file, kills, seconds):
    total, spool = _kill_again_and_again(tmp_path, odoo, key_file, kills, seconds)
    _check(odoo, total, spool)
    assert len(odoo.batches) >= kills / 4
    assert sum(odoo.went.values()) >= kills / 4
    spool.close()
