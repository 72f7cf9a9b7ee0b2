"""The spool: nothing lost, nothing twice, and never more of the disk than allowed."""

import json
import os
import resource
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from conftest import make_sighting
from hypothesis import given, settings
from hypothesis import strategies as st
from jewelry_rfid_gateway.reading import APPEAR, LEAVE, MOVE, SIGNAL, STAY, Earlier, Sighting
from jewelry_rfid_gateway.spool import RESERVE, Spool, SpoolFull, _join


def _rows(batch):
    return [Sighting(*row) for row in json.loads(batch.lines)]


def _drain(spool, limit=1_000):
    found = []
    while batch := spool.seal(limit):
        found += _rows(batch)
        spool.settle(batch)
    return found


# === BATCHES === #


def test_sightings_come_out_as_they_went_in(spool):
    events = [make_sighting(number=number, rssi=None, tid="E2") for number in range(10)]
    spool.commit(events)
    assert _drain(spool, limit=3) == events
    assert spool.seal(3) is None


def test_a_batch_keeps_its_id_and_its_rows_until_it_is_answered(spool):
    spool.commit([make_sighting(number=1)])
    first = spool.seal(10)
    spool.commit([make_sighting(number=2)])
    assert spool.seal(10) == first
    assert spool._read("SELECT count(*) FROM batch") == [(1,)]
    spool.settle(first)
    second = spool.seal(10)
    assert second.uuid != first.uuid
    assert second.sequence > first.sequence
    assert [event.first for event in _rows(second)] == [make_sighting(number=2).first]


def test_a_batch_keeps_its_id_over_a_new_process(tmp_path):
    spool = Spool(tmp_path / "spool.db")
    spool.commit([make_sighting()])
    batch = spool.seal(10)
    spool.close()
    assert Spool(tmp_path / "spool.db").seal(10) == batch


@pytest.mark.parametrize("jump", [90_000, -3_600_000])
def test_what_waits_follows_a_clock_that_is_set_and_batches_keep_their_ids(spool, jump):
    events = [make_sighting(number=number, rssi=rssi) for number, rssi in enumerate((None, -50.25))]
    spool.commit(events)
    before = spool.seal(1)
    spool.shift(jump)
    after = spool.seal(1)
    assert (after.uuid, after.sequence, after.rows) == (before.uuid, before.sequence, 1)
    assert _drain(spool, limit=1) == [_moved(event, jump) for event in events]


def _moved(event, jump):
    return event._replace(first=event.first + jump, last=event.last + jump)


def test_what_waited_before_a_new_process_or_was_told_of_before_it_is_left_as_it_is(tmp_path):
    old, kept, new, late = (make_sighting(number=number) for number in range(4))
    kept = Earlier(*kept)
    spool = Spool(tmp_path / "spool.db")
    spool.commit([old])
    spool.close()
    spool = Spool(tmp_path / "spool.db")
    spool.commit([kept, new])
    spool.shift(60_000)
    spool.commit([late])
    spool.shift(-5_000)
    assert _drain(spool, limit=2) == [old, kept, _moved(new, 55_000), _moved(late, -5_000)]


def test_what_was_read_by_a_clock_that_was_set_stays_so_in_a_new_process(tmp_path):
    spool = Spool(tmp_path / "spool.db")
    spool.commit([make_sighting(number=1)])
    spool.shift(60_000)
    spool.close()
    spool = Spool(tmp_path / "spool.db")
    spool.shift(7_000)
    assert _drain(spool) == [_moved(make_sighting(number=1), 60_000)]


def test_refused_batches_follow_a_clock_that_is_set(tmp_path):
    events = [make_sighting(number=number, rssi=None) for number in range(2)]
    spool = Spool(tmp_path / "spool.db")
    spool.commit(events)
    spool.set_aside(spool.seal(2), "The clock is wrong.")
    spool.shift(3_600_000)
    spool.close()
    spool = Spool(tmp_path / "spool.db")
    assert spool.retry_refused() == 2
    assert _drain(spool) == [_moved(event, 3_600_000) for event in events]


def test_a_clock_that_is_set_writes_as_little_with_a_days_rows_as_with_one(spool):
    spool.commit([make_sighting(number=number) for number in range(20_000)])
    log = spool.path.with_name("spool.db-wal")
    spool._read("PRAGMA wal_checkpoint(TRUNCATE)")
    spool.shift(60_000)
    assert log.stat().st_size < 64 * 1024


def test_clocks_are_forgotten_when_nothing_was_read_by_them(spool):
    spool.commit([make_sighting()])
    spool.shift(60_000)
    _drain(spool)
    spool.give_back()
    assert spool._read("SELECT count(*) FROM clock") == [(0,)]
    spool.commit([make_sighting()])
    spool.shift(1_000)
    assert _drain(spool) == [_moved(make_sighting(), 1_000)]


def test_settling_twice_takes_nothing_else(spool):
    spool.commit([make_sighting(number=1), make_sighting(number=2)])
    batch = spool.seal(1)
    spool.settle(batch)
    spool.settle(batch)
    assert spool.count() == {"spooled": 1, "refused": 0}


def test_a_refused_batch_is_kept_out_of_the_way(spool):
    spool.commit([make_sighting(number=number) for number in range(3)])
    batch = spool.seal(2)
    spool.set_aside(batch, "Who are you?")
    assert spool.count() == {"spooled": 1, "refused": 1}
    [(sequence, _at, reason, rows)] = spool.get_refused()
    assert (sequence, reason, rows) == (batch.sequence, "Who are you?", 2)
    assert len(_drain(spool)) == 1


def test_refused_batches_can_be_tried_again_under_a_new_id(spool):
    events = [make_sighting(number=number) for number in range(3)]
    spool.commit(events)
    batch = spool.seal(2)
    spool.set_aside(batch, "no")
    assert spool.retry_refused() == 2
    assert spool.count() == {"spooled": 3, "refused": 0}
    assert spool.seal(5).uuid != batch.uuid
    assert sorted(_drain(spool)) == sorted(events)


def test_the_sequence_of_a_new_file_is_beyond_that_of_the_old_one(tmp_path):
    old = Spool(tmp_path / "old.db")
    old.commit([make_sighting()])
    new = Spool(tmp_path / "new.db")
    new.commit([make_sighting()])
    assert 0 < old.seal(1).sequence <= new.seal(1).sequence < 2**31


# === WHAT BELONGS TOGETHER === #


def test_tags_and_positions_are_kept_with_the_sightings(spool, tmp_path):
    spool.commit([], [("AA", [True, 1]), ("BB", [False])], (), {"file": 12})
    spool.commit([], [("AA", [True, 2])], ["BB"], {"file": {"line": 13}})
    spool.close()
    spool._db = Spool(tmp_path / "spool.db")._db
    assert spool.load_tracks() == [("AA", [True, 2])]
    assert spool.load_positions() == {"file": {"line": 13}}


def test_a_transaction_that_fails_leaves_nothing_behind(spool):
    with pytest.raises(sqlite3.Error):
        spool.commit([make_sighting()], [("AA", [1])], (), {"file": 1, None: 2})
    assert spool.count()["spooled"] == 0
    assert (spool.load_tracks(), spool.load_positions()) == ([], {})
    spool.commit([make_sighting()])
    assert len(_drain(spool)) == 1


def test_threads_may_write_and_send_at_once(spool):
    total, taken = 400, []

    def write():
        for number in range(total):
            spool.commit([make_sighting(number=number)])

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive() or spool.count()["spooled"]:
        taken += _drain(spool, limit=7)
    assert [event.first for event in taken] == [
        make_sighting(number=number).first for number in range(total)
    ]


def test_nobody_else_reads_the_file(spool):
    files = [file for file in spool.path.parent.iterdir() if file.name.startswith("spool.db")]
    assert files
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)


def test_a_second_gateway_on_the_same_spool_is_refused(spool, monkeypatch):
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **k | {"timeout": 0}))
    with pytest.raises(OSError, match="locked"):
        Spool(spool.path)


# === TORN FILES === #


@pytest.mark.parametrize(
    "tear",
    [
        lambda data: b"",
        lambda data: b"this is no database" * 1_000,
        lambda data: data[: len(data) // 2],
        lambda data: data[:100] + os.urandom(len(data) - 100),
        lambda data: data[:4096] + b"\0" * 4096 + data[8192:],
    ],
    ids=["empty", "another file", "cut in half", "noise", "a page of zeros"],
)
def test_a_torn_file_is_set_aside_and_a_new_one_begun(tmp_path, tear, caplog):
    path = tmp_path / "spool.db"
    spool = Spool(path)
    spool.commit([make_sighting(number=number) for number in range(500)])
    spool.close()
    torn = tear(path.read_bytes())
    path.write_bytes(torn)
    spool = Spool(path)
    spool.commit([make_sighting()])
    assert len(_drain(spool)) == 1
    if torn:
        assert spool.set_aside_as.read_bytes() == torn
        assert "torn" in caplog.text


def test_a_file_of_a_later_version_is_not_written(tmp_path):
    path = tmp_path / "spool.db"
    Spool(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version=99")
    assert Spool(path).set_aside_as


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        Spool(tmp_path / "file" / "spool.db")


# === THE DISK === #

_WORKER = """
import json, resource, sys
sys.path.insert(0, {tests!r})
from conftest import make_sighting
from jewelry_rfid_gateway.spool import Spool, SpoolFull
spool, kept, full = Spool({path!r}, limit_mb=64), 0, 0
while not full:
    events = [make_sighting(number=kept + number) for number in range(50)]
    try:
        spool.commit(events, [(str(kept), [1])], (), {{"file": kept + 50}})
        kept += 50
    except SpoolFull:
        full += 1
counted = spool.count()["spooled"]
position = spool.load_positions()["file"]
unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
sent = []
for _batch in range(3):
    batch = spool.seal(200)
    sent += [row[5] for row in json.loads(batch.lines)]
    spool.settle(batch)
spool.commit([make_sighting(number=kept)])
while batch := spool.seal(5000):
    sent += [row[5] for row in json.loads(batch.lines)]
    spool.settle(batch)
print(json.dumps(dict(kept=kept, counted=counted, position=position, sent=sent)))
"""
_MOUNT = "mount -t tmpfs -o {size} tmpfs {folder} && exec {command}"


def _limit_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_100_000, resource.RLIM_INFINITY))


def run_on_small_disk(folder, command, size="size=5m"):
    """Run with `folder` being a disk of its own."""
    script = _MOUNT.format(folder=folder, command=command, size=size)
    return subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, timeout=60
    )


def can_mount():
    """Whether this machine lets a test mount a disk."""
    try:
        return run_on_small_disk("/mnt", "true").returncode == 0
    except OSError:
        return False


#: A disk that stays full is emptied all the same; beyond a limit of the process, at another error
#: of the same meaning, there is room again. Not every machine lets a test mount a disk.
_WAYS = ["a small disk", "a limit of files"] if can_mount() else ["a limit of files"]


@pytest.mark.parametrize("way", _WAYS)
def test_a_full_disk_refuses_reads_and_loses_none(tmp_path, way):
    program = _WORKER.format(tests=str(Path(__file__).parent), path=str(tmp_path / "spool.db"))
    script = Path(tmp_path).with_suffix(".py")
    script.write_text(program)
    if way == "a small disk":
        done = run_on_small_disk(tmp_path, f"{sys.executable} {script}")
    else:
        done = subprocess.run(
            [sys.executable, script],
            preexec_fn=_limit_files,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["kept"] > 500
    assert found["counted"] == found["position"] == found["kept"]
    expected = [make_sighting(number=number).first for number in range(found["kept"] + 1)]
    assert found["sent"] == expected


def _fill(spool, kinds=(STAY,), epcs=20):
    number = 0
    while not spool.is_full():
        spool.commit(
            [
                make_sighting(kinds[(number + i) % len(kinds)], f"{i % epcs:024X}", number + i)
                for i in range(200)
            ]
        )
        number += 200
    return number


def test_the_spool_keeps_to_its_share_of_the_disk(tmp_path):
    spool = Spool(tmp_path / "spool.db", limit_mb=1)
    _fill(spool)
    with pytest.raises(SpoolFull):
        for number in range(10_000):
            spool.commit([make_sighting(number=number)] * 50)
    spool.close()
    assert spool.path.stat().st_size <= 1024 * 1024
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 1024 * 1024 + 2 * RESERVE


def test_a_full_spool_is_sent_all_the_same(tmp_path):
    spool = Spool(tmp_path / "spool.db", limit_mb=1)
    number = _fill(spool)
    assert len(_drain(spool)) == number
    assert not spool.is_full()


def test_settled_room_is_used_again_and_given_back(tmp_path):
    spool = Spool(tmp_path / "spool.db", limit_mb=2)
    for _round in range(3):
        _fill(spool)
        _drain(spool)
    for _step in range(4):
        spool.give_back()
    spool.close()
    assert (tmp_path / "spool.db").stat().st_size < 512 * 1024


def test_thinning_joins_stays_and_loses_no_read(tmp_path):
    spool = Spool(tmp_path / "spool.db", limit_mb=1)
    number = _fill(spool)
    assert spool.thin() == number - 20
    assert not spool.is_full()
    rows = _drain(spool)
    assert sum(event.reads for event in rows) == 4 * number
    assert len(rows) == 20


def test_thinning_never_takes_what_says_something_new(tmp_path):
    spool = Spool(tmp_path / "spool.db", limit_mb=1)
    number = _fill(spool, kinds=(APPEAR, MOVE, LEAVE))
    assert spool.thin() == 0
    assert len(_drain(spool)) == number


def test_thinning_leaves_a_sealed_batch_as_it_is(spool):
    spool.commit([make_sighting(number=number) for number in range(6)])
    batch = spool.seal(3)
    assert spool.thin() == 2
    assert spool.seal(3) == batch
    spool.settle(batch)
    [last] = _drain(spool)
    assert (last.reads, last.first) == (12, make_sighting(number=3).first)


def test_thinning_goes_on_over_stretches(spool, monkeypatch):
    monkeypatch.setattr("jewelry_rfid_gateway.spool.THINNED_AT_ONCE", 10)
    spool.commit([make_sighting(number=number) for number in range(95)])
    spool.thin()
    assert sum(event.reads for event in _drain(spool)) == 4 * 95


def test_thinning_joins_nothing_that_was_read_by_different_clocks(spool):
    events = [make_sighting(number=number) for number in range(4)]
    spool.commit(events[:2])
    spool.shift(60_000)
    spool.commit(events[2:])
    assert spool.thin() == 2
    first, second = _drain(spool)
    assert (first.first, first.last) == (events[0].first + 60_000, events[1].last + 60_000)
    assert (second.first, second.last) == (events[2].first, events[3].last)


_lines = st.lists(
    st.tuples(
        st.sampled_from([STAY, STAY, SIGNAL, SIGNAL, APPEAR, LEAVE]),
        st.sampled_from(["AA", "BB"]),
        st.integers(1, 2),
        st.integers(1, 9),
        st.one_of(st.none(), st.floats(-90, -20)),
    ),
    max_size=40,
)


@given(lines=_lines)
@settings(deadline=None)
def test_joining_conserves_reads_between_the_turns_of_a_story(lines):
    events = [
        make_sighting(kind, epc, number, antenna=antenna, reads=reads, rssi=rssi)
        for number, (kind, epc, antenna, reads, rssi) in enumerate(lines)
    ]
    rows = dict(enumerate(events))
    changed, spare = _join([(n, event.kind, json.dumps(event), 1) for n, event in rows.items()])
    for (number,) in spare:
        assert rows.pop(number).kind in (STAY, SIGNAL)
    for line, number in changed:
        rows[number] = Sighting(*json.loads(line))
    joined = [rows[number] for number in sorted(rows)]
    assert _tell_story(joined) == _tell_story(events)
    assert all(event.first <= event.last for event in joined)


def _tell_story(events):
    """For each tag, its turns and what each antenna read between them and told as what, with the
    best signal.
    """
    story = {}
    for event in events:
        parts = story.setdefault(event.epc, [{}])
        if event.kind not in (STAY, SIGNAL):
            parts += [(event.kind, event.first, event.reads), {}]
            continue
        key = (event.kind, event.antenna)
        reads, best, first = parts[-1].get(key, (0, -999, event.first))
        best = best if event.rssi is None else max(best, event.rssi)
        parts[-1][key] = (reads + event.reads, best, min(first, event.first))
    return story
