"""The LLRP driver with readers that are not ours."""

import socket
import time

import pytest
from drivers_common import Core, eventually, running
from jewelry_rfid_gateway.drivers import base, llrp
from jewelry_rfid_gateway.drivers.llrp import SILENT_KEEPALIVES, LlrpDriver
from jewelry_rfid_gateway.smoothing import Settings
from llrp_peers import (
    CONNECTED,
    CapturedReader,
    captured,
    emulator,
    frame,
    node_reader,
    tag,
)

TRAY = ["3034257BF7194E4000001A85", "3034257BF7194E4000001A86", "3034257BF7194E4000001A87"]
LONG = "E2801160600002054CC2096F00000001"


def options(port, **more):
    return {"host": "127.0.0.1", "port": port, "timeout": 3.0} | more


# === LLRPKIT'S READER === #


def test_a_tray_is_read_with_antenna_strength_and_time():
    tags = [tag(epc, (number,)) for number, epc in enumerate(TRAY, 1)] + [tag(LONG, (4,))]
    with (
        emulator(tags, reads_per_sec=400) as reader,
        running(LlrpDriver, options(reader.port)) as core,
    ):
        core.until("up")
        eventually(lambda: core.epcs == {*TRAY, LONG})
        before = time.time() * 1000
    read = core.reads[-1]
    assert {r.epc: r.antenna for r in core.reads} == dict(
        zip([*TRAY, LONG], (1, 2, 3, 4), strict=True)
    )
    assert read.reader == "R1"
    assert -70 < read.rssi < -40
    assert before - 30_000 < read.at < before + 30_000


def test_only_the_antennas_asked_for_are_read():
    tags = [tag(epc, (number,)) for number, epc in enumerate(TRAY, 1)]
    with (
        emulator(tags, reads_per_sec=400) as reader,
        running(LlrpDriver, options(reader.port, antennas=[2])) as core,
    ):
        core.until_reads(20)
    assert core.epcs == {TRAY[1]}
    assert {read.antenna for read in core.reads} == {2}


def test_power_session_and_mode_reach_the_reader():
    wanted = {"antennas": [1, 2], "power": {"1": 20, "2": 25.5}, "session": 3, "population": 64}
    wanted |= {"mode": 2, "tari": 12500}
    with (
        emulator([tag(TRAY[0])]) as reader,
        running(LlrpDriver, options(reader.port, **wanted)) as core,
    ):
        core.until("up")
        spec, _state = reader._rospecs[1]
    [inventory] = spec.spec_parameters[0].inventory_parameter_specs
    settings = [
        (
            int(antenna.rf_transmitter.transmit_power),
            int(command.c1_g2_singulation_control.session),
            int(command.c1_g2_singulation_control.tag_population),
            int(command.c1_g2_rf_control.mode_index),
            int(command.c1_g2_rf_control.tari),
        )
        for antenna in inventory.antenna_configurations
        for command in antenna.air_protocol_inventory_command_settings
    ]
    # The emulator's power table begins with 10 dBm at index 1; 25.5 is not there, 25 is.
    assert settings == [(11, 3, 64, 2, 12500), (16, 3, 64, 2, 12500)]


def test_a_new_power_from_odoo_is_set_while_running():
    with emulator([tag(TRAY[0])]) as reader, running(LlrpDriver, options(reader.port)) as core:
        core.until("up")
        core.driver.set_power({1: 15.0, 2: None})
        eventually(lambda: power_of(reader) == 6)
        core.driver.set_power({1: 15.0})
        assert not core.driver.renew
        # Beyond the reader's range its end is taken, and reading goes on.
        core.driver.set_power({1: 99})
        eventually(lambda: power_of(reader) == 21)
        core.driver.set_power({1: -99})
        eventually(lambda: power_of(reader) == 1)
        # None again: as configured, which is the highest.
        core.driver.set_power({1: None})
        eventually(lambda: power_of(reader) == 21)
        seen = len(core.reads)
        core.until_reads(seen + 1)
        assert "failed" not in {state for state, _message in core.states}


@pytest.mark.parametrize("hop_tables", [(1,), (0,), (3, 2), ()])
def test_a_reader_is_asked_for_frequencies_that_it_has(hop_tables):
    with (
        emulator([tag(TRAY[0])], hop_tables=hop_tables) as reader,
        running(LlrpDriver, options(reader.port)) as core,
    ):
        core.until_reads(1)
        assert {state for state, _message in core.states} == {"up"}


def test_odoo_orders_no_more_than_what_is_configured():
    wanted = {"power": {"1": 20, "2": 22}, "antennas": [1]}
    with (
        emulator([tag(TRAY[0])]) as reader,
        running(LlrpDriver, options(reader.port, **wanted)) as core,
    ):
        core.until("up")
        for order, index in (({1: 15}, 6), ({1: 30}, 11), ({1: 15}, 6), ({}, 11)):
            core.driver.set_power(order)
            eventually(lambda index=index: power_of(reader) == index)


def power_of(reader):
    if 1 not in reader._rospecs:
        return None
    spec, _state = reader._rospecs[1]
    antenna = spec.spec_parameters[0].inventory_parameter_specs[0].antenna_configurations[0]
    return int(antenna.rf_transmitter.transmit_power)


def test_the_tid_is_read_where_the_reader_is_impinjs():
    with (
        emulator([tag(TRAY[0])]) as reader,
        running(LlrpDriver, options(reader.port, tid=True)) as core,
    ):
        core.until_reads(1)
    assert core.reads[0].tid == "E2801105" + TRAY[0][-16:]


def test_keepalives_are_acknowledged():
    with emulator([]) as reader, running(LlrpDriver, options(reader.port, keepalive=0.1)) as core:
        core.until("up")
        eventually(lambda: reader.keepalive_acks >= 3)


def test_a_reader_that_hears_no_tag_says_by_its_keepalives_that_it_is_there():
    with emulator([]) as reader, running(LlrpDriver, options(reader.port, keepalive=0.1)) as core:
        core.until("up")
        seen = core.signs
        eventually(lambda: core.signs >= seen + 3)
        reader.cut_power()
        time.sleep(0.5)
        seen = core.signs
        time.sleep(0.5)
        assert core.signs == seen


def test_a_dead_reader_is_known_to_be_down_before_its_tags_would_leave():
    default = LlrpDriver.OPTIONS
    known = max(SILENT_KEEPALIVES * default["keepalive"], default["timeout"])
    assert known * 1000 < Settings.leave_min_ms


def test_an_unplugged_antenna_is_told_and_the_reader_stays_up():
    with (
        emulator([tag(TRAY[0])]) as reader,
        running(LlrpDriver, options(reader.port, antennas=[1, 2, 3])) as core,
    ):
        core.until("up")
        # The fourth is not wanted.
        for port in (2, 4, 3):
            reader.call(reader.set_antenna_connected(port, False))
        core.until("up", "Unplugged: antenna 2, 3.")
        reader.call(reader.set_antenna_connected(2, True))
        eventually(lambda: core.state == ("up", "Unplugged: antenna 3."))
        reader.call(reader.set_antenna_connected(3, True))
        eventually(lambda: core.state == ("up", ""))


def test_an_antenna_that_was_unplugged_when_we_came_is_told():
    unplugged = frame(
        63, bytes.fromhex("00f60017008000 0c000000000000000100ff000700 0003".replace(" ", ""))
    )

    def without_antenna(link):
        link.sendall(CONNECTED + unplugged)
        while request := reader.read_request(link):
            link.sendall(reader.answer(*request))

    with (
        CapturedReader(script=without_antenna) as reader,
        running(LlrpDriver, options(reader.port)) as core,
    ):
        core.until("up", "Unplugged: antenna 3.")


def test_the_second_gateway_is_told_that_the_first_controls_the_reader():
    with emulator([tag(TRAY[0])]) as reader, running(LlrpDriver, options(reader.port)) as first:
        first.until("up")
        with running(LlrpDriver, options(reader.port)) as second:
            second.until("down", "LLRP allows one at a time")
            seen = len(first.reads)
            first.until_reads(seen + 5)
            # When the first is gone, the second comes in by itself.
            assert first.driver.stop(10)
            second.until("up")
            second.until_reads(1)


def test_a_reader_that_comes_back_is_read_again():
    with emulator([tag(TRAY[0])]) as reader, running(LlrpDriver, options(reader.port)) as core:
        core.until_reads(1)
        reader.call(reader.stop())
        core.until("down")
        seen = len(core.reads)
        reader.call(reader.start())
        core.until_reads(seen + 1)
        assert core.state[0] == "up"


def test_a_full_core_holds_the_reader_back_and_loses_nothing_it_was_given():
    with (
        emulator([tag(TRAY[0])], reads_per_sec=2000) as reader,
        running(LlrpDriver, options(reader.port)) as core,
    ):
        core.until_reads(10)
        core.room.clear()
        time.sleep(0.3)
        held = len(core.reads)
        time.sleep(0.3)
        assert len(core.reads) == held
        core.room.set()
        core.until_reads(held + 100)
        assert core.state[0] == "up"


def test_a_stopped_driver_leaves_no_spec_in_the_reader_and_can_be_stopped_twice():
    with emulator([tag(TRAY[0])]) as reader:
        with running(LlrpDriver, options(reader.port)) as core:
            core.until_reads(1)
            core.driver.start()
            assert core.driver.stop(10)
            eventually(lambda: reader._writer is None)
            assert not reader._rospecs
            assert core.driver.stop(10)
        assert core.state == ("down", "Stopped.")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"antennas": [5]}, "the reader has 4"),
        ({"power": 40}, "the reader has 10 to 30 dBm"),
        ({"mode": 77}, "the reader has 0, 1, 2, 3, 1002, 1003"),
        ({"mode": 2, "tari": 1}, "tari: mode 2 has 6250 to 25000 ns"),
        ({"tari": 12500}, "tari needs a mode"),
        ({"search_mode": 9}, "search_mode must be a whole number from 0 to 6"),
        ({"antennas": "1"}, "list of ports"),
        ({"antennas": [0]}, "list of ports"),
        ({"power": "high"}, "power must be dBm"),
        ({"power": float("nan")}, "power must be a number"),
        ({"report_tags": 1001}, "report_tags must be a whole number from 1 to 1000"),
        ({"session": 4}, "session must be a whole number from 0 to 3"),
        ({"keepalive": True}, "keepalive must be a number"),
        ({"colour": 1}, "Unknown option colour"),
    ],
)
def test_a_wrong_option_is_named_and_not_tried_again(wrong, words):
    with emulator([]) as reader, running(LlrpDriver, options(reader.port) | wrong) as core:
        core.until("failed", words)
        eventually(lambda: not core.driver._thread.is_alive())


def test_a_missing_host_is_named():
    with running(LlrpDriver, {}) as core:
        core.until("failed", "The option host is missing")


# === LLRPJS'S READER === #


def test_a_second_implementation_of_the_protocol_is_read_as_well():
    with node_reader() as reader, running(LlrpDriver, options(reader.port, power=20)) as core:
        core.until("up")
        eventually(lambda: len(core.epcs) == 3)
    assert core.epcs == {TRAY[0], "30340000000000000000000A", LONG}
    assert {read.antenna for read in core.reads} == {1, 2}
    assert {read.rssi for read in core.reads} == {None}


# === MESSAGES CAPTURED FROM A REAL READER === #


def test_captured_messages_of_an_impinj_reader_are_understood():
    names = ["ROAccessReport-001", "ROAccessReport-006", "ROAccessReport-008"]
    reports = [captured(name) for name in names]
    with CapturedReader(reports) as reader, running(LlrpDriver, options(reader.port)) as core:
        core.until_reads(3)
    assert [len(read.epc) for read in core.reads] == [24, 24, 24]
    assert len(core.epcs) >= 1
    assert all(abs(time.time() * 1000 - read.at) < 100_000 for read in core.reads)


def report_of(*parameters):
    body = b"".join(parameters)
    return frame(61, b"\x00\xf0" + (4 + len(body)).to_bytes(2, "big") + body)


EPC_96 = b"\x8d" + bytes.fromhex(TRAY[0])
EPC_128 = bytes.fromhex("00f1 0016 0080".replace(" ", "")) + bytes.fromhex(LONG)
UNKNOWN_CUSTOM = bytes.fromhex("03ff 0010 0000abcd 00000063 deadbeef".replace(" ", ""))
ANTENNA_2 = bytes.fromhex("810002")
STRENGTH = bytes.fromhex("86ce")  # -50 dBm


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ([EPC_96], (TRAY[0], 0, None)),
        ([EPC_96, ANTENNA_2, STRENGTH], (TRAY[0], 2, -50.0)),
        ([EPC_128, ANTENNA_2], (LONG, 2, None)),
        ([EPC_128, ANTENNA_2, UNKNOWN_CUSTOM], (LONG, 2, None)),
        ([UNKNOWN_CUSTOM, EPC_96, STRENGTH], (TRAY[0], 0, -50.0)),
    ],
)
def test_a_report_with_optional_fields_absent_or_unknown_is_read(parameters, expected):
    with (
        CapturedReader([report_of(*parameters)]) as reader,
        running(LlrpDriver, options(reader.port)) as core,
    ):
        core.until_reads(1)
    [read] = core.reads
    assert (read.epc, read.antenna, read.rssi) == expected
    assert read.at <= time.time() * 1000


def test_a_report_of_as_many_tags_as_may_be_asked_for_is_read():
    """Each with all that is asked for, and an EPC as long as any."""
    seen = bytes.fromhex("84000612345678abcd")
    tid = bytes.fromhex("03ff001a0000651a00000037000c") + bytes(12)
    tags = [
        (bytes.fromhex("00f1004401f0") + number.to_bytes(62, "big"), ANTENNA_2, STRENGTH, seen, tid)
        for number in range(1, 1001)
    ]
    bodies = [b"".join(tag) for tag in tags]
    report = b"".join(b"\x00\xf0" + (4 + len(body)).to_bytes(2, "big") + body for body in bodies)
    wanted = {"report_tags": 1000}
    with (
        CapturedReader([frame(61, report)]) as reader,
        running(LlrpDriver, options(reader.port, **wanted)) as core,
    ):
        core.until_reads(1000)
    assert len(core.epcs) == 1000


def test_an_antenna_left_out_is_the_one_of_the_report_before():
    reports = [report_of(EPC_96, ANTENNA_2), report_of(EPC_128)]
    with CapturedReader(reports) as reader, running(LlrpDriver, options(reader.port)) as core:
        core.until_reads(2)
    assert [read.antenna for read in core.reads] == [2, 2]


def test_a_report_without_an_epc_is_no_read():
    reports = [report_of(ANTENNA_2), report_of(bytes.fromhex("00f100060000")), report_of(EPC_96)]
    with CapturedReader(reports) as reader, running(LlrpDriver, options(reader.port)) as core:
        core.until_reads(1)
    assert [read.epc for read in core.reads] == [TRAY[0]]


def test_an_antenna_or_epc_that_odoo_would_not_take_is_no_read():
    too_long = bytes.fromhex("00f1 0046 0200".replace(" ", "")) + bytes(range(64))
    reports = [report_of(EPC_96, bytes.fromhex("810100")), report_of(too_long, ANTENNA_2)]
    reports += [report_of(EPC_96, ANTENNA_2)]
    with CapturedReader(reports) as reader, running(LlrpDriver, options(reader.port)) as core:
        core.until_reads(1)
    assert [(read.epc, read.antenna) for read in core.reads] == [(TRAY[0], 2)]


def test_what_an_earlier_client_left_running_is_not_read():
    def left_running(link):
        link.sendall(CONNECTED + report_of(EPC_128))
        while request := reader.read_request(link):
            link.sendall(report_of(EPC_128) + reader.answer(*request))
            if request[0] == 24:
                link.sendall(report_of(EPC_96))

    with (
        CapturedReader(script=left_running) as reader,
        running(LlrpDriver, options(reader.port)) as core,
    ):
        core.until_reads(1)
    assert core.epcs == {TRAY[0]}


def test_reads_that_came_together_are_handed_over_together_also_before_damage():
    chunks = []

    class Counting(Core):
        def emit(self, reads):
            chunks.append(len(reads))
            super().emit(reads)

    together = report_of(EPC_96) * 3 + report_of(EPC_128) + b"\xff" * 10
    with (
        CapturedReader([together]) as reader,
        running(LlrpDriver, options(reader.port), Counting()) as core,
    ):
        core.until("down", "not LLRP")
    assert next(count for count in chunks if count) == 4
    assert core.reads[3].epc == LONG


# === CLOCKS === #


@pytest.mark.parametrize("jump", [1_500, 240_000, -240_000])
def test_reads_follow_the_computers_clock_when_it_is_set(jump, monkeypatch):
    """A small computer without a battery gets its time when the network is there."""
    with (
        emulator([tag(TRAY[0])], reads_per_sec=50) as reader,
        running(LlrpDriver, options(reader.port)) as core,
    ):
        core.until_reads(20)
        monkeypatch.setattr(llrp, "now", lambda: base.now() + jump)
        seen = len(core.reads)
        core.until_reads(seen + 20)
    assert all(abs(read.at - base.now() - jump) < 1_000 for read in core.reads[seen + 2 :])


def test_reads_follow_a_reader_whose_clock_is_set_back():
    def stamped(seconds):
        """A report whose tag was last seen so many seconds after the reader's clock began."""
        stamp = (10**15 + seconds * 10**6).to_bytes(8, "big")
        return report_of(EPC_96, b"\x84" + stamp)

    def set_back(link):
        link.sendall(CONNECTED)
        while request := reader.read_request(link):
            link.sendall(reader.answer(*request))
            if request[0] == 24:
                link.sendall(stamped(600) + stamped(600) + stamped(300) + stamped(300))

    with (
        CapturedReader(script=set_back) as reader,
        running(LlrpDriver, options(reader.port)) as core,
    ):
        core.until_reads(4)
    assert all(abs(read.at - base.now()) < 5_000 for read in core.reads)


# === READERS THAT BREAK === #


def test_a_reader_without_power_is_noticed_by_its_silence():
    # It closes nothing: the connection just says no more.
    def dead(link):
        link.sendall(CONNECTED)
        while request := reader.read_request(link):
            link.sendall(reader.answer(*request))
            if request[0] == 24:
                time.sleep(30)

    with CapturedReader(script=dead) as reader:
        wanted = options(reader.port, keepalive=0.1, timeout=0.6)
        with running(LlrpDriver, wanted) as core:
            core.until("up")
            core.until("down", "has been silent")
            eventually(lambda: reader.connections >= 2)


def test_a_reader_that_does_not_answer_while_it_is_configured_is_told_with_the_step():
    def mute(link):
        link.sendall(CONNECTED)
        time.sleep(30)

    with (
        CapturedReader(script=mute) as reader,
        running(LlrpDriver, options(reader.port, timeout=0.5)) as core,
    ):
        core.until("down", "does not answer (SENT_GET_CAPABILITIES)")


@pytest.mark.parametrize(
    ("bytes_sent", "words"),
    [
        (bytes.fromhex("043d ffffffff 00000001".replace(" ", "")), "message of 4294967295 bytes"),
        (bytes.fromhex("043d 00000009 00000001".replace(" ", "")), "message of 9 bytes"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "not LLRP"),
        (b"\x00" * 64, "not LLRP"),
        (CONNECTED[:17], "closed the connection"),
        (b"", "closed the connection"),
    ],
)
def test_damage_ends_the_connection_and_another_is_made(bytes_sent, words):
    def broken(link):
        link.sendall(bytes_sent)
        link.shutdown(socket.SHUT_WR)
        link.recv(10)
        link.close()

    with (
        CapturedReader(script=broken) as reader,
        running(LlrpDriver, options(reader.port)) as core,
    ):
        core.until("down", words)
        eventually(lambda: reader.connections >= 2)


def test_messages_in_pieces_of_one_byte_are_put_together():
    def slowly(link):
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        dribble(link, CONNECTED)
        while request := reader.read_request(link):
            dribble(link, reader.answer(*request)[:200] or b"")
            link.sendall(reader.answer(*request)[200:])
            if request[0] == 24:
                dribble(link, report_of(EPC_96))

    with (
        CapturedReader(script=slowly) as reader,
        running(LlrpDriver, options(reader.port, timeout=10.0)) as core,
    ):
        core.until_reads(1)


def dribble(link, data):
    for byte in data:
        link.sendall(bytes([byte]))


def test_a_refused_spec_is_told_in_the_readers_words():
    def refusing(link):
        link.sendall(CONNECTED)
        while request := reader.read_request(link):
            status = (
                bytes.fromhex("011f") + (8 + 9).to_bytes(2, "big") + b"\x00\x64\x00\x09too dense"
            )
            refused = frame(30, status, request[1])
            link.sendall(refused if request[0] == 20 else reader.answer(*request))

    with (
        CapturedReader(script=refusing) as reader,
        running(LlrpDriver, options(reader.port)) as core,
    ):
        core.until("down", "refused ADD_ROSPEC: ParameterError too dense")


def test_an_unknown_message_between_others_is_passed_over():
    reports = [
        frame(999, b"\x01\x02"),
        frame(54, b"\x01\x1f\x00\x08" + b"\x00" * 4),
        report_of(EPC_96),
    ]
    with CapturedReader(reports) as reader, running(LlrpDriver, options(reader.port)) as core:
        core.until_reads(1)
        assert core.state[0] == "up"


def test_a_rival_that_was_refused_is_told_and_reading_goes_on():
    rival = frame(
        63, bytes.fromhex("00f60016008000 0c0000000000000001010000060004".replace(" ", ""))
    )
    with (
        CapturedReader([rival, report_of(EPC_96)]) as reader,
        running(LlrpDriver, options(reader.port)) as core,
    ):
        core.until("up", "Another program tried")
        core.until_reads(1)


def test_nobody_at_the_address_is_down_and_not_failed():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    core = Core()
    with running(LlrpDriver, options(port), core):
        core.until("down", "refused")
        assert core.driver._thread.is_alive()
