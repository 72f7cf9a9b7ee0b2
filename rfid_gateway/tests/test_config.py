"""The configuration: what is wrong is named by line, with what to do."""

from pathlib import Path

import pytest
from jewelry_rfid_gateway import config
from jewelry_rfid_gateway.config import ConfigError
from jewelry_rfid_gateway.smoothing import Settings

FULL = """\
[gateway]
code = "front"

[odoo]
url = "https://shop.example.com"
database = "shop"
key_file = "key"

[spool]
path = "var/spool.db"

[smoothing]
stay_ms = 30_000

[zones.door]
antennas = ["ceiling:4"]
move_ms = 250

[[readers]]
code = "ceiling"
driver = "llrp"
host = "192.0.2.7"

[[readers]]
code = "play"
driver = "replay"
path = "reads.jsonl"
"""


NO_SPEED = "line 27: readers.2.speed: it must be 1 beside readers that are real"


def _complaints(text):
    with pytest.raises(ConfigError) as caught:
        config.parse(text)
    return str(caught.value)


def test_a_whole_configuration_is_understood(tmp_path):
    file = tmp_path / "gateway.toml"
    file.write_text(FULL)
    settings = config.load(file)
    assert settings.code == "front"
    assert [(reader.code, reader.driver) for reader in settings.readers] == [
        ("ceiling", "llrp"),
        ("play", "replay"),
    ]
    assert settings.readers[0].options == {"host": "192.0.2.7"}
    assert settings.zones == {("ceiling", 4): "door"}
    assert settings.smoothing == Settings(stay_ms=30_000)
    assert settings.zone_settings == {"door": Settings(stay_ms=30_000, move_ms=250)}
    assert settings.odoo["batch_rows"] == 2_000


def test_paths_are_seen_from_the_file(tmp_path):
    file = tmp_path / "gateway.toml"
    file.write_text(FULL)
    settings = config.load(file)
    assert settings.spool["path"] == str(tmp_path / "var/spool.db")
    assert settings.odoo["key_file"] == str(tmp_path / "key")


def test_the_least_configuration_needs_a_code_only():
    settings = config.parse('[gateway]\ncode = "front"\n')
    assert (settings.odoo, settings.readers) == (None, ())
    assert settings.smoothing == Settings()


def test_the_example_can_be_used():
    example = Path(__file__).parents[1] / "gateway.toml"
    settings = config.load(example)
    assert settings.readers


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('code = "front"', "", "line 1: gateway.code: it is missing"),
        ('code = "front"', 'code = "front desk"', "line 2: gateway.code: 'front desk' is no code"),
        ('code = "front"', "code = 7", "line 2: gateway.code: it must be text, not 7"),
        ("database", "databse", "line 6: odoo.databse: it is not known; did you mean database?"),
        ("[spool]", "[spol]", "line 9: spol: it is not known; did you mean spool?"),
        ("stay_ms = 30_000", "stay_ms = 3", "line 13: smoothing.stay_ms: it must be from 1000"),
        ("stay_ms = 30_000", "stay_ms = 900_000", "it must be from 1000 to 300000"),
        ("stay_ms = 30_000", "leave_min_ms = 61_000", "smoothing.leave_min_ms: it is more"),
        ("move_ms = 250", "leave_max_ms = 9_000", "line 15: zones.door.leave_min_ms: it is more"),
        ("stay_ms = 30_000", "leave_max_ms = 900_000", "it must be from 500 to 840000, not 900000"),
        ('driver = "replay"\npath = "reads.jsonl"', 'driver = "simulate"\nspeed = 0.05', NO_SPEED),
        ("[spool]", "heartbeat_s = 300\n[spool]", "odoo.heartbeat_s: it must be from 1 to 60"),
        ("stay_ms = 30_000", 'stay_ms = "long"', "line 13: smoothing.stay_ms: it must be a whole"),
        ("stay_ms = 30_000", "stay_ms = true", "it must be a whole number, not True"),
        ('"https:', '"http:', "line 5: odoo.url: the key would travel readable"),
        ('"https://shop', '"shop', "line 5: odoo.url: write it as https://"),
        ("https://shop", "https://me:word@shop", "line 5: odoo.url: no name or password here"),
        ('"llrp"', '"lrrp"', "line 21: readers.1.driver: There is no driver 'lrrp'"),
        ('host = "192.0.2.7"', "", "line 19: readers.1.host: the driver llrp needs it"),
        ("host =", "hots =", "line 22: readers.1.hots: it is not known; did you mean host?"),
        ('code = "play"', 'code = "ceiling"', "line 25: readers.2.code: there are two readers"),
        ('"ceiling:4"', '"floor:4"', "line 16: zones.door.antennas: there is no reader 'floor'"),
        ('"ceiling:4"', '"ceiling"', "line 16: zones.door.antennas: 'ceiling' is no antenna"),
        ('"ceiling:4"', '"ceiling:4", "ceiling:4"', "ceiling:4 is in 'door' too"),
        ("move_ms = 250", "moves = 250", "line 17: zones.door.moves: it is not known"),
        ("[gateway]", "gateway]", "this is not TOML: "),
        ("[[readers]]", "[readers]", "Cannot declare"),
    ],
)
def test_what_is_wrong_is_named(old, new, words):
    assert words in _complaints(FULL.replace(old, new))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("gateway = 1", "line 1: gateway: write it as a table, [gateway]"),
        ('[gateway]\ncode = "a"\n[readers]\ncode = "b"', "line 3: readers: write each reader"),
        ('zones = 3\n[gateway]\ncode = "a"', "line 1: zones: write each zone as a table"),
        ('[gateway]\ncode = "a"\n[log]\nlevel = "loud"', "line 4: log.level: it must be one of"),
    ],
)
def test_tables_have_their_shape(text, words):
    assert words in _complaints(text)


@pytest.mark.parametrize(
    ("driver", "value", "words"),
    [
        ("llrp", 'antennas = "1,2"', "antennas must be a list of ports from 1 to 255"),
        ("llrp", "antennas = 4.0", "antennas must be a list of ports"),
        ("llrp", 'antennas = ["1", "2"]', "antennas must be a list of ports"),
        ("llrp", 'mode = "2"', "mode must be a whole number"),
        ("llrp", "session = 1.5", "session must be a whole number from 0 to 3"),
        ("llrp", "tid = 1", "tid must be true or false"),
        ("llrp", "power = [20]", "power must be dBm"),
        ("simulate", 'tags = "many"', "tags must be a whole number from 1 to 1000000"),
        ("simulate", "antennas = 4.0", "antennas must be a whole number from 1 to 255"),
        ("simulate", 'file = "nowhere"', "The file of EPCs cannot be read"),
        ("tcp", "antenna = 300", "antenna must be a whole number from 0 to 255"),
        ("tcp", "antenna = 1.5", "antenna must be a whole number from 0 to 255"),
        ("tcp", "pattern = '('", "The pattern is no regular expression"),
        ("m100", 'power = "20"', "power must be a number from 0 to 33"),
        ("wedge", "keys = 3", "keys: auto, true"),
        ("replay", "loops = -1", "loops must be a whole number"),
    ],
)
def test_a_value_that_the_driver_cannot_use_is_named_by_line_and_option(driver, value, words):
    needed = {
        "llrp": 'host = "192.0.2.7"',
        "tcp": 'host = "127.0.0.1"\nport = 9100',
        "m100": 'path = "/dev/ttyUSB0"\nregion = "europe"',
        "wedge": 'path = "-"',
        "replay": 'path = "reads.jsonl"',
    }
    head = f'[gateway]\ncode = "front"\n[[readers]]\n{value}\ncode = "r"\ndriver = "{driver}"\n'
    option = value.split()[0]
    assert f"line 4: readers.1.{option}: {words}" in _complaints(head + needed.get(driver, ""))


def test_a_device_that_two_readers_use_is_named_by_whatever_path(tmp_path):
    (tmp_path / "by-id").symlink_to(tmp_path / "ttyUSB0")
    text = f"""
[gateway]
code = "front"
[[readers]]
code = "pad"
driver = "m100"
region = "europe"
path = "{tmp_path}/ttyUSB0"
[[readers]]
code = "hand"
driver = "wedge"
path = "{tmp_path}/by-id"
"""
    assert "line 12: readers.2.path: the reader 'pad' uses this device" in _complaints(text)
    # A recording may be played by two.
    played = text.replace("wedge", "replay").replace('"m100"\nregion = "europe"', '"replay"')
    assert len(config.parse(played).readers) == 2


def test_an_antenna_that_odoo_would_not_take_is_in_no_zone():
    assert "'ceiling:256' is no antenna" in _complaints(FULL.replace("ceiling:4", "ceiling:256"))


def test_all_problems_are_told_at_once():
    text = FULL.replace('"https:', '"http:').replace("move_ms", "moves").replace("host", "hots")
    assert len(_complaints(text).splitlines()) == 4


def test_http_is_for_this_computer_only():
    text = FULL.replace("https://shop.example.com", "http://127.0.0.1:8069")
    assert config.parse(text).odoo["url"] == "http://127.0.0.1:8069"


@pytest.mark.parametrize("data", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(tmp_path, data):
    file = tmp_path / "gateway.toml"
    if data:
        file.write_bytes(data)
    with pytest.raises(ConfigError, match=r"gateway\.toml cannot be read"):
        config.load(file)


def test_simulated_readers_stand_in_for_all_with_their_antennas():
    settings = config.parse(FULL).simulate(speed=10)
    assert [(reader.code, reader.driver) for reader in settings.readers] == [
        ("ceiling", "simulate"),
        ("play", "simulate"),
    ]
    first, second = (reader.options for reader in settings.readers)
    assert (first["antennas"], first["speed"]) == (4, 10)
    assert first["item"] != second["item"]


@pytest.mark.parametrize(("file", "speed"), [("/nowhere/epcs", 1), ("", float("inf"))])
def test_a_simulated_store_that_cannot_be_is_refused_at_once(file, speed):
    with pytest.raises(ConfigError, match="--simulate: "):
        config.parse(FULL).simulate(file, speed)


def test_simulated_readers_alone_may_live_as_fast_as_they_like():
    reader = '[[readers]]\ncode = "{}"\ndriver = "simulate"\nspeed = 20\n'
    text = '[gateway]\ncode = "front"\n' + reader.format("a") + reader.format("b")
    assert [reader.options["speed"] for reader in config.parse(text).readers] == [20, 20]


def test_a_trial_without_a_file_has_one_simulated_reader(tmp_path):
    settings = config.make_default(tmp_path).simulate()
    assert [reader.driver for reader in settings.readers] == ["simulate"]
    assert settings.odoo is None
