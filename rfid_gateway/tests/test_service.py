"""The gateway as a process: commands, signals, health, and what Odoo's heartbeat changes."""

import json
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from conftest import make_sighting
from drivers_common import eventually
from gateway_process import Gateway
from jewelry_rfid_gateway import __version__, config
from jewelry_rfid_gateway.cli import main
from jewelry_rfid_gateway.reading import Read
from jewelry_rfid_gateway.service import Service, _read_antennas
from jewelry_rfid_gateway.simulate import make_epcs
from jewelry_rfid_gateway.smoothing import Settings
from jewelry_rfid_gateway.spool import Spool

SIMULATED = """
[[readers]]
code = "ceiling"
driver = "simulate"
tags = 20
speed = 4
"""


@pytest.fixture
def gateway(tmp_path, odoo, key_file):
    with Gateway(tmp_path, odoo.url, key_file) as gateway:
        yield gateway.write(SIMULATED)


# === COMMANDS === #


def test_the_version_is_told():
    command = [sys.executable, "-m", "jewelry_rfid_gateway", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"jewelry-rfid-gateway {__version__}\n"


def test_a_configuration_is_checked(gateway, capsys):
    assert main(["--config", str(gateway.config), "--check"]) == 0
    assert "1 readers, all well" in capsys.readouterr().out


def test_what_the_key_says_is_told_by_the_check(gateway, key_file, capsys):
    key_file.chmod(0o644)
    assert main(["--config", str(gateway.config), "--check"]) == 2
    assert "chmod 600" in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--check"]])
def test_a_value_that_a_driver_cannot_use_is_told_without_a_trace(gateway, capsys, options):
    gateway.write(SIMULATED.replace("tags = 20", 'tags = "many"'))
    assert main(["--config", str(gateway.config), *options]) == 2
    errors = capsys.readouterr().err
    assert "readers.1.tags: tags must be a whole number" in errors
    assert "Traceback" not in errors


def test_a_wrong_configuration_is_told_without_a_trace(gateway, capsys):
    gateway.write(SIMULATED.replace("tags", "tugs"))
    assert main(["--config", str(gateway.config)]) == 2
    assert "readers.1.tugs: it is not known; did you mean tags?" in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--simulate", "--speed", "0"], ["--config"]])
def test_options_that_make_no_sense_end_with_a_hint(options, capsys):
    with pytest.raises(SystemExit) as caught:
        main(options)
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_refused_batches_are_listed_and_sent_again(gateway, odoo, capsys):
    odoo.plan = [None, 422, 422]
    gateway.start()
    eventually(lambda: gateway.says('"refused": 1') or gateway.says('"refused": 2'))
    assert gateway.end() == 0
    assert main(["--config", str(gateway.config), "--refused"]) == 0
    assert "It is 422 today" in capsys.readouterr().out
    assert main(["--config", str(gateway.config), "--retry-refused"]) == 0
    assert "sightings are on their way again" in capsys.readouterr().out
    assert main(["--config", str(gateway.config), "--refused"]) == 0
    assert capsys.readouterr().out == ""


def test_the_spool_is_not_touched_while_the_gateway_runs(gateway, capsys, monkeypatch):
    gateway.start().wait_until_it_runs()
    assert main(["--config", str(gateway.config), "--refused"]) == 1
    assert "Stop the gateway first" in capsys.readouterr().err


# === THE WHOLE WAY === #


def test_a_simulated_store_reaches_odoo(gateway, odoo):
    gateway.start()
    eventually(lambda: len({row[1] for row in odoo.rows()}) == 20)
    assert {row[1] for row in odoo.rows()} == set(make_epcs(20))
    assert {row[0] for row in odoo.rows()} >= {"appear"}
    assert {row[3] for row in odoo.rows()} == {"ceiling"}
    eventually(lambda: any(beat["readers"][0]["state"] == "up" for beat in odoo.heartbeats))
    beat = odoo.heartbeats[-1]
    assert set(beat) == {"gateway", "version", "sent", "spooled", "refused", "readers"}
    [reader] = beat["readers"]
    assert (reader["code"], reader["driver"], reader["antennas"]) == (
        "ceiling",
        "simulate",
        [1, 2, 3, 4],
    )


def test_tags_of_a_file_are_simulated(gateway, odoo, tmp_path):
    (tmp_path / "epcs").write_text("3034AA\n3034BB\n")
    gateway.start("--simulate", str(tmp_path / "epcs"), "--speed", "4")
    eventually(lambda: {row[1] for row in odoo.rows()} == {"3034AA", "3034BB"})


def test_a_store_without_hardware_and_without_odoo_shows_its_sightings():
    command = [sys.executable, "-m", "jewelry_rfid_gateway", "--simulate", "--speed", "20"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        lines = [process.stderr.readline() for _line in range(40)]
        process.terminate()
        process.communicate(timeout=20)
    assert process.returncode == 0
    messages = [json.loads(line)["message"] for line in lines]
    assert any(message.startswith("appear 30") for message in messages)
    assert any("sightings stay on disk" in message for message in messages)


def test_zones_and_followed_tags_come_from_odoo(gateway, odoo):
    ports = (1, 2, 3, 4, "4", [5])
    antennas = [{"port": port, "zone": "the safe", "power": 20} for port in ports]
    epc = make_epcs(1)[0]
    odoo.answer = {
        "readers": [{"code": "ceiling", "antennas": antennas}, "nonsense", {"antennas": [7]}],
        "watch": [epc.lower(), 7],
    }
    gateway.start()
    eventually(lambda: sum(row[1] == epc and row[0] == "signal" for row in odoo.rows()) >= 5)
    assert "move" not in {row[0] for row in odoo.rows()}
    eventually(lambda: len(odoo.heartbeats) >= 3)
    assert odoo.heartbeats[-1]["readers"][0]["antennas"] == [1, 2, 3, 4]


def test_a_count_that_begins_in_odoo_hears_of_all_trays_once(gateway, odoo):
    gateway.write(SIMULATED.replace("speed = 4", "act_every_ms = 0")).start()
    eventually(lambda: {row[1] for row in odoo.rows()} == set(make_epcs(20)))
    assert "stay" not in {row[0] for row in odoo.rows()}
    odoo.answer = {"counting": 1_780_000_000_000}
    eventually(lambda: sum(row[0] == "stay" for row in odoo.rows()) >= 20)
    seen = len(odoo.heartbeats)
    eventually(lambda: len(odoo.heartbeats) >= seen + 2)
    told = Counter(row[1] for row in odoo.rows() if row[0] == "stay")
    assert told == dict.fromkeys(make_epcs(20), 1)


# === SIGNALS === #


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_within_five_seconds_and_keeps_all(gateway, number):
    gateway.start().wait_until_it_runs()
    eventually(lambda: "jewelry_rfid_reads_total" in gateway.ask("/metrics")[1])
    started = time.monotonic()
    assert gateway.end(number) == 0
    assert time.monotonic() - started < 5
    assert gateway.messages()[-1] == "The gateway has ended."
    assert Spool(gateway.spool).load_tracks()


def test_it_ends_in_time_though_odoo_does_not_answer(gateway, odoo):
    odoo.plan, odoo.delay = ["late"] * 100, 60
    gateway.start().wait_until_it_runs()
    eventually(lambda: odoo.requests)
    started = time.monotonic()
    gateway.end()
    assert time.monotonic() - started < 6


def test_hangup_reads_the_configuration_again(gateway, odoo):
    gateway.start().wait_until_it_runs()
    gateway.write(SIMULATED.replace("ceiling", "floor"))
    gateway.signal(signal.SIGHUP)
    eventually(lambda: any(row[3] == "floor" for row in odoo.rows()))
    assert gateway.end() == 0
    assert "The configuration is read again." in gateway.messages()


def test_an_answer_to_the_service_before_a_hangup_does_not_end_the_one_after(gateway, odoo):
    odoo.plan, odoo.delay = ["late"] * 2, 8  # The first heartbeat and the first batch.
    gateway.start().wait_until_it_runs()
    eventually(lambda: len(odoo.requests) == 2)
    asked = time.monotonic()
    gateway.signal(signal.SIGHUP)
    eventually(lambda: odoo.duplicates)
    eventually(lambda: time.monotonic() > asked + odoo.delay + 1)
    assert gateway.process.poll() is None
    assert not any("died" in line for line in gateway.messages())
    assert gateway.end() == 0


def test_batches_wait_for_a_clock_that_odoo_takes(gateway, odoo):
    odoo.answer = {"time": time.time_ns() // 1_000_000 + 3 * 86_400_000}
    odoo.plan = [200, 422]  # The first batch may be sent before the first heartbeat is answered.
    gateway.start().wait_until_it_runs()
    eventually(lambda: gateway.says("The clock is wrong by 3.0 days, behind Odoo's"))
    assert gateway.ask("/health")[0] == 503
    odoo.plan, odoo.answer = [], {}
    eventually(odoo.rows)
    eventually(lambda: gateway.ask("/health")[0] == 200)
    assert odoo.heartbeats[-1]["refused"] == 0


@pytest.mark.parametrize(("old", "new"), [("tags =", "tugs ="), ("tags = 20", 'tags = "many"')])
def test_a_wrong_configuration_changes_nothing_at_hangup(gateway, old, new):
    gateway.start().wait_until_it_runs()
    gateway.write(SIMULATED.replace(old, new))
    gateway.signal(signal.SIGHUP)
    eventually(lambda: any("left as it was" in line for line in gateway.messages()))
    values = json.loads(gateway.ask("/health")[1])
    assert values["readers"][0]["code"] == "ceiling"
    assert gateway.end() == 0


def test_a_key_that_cannot_be_read_changes_nothing_at_hangup(gateway, tmp_path):
    gateway.start().wait_until_it_runs()
    gateway.key_file = tmp_path / "nowhere"
    gateway.write(SIMULATED)
    gateway.signal(signal.SIGHUP)
    eventually(lambda: any("left as it was. The key" in line for line in gateway.messages()))
    assert gateway.end() == 0


@pytest.mark.parametrize("what", ["port", "spool"])
def test_a_port_or_spool_that_cannot_be_had_at_hangup_leaves_the_one_before(
    gateway, tmp_path, what, odoo
):
    gateway.start().wait_until_it_runs()
    port, spool = gateway.port, gateway.spool
    gateway.spool = tmp_path / "log.jsonl" / "spool.db" if what == "spool" else spool
    gateway.port = odoo.port if what == "port" else port
    gateway.write(SIMULATED)
    gateway.signal(signal.SIGHUP)
    eventually(lambda: any("as it was" in line for line in gateway.messages()))
    gateway.port = port
    eventually(lambda: gateway.says('"ceiling"'))
    count = len(odoo.rows())
    eventually(lambda: len(odoo.rows()) > count)
    assert gateway.end() == 0


def test_a_spool_that_cannot_be_had_ends_it_with_a_message(gateway, tmp_path):
    gateway.spool = tmp_path / "log.jsonl" / "spool.db"
    gateway.write(SIMULATED).start()
    assert gateway.process.wait(30) == 1
    assert "cannot start" in gateway.messages()[-1]


# === HEALTH === #


def test_health_is_well_while_readers_and_odoo_are(gateway):
    gateway.start().wait_until_it_runs()
    eventually(lambda: gateway.ask("/health")[0] == 200)
    values = json.loads(gateway.ask("/health")[1])
    assert (values["status"], values["problems"], values["warnings"]) == ("ok", [], [])
    assert gateway.ask("/elsewhere")[0] == 404


def test_health_names_what_somebody_has_to_do(gateway, odoo):
    odoo.key = "another"
    readers = '[[readers]]\ncode = "play"\ndriver = "replay"\npath = "/nowhere/reads.jsonl"\n'
    gateway.write(readers).start().wait_until_it_runs()
    eventually(lambda: gateway.says("does not take the key"))
    status, text = gateway.ask("/health")
    assert status == 503
    assert "Reader play is failed: The recording cannot be read" in text


def test_rows_that_odoo_refuses_are_told_by_health_and_metrics(gateway, odoo, monkeypatch):
    take, refused = odoo.take, {"refused": [[0, "the EPC is not hexadecimal"]]}
    monkeypatch.setattr(odoo, "take", lambda path, body: take(path, body) | refused)
    gateway.start()
    eventually(lambda: gateway.says("the EPC is not hexadecimal"))
    assert "Odoo has refused" in json.loads(gateway.ask("/health")[1])["warnings"][0]
    assert "jewelry_rfid_refused_rows_total" in gateway.ask("/metrics")[1]


def test_metrics_are_what_prometheus_reads(gateway):
    gateway.start().wait_until_it_runs()
    eventually(lambda: 'sent_batches_total{how="accepted"}' in gateway.ask("/metrics")[1])
    lines = gateway.ask("/metrics")[1].splitlines()
    assert 'jewelry_rfid_reader_up{reader="ceiling"} 1' in lines
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names))
    for line in lines:
        if not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            assert name.split("{")[0] in names
            float(value)


# === PARTS === #


def _make_service(tmp_path, text=""):
    text = f'[gateway]\ncode = "front"\n[spool]\npath = "spool.db"\n[health]\nport = 0\n{text}'
    return Service(config.parse(text, tmp_path / "gateway.toml"))


def test_handhelds_are_believed_at_once(tmp_path):
    reader = '[[readers]]\ncode = "hand"\ndriver = "tcp"\nhost = "127.0.0.1"\nport = 9\n'
    service = _make_service(tmp_path, reader)
    presence = service.core.presence
    presence.feed([Read("hand", 1, "AA", 0)], 0)
    service.hear({"readers": [{"code": "hand", "antennas": [{"port": 1, "zone": "Ann"}]}]})
    for call in service.core.inbox.take(0)[0]:
        call()
    presence.feed([Read("hand", 1, "BB", 0), Read("ceiling", 1, "CC", 0)], 0)
    assert presence.present() == {"AA": "Ann", "BB": "Ann"}
    service.spool.close()


def test_settings_of_a_zone_go_with_the_name_that_odoo_gives(tmp_path):
    reader = '[[readers]]\ncode = "r"\ndriver = "simulate"\n'
    service = _make_service(tmp_path, f'{reader}[zones.door]\nantennas = ["r:4"]\nmove_ms = 250\n')
    service.hear({"readers": [{"code": "r", "antennas": [{"port": 4, "zone": "Entrance"}]}]})
    for call in service.core.inbox.take(0)[0]:
        call()
    assert service.core.presence._zone_settings["Entrance"] == Settings(move_ms=250)
    service.spool.close()


def test_powers_are_handed_to_the_driver(tmp_path):
    service = _make_service(tmp_path, '[[readers]]\ncode = "r"\ndriver = "simulate"\n')
    heard = []
    service.drivers[0].set_power = heard.append
    service.hear({"readers": [{"code": "r", "antennas": [{"port": 1, "power": 21.5}]}]})
    assert heard == [{1: 21.5}]
    # An antenna that is in no zone any more is told without a power.
    service.hear({"readers": [{"code": "r", "antennas": []}]})
    assert heard[1:] == [{}]
    service.spool.close()


def test_what_odoo_says_of_antennas_in_other_kinds_of_values_is_left_out():
    antennas = [
        {"port": 1, "zone": "safe", "power": 20},
        {"port": "1", "zone": "safe", "power": 20},
        {"port": 2, "zone": "safe", "power": "20"},
        {"port": 3, "zone": 7, "power": float("nan")},
        {"port": 300, "zone": "safe"},
        {"port": [4], "zone": "safe"},
    ]
    readers = [{"code": "r", "antennas": antennas}, {"code": ["r"], "antennas": antennas}]
    assert _read_antennas(readers) == ({("r", 1): "safe", ("r", 2): "safe"}, {"r": {1: 20}})


def test_readers_of_all_kinds_are_told_with_their_antennas(tmp_path):
    text = """
[zones.safe]
antennas = ["fixed:2", "pad:1"]
[[readers]]
code = "fixed"
driver = "llrp"
host = "192.0.2.7"
antennas = [1, 4]
[[readers]]
code = "pad"
driver = "m100"
path = "/dev/null"
region = "us"
[[readers]]
code = "play"
driver = "simulate"
antennas = 2
"""
    service = _make_service(tmp_path, text)
    told = {reader["code"]: reader["antennas"] for reader in service.get_heartbeat()["readers"]}
    assert told == {"fixed": [1, 2, 4], "pad": [1], "play": [1, 2]}
    service.spool.close()


@pytest.mark.parametrize("nonsense", [None, 7, "text", [None], [{"antennas": 3}], {"a": 1}])
def test_an_answer_that_makes_no_sense_changes_nothing(nonsense):
    assert _read_antennas(nonsense) == ({}, {})


def test_a_long_time_without_odoo_is_a_problem(tmp_path, monkeypatch):
    text = '[odoo]\nurl = "http://127.0.0.1:9"\n'
    service = _make_service(tmp_path, text)
    service.uploader.problem = "Odoo cannot be reached."
    assert service.get_problems() == []
    service.started_at -= 400
    assert service.get_problems() == ["No answer of Odoo for 400 s. Odoo cannot be reached."]
    service.spool.close()


def test_a_torn_spool_is_told_by_health(tmp_path):
    (tmp_path / "spool.db").write_bytes(b"no database" * 1000)
    service = _make_service(tmp_path)
    well, values = service.get_health()
    assert well
    assert "torn" in values["warnings"][0]
    service.spool.close()


def test_readers_are_down_for_odoo_while_the_disk_is_full(tmp_path):
    spool = Spool(tmp_path / "spool.db", limit_mb=1)
    while not spool.is_full():
        spool.commit([make_sighting(number=number) for number in range(200)])
    spool.close()
    reader = '[[readers]]\ncode = "r"\ndriver = "simulate"\n'
    text = f'[gateway]\ncode = "front"\n[spool]\nlimit_mb = 1\n[health]\nport = 0\n{reader}'
    service = Service(config.parse(text, tmp_path / "gateway.toml"))
    service.start()
    eventually(lambda: service.core.full_since is not None)
    [reader] = service.get_heartbeat()["readers"]
    assert service.stop()
    assert (reader["state"], reader["message"].split(",")[0]) == ("down", "The disk")


def test_a_core_that_does_not_move_is_a_problem_and_its_readers_are_down(tmp_path):
    service = _make_service(tmp_path, '[[readers]]\ncode = "r"\ndriver = "simulate"\n')
    service.core.alive_at -= 60
    service._hear_driver("r", "up", "")
    assert service.get_problems() == ["The core does not move."]
    [reader] = service.get_heartbeat()["readers"]
    assert (reader["state"], reader["message"]) == ("down", "The core does not move.")
    service.spool.close()
