"""The core: from reads to disk, and what happens when there is no room."""

import json
import resource
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import START, make_sighting
from drivers_common import eventually
from jewelry_rfid_gateway import core as core_module
from jewelry_rfid_gateway.core import Clock, Core, Inbox, WallClock
from jewelry_rfid_gateway.metrics import Metrics
from jewelry_rfid_gateway.reading import Read, Sighting, shift
from jewelry_rfid_gateway.smoothing import Presence, Settings
from jewelry_rfid_gateway.spool import Spool, SpoolFull
from test_spool import can_mount, run_on_small_disk

QUICK = {"commit_ms": 20, "urgent_ms": 10}


def _reads(count, epc="AA", antenna=1):
    return [Read("r", antenna, epc, START + number, -50.0) for number in range(count)]


@pytest.fixture
def core(spool):
    core = Core(Presence(Settings(stay_ms=1_000)), spool, Metrics(), **QUICK)
    yield core
    core.stop()


# === INBOX === #


def test_an_inbox_that_is_full_lets_drivers_wait():
    inbox, done = Inbox(capacity=5), []
    inbox.put("r", _reads(5))
    driver = threading.Thread(target=lambda: done.append(inbox.put("r", _reads(1))))
    driver.start()
    time.sleep(0.1)
    assert not done
    assert inbox.take(0)[1][0][0] == "r"
    driver.join(5)
    assert done == [True]
    assert inbox.waiting == 1


def test_a_driver_that_waits_is_let_go_when_the_inbox_is_closed():
    inbox, done = Inbox(capacity=1), []
    inbox.put("r", _reads(1))
    driver = threading.Thread(target=lambda: done.append(inbox.put("r", _reads(1))))
    driver.start()
    inbox.close()
    driver.join(5)
    assert done == [False]
    assert len(inbox.take(0)[1]) == 1


def test_calls_are_taken_though_reads_have_to_wait():
    inbox = Inbox()
    inbox.put("r", _reads(2))
    inbox.call(print)
    assert inbox.take(0, reads=False) == ([print], ())
    assert inbox.waiting == 2


# === CLOCKS === #


class Hands:
    """A clock that is set, and one that runs, in milliseconds."""

    def __init__(self):
        self.wall = self.passed = 0

    def get_clock(self):
        return WallClock(lambda: self.wall * 1_000_000, lambda: self.passed * 1_000_000)

    def run(self, milliseconds, jump=0):
        self.passed += milliseconds
        self.wall += milliseconds + jump


@pytest.mark.parametrize("jump", [1_000, 7_200_000, -1_000, -86_400_000])
def test_a_clock_that_is_set_is_noticed_once(jump):
    hands = Hands()
    clock = hands.get_clock()
    hands.run(10_000)
    assert clock.get_jump() == 0
    hands.run(100, jump)
    assert clock.get_jump() == jump
    assert clock.get_jump() == 0


def test_a_clock_that_is_put_right_slowly_is_followed_when_it_has_come_far():
    hands = Hands()
    clock = hands.get_clock()
    jumps = []
    for _second in range(50):
        hands.run(1_000, 50)
        jumps.append(clock.get_jump())
    assert [jump for jump in jumps if jump] == [1_000, 1_000]


def test_a_computer_that_sleeps_has_not_been_set():
    assert WallClock().get_jump() == 0
    hands = Hands()
    clock = hands.get_clock()
    hands.run(8 * 3_600_000)
    assert clock.get_jump() == 0


@pytest.mark.parametrize("jump", [7_200_000, -7_200_000])
def test_what_waits_follows_a_clock_that_is_set(spool, jump):
    hands = Hands()
    presence = Presence()
    core = Core(presence, spool, Metrics(), wall_clock=hands.get_clock(), **QUICK)
    core.start()
    core.get_emit("r")(_reads(6))
    eventually(lambda: spool.count()["spooled"] == 1 and presence.pending() == 3)
    before = _read_sealed(spool)
    hands.run(0, jump)
    eventually(lambda: _read_sealed(spool) != before)
    assert core.stop()
    assert _read_sealed(spool) == shift(before, jump)
    [(_epc, state)] = spool.load_tracks()
    assert (state[-4], state[-3], state[-2]) == (START + 3 + jump, START + 5 + jump, 3)


def test_what_left_before_a_power_cut_has_left_before_it_came_back(tmp_path):
    """After the cut the computer begins with an old time, and gets the right one later."""
    hour, hasty = 3_600_000, Settings(leave_min_ms=300, leave_max_ms=300)
    spool = Spool(tmp_path / "spool.db")
    core = Core(Presence(hasty), spool, Metrics(), **QUICK)
    core.start()
    core.get_emit("r")(_reads(4))
    eventually(lambda: core.presence.present())
    assert core.stop()
    spool.close()
    hands, spool = Hands(), Spool(tmp_path / "spool.db")
    core = Core(Presence(hasty), spool, Metrics(), wall_clock=hands.get_clock(), **QUICK)
    core.start()
    eventually(lambda: core.metrics.get("sightings_total", kind="leave") == 1)
    core.get_emit("r")([read._replace(at=read.at - hour) for read in _reads(4)])
    eventually(lambda: core.metrics.get("sightings_total", kind="appear") == 1)
    hands.run(0, 2 * hour)
    eventually(lambda: spool._read("SELECT count(*) FROM clock") == [(1,)])
    assert core.stop()
    lines = spool.seal(10).lines
    spool.close()
    events = [Sighting(*row) for row in json.loads(lines)]
    assert [(event.kind, event.last) for event in events[:3]] == [
        ("appear", START + 2),
        ("leave", START + 3),
        ("appear", START + 2 + hour),
    ]


def _read_sealed(spool):
    return Sighting(*json.loads(spool.seal(1).lines)[0])


def test_a_spool_that_cannot_follow_a_clock_stops_nothing(spool, monkeypatch):
    def refuse(_jump):
        raise SpoolFull("no room")

    hands = Hands()
    monkeypatch.setattr(spool, "shift", refuse)
    core = Core(Presence(), spool, Metrics(), wall_clock=hands.get_clock(), **QUICK)
    core.start()
    hands.run(0, 5_000)
    core.get_emit("r")(_reads(4))
    eventually(lambda: spool.count()["spooled"] == 1)
    assert core.stop()


# === READS === #


def test_reads_become_sightings_on_disk_and_the_uploader_hears_of_it(spool):
    told = threading.Event()
    core = Core(Presence(), spool, Metrics(), told=told.set, **QUICK)
    core.start()
    core.get_emit("r")(_reads(4))
    assert told.wait(5)
    assert spool.count()["spooled"] == 1
    core.stop()
    assert core.metrics.get("reads_total", reader="r") == 4
    assert core.metrics.get("sightings_total", kind="appear") == 1


def test_reads_without_news_are_on_disk_in_time(spool, core):
    core.start()
    core.get_emit("r")(_reads(1))
    eventually(lambda: spool.load_tracks())
    assert spool.count()["spooled"] == 0


def test_what_came_before_the_end_is_kept(spool, core):
    core.start()
    core.get_emit("r")(_reads(2))
    assert core.stop()
    [(epc, _state)] = spool.load_tracks()
    assert epc == "AA"
    assert core.get_emit("r")(_reads(1)) is False


def test_a_position_is_kept_with_its_reads(spool, core):
    core.start()
    core.get_emit("r")(_reads(2), [0, 2])
    eventually(lambda: spool.load_positions() == {"r": [0, 2]})
    assert len(spool.load_tracks()) == 1


def test_a_new_process_goes_on_with_the_same_presence(spool, core):
    core.start()
    core.get_emit("r")(_reads(5))
    core.stop()
    assert spool.count()["spooled"] == 1
    other = Core(Presence(), spool, Metrics(), **QUICK)
    other.start()
    other.get_emit("r")(_reads(5))
    eventually(lambda: other.presence.pending() == 7)
    other.stop()
    assert spool.count()["spooled"] == 1


def test_zones_readers_and_followed_tags_reach_the_presence(spool, core):
    core.start()
    core.set_zones({("r", 1): "safe"}, {})
    core.set_reader("r", up=False)
    core.follow(["AA"])
    core.get_emit("r")(_reads(1))
    eventually(lambda: core.metrics.get("sightings_total", kind="signal") == 1)
    core.get_emit("r")(_reads(2))
    eventually(lambda: core.presence.present() == {"AA": "safe"})
    assert core.presence._down == {"r"}


def test_nobody_is_followed_for_long_when_odoo_is_gone(spool, core, monkeypatch):
    monkeypatch.setattr(core_module, "FOLLOW_S", 0.2)
    core.start()
    core.follow(["AA"])
    core.get_emit("r")(_reads(1))
    eventually(lambda: core.metrics.get("sightings_total", kind="signal") == 1)
    eventually(lambda: not core.presence.watched)
    core.follow(["AA"])
    assert core.presence.watched == {"AA"}


def test_all_that_is_there_is_told_out_of_turn_once_when_somebody_counts(spool):
    core = Core(Presence(), spool, Metrics(), **QUICK)
    core.start()
    emit = core.get_emit("r")
    emit(_reads(4))
    eventually(lambda: core.presence.present())
    core.tell_all()
    emit(_reads(4))
    eventually(lambda: core.metrics.get("sightings_total", kind="stay") == 1)
    emit(_reads(4))
    eventually(lambda: core.presence.fed == 12)
    assert core.stop()
    assert core.metrics.get("sightings_total", kind="stay") == 1


def test_an_error_that_nobody_expected_ends_the_gateway(spool, caplog):
    died = threading.Event()
    core = Core(Presence(), spool, Metrics(), died=died.set, **QUICK)
    core.start()
    core.inbox.call(lambda: 1 / 0)
    assert died.wait(5)
    assert "ZeroDivisionError" in caplog.text


def test_a_simulated_clock_runs_faster():
    slow, fast = Clock(), Clock(50)
    before = slow(), fast()
    time.sleep(0.1)
    passed = slow() - before[0], fast() - before[1]
    assert passed[1] > 20 * passed[0] > 0


# === NO ROOM === #


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(core_module, "RETRY", 0.02)


_FULL_DISK = """
import json, sys
sys.path.insert(0, {tests!r})
from test_core import fill_a_disk_and_make_room
print(json.dumps(fill_a_disk_and_make_room({folder!r}, sys.argv[1])))
"""
#: Bytes of a file at most, in place of a disk, where a test may not mount one.
MOST_OF_FILE = 400_000


class _SmallDisk:
    """A disk that another program fills, or a limit of what this one may write."""

    def __init__(self, folder, way):
        self.ballast, self.way = Path(folder) / "ballast", way

    def fill(self):
        if self.way == "limit":
            _limit_files(MOST_OF_FILE)
            return
        with suppress(OSError), open(self.ballast, "wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)

    def free(self):
        if self.way == "limit":
            _limit_files(resource.RLIM_INFINITY)
        else:
            self.ballast.unlink()


def _limit_files(most):
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def fill_a_disk_and_make_room(folder, way):
    """Let a core read while its disk is full, and go on when there is room; what happened."""
    core_module.RETRY = 0.05
    disk, spool = _SmallDisk(folder, way), Spool(Path(folder) / "spool.db")
    core = Core(Presence(Settings(appear_reads=1)), spool, Metrics(), **QUICK)
    core.inbox.capacity = 100
    reader = _Reader(core)
    core.start()
    reader.start()
    disk.fill()
    eventually(lambda: core.metrics.get("spool_full"))
    held = eventually(lambda: reader.stands_still(0.3))
    disk.free()
    eventually(lambda: not core.metrics.get("spool_full"))
    eventually(lambda: reader.given > held + 500)
    reader.stop()
    core.stop()
    told = sum(state[-2] for _epc, state in spool.load_tracks())
    while batch := spool.seal(5_000):
        told += sum(row[7] for row in json.loads(batch.lines))
        spool.settle(batch)
    return {"given": reader.given, "told": told}


class _Reader(threading.Thread):
    """Hands over reads of new tags as fast as the core takes them."""

    def __init__(self, core):
        super().__init__(daemon=True)
        self.emit, self.given, self.going = core.get_emit("r"), 0, True

    def run(self):
        while self.going:
            epcs = [f"{number:024X}" for number in range(self.given, self.given + 10)]
            self.emit([Read("r", 1, epc, START, -50.0) for epc in epcs])
            self.given += 10
            time.sleep(0.001)

    def stop(self):
        self.going = False
        self.join()

    def stands_still(self, seconds):
        """How many reads it was let go of, when that did not grow for so long."""
        before = self.given
        time.sleep(seconds)
        return before if self.given == before else 0


@pytest.mark.parametrize("way", ["disk", "limit"] if can_mount() else ["limit"])
def test_a_full_disk_lets_readers_wait_and_loses_no_read(tmp_path, way):
    folder = tmp_path / "disk"
    folder.mkdir()
    script = tmp_path / "fill.py"
    script.write_text(_FULL_DISK.format(tests=str(Path(__file__).parent), folder=str(folder)))
    command = [sys.executable, str(script), way]
    if way == "disk":
        done = run_on_small_disk(folder, " ".join(command), "size=8m")
    else:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["told"] == found["given"] > 500


@pytest.fixture
def small(tmp_path):
    """A spool that is full of summaries of one tag."""
    spool, number = Spool(tmp_path / "small.db", limit_mb=1), 0
    while not spool.is_full():
        spool.commit([make_sighting(number=number + i) for i in range(200)])
        number += 200
    yield spool
    spool.close()


def _start_full(spool, patience_s):
    core = Core(Presence(), spool, Metrics(), patience_s=patience_s, **QUICK)
    core.start()
    core.get_emit("r")(_reads(4))
    eventually(lambda: core.full_since is not None)
    return core


def test_a_full_spool_thins_summaries_when_patience_ends(small, hurried):
    rows = small.count()["spooled"]
    core = _start_full(small, patience_s=0.2)
    eventually(lambda: core.full_since is None)
    assert core.metrics.get("spool_thinned_total") == rows - 1
    core.stop()


def test_a_full_spool_waits_for_odoo_while_patience_lasts(small, hurried):
    core = _start_full(small, patience_s=60)
    rows = small.count()["spooled"]
    core.get_emit("r")(_reads(4, "BB"))
    time.sleep(0.3)
    assert small.count()["spooled"] == rows
    assert core.inbox.waiting == 4
    while batch := small.seal(1_000):
        small.settle(batch)
    eventually(lambda: "BB" in core.presence.present())
    assert core.full_since is None
    core.stop()
