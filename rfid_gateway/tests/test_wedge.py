"""Handhelds that type: terminals, FIFOs, key events and standard input."""

import os
import struct
import subprocess
import sys
import tty

import pytest
from drivers_common import eventually, running
from jewelry_rfid_gateway.drivers.wedge import KEYS, Keyboard, WedgeDriver

EPC = "3034257BF7194E4000001A85"
CODES = {sign: code for code, sign in KEYS.items() if code < 60}


def pressed(code, value=1):
    """A key event as Linux writes it, with the report that follows."""
    return struct.pack("@llHHi", 1, 2, 1, code, value) + struct.pack("@llHHi", 1, 2, 0, 0, 0)


def typed(text):
    """What a keyboard sends for a text: letters with shift held, all keys released again."""
    events = b""
    for sign in text:
        shift = sign.isupper()
        events += pressed(42) if shift else b""
        events += pressed(CODES[sign.lower()]) + pressed(CODES[sign.lower()], 0)
        events += pressed(42, 0) if shift else b""
    return events


def test_a_serial_device_gives_lines(tmp_path):
    master, slave = os.openpty()
    tty.setraw(slave)
    with running(WedgeDriver, {"path": os.ttyname(slave)}) as core:
        core.until("up")
        os.write(master, f"{EPC}\r{EPC.lower()},-40\r\n".encode())
        core.until_reads(2)
    assert {read.rssi for read in core.reads} == {None, -40.0}
    os.close(master)
    os.close(slave)


def test_a_device_that_vanishes_is_down_and_comes_back(tmp_path):
    link = tmp_path / "handheld"
    with running(WedgeDriver, {"path": str(link)}) as core:
        core.until("down", "No such file")
        for count in (1, 2):
            master, slave = os.openpty()
            tty.setraw(slave)
            link.unlink(missing_ok=True)
            link.symlink_to(os.ttyname(slave))
            eventually(lambda: core.state[0] == "up")
            os.write(master, f"{EPC}\n".encode())
            core.until_reads(count)
            link.unlink()
            os.close(master)
            os.close(slave)
            eventually(lambda: core.state[0] == "down")


def test_a_fifo_outlives_its_writers(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with running(WedgeDriver, {"path": str(fifo)}) as core:
        core.until("up")
        for count in (1, 2, 3):
            fifo.write_text(f"{EPC}\n")
            core.until_reads(count)
        assert core.states == [("up", "")]


def test_key_events_become_the_line_that_was_typed(tmp_path):
    fifo = tmp_path / "event0"
    os.mkfifo(fifo)
    with running(WedgeDriver, {"path": str(fifo), "keys": True}) as core:
        core.until("up")
        events = typed(f"{EPC}\n{EPC.lower()}\n")
        with open(fifo, "wb", buffering=0) as keyboard:
            # Events cut anywhere.
            for start in range(0, len(events), 1000):
                keyboard.write(events[start : start + 1000])
        core.until_reads(2)
    assert core.epcs == {EPC}


def test_a_key_held_down_types_once():
    keyboard = Keyboard()
    assert (
        keyboard.feed(pressed(CODES["a"]) + pressed(CODES["a"], 2) + pressed(CODES["a"], 0)) == b"a"
    )


def test_keys_that_type_nothing_are_passed_over():
    keyboard = Keyboard()
    assert keyboard.feed(pressed(113) + pressed(82) + pressed(96)) == b"0\n"
    assert keyboard.feed(pressed(42) + pressed(39) + pressed(42, 0) + pressed(39)) == b":;"


def test_standard_input_ends_the_driver_with_its_end():
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from drivers_common import running\n"
        "from jewelry_rfid_gateway.drivers.wedge import WedgeDriver\n"
        "with running(WedgeDriver, {'path': '-'}) as core:\n"
        "    core.until('down', 'Standard input has ended')\n"
        "print(*[read.epc for read in core.reads])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, os.path.dirname(__file__)],
        input=f"{EPC}\nno tag\n{EPC}",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == [EPC, EPC], done.stderr


@pytest.mark.parametrize(
    ("wrong", "words"), [({"keys": "some"}, "keys: auto"), ({}, "path is missing")]
)
def test_a_wrong_option_is_named(wrong, words):
    with running(WedgeDriver, wrong and {"path": "/dev/null"} | wrong) as core:
        core.until("failed", words)
