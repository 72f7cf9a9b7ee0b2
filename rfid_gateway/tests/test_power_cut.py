"""A reader that loses its power, before a gateway as a process: nobody leaves because of it."""

import time
from collections import Counter

import pytest
from drivers_common import eventually
from gateway_process import Gateway
from jewelry_rfid_gateway.reading import APPEAR, LEAVE
from jewelry_rfid_gateway.simulate import make_epcs
from llrp_peers import emulator, tag

#: Longer than a tag's patience, so that the gateway does not know yet when that ends.
UNTIL_DOWN = 5.0
CONFIGURATION = """
[smoothing]
leave_min_ms = 2_000
leave_max_ms = 2_000
[[readers]]
code = "r"
driver = "llrp"
host = "127.0.0.1"
port = {port}
keepalive = 0.3
timeout = {timeout}
"""
TRAY = make_epcs(20)


@pytest.fixture
def reader():
    with emulator([tag(epc) for epc in TRAY], reads_per_sec=200) as reader:
        yield reader


@pytest.fixture
def gateway(tmp_path, odoo, key_file, reader):
    with Gateway(tmp_path, odoo.url, key_file) as gateway:
        gateway.write(CONFIGURATION.format(port=reader.port, timeout=UNTIL_DOWN)).start()
        yield gateway


def _count(odoo, kind):
    return Counter(row[1] for row in odoo.rows() if row[0] == kind)


def test_nobody_leaves_when_a_reader_loses_its_power_and_gets_it_again(gateway, odoo, reader):
    eventually(lambda: _count(odoo, APPEAR) == dict.fromkeys(TRAY, 1))
    reader.cut_power()
    eventually(lambda: gateway.says("has been silent"))
    reader.give_power()
    eventually(lambda: '"state": "up"' in gateway.ask("/health")[1], 60)
    time.sleep(3)
    assert not _count(odoo, LEAVE)
    assert _count(odoo, APPEAR) == dict.fromkeys(TRAY, 1)


def test_what_is_taken_away_leaves_though_nothing_else_is_read(gateway, odoo, reader):
    eventually(lambda: len(_count(odoo, APPEAR)) == len(TRAY))
    reader.tags = []
    eventually(lambda: _count(odoo, LEAVE) == dict.fromkeys(TRAY, 1))


def test_nobody_leaves_while_a_new_gateway_connects(gateway, odoo, reader):
    eventually(lambda: len(_count(odoo, APPEAR)) == len(TRAY))
    gateway.kill()
    reader.cut_power()
    gateway.start()
    time.sleep(4)
    reader.give_power()
    eventually(lambda: '"state": "up"' in gateway.ask("/health")[1], 60)
    time.sleep(3)
    assert not _count(odoo, LEAVE)
