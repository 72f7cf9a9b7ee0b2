"""Frames, lines and clocks: pure functions with examples and generated cases."""

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jewelry_rfid_gateway.wire import llrp, m100
from jewelry_rfid_gateway.wire.lines import LINE, LineCutter, compile_pattern, parse
from llrp_peers import CAPTURED, frame
from m100_peer import notification, packet

SERIAL = json.loads((Path(__file__).parent / "vectors/uhf_m100_serial_frames.json").read_text())[
    "frames"
]


def pieces(data, seed):
    """Cut bytes at random places."""
    dice = random.Random(seed)
    while data:
        size = dice.randint(1, 40)
        yield data[:size]
        data = data[size:]


# === LLRP === #


@given(
    st.lists(st.tuples(st.integers(1, 1023), st.binary(max_size=300)), max_size=8), st.integers()
)
def test_frames_come_out_as_they_went_in_however_they_are_cut(messages, seed):
    frames = [frame(kind, payload) for kind, payload in messages]
    cutter = llrp.FrameCutter()
    found = [out for piece in pieces(b"".join(frames), seed) for out in cutter.feed(piece)]
    assert found == frames
    assert len(cutter) == 0


def test_captured_messages_have_the_lengths_they_say():
    for message in CAPTURED.values():
        whole = bytes.fromhex(message["full_message_hex_v1_id1"])
        assert list(llrp.FrameCutter().feed(whole)) == [whole]


def test_a_length_of_four_gigabytes_is_refused_before_a_byte_of_it_is_kept():
    cutter = llrp.FrameCutter()
    with pytest.raises(llrp.DamagedStream, match="4294967295"):
        list(cutter.feed(bytes.fromhex("043dffffffff00000001") + b"x" * 1000))
    assert len(cutter) <= 1010


def test_the_longest_frame_is_taken_and_one_byte_more_is_not():
    longest = frame(61, b"x" * (llrp.LONGEST_FRAME - 10))
    assert list(llrp.FrameCutter().feed(longest)) == [longest]
    with pytest.raises(llrp.DamagedStream):
        list(llrp.FrameCutter().feed(frame(61, b"x" * (llrp.LONGEST_FRAME - 9))))


def test_frames_before_the_damage_are_delivered():
    good = frame(62)
    cutter, found = llrp.FrameCutter(), []
    with pytest.raises(llrp.DamagedStream):
        for out in cutter.feed(good + good + b"\xff" * 10):
            found.append(out)
    assert found == [good, good]


# === THE READER'S CLOCK === #


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 2000)), min_size=1, max_size=50),
)
def test_a_read_is_never_later_than_now_nor_earlier_than_it_can_be(offset, steps):
    clock, true = llrp.ReaderClock(), 10**13
    for step, delay in steps:
        true += step
        at = clock.at((true - offset) * 1000, true + delay)
        assert true - 1 <= at <= true + delay


def test_delays_are_taken_out_once_a_fast_message_was_seen():
    clock = llrp.ReaderClock()
    assert clock.at(1_000_000, 501_500) == 501_500
    assert clock.at(2_000_000, 502_000) == 502_000
    assert clock.at(3_000_000, 504_500) in (503_000, 503_001, 503_002)


def test_a_reader_that_was_started_again_is_known_by_its_clock():
    clock = llrp.ReaderClock()
    assert clock.at(1_000_000_000, 5_000_000) == 5_000_000
    assert clock.at(1_000_000, 5_000_100) == 5_000_100  # the reader was started again


@given(st.integers(-(10**9), 10**9), st.integers(1, 60_000))
def test_a_clock_of_the_reader_that_was_set_costs_two_seconds_at_most(jump, passed):
    clock = llrp.ReaderClock()
    clock.at(10**13, 5_000_000)
    now = 5_000_000 + passed
    at = clock.at(10**13 + (passed + jump) * 1000, now)
    assert now - 2_000 < at <= now


def test_without_a_time_of_the_reader_it_is_now():
    assert llrp.ReaderClock().at(None, 42) == 42


# === M100 === #


@pytest.mark.parametrize("vector", SERIAL, ids=[vector["name"] for vector in SERIAL])
def test_published_frames_are_read_and_written_alike(vector):
    data = bytes.fromhex(vector["hex"])
    [found] = m100.FrameFinder().feed(data)
    assert found == (vector["type"], vector["cmd"], bytes.fromhex(vector["param"]))
    assert found.encode() == data


def test_the_published_tag_has_the_crc_that_we_compute():
    vector = next(vector for vector in SERIAL if vector["name"] == "single_poll_notify")
    tag = m100.read_tag(bytes.fromhex(vector["param"]))
    assert tag == (-55, 0x3400, "30751FEB705C5904E3D50D70")


@pytest.mark.parametrize("bit", range(8, 17 * 8))
def test_one_bit_wrong_is_no_tag(bit):
    # All but the strength, which no CRC covers.
    parameters = bytearray.fromhex("c9340030751feb705c5904e3d50d703a76")
    parameters[bit // 8] ^= 0x80 >> bit % 8
    assert m100.read_tag(bytes(parameters)) is None
    assert m100.read_tag(bytes(parameters), check_crc=False) is not None


EPCS = st.binary(min_size=4, max_size=62).filter(lambda data: len(data) % 2 == 0)


@given(
    st.lists(EPCS, min_size=1, max_size=6),
    st.lists(st.binary(max_size=12), min_size=7, max_size=7),
    st.integers(),
)
def test_tags_are_found_between_noise_however_it_is_cut(epcs, noises, seed):
    # A header of noise in front of a frame may swallow it: then the noise says how long it is.
    frames = [notification(epc.hex()) for epc in epcs]
    noises = [noise.replace(b"\xbb", b"\x7e") for noise in noises]
    stream = noises[0] + b"".join(a + b for a, b in zip(frames, noises[1:], strict=False))
    finder = m100.FrameFinder()
    found = [out for piece in pieces(stream, seed) for out in finder.feed(piece)]
    assert [m100.read_tag(out.parameters).epc for out in found] == [
        epc.hex().upper() for epc in epcs
    ]


@given(st.binary(max_size=80).map(lambda data: data.replace(b"\x7e", b"\xbb")), EPCS)
def test_a_frame_hidden_by_a_false_beginning_is_found_after_a_silence(noise, epc):
    finder = m100.FrameFinder()
    found = [*finder.feed(noise + notification(epc.hex())), *finder.flush()]
    assert epc.hex().upper() in [tag.epc for out in found if (tag := m100.read_tag(out.parameters))]
    assert len(finder) == 0


@pytest.mark.parametrize("place", range(24))
def test_a_frame_with_one_byte_wrong_is_no_frame(place):
    data = bytearray(notification("30751FEB705C5904E3D50D70"))
    data[place] ^= 0x01
    finder = m100.FrameFinder()
    assert [*finder.feed(bytes(data)), *finder.flush()] == []


def test_a_false_length_is_not_waited_for():
    finder = m100.FrameFinder()
    good = packet(1, 3, b"ok")
    assert [out.command for out in finder.feed(b"\xbb\x01\x03\xff\xff" + good)] == [3]
    assert [out.command for out in finder.feed(b"\xbb\x09" + good)] == [3]


def test_seven_bytes_are_the_shortest_tag_and_less_is_none():
    assert m100.read_tag(b"\xc9\x00\x00\x00\x00\x00") is None
    assert m100.read_tag(b"") is None


# === LINES === #


@given(st.lists(st.text("0123456789ABCDEF -", min_size=1, max_size=60), max_size=10), st.integers())
def test_lines_come_out_as_they_went_in_however_they_are_cut(lines, seed):
    cutter = LineCutter()
    stream = "".join(line + "\r\n" for line in lines).encode()
    assert [out for piece in pieces(stream, seed) for out in cutter.feed(piece)] == lines
    assert (cutter.dropped, len(cutter)) == (0, 0)


@given(st.lists(st.binary(max_size=2000), max_size=20))
def test_a_cutter_never_holds_more_than_a_line(chunks):
    cutter = LineCutter(longest=100)
    for chunk in chunks:
        assert all(len(line.encode("ascii", "replace")) <= 100 for line in cutter.feed(chunk))
        assert len(cutter) <= 100


@pytest.mark.parametrize("count", [101, 250])
def test_a_line_that_is_too_long_is_dropped_in_one_piece_or_in_many(count):
    for stream in (pieces(b"A" * count + b"\nB\n", 3), [b"A" * count + b"\nB\n"]):
        cutter = LineCutter(longest=100)
        assert [out for piece in stream for out in cutter.feed(piece)] == ["B"]
        assert cutter.dropped == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3034257BF7194E4000001A85", ("3034257BF7194E4000001A85", None)),
        ("  3034257bf7194e4000001a85 ", ("3034257BF7194E4000001A85", None)),
        ("30 34 25 7B F7 19 4E 40 00 00 1A 85", ("3034257BF7194E4000001A85", None)),
        ("3034-257B-F719-4E40-0000-1A85\t-60", ("3034257BF7194E4000001A85", -60.0)),
        ("0000000000000000", ("0000000000000000", None)),
        ("F" * 124, ("F" * 124, None)),
    ],
)
def test_epcs_are_read_as_handhelds_write_them(text, expected):
    assert parse(text, compile_pattern(LINE))[:2] == expected


@pytest.mark.parametrize(
    "text", ["", "303", "4006381333931", "F" * 126, "G" * 24, "3034 257B F7,abc"]
)
def test_what_is_no_epc_is_none(text):
    assert parse(text, compile_pattern(LINE)) is None


@given(st.text(max_size=200))
def test_no_text_breaks_a_line(text):
    found = parse(text, compile_pattern(LINE))
    assert found is None or re.fullmatch("(?:[0-9A-F]{2}){8,62}", found.epc)
