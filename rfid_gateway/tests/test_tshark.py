"""What the gateway sends, decoded by Wireshark: a third implementation of LLRP."""

import json
import shutil
import struct
import subprocess
from itertools import pairwise

import pytest
from drivers_common import eventually, running
from jewelry_rfid_gateway.drivers.llrp import LlrpDriver
from llrp_peers import CapturedReader, captured


def capture(path, stream):
    """Write a stream as a capture of one TCP connection to port 5084, in segments of 1,000 bytes.

    The link type is raw IP; checksums are left out, which tshark does not verify by default.
    """
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for number, start in enumerate(range(0, len(stream), 1000)):
            data = stream[start : start + 1000]
            tcp = struct.pack(">HHIIBBHHH", 40000, 5084, 1 + start, 1, 0x50, 0x18, 8192, 0, 0)
            address = bytes((127, 0, 0, 1))
            ip = (
                struct.pack(">BBHHHBBH", 0x45, 0, 40 + len(data), number, 0, 64, 6, 0) + address * 2
            )
            packet = ip + tcp + data
            file.write(struct.pack("<IIII", number, 0, len(packet), len(packet)) + packet)


def decode(path, wanted="llrp"):
    """Every LLRP message in a capture as tshark tells it; with "frame", its packets."""
    tshark = shutil.which("tshark")
    assert tshark, "tshark is missing"
    command = [tshark, "-r", path, "-d", "tcp.port==5084,llrp", "-T", "json", "-Y", wanted]
    command += ["--no-duplicate-keys"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    messages = []
    for packet in json.loads(done.stdout):
        layers = packet["_source"]["layers"]
        found = layers["llrp"] if wanted == "llrp" else layers
        messages += found if isinstance(found, list) else [found]
    return messages


def values(node, field):
    """All values of a field, at any depth."""
    if isinstance(node, list):
        return [value for item in node for value in values(item, field)]
    if not isinstance(node, dict):
        return []
    found = []
    for name, value in node.items():
        if name == field:
            found += value if isinstance(value, list) else [value]
        else:
            found += values(value, field)
    return found


@pytest.fixture(scope="module")
def captured_path(tmp_path_factory):
    """A capture of what the driver sends to a real reader's answers."""
    options = {"port": 0, "antennas": [1, 3], "power": {"1": 20, "3": 29.6}, "session": 2}
    options |= {"host": "127.0.0.1", "mode": 1002, "keepalive": 7.0, "population": 40}
    reader = CapturedReader([captured("ROAccessReport-001")])
    with reader, running(LlrpDriver, options | {"port": reader.port}) as core:
        core.until_reads(1)
        assert core.driver.stop(10)
        eventually(lambda: b"\x04\x0e\x00\x00\x00\x0a" in reader.received)
    path = tmp_path_factory.mktemp("capture") / "sent.pcap"
    capture(path, bytes(reader.received))
    return path


@pytest.fixture(scope="module")
def sent(captured_path):
    """What the driver sends, decoded."""
    return decode(captured_path)


def test_no_message_is_malformed(captured_path):
    assert "_ws." not in json.dumps(decode(captured_path, "frame"))


def test_all_messages_are_in_the_right_order(sent):
    assert [int(kind) for kind in values(sent, "llrp.type")] == [
        1,  # GET_READER_CAPABILITIES
        2,  # GET_READER_CONFIG
        64,  # ENABLE_EVENTS_AND_REPORTS
        3,  # SET_READER_CONFIG
        41,  # DELETE_ACCESSSPEC
        21,  # DELETE_ROSPEC
        20,  # ADD_ROSPEC
        24,  # ENABLE_ROSPEC
        21,  # DELETE_ROSPEC
        14,  # CLOSE_CONNECTION
    ]


def test_message_numbers_grow(sent):
    numbers = [int(number) for number in values(sent, "llrp.id")]
    assert all(one < two for one, two in pairwise(numbers))


def test_keepalives_are_asked_for_in_milliseconds(sent):
    [config] = of_type(sent, 3)
    # Wireshark 4.0 writes the name of the field with a letter missing.
    spelled = ("llrp.param.time_iterval", "llrp.param.time_interval")
    assert [time for name in spelled for time in values(config, name)] == ["7000"]


def test_antennas_power_session_mode_and_population_are_as_configured(sent):
    [spec] = of_type(sent, 20)
    expected = {
        "llrp.param.antenna": ["1", "3"],
        # Which index has 20 and 29.5 dBm, the reader's captured table says: from 10 in quarters.
        "llrp.param.transmit_power": ["41", "79"],
        "llrp.param.session": ["2", "2"],
        "llrp.param.mode_idx": ["1002", "1002"],
        "llrp.param.tag_population": ["40", "40"],
    }
    assert {field: values(spec, field) for field in expected} == expected


def test_the_reader_starts_at_once_never_stops_by_itself_and_reports_each_tag(sent):
    [spec] = of_type(sent, 20)
    expected = {
        "llrp.param.rospec_start_trig_type": ["1"],
        "llrp.param.rospec_stop_trig_type": ["0"],
        "llrp.param.aispec_stop_trig_type": ["0"],
        "llrp.param.ro_report_trig": ["1"],
        "llrp.param.n_2": ["1"],
        "llrp.param.enable_antenna_id": ["1"],
        "llrp.param.enable_peak_rssi": ["1"],
        "llrp.param.enable_last_seen": ["1"],
        "llrp.param.enable_pc": ["1"],
    }
    assert {field: values(spec, field) for field in expected} == expected


def of_type(messages, kind):
    return [message for message in messages if values(message, "llrp.type") == [str(kind)]]


def test_a_message_that_is_damaged_would_be_seen(tmp_path):
    capture(tmp_path / "damaged.pcap", bytes.fromhex("04140000000e0000000100b100f0"))
    assert "_ws.malformed" in json.dumps(decode(tmp_path / "damaged.pcap", "frame"))
