"""The driver of serial modules, with a module behind a pseudo terminal."""

import time

import pytest
from drivers_common import eventually, running
from jewelry_rfid_gateway.drivers import m100 as driver
from jewelry_rfid_gateway.drivers.m100 import M100Driver
from m100_peer import Module, notification

TRAY = ["3034257BF7194E4000001A85", "BB7E0000BB7E00007E7EBBBB", "E2801160600002054CC2096F00000001"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ttyUSB0"


def options(path, **more):
    return {"path": str(path), "region": "europe", "timeout": 0.5} | more


def test_tags_of_any_length_are_read_with_strength_and_protocol_word(path):
    with Module(path, TRAY), running(M100Driver, options(path, antenna=3)) as core:
        eventually(lambda: core.epcs == set(TRAY))
    read = next(read for read in core.reads if read.epc == TRAY[0])
    assert (read.reader, read.antenna, read.rssi, read.pc) == ("R1", 3, -55.0, 0x3000)
    assert {read.pc for read in core.reads if read.epc == TRAY[2]} == {0x4000}


def test_region_session_and_power_are_set_before_polling_and_polling_is_stopped_at_the_end(path):
    with Module(path, TRAY) as module:
        with running(M100Driver, options(path, region="us", session=2, power=18.5)) as core:
            core.until_reads(1)
        eventually(lambda: not module.polling)
    assert module.commands == [
        (0x28, b""),
        (0x03, b"\x00"),
        (0x07, b"\x02"),
        (0x0E, b"\x12\x20"),
        (0xB6, b"\x07\x3a"),
        (0x27, b"\x22\xff\xff"),
        (0x28, b""),
    ]


def test_a_new_power_from_odoo_is_set_while_running(path):
    with Module(path, TRAY) as module, running(M100Driver, options(path)) as core:
        core.until_reads(1)
        core.driver.set_power({1: 15.0})
        eventually(lambda: (0xB6, b"\x05\xdc") in module.commands)
        core.driver.set_power({1: 99})
        eventually(lambda: (0xB6, b"\x0c\xe4") in module.commands)
        seen = len(core.reads)
        core.until_reads(seen + 1)
        # None any more: what it stood at before.
        core.driver.set_power({})
        eventually(lambda: module.power == b"\x07\xd0")
        eventually(lambda: module.polling)


def test_odoo_orders_no_more_than_what_is_configured(path):
    with Module(path, TRAY) as module, running(M100Driver, options(path, power=18)) as core:
        core.until_reads(1)
        core.driver.set_power({1: 12})
        eventually(lambda: module.power == b"\x04\xb0")
        core.driver.set_power({1: 30})
        eventually(lambda: module.power == b"\x07\x08")
        core.driver.set_power({1: 12})
        eventually(lambda: module.power == b"\x04\xb0")
        core.driver.set_power({})
        eventually(lambda: module.power == b"\x07\x08")


def test_a_module_that_does_not_say_its_power_takes_orders_all_the_same(path):
    with Module(path, TRAY, refuse=0xB7) as module, running(M100Driver, options(path)) as core:
        core.until_reads(1)
        core.driver.set_power({1: 15.0})
        eventually(lambda: module.power == b"\x05\xdc")
        seen = len(core.reads)
        core.until_reads(seen + 1)


def test_a_port_that_another_program_uses_is_left_to_it_until_it_ends(path):
    with Module(path, TRAY) as module, running(M100Driver, options(path)) as first:
        first.until_reads(1)
        asked = len(module.commands)
        with running(M100Driver, options(path), code="R2") as second:
            second.until("down", "Another program uses the port")
            assert len(module.commands) == asked
            seen = len(first.reads)
            first.until_reads(seen + 5)
            assert first.state == ("up", "")
            assert first.driver.stop(10)
            second.until_reads(1)


def test_a_module_that_sees_no_tag_says_that_it_is_there_until_it_has_no_power(path):
    with Module(path) as module, running(M100Driver, options(path)) as core:
        eventually(lambda: core.signs >= 3)
        module.deaf = True
        time.sleep(0.5)
        seen = core.signs
        time.sleep(0.5)
        assert core.signs == seen


def test_an_empty_field_is_up_and_silent(path):
    with Module(path) as module, running(M100Driver, options(path)) as core:
        core.until("up")
        eventually(lambda: module.polling)
        assert core.reads == []
        assert core.state == ("up", "")


def test_noise_between_frames_costs_no_tag(path):
    noise = bytes.fromhex("bb02220100bb7e00ff7ebb01")
    with Module(path, TRAY, noise=noise), running(M100Driver, options(path)) as core:
        eventually(lambda: core.epcs == set(TRAY))


def test_a_tag_damaged_on_its_way_is_not_a_read(path):
    good = notification(TRAY[0])
    # Two bytes exchanged: the sum is the same, the tag's CRC is not.
    swapped = good[:10] + good[11:12] + good[10:11] + good[12:]
    assert sum(swapped) == sum(good)
    with Module(path) as module, running(M100Driver, options(path)) as core:
        core.until("up")
        module.say(swapped)
        eventually(lambda: core.driver.refused)
        module.say(good)
        core.until_reads(1)
    assert core.epcs == {TRAY[0]}


def test_a_cable_pulled_and_plugged_in_again_is_read_again(path):
    with Module(path, TRAY) as module, running(M100Driver, options(path)) as core:
        core.until_reads(1)
        module.unplug()
        core.until("down")
        seen = len(core.reads)
        module.plug()
        core.until_reads(seen + 1)
        assert core.state == ("up", "")


def test_a_module_that_does_not_answer_is_down_and_tried_again(path):
    with Module(path, mute=True) as module, running(M100Driver, options(path, timeout=0.2)) as core:
        core.until("down", "does not answer (command 03)")
        module.mute = False
        core.until("up")


def test_a_module_that_was_reset_is_asked_to_poll_again(path):
    with Module(path, TRAY) as module, running(M100Driver, options(path)) as core:
        core.until_reads(1)
        module.polling = False
        eventually(lambda: sum(command == 0x27 for command, _ in module.commands) >= 2)
        seen = len(core.reads)
        core.until_reads(seen + 1)


def test_a_module_that_falls_silent_for_good_is_down_and_set_anew(path, monkeypatch):
    monkeypatch.setattr(driver, "_SILENCE", 0.3)
    with Module(path, TRAY) as module, running(M100Driver, options(path)) as core:
        core.until_reads(1)
        module.mute, module.deaf = True, True
        core.until("down", "has stopped answering")
        module.mute, module.deaf = False, False
        seen = len(core.reads)
        core.until_reads(seen + 1)


def test_a_refused_region_is_told(path):
    with Module(path, refuse=0x07), running(M100Driver, options(path)) as core:
        core.until("down", "refuses command 07: the command is not known or its parameter is wrong")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"region": "moon"}, "region: one of china900, us, europe"),
        ({"power": 99}, "power must be a number from 0 to 33"),
        ({"baud": 12}, "baud must be a whole number"),
        ({"session": "1"}, "session must be a whole number"),
    ],
)
def test_a_wrong_option_is_named(path, wrong, words):
    with running(M100Driver, options(path) | wrong) as core:
        core.until("failed", words)


def test_no_device_is_down_and_not_failed(path):
    with running(M100Driver, options(path)) as core:
        core.until("down", "ttyUSB0")
        with Module(path, TRAY):
            core.until_reads(1)
