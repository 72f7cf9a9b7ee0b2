"""The log, the figures and the health page by themselves."""

import io
import json
import logging
import socket
import sys
import threading
import urllib.request
import warnings

import pytest
from drivers_common import eventually
from jewelry_rfid_gateway import log
from jewelry_rfid_gateway.health import HealthServer
from jewelry_rfid_gateway.metrics import KNOWN, Metrics


@pytest.fixture
def lines():
    """What the log has written, as objects."""
    stream, root = io.StringIO(), logging.getLogger()
    before = root.handlers, root.level
    metrics = Metrics()
    log.set_up("info", metrics, stream)

    def read():
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    read.metrics = metrics
    yield read
    root.handlers, root.level = before


OURS = logging.getLogger("jewelry_rfid_gateway.test")


def test_a_message_is_one_line_whatever_is_in_it(lines):
    OURS.info("two\nlines and %s", 'a "quote" and é')
    [line] = lines()
    assert line["message"] == 'two\nlines and a "quote" and é'
    assert (line["level"], line["logger"]) == ("info", "jewelry_rfid_gateway.test")
    assert line["time"].endswith("Z")
    assert len(line["time"]) == len("2026-11-26T14:56:45.390Z")


def test_an_error_comes_with_its_trace(lines):
    try:
        raise KeyError("antenna")
    except KeyError:
        OURS.exception("What now?")
    [line] = lines()
    assert "KeyError: 'antenna'" in line["error"]


@pytest.fixture
def hooks():
    """What Python does with errors that nobody catches, as it was before the test."""
    before = sys.excepthook, threading.excepthook
    log.catch_all()
    yield
    sys.excepthook, threading.excepthook = before
    logging.captureWarnings(False)


def test_the_death_of_a_thread_is_a_line_without_a_raw_trace(lines, hooks, capfd):
    thread = threading.Thread(target=lambda: 1 / 0, name="driver-tray")
    thread.start()
    thread.join()
    [line] = lines()
    assert line["message"] == "The thread driver-tray has ended by an error."
    assert line["level"] == "critical"
    assert "ZeroDivisionError" in line["error"]
    assert capfd.readouterr().err == ""


def test_a_warning_of_python_is_a_line(lines, hooks):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("an old way", stacklevel=1)
    [line] = lines()
    assert "an old way" in line["message"]


def test_a_page_that_fails_is_a_line_without_a_raw_trace(lines, capfd):
    server = HealthServer(0, lambda: (True, {}), lambda: 1 / 0)
    server.start()
    with pytest.raises(OSError):
        urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics", timeout=5)
    eventually(lines)
    server.stop()
    [line] = lines()
    assert line["message"] == "A page of the health server has failed."
    assert "ZeroDivisionError" in line["error"]
    assert capfd.readouterr().err == ""


def test_libraries_speak_when_something_is_wrong_and_we_say_what_we_do(lines):
    logging.getLogger("urllib3").info("connecting")
    logging.getLogger("urllib3").warning("retrying")
    OURS.debug("details")
    OURS.info("done")
    assert [line["message"] for line in lines()] == ["retrying", "done"]


def test_the_level_can_be_changed_while_it_runs(lines):
    log.set_level("debug")
    OURS.debug("details")
    log.set_level("error")
    OURS.warning("not now")
    assert [line["message"] for line in lines()] == ["details"]


def test_lines_are_counted_by_level(lines):
    OURS.info("one")
    OURS.warning("two")
    OURS.warning("three")
    assert lines.metrics.get("log_lines_total", level="warning") == 2


def test_what_is_hidden_is_hidden_in_message_values_and_trace(lines, monkeypatch):
    monkeypatch.setattr(log, "_SECRETS", set())
    log.hide("s3cret-key")
    log.hide("")
    try:
        raise ValueError("bearer s3cret-key")
    except ValueError:
        OURS.exception("with %r", {"key": "s3cret-key"})
    text = json.dumps(lines())
    assert "s3cret-key" not in text
    # In the values, in the line of the trace and in the error itself.
    assert text.count("***") == 3


# === FIGURES === #


def test_counters_grow_and_gauges_are_set():
    metrics = Metrics()
    metrics.add("reads_total", 5, reader="a")
    metrics.add("reads_total", 2, reader="a")
    metrics.add("reads_total", reader="b")
    metrics.set("spool_full", True)
    metrics.set("spool_full", False)
    assert metrics.get("reads_total", reader="a") == 7
    assert metrics.get("reads_total", reader="c") == 0
    assert metrics.to_text().splitlines() == [
        f"# HELP jewelry_rfid_reads_total {KNOWN['reads_total'][1]}",
        "# TYPE jewelry_rfid_reads_total counter",
        'jewelry_rfid_reads_total{reader="a"} 7',
        'jewelry_rfid_reads_total{reader="b"} 1',
        f"# HELP jewelry_rfid_spool_full {KNOWN['spool_full'][1]}",
        "# TYPE jewelry_rfid_spool_full gauge",
        "jewelry_rfid_spool_full 0",
    ]


def test_large_counts_keep_all_their_digits():
    metrics = Metrics()
    metrics.add("reads_total", 72_000_001, reader="a")
    assert '{reader="a"} 72000001\n' in metrics.to_text()


def test_labels_are_written_as_prometheus_reads_them():
    metrics = Metrics()
    metrics.add("requests_failed_total", why='a "b" \\ c\nd')
    assert r'{why="a \"b\" \\ c\nd"} 1' in metrics.to_text()


def test_threads_that_count_at_once_lose_nothing():
    metrics = Metrics()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [
            threading.Thread(target=lambda: [metrics.add("commits_total") for _n in range(2_000)])
            for _thread in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert metrics.get("commits_total") == 8_000


# === THE PAGE === #


@pytest.fixture
def server():
    server = HealthServer(0, lambda: (True, {"status": "ok"}), lambda: "up 1\n")
    server.start()
    yield server
    server.stop()


def _get(server, page):
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{page}", timeout=5) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


def test_pages_have_their_kind(server):
    assert _get(server, "/metrics") == ("text/plain; version=0.0.4; charset=utf-8", "up 1\n")
    kind, text = _get(server, "/health")
    assert (kind, json.loads(text)) == ("application/json", {"status": "ok"})


def test_a_client_that_says_nothing_holds_nobody_up(server):
    with socket.create_connection(("127.0.0.1", server.port)):
        assert _get(server, "/metrics")[1] == "up 1\n"


def test_only_this_computer_is_answered(server):
    assert server._server.server_address[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_said(server):
    with pytest.raises(OSError, match="in use"):
        HealthServer(server.port, None, None)


def test_a_server_that_has_stopped_gives_its_port_back():
    server = HealthServer(0, None, None)
    server.start()
    server.stop()
    again = eventually(lambda: HealthServer(server.port, None, None))
    again.start()
    again.stop()
