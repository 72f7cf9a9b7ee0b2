"""Handhelds that send lines over TCP, by real connections."""

import gc
import socket
import threading
import time

import pytest
from drivers_common import eventually, running
from jewelry_rfid_gateway.drivers import tcp
from jewelry_rfid_gateway.drivers.tcp import TcpDriver

EPC = "3034257BF7194E4000001A85"


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def options(port, **more):
    return {"host": "127.0.0.1", "port": port} | more


def connect(port):
    return socket.create_connection(("127.0.0.1", port), 10)


def test_lines_of_a_handheld_become_reads(port):
    with running(TcpDriver, options(port, antenna=7)) as core:
        core.until("up")
        with connect(port) as handheld:
            handheld.sendall(
                f"{EPC}\r\n{EPC.lower()};-61.5\nE280 1160 6000 0205 4CC2 096F\n".encode()
            )
            core.until_reads(3)
    assert [(read.epc, read.rssi, read.antenna) for read in core.reads] == [
        (EPC, None, 7),
        (EPC, -61.5, 7),
        ("E2801160600002054CC2096F", None, 7),
    ]


def test_many_handhelds_at_once_mix_no_lines(port):
    def send(number):
        with connect(port) as handheld:
            for serial in range(50):
                line = f"{number:08X}{serial:08X}\n".encode()
                handheld.sendall(line[:5])
                handheld.sendall(line[5:])

    with running(TcpDriver, options(port)) as core:
        core.until("up")
        threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        core.until_reads(400)
        for thread in threads:
            thread.join()
    assert core.epcs == {f"{number:08X}{serial:08X}" for number in range(8) for serial in range(50)}


def test_a_line_that_never_ends_is_dropped_and_the_next_one_read(port):
    with running(TcpDriver, options(port)) as core:
        core.until("up")
        with connect(port) as handheld:
            handheld.sendall(b"A" * 300_000)
            handheld.sendall(f"\n{EPC}\n".encode())
            core.until_reads(1)
    assert core.epcs == {EPC}


def test_what_is_no_tag_is_counted_and_not_read(port):
    with running(TcpDriver, options(port)) as core:
        core.until("up")
        with connect(port) as handheld:
            handheld.sendall(b"hello\n4006381333931\n3034257\n\xff\xfe\n" + EPC.encode() + b"\n")
            core.until_reads(1)
        assert core.driver.refused == 4
    assert core.epcs == {EPC}


def test_the_last_line_needs_no_end(port):
    with running(TcpDriver, options(port)) as core:
        core.until("up")
        with connect(port) as handheld:
            handheld.sendall(EPC.encode())
        core.until_reads(1)


def test_more_peers_than_allowed_are_turned_away_until_one_goes(port):
    with running(TcpDriver, options(port, peers=1)) as core:
        core.until("up")
        with connect(port) as first:
            first.sendall(f"{EPC}\n".encode())
            core.until_reads(1)
            with connect(port) as second:
                assert second.recv(1) == b""

        eventually(lambda: try_once(port) and len(core.reads) >= 2)


def test_a_handheld_silent_for_long_makes_room_and_one_at_work_does_not(port, monkeypatch, caplog):
    monkeypatch.setattr(tcp, "_IDLE", 0.5)
    with running(TcpDriver, options(port, peers=2)) as core:
        core.until("up")
        with connect(port) as silent, connect(port) as working:
            end = time.monotonic() + 0.7
            while time.monotonic() < end:
                working.sendall(f"{EPC}\n".encode())
                time.sleep(0.05)
            with connect(port) as late:
                late.sendall(f"{EPC[:-2]}01\n".encode())
                eventually(lambda: f"{EPC[:-2]}01" in core.epcs)
                assert silent.recv(1) == b""
                working.sendall(f"{EPC[:-2]}02\n".encode())
                eventually(lambda: f"{EPC[:-2]}02" in core.epcs)
                with connect(port) as refused:
                    assert refused.recv(1) == b""
    assert "R1: 127.0.0.1 was turned away: 2 handhelds are connected." in caplog.text


def test_a_handheld_that_speaks_while_another_comes_is_heard_first(port, monkeypatch):
    monkeypatch.setattr(tcp, "_IDLE", 0.0)
    with running(TcpDriver, options(port, peers=2)) as core:
        core.until("up")
        with connect(port) as silent, connect(port) as working:
            # While the core is full, one comes, and then the one that was silent speaks.
            core.room.clear()
            working.sendall(f"{EPC}\n".encode())
            time.sleep(0.5)
            with connect(port) as late:
                silent.sendall(f"{EPC[:-2]}01\n".encode())
                time.sleep(0.2)
                core.room.set()
                late.sendall(f"{EPC[:-2]}02\n".encode())
                core.until_reads(3)
        assert core.states == [("up", "")]


@pytest.mark.parametrize("role", ["server", "client"])
def test_a_peer_that_leaves_without_a_word_is_asked_within_a_minute(port, role):
    """The options of the real connection: the kernel does the asking."""
    with socket.create_server(("127.0.0.1", 0)) as handheld:
        there = handheld.getsockname()[1] if role == "client" else port
        with running(TcpDriver, options(there, role=role)) as core:
            core.until("up")
            link = handheld.accept()[0] if role == "client" else connect(port)
            with link:
                link.sendall(f"{EPC}\n".encode())
                core.until_reads(1)
                ours = find_socket(link)
                idle, interval, count = (
                    ours.getsockopt(socket.IPPROTO_TCP, name)
                    for name in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
                )
                assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
                assert idle + interval * count <= 60


def find_socket(link):
    """The other end of a connection within this process."""
    return next(
        thing
        for thing in gc.get_objects()
        if type(thing) is socket.socket
        and thing.fileno() >= 0
        and thing is not link
        and thing.getsockname() == link.getpeername()
        and thing.type == socket.SOCK_STREAM
        and not thing.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    )


def try_once(port):
    """Connect and send a tag; the gateway may not have noticed yet that another one left."""
    with connect(port) as handheld:
        handheld.sendall(f"{EPC}\n".encode())
    return True


def test_a_network_that_is_not_allowed_is_turned_away(port, caplog):
    with running(TcpDriver, options(port, allow=["10.0.0.0/8"])) as core:
        core.until("up")
        with connect(port) as stranger:
            assert stranger.recv(1) == b""
    assert core.reads == []
    assert "127.0.0.1 was turned away: allow does not name its network." in caplog.text


def test_a_port_that_is_taken_is_down_and_taken_over_when_free(port):
    with socket.create_server(("127.0.0.1", port)):
        running_driver = running(TcpDriver, options(port))
        core = running_driver.__enter__()
        core.until("down", "in use")
    core.until("up")
    running_driver.__exit__(None, None, None)


def test_as_client_the_gateway_connects_and_comes_back(port):
    with running(TcpDriver, options(port, role="client")) as core:
        core.until("down", "refused")
        with socket.create_server(("127.0.0.1", port)) as server:
            for count in (1, 2):
                handheld, _address = server.accept()
                with handheld:
                    handheld.sendall(f"{EPC}\n".encode())
                    core.until_reads(count)
                core.until("down", "The peer closed the connection")


def test_a_pattern_of_the_shop_reads_its_own_lines(port):
    pattern = r"TAG (?P<tid>\w+) (?P<epc>[0-9A-F]+) ant=(?P<antenna>\d+) (?P<rssi>-?\d+)dBm"
    with running(TcpDriver, options(port, pattern=pattern)) as core:
        core.until("up")
        with connect(port) as handheld:
            handheld.sendall(
                f"TAG e2801105 {EPC} ant=4 -48dBm\nTAG zz {EPC} ant=4 -48dBm\n".encode()
            )
            core.until_reads(1)
            eventually(lambda: core.driver.refused)
    [read] = core.reads
    assert (read.epc, read.tid, read.antenna, read.rssi) == (EPC, "E2801105", 4, -48.0)


def test_what_odoo_would_not_take_is_no_read(port):
    pattern = r"(?P<epc>[0-9A-F]+)@(?P<antenna>-?\d+) (?P<rssi>\S+)( (?P<tid>\w+))?"
    lines = [
        f"{EPC}@256 -48",
        f"{EPC}@-1 -48",
        f"{'AA' * 63}@1 -48",
        f"{EPC}@1 -48 {'AA' * 63}",
        f"{EPC}@1 loud",
    ]
    odd = [f"{EPC}@255 nan", f"{'AA' * 62}@0 -999", f"{EPC}@1 -48"]
    with running(TcpDriver, options(port, pattern=pattern)) as core:
        core.until("up")
        with connect(port) as handheld:
            handheld.sendall("".join(f"{line}\n" for line in [*lines, *odd]).encode())
            core.until_reads(3)
        assert core.driver.refused == len(lines)
    # A strength that is none costs the strength only.
    assert [(read.antenna, read.rssi) for read in core.reads] == [
        (255, None),
        (0, None),
        (1, -48.0),
    ]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"role": "both"}, "role: server or client"),
        ({"port": 70000}, "port must be a whole number"),
        ({"allow": ["the shop"]}, "allow:"),
        ({"pattern": "("}, "no regular expression"),
        ({"pattern": "(?P<tag>.*)"}, "must have a group epc"),
        ({"pattern": "(?P<epc>.*)(?P<colour>.*)"}, "no others"),
    ],
)
def test_a_wrong_option_is_named(port, wrong, words):
    with running(TcpDriver, options(port) | wrong) as core:
        core.until("failed", words)
