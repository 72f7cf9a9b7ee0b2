"""Damaged and hostile bytes: no crash, no hang, memory bounded; the same ones in each run."""

import logging
import os
import random
import resource
import socket
import time
import tty

import pytest
import serial
from drivers_common import Core
from jewelry_rfid_gateway.drivers.base import ConfigurationError, Unreachable
from jewelry_rfid_gateway.drivers.llrp import LlrpDriver, _Session
from jewelry_rfid_gateway.drivers.m100 import M100Driver, _Module
from jewelry_rfid_gateway.wire import llrp, m100
from llrp_peers import ANSWERS, CAPTURED, CONNECTED, SUCCESS, captured, frame
from m100_peer import notification, packet
from sllurp.llrp import LLRPReaderState

COUNTS = [20_000, pytest.param(1_000_000, marks=pytest.mark.full)]
# Seconds that a single frame may take on a machine at work with other things.
LONGEST = 5.0
# More than what the allocator and the log keep; a leak of 100 bytes a frame would be seen.
MEGABYTES = 64

EPC = "3034257BF7194E4000001A85"
LONG = bytes.fromhex("00f100160080E2801160600002054CC2096F00000001")
TAG = b"\x8d" + bytes.fromhex(EPC) + bytes.fromhex("81000286ce84000612345678abcd")
CUSTOM = bytes.fromhex("03ff00100000651a00000037") + b"\x00\x01\xe2\x80"


def report(*tags):
    return frame(
        61, b"".join(b"\x00\xf0" + (4 + len(tag)).to_bytes(2, "big") + tag for tag in tags)
    )


LLRP = [
    *(captured(name) for name in CAPTURED),
    CONNECTED,
    report(TAG),
    report(TAG, LONG, TAG + CUSTOM),
    frame(62),
    frame(100, SUCCESS),
    *(frame(kind, SUCCESS) for kind in ANSWERS.values()),
]
SERIAL = [
    notification(EPC),
    notification("BB7E0000BB7E00007E7EBBBB"),
    packet(1, 0xFF, b"\x15"),
    packet(1, 0x07, b"\x00"),
    packet(2, 0x22, bytes(200)),
]


def damage(dice, data):
    """Change some bytes, cut, double or insert."""
    data = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(data)) if data else 0
        way = dice.randrange(6)
        if way <= 1 and data:
            data[place] ^= 1 << dice.randrange(8)
        elif way == 2 and data:
            data[place] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, 0xBB, 0x7E))
        elif way == 3:
            data[place:place] = dice.randbytes(dice.randint(1, 20))
        elif way == 4:
            del data[place : place + dice.randint(1, 20)]
        else:
            data[place:place] = data[place : place + dice.randint(1, 40)]
    return bytes(data)


def damaged_message(dice):
    """An LLRP message whose body is damaged and still as long as its header says."""
    whole = dice.choice(LLRP)
    body = damage(dice, whole[10:])
    return whole[:2] + (10 + len(body)).to_bytes(4, "big") + whole[6:10] + body


def damaged_connection(dice):
    """The messages of a connection; after the last one no next one can be found."""
    for _ in range(dice.randint(1, 30)):
        yield damaged_message(dice)
    yield damage(dice, dice.choice(LLRP))


class Watch:
    """Looks at the time of each step and at the memory of all of them."""

    def __init__(self):
        self.slowest = 0.0
        self.begun = None

    def __enter__(self):
        self.started = time.monotonic()

    def __exit__(self, *_error):
        self.slowest = max(self.slowest, time.monotonic() - self.started)

    def begin_at(self, number, count):
        """Memory counts from a tenth of the way on, when all has been loaded and used once."""
        if self.begun is None and number >= count // 10:
            self.begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    @property
    def grown(self):
        return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - self.begun) / 1024


class Counter(Core):
    """A core that keeps nothing."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def emit(self, reads):
        for read in reads:
            assert bytes.fromhex(read.epc) is not None
            assert read.epc == read.epc.upper()
            assert isinstance(read.at, int)
            assert read.rssi is None or -330 <= read.rssi <= 330
            assert read.antenna >= 0
        self.count += len(reads)

    def report(self, state, message):
        assert state == "up"


@pytest.fixture(autouse=True)
def quiet():
    """Thousands of warnings are no memory of ours."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


STATES = [number for _name, number in LLRPReaderState.getStates()]


def begin_session(dice, driver, link):
    """A connection that mostly reads, and is otherwise anywhere in its beginning."""
    session = _Session(driver, link)
    reading = LLRPReaderState.STATE_INVENTORYING
    session.client.setState(reading if dice.random() < 0.7 else dice.choice(STATES))
    return session


@pytest.mark.parametrize("count", COUNTS)
def test_damaged_llrp_messages_end_a_connection_at_worst(count):
    dice, core, watch = random.Random(6), Counter(), Watch()
    ours, theirs = socket.socketpair()
    driver = LlrpDriver("R1", {"host": "reader", "tid": True}, core.emit, core.report)
    number = ended = 0
    while number < count:
        session = begin_session(dice, driver, ours)
        try:
            for message in damaged_connection(dice):
                number += 1
                with watch:
                    session.take(message)
                assert len(session.cutter) <= llrp.LONGEST_FRAME
        except (Unreachable, ConfigurationError):
            ended += 1
        drain(theirs)
        watch.begin_at(number, count)
    assert core.count > count // 50
    assert ended > count // 100
    assert watch.slowest < LONGEST
    assert watch.grown < MEGABYTES
    ours.close()
    theirs.close()


def drain(link):
    """Take what the session answered, so that its buffer is never full for long."""
    link.setblocking(False)
    try:
        while link.recv(65536):
            pass
    except BlockingIOError:
        return


class CountingPort(serial.Serial):
    """A port that knows how many bytes it has given."""

    given = 0

    def read(self, size=1):
        data = super().read(size)
        self.given += len(data)
        return data


class Line:
    """A pseudo terminal: what is said at one end is read by the driver at the other."""

    def __init__(self):
        self.end, self.begin = os.openpty()
        tty.setraw(self.begin)
        self.port = CountingPort(os.ttyname(self.begin), timeout=0.001)

    def say(self, module, data):
        """Let the driver read all of it."""
        end = self.port.given + len(data)
        os.write(self.end, data)
        frames = []
        while self.port.given < end:
            if self.port.in_waiting:
                frames += module.receive()
        module.take(frames)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.port.close()
        os.close(self.end)
        os.close(self.begin)


@pytest.mark.parametrize("count", COUNTS)
def test_damaged_serial_frames_cost_no_more_than_the_tags_they_hit(count):
    dice, core, watch = random.Random(7), Counter(), Watch()
    driver = M100Driver("R1", {"path": "-", "region": "us"}, core.emit, core.report)
    good = 0
    with Line() as line:
        module = _Module(driver, line.port)
        for number in range(count):
            watch.begin_at(number, count)
            whole = dice.choice(SERIAL)
            data = whole if dice.random() < 0.2 else damage(dice, whole)
            with watch:
                line.say(module, data)
                if dice.random() < 0.05:
                    # A silence: what was hidden behind a beginning that never ends comes out.
                    module.take(module.receive())
                    before = core.count
                    line.say(module, SERIAL[0])
                    assert core.count == before + 1
                    good += 1
            assert len(module.finder) <= m100.LONGEST_PARAMETERS + 7
    assert core.count > good > count // 40
    assert driver.refused
    assert watch.slowest < LONGEST
    assert watch.grown < MEGABYTES


@pytest.mark.parametrize(
    "body",
    [
        b"\x03\x00\x00\x04" * (llrp.LONGEST_FRAME // 4 - 3),  # as many parameters as fit
        b"\x01\x01\x00\x00" * 1000,  # of no length
        b"".join(
            (0x0101_0000 | left).to_bytes(4, "big") for left in range(60_000, 4, -4)
        ),  # nested
        b"\xff" * (llrp.LONGEST_FRAME - 10),
    ],
    ids=["many", "empty", "nested", "ones"],
)
@pytest.mark.parametrize("kind", [61, 63, 11, 12])
def test_the_worst_message_that_fits_is_decoded_or_refused_in_time(kind, body):
    core = Counter()
    ours, theirs = socket.socketpair()
    driver = LlrpDriver("R1", {"host": "reader"}, core.emit, core.report)
    started = time.monotonic()
    try:
        _Session(driver, ours).take(frame(kind, body))
    except Unreachable:
        core.count = 0
    assert time.monotonic() - started < LONGEST
    ours.close()
    theirs.close()
