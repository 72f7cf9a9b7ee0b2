"""Batches to a real server: what fails comes again, what is refused is kept, the key is secret."""

import io
import json
import logging
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from conftest import make_sighting
from drivers_common import eventually
from jewelry_rfid_gateway import log, uploader
from jewelry_rfid_gateway.key import VARIABLE, Key, KeyProblem
from jewelry_rfid_gateway.metrics import Metrics
from jewelry_rfid_gateway.odoo import Odoo, Outcome
from jewelry_rfid_gateway.uploader import DAY, LONGEST_WAIT, Heart, OdooClock, Uploader, get_wait
from odoo_server import KEY, OdooServer, make_certificate
from test_spool import can_mount, run_on_small_disk


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Wait as long as a test can."""
    monkeypatch.setattr(uploader, "FIRST_WAIT", 0.02)
    monkeypatch.setattr(uploader, "KEY_WAIT", 0.1)


@pytest.fixture
def sender(odoo, spool, key_file):
    """An uploader that is not started yet."""
    part = Uploader(Odoo(odoo.url, Key(key_file), "shop"), Metrics(), spool, "front", rows=10)
    part.clock.hear(_now())
    yield part
    part.stop()


def _now(days=0):
    return time.time_ns() // 1_000_000 + days * DAY


def _fill(spool, count=25):
    events = [make_sighting(number=number) for number in range(count)]
    spool.commit(events)
    return [list(event) for event in events]


def _send_all(sender, spool):
    sender.start()
    eventually(lambda: not spool.count()["spooled"])


# === WHAT TRAVELS === #


def test_batches_are_what_odoo_expects(odoo, spool, sender):
    rows = _fill(spool)
    _send_all(sender, spool)
    path, headers, body = odoo.requests[0]
    assert path == "/json/2/jewelry.rfid.batch/register_batch"
    assert headers["Authorization"] == f"bearer {KEY}"
    assert headers["X-Odoo-Database"] == "shop"
    assert set(body) == {"batch", "gateway", "sequence", "sent", "sightings"}
    assert str(uuid.UUID(body["batch"], version=4)) == body["batch"]
    assert (body["gateway"], body["sightings"]) == ("front", rows[:10])
    assert [len(body["sightings"]) for _path, _headers, body in odoo.requests] == [10, 10, 5]
    assert odoo.rows() == rows


def test_sequences_grow_by_one(odoo, spool, sender):
    _fill(spool)
    _send_all(sender, spool)
    sequences = [body["sequence"] for _path, _headers, body in odoo.requests]
    assert sequences == [sequences[0] + number for number in range(3)]


def test_what_comes_later_is_sent_when_the_uploader_is_woken(odoo, spool, sender):
    sender.start()
    _fill(spool, 3)
    sender.wake()
    eventually(lambda: len(odoo.rows()) == 3, seconds=3)


# === WHAT FAILS === #


@pytest.mark.parametrize("step", [500, 502, 503, 429, 404, 408, "cut", "page", "redirect"])
def test_what_passes_is_repeated_under_the_same_id(odoo, spool, sender, step):
    odoo.plan = [step, step]
    rows = _fill(spool, 3)
    _send_all(sender, spool)
    assert len({body["batch"] for _path, _headers, body in odoo.requests}) == 1
    assert len(odoo.requests) == 3
    assert odoo.rows() == rows
    assert spool.count()["refused"] == 0


def test_a_batch_without_an_answer_is_sent_again_and_counts_once(odoo, spool, sender):
    odoo.plan = ["silent", "silent"]
    rows = _fill(spool)
    _send_all(sender, spool)
    assert odoo.duplicates == 2
    assert odoo.rows() == rows
    assert sender.metrics.get("sent_batches_total", how="duplicate") == 1


def test_no_other_address_gets_the_key(odoo, spool, sender):
    odoo.plan = ["redirect"]
    _fill(spool, 1)
    _send_all(sender, spool)
    assert {path for path, _headers, _body in odoo.requests} == {
        "/json/2/jewelry.rfid.batch/register_batch"
    }


def test_a_server_that_is_away_for_a_long_time_gets_everything_once(spool, key_file):
    away = OdooServer()
    away._server.server_close()
    sender = Uploader(Odoo(away.url, Key(key_file)), Metrics(), spool, "front", rows=100)
    sender.start()
    rows = []
    for _hour in range(24):
        rows += _fill(spool, 50)
        sender.wake()
    eventually(lambda: sender.metrics.get("requests_failed_total", why="again") >= 3)
    sender.stop()
    assert "Connection refused" in sender.problem
    assert "0x" not in sender.problem
    assert spool.count()["spooled"] == len(rows)
    with OdooServer() as odoo:
        sender = Uploader(Odoo(odoo.url, Key(key_file)), Metrics(), spool, "front", rows=100)
        _send_all(sender, spool)
        assert odoo.rows() == rows
        assert odoo.duplicates == 0
        sender.stop()


def test_a_refused_batch_is_set_aside_and_the_next_goes_on(odoo, spool, sender):
    odoo.plan = [422]
    rows = _fill(spool)
    _send_all(sender, spool)
    assert odoo.rows() == rows[10:]
    [(_sequence, _at, reason, count)] = spool.get_refused()
    assert (reason, count) == ("Odoo answers 422: It is 422 today", 10)
    spool.retry_refused()
    sender.wake()
    eventually(lambda: len(odoo.rows()) == 25)


def test_what_is_refused_before_the_time_at_odoo_is_known_is_tried_again(odoo, spool, sender):
    sender.clock = OdooClock()
    odoo.plan = [422] * 1_000
    rows = _fill(spool, 3)
    sender.start()
    eventually(lambda: odoo.went[422] >= 3)
    assert spool.count() == {"spooled": 3, "refused": 0}
    odoo.plan = []
    eventually(lambda: odoo.rows() == rows)


@pytest.mark.parametrize(("days", "words"), [(3, "3.0 days, behind"), (-2, "2.0 days, ahead of")])
def test_nothing_is_sent_by_a_clock_that_odoo_would_refuse(
    odoo, spool, sender, monkeypatch, days, words
):
    monkeypatch.setattr(uploader, "CLOCK_WAIT", 0.02)
    rows = _fill(spool, 3)
    sender.clock.hear(_now(days))
    sender.start()
    eventually(lambda: words in sender.problem)
    time.sleep(0.2)
    assert not odoo.requests
    sender.clock.hear(_now())
    eventually(lambda: odoo.rows() == rows)
    assert sender.problem == ""
    assert not sender.clock_wrong


def test_the_time_at_odoo_goes_on_however_the_clock_is_set(monkeypatch):
    clock = OdooClock()
    assert clock.get_error() is None
    clock.hear("soon")
    assert clock.get_error() is None
    clock.hear(_now(3))
    assert round(clock.get_error() / DAY) == -3
    right = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: right() + 3 * DAY * 1_000_000)
    assert abs(clock.get_error()) < 1_000


def test_an_answer_that_comes_after_the_end_changes_nothing(odoo, spool, sender):
    died = []
    sender._died = lambda: died.append(1)
    odoo.plan, odoo.delay = ["late"], 1.0
    _fill(spool, 3)
    sender.start()
    eventually(lambda: odoo.batches)
    assert not sender.stop(0.1)
    spool.close()
    sender._thread.join(10)
    assert not died
    assert not sender.metrics.get("sent_batches_total", how="accepted")


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key_keeps_everything_until_it_is_right(odoo, spool, sender, key_file, status):
    if status == 401:
        key_file.write_text("an old key")
    else:
        odoo.plan = [403] * 1000
    rows = _fill(spool)
    sender.start()
    eventually(lambda: sender.key_refused)
    assert str(status) in sender.problem
    assert spool.count() == {"spooled": 25, "refused": 0}
    key_file.write_text(KEY)
    odoo.plan = []
    eventually(lambda: not spool.count()["spooled"])
    assert odoo.rows() == rows
    assert not sender.key_refused


_ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from conftest import make_sighting
from drivers_common import eventually
from jewelry_rfid_gateway.key import Key
from jewelry_rfid_gateway.metrics import Metrics
from jewelry_rfid_gateway.odoo import Odoo
from jewelry_rfid_gateway.spool import Spool
from jewelry_rfid_gateway.uploader import Uploader
from odoo_server import OdooServer

def settle_all(spool):
    while batch := spool.seal(5000):
        spool.settle(batch)

def fill(size):
    try:
        for number in range(10_000):
            (folder / f"other-{{number}}").write_bytes(bytes(size))
    except OSError:
        pass

def allow(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

folder = Path({folder!r})
spool = Spool(folder / "spool.db")
spool.commit([make_sighting(number=number) for number in range(2_000)])
settle_all(spool)
spool.close()
spool = Spool(folder / "spool.db")
if {way!r} == "no names":
    spool.commit([make_sighting()])
    settle_all(spool)
    spool._reserve.unlink()
if {way!r} == "a limit of files":
    allow(4096)
else:
    fill(0 if {way!r} == "no names" else 4096)
died, acts = [], []
with OdooServer() as odoo:
    sender = Uploader(Odoo(odoo.url, Key({key!r})), Metrics(), spool, "front",
                      died=lambda: died.append(1))
    sender.IDLE = 0.01
    act = sender._act
    sender._act = lambda: acts.append(1) or act()
    sender.start()
    eventually(lambda: died or len(acts) > 3)
    assert not died
    allow(resource.RLIM_INFINITY)
    for other in folder.glob("other-*"):
        other.unlink()
    spool.commit([make_sighting(number=number) for number in range(3)])
    sender.wake()
    eventually(lambda: len(odoo.rows()) == 3)
    eventually(lambda: spool._reserve.exists())
    sender.stop()
"""


#: Each with the disk that it needs.
_WAYS = {"a limit of files": ""}
if can_mount():
    _WAYS |= {"no room": "size=5m", "no names": "size=9m,nr_inodes=12"}


@pytest.mark.parametrize("way", _WAYS)
def test_the_uploader_survives_a_disk_that_another_program_fills(tmp_path, key_file, way):
    folder, script = tmp_path / "disk", tmp_path / "worker.py"
    folder.mkdir()
    places = {"tests": str(Path(__file__).parent), "folder": str(folder), "key": str(key_file)}
    script.write_text(_ON_A_FULL_DISK.format(**places, way=way))
    if size := _WAYS[way]:
        done = run_on_small_disk(folder, f"{sys.executable} {script}", size)
    else:
        done = subprocess.run(
            [sys.executable, script], capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 0, done.stderr


def test_refused_rows_are_told(odoo, spool, sender, caplog, monkeypatch):
    take = odoo.take
    refused = {"refused": [[1, "no such reader"]]}
    monkeypatch.setattr(odoo, "take", lambda path, body: take(path, body) | refused)
    _fill(spool, 3)
    _send_all(sender, spool)
    eventually(lambda: "no such reader" in caplog.text)
    assert sender.metrics.get("refused_rows_total") == 1
    assert sender.refusal == "no such reader"


def test_odoo_may_ask_to_wait(odoo, key_file, monkeypatch):
    odoo.plan = [429]
    handler = odoo._server.RequestHandlerClass
    send = handler._answer
    monkeypatch.setattr(handler, "_answer", lambda self, *args: send(self, *args, Retry_After="7"))
    answer = Odoo(odoo.url, Key(key_file)).call("m", "f", b'{"batch": "b", "sightings": []}')
    assert (answer.outcome, answer.wait) == (Outcome.AGAIN, 7)


def test_waits_grow_are_bounded_and_differ(monkeypatch):
    monkeypatch.setattr(uploader, "FIRST_WAIT", 1.0)
    assert 0.5 <= get_wait(1) <= 1
    assert 4 <= get_wait(4) <= 8
    assert LONGEST_WAIT / 2 <= get_wait(10_000) <= LONGEST_WAIT
    assert len({get_wait(5) for _gateway in range(20)}) > 10


# === TLS === #


def _try(url, key_file, ca_file=None):
    answer = Odoo(url, Key(key_file), ca_file=ca_file).call(
        "jewelry.rfid.batch", "register_batch", b'{"batch": "b", "sightings": [], "sequence": 1}'
    )
    return answer.outcome, answer.message


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path, key_file):
    with OdooServer(make_certificate(tmp_path)) as odoo:
        outcome, message = _try(odoo.url, key_file)
        assert outcome is Outcome.AGAIN
        assert "certificate" in message.lower()
        assert not odoo.requests


def test_a_certificate_of_ones_own_is_trusted_when_it_is_named(tmp_path, key_file):
    certificate = make_certificate(tmp_path)
    with OdooServer(certificate) as odoo:
        assert _try(odoo.url, key_file, certificate)[0] is Outcome.DONE


def test_a_certificate_for_another_name_is_refused(tmp_path, key_file):
    certificate = make_certificate(tmp_path, "DNS:elsewhere.example")
    with OdooServer(certificate) as odoo:
        assert _try(odoo.url, key_file, certificate)[0] is Outcome.AGAIN
        assert not odoo.requests


def test_the_environment_cannot_turn_verification_off(tmp_path, key_file, monkeypatch):
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with OdooServer(certificate) as odoo:
        assert _try(odoo.url, key_file)[0] is Outcome.AGAIN


def test_a_file_of_certificates_that_is_missing_is_a_problem_not_a_crash(tmp_path, key_file):
    with OdooServer(make_certificate(tmp_path)) as odoo:
        outcome, message = _try(odoo.url, key_file, tmp_path / "nowhere.pem")
        assert outcome is Outcome.AGAIN
        assert "nowhere.pem" in message


# === THE KEY === #


def test_a_key_that_others_may_read_is_not_used(odoo, key_file):
    key_file.chmod(0o640)
    outcome, message = _try(odoo.url, key_file)
    assert outcome is Outcome.KEY
    assert "chmod 600" in message
    assert not odoo.requests


@pytest.mark.parametrize("text", ["", "  \n", "two\nlines", "schlüssel"])
def test_what_is_no_key_is_said(key_file, text):
    key_file.write_text(text)
    with pytest.raises(KeyProblem):
        Key(key_file).read()


def test_a_key_may_stand_in_the_environment(monkeypatch):
    monkeypatch.setenv(VARIABLE, f" {KEY}\n")
    assert Key().read() == KEY
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(KeyProblem, match=VARIABLE):
        Key().read()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(KeyProblem, match="nowhere"):
        Key(tmp_path / "nowhere").read()


def test_the_key_is_never_in_the_log(odoo, spool, sender, key_file):
    stream = io.StringIO()
    before = logging.getLogger().handlers, logging.getLogger().level
    log.set_up("debug", stream=stream)
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        _fill(spool)
        odoo.plan = ["cut", 500, "page"]
        _send_all(sender, spool)
        try:
            raise ValueError(f"Authorization: bearer {KEY}")
        except ValueError:
            logging.getLogger("urllib3").exception("headers %r", {"Authorization": KEY})
    finally:
        logging.getLogger().handlers, logging.getLogger().level = before
    assert KEY not in stream.getvalue()
    assert "Authorization: bearer ***" in stream.getvalue()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert {"time", "level", "logger", "thread", "message"} <= set(lines[0])
    assert KEY not in repr(Key(key_file))


# === HEARTBEAT === #


@pytest.fixture
def heart(odoo, key_file):
    heard = []
    part = Heart(
        Odoo(odoo.url, Key(key_file)), Metrics(), lambda: {"gateway": "front"}, heard.append, 0.05
    )
    part.heard = heard
    yield part
    part.stop()


def test_the_heart_beats_and_hears(odoo, heart):
    odoo.answer = {"watch": []}
    heart.start()
    eventually(lambda: len(heart.heard) >= 3)
    assert odoo.requests[0][0] == "/json/2/jewelry.rfid.reader/heartbeat"
    assert odoo.heartbeats[0] == {"gateway": "front"}
    assert abs(heart.heard[0]["time"] - _now()) < DAY


@pytest.mark.parametrize("step", [500, 422, 401, "cut", "page"])
def test_the_heart_goes_on_whatever_is_answered(odoo, heart, step):
    odoo.plan = [step] * 2
    heart.start()
    eventually(lambda: heart.heard)
    assert len(odoo.requests) >= 3
    assert heart.problem == ""


def test_a_followed_tag_makes_it_beat_at_its_own_pace(odoo, heart, monkeypatch):
    monkeypatch.setattr(uploader, "FOLLOWING", 30.0)
    odoo.answer = {"watch": ["AA"]}
    heart.start()
    eventually(lambda: heart.heard)
    time.sleep(0.3)
    assert len(heart.heard) == 1


@pytest.mark.parametrize("broken", ["tell", "hear"])
def test_the_heart_survives_what_nobody_expected_and_says_so(odoo, key_file, broken):
    beats, died = [], []

    def fail_once(*_values):
        beats.append(1)
        if len(beats) == 1:
            raise TypeError("an antenna of another kind")
        return {"gateway": "front"}

    tell = fail_once if broken == "tell" else lambda: {"gateway": "front"}
    hear = fail_once if broken == "hear" else lambda _values: None
    place = Odoo(odoo.url, Key(key_file))
    part = Heart(place, Metrics(), tell, hear, 0.05, died=lambda: died.append(1))
    part.start()
    eventually(lambda: "an antenna of another kind" in part.problem or len(beats) > 1)
    assert part.metrics.get("requests_failed_total", why="again") == 1
    eventually(lambda: len(beats) > 2 and not part.problem)
    part.stop()
    assert not died


def test_a_thread_that_dies_says_so(odoo, spool, sender):
    died = []
    sender._died = lambda: died.append(1)
    spool.close()
    sender.start()
    eventually(lambda: died)
