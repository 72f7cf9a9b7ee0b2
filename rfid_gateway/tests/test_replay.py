"""Recordings, played from real files."""

import json
import time

import pytest
from drivers_common import eventually, running
from jewelry_rfid_gateway.drivers.replay import ReplayDriver

EPC = "3034257BF7194E4000001A85"


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "reads.jsonl"
    records = [
        {
            "epc": EPC.lower(),
            "at": 1_000_000,
            "antenna": 2,
            "rssi": -60,
            "tid": "E280",
            "pc": 12288,
        },
        {"epc": EPC, "at": 1_000_400},
        {"epc": EPC, "at": 1_000_800},
    ]
    path.write_text("\n\n".join(map(json.dumps, records)))
    return path


def test_a_recording_is_played_in_its_own_time_as_if_it_were_now(recording):
    started = time.time() * 1000
    with running(ReplayDriver, {"path": str(recording)}) as core:
        core.until("down", "The recording has ended")
    took = time.time() * 1000 - started
    assert took >= 800
    first, second, third = core.reads
    assert (second.at - first.at, third.at - first.at) == (400, 800)
    assert started - 5 <= first.at <= started + took
    assert (first.epc, first.antenna, first.rssi, first.tid, first.pc) == (
        EPC,
        2,
        -60.0,
        "E280",
        12288,
    )
    assert (second.antenna, second.rssi, second.tid) == (1, None, None)


def test_ten_times_as_fast_takes_a_tenth(recording):
    started = time.monotonic()
    with running(ReplayDriver, {"path": str(recording), "speed": 10}) as core:
        core.until("down", "ended")
    assert time.monotonic() - started < 5
    assert core.reads[-1].at - core.reads[0].at == 80


def test_as_fast_as_the_core_takes_it_and_three_times(recording):
    with running(ReplayDriver, {"path": str(recording), "speed": 0, "loops": 3}) as core:
        core.until("down", "ended")
    assert len(core.reads) == 9


def test_an_endless_recording_ends_when_it_is_stopped(recording):
    with running(ReplayDriver, {"path": str(recording), "speed": 0, "loops": 0}) as core:
        core.until_reads(1000)
        assert core.driver.stop(10)
    eventually(lambda: core.state == ("down", "Stopped."))


def test_a_long_recording_is_stopped_in_its_middle(tmp_path):
    path = tmp_path / "long.jsonl"
    path.write_text(
        json.dumps({"epc": EPC, "at": 0})
        + "\n"
        + (json.dumps({"epc": EPC, "at": 1}) + "\n") * 200_000
    )
    with running(ReplayDriver, {"path": str(path), "speed": 0, "batch": 10}) as core:
        core.until_reads(100)
        assert core.driver.stop(10)
    assert 100 <= len(core.reads) < 200_000


def test_a_slow_recording_is_stopped_at_once(tmp_path):
    path = tmp_path / "slow.jsonl"
    path.write_text("".join(json.dumps({"epc": EPC, "at": at}) + "\n" for at in (0, 3_600_000)))
    with running(ReplayDriver, {"path": str(path)}) as core:
        core.until_reads(1)
        started = time.monotonic()
        assert core.driver.stop(10)
        assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"epc": "3034", "at": 1}\nnot json\n', "Line 2 of the recording"),
        ('{"at": 1}\n', "Line 1"),
        ('{"epc": "303", "at": 1}\n', "not whole bytes"),
        ('{"epc": 12, "at": 1}\n', "Line 1"),
        ('["3034"]\n', "Line 1"),
        (f'{{"epc": "{"AA" * 63}", "at": 1}}\n', "at most 62"),
        ('{"epc": "3034", "at": 1, "antenna": 256}\n', "up to 255"),
        ('{"epc": "3034", "at": 1, "antenna": 1.5}\n', "up to 255"),
        ('{"epc": "3034", "at": 1, "tid": "none"}\n', "not whole bytes"),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path, text, words):
    path = tmp_path / "wrong.jsonl"
    path.write_text(text)
    with running(ReplayDriver, {"path": str(path), "speed": 0}) as core:
        core.until("failed", words)


def test_no_file_an_empty_one_and_bytes_are_named(tmp_path):
    empty, binary = tmp_path / "empty", tmp_path / "binary"
    empty.touch()
    binary.write_bytes(b"\xff\xfe")
    for path, words in ((tmp_path / "none", "cannot be read"), (binary, "cannot be read")):
        with running(ReplayDriver, {"path": str(path)}) as core:
            core.until("failed", words)
    with running(ReplayDriver, {"path": str(empty), "loops": 0}) as core:
        core.until("failed", "empty")


def _get_positions(recording, position):
    """How far the recording was read with each chunk that a process hands over."""
    handed = []
    options = {"path": str(recording), "speed": 0, "batch": 1, "loops": 2, "resume": True}
    driver = ReplayDriver(
        "R1", options, lambda _reads, position: handed.append(position), lambda *_said: None
    )
    driver.position = position
    driver.start()
    eventually(lambda: not driver._thread.is_alive())
    return handed


def test_a_recording_goes_on_where_an_earlier_process_had_come(recording):
    whole = [[0, 1], [0, 2], [0, 3], [1, 1], [1, 2], [1, 3]]
    assert _get_positions(recording, None) == whole
    for done, position in enumerate(whole, 1):
        assert _get_positions(recording, position) == whole[done:]


def test_without_being_asked_a_recording_begins_anew(recording):
    with running(ReplayDriver, {"path": str(recording), "speed": 0}) as core:
        core.driver.position = [0, 3]
        core.until_reads(3)
