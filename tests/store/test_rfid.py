import contextlib
import io
import json
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from store_lib import gateway, rfid
from store_lib.console import StoreError
from store_lib.paths import Paths
from store_lib.process import start
from store_lib.system import free_port

KEY = "0a1b2c3d4e5f"
FURNISHED = {
    "code": "demo",
    "key": KEY,
    "reader": "shop",
    "door": 7,
    "tags": {"E2AB": 2, "E2CD": 1},
}

# Stands for the gateway: writes down how it was called, and tells how it is.
PROGRAM = """
import http.server, json, sys, tomllib
print(json.dumps(sys.argv[1:]), flush=True)
if not {status}:
    sys.exit(2)
with open("gateway.toml", "rb") as file:
    port = tomllib.load(file)["health"]["port"]
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response({status}); self.end_headers()
    def log_message(self, *_arguments):
        pass
if {deaf}:
    import signal
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
http.server.HTTPServer(("127.0.0.1", port), Page).serve_forever()
"""


def make_options(**values):
    options = {"host": "127.0.0.1", "port": 8069, "database": "jewelry"}
    return SimpleNamespace(**{**options, "modules": None, "no_demo": False, **values})


class Files(unittest.TestCase):
    """A checkout's folders, and a database that answers what the demo store answers."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.paths = Paths(self.root)
        self.paths.logs.mkdir(parents=True)
        self.store = mock.Mock(paths=self.paths)
        self.store.ask.side_effect = lambda _database, _code: json.loads(json.dumps(FURNISHED))
        self.enterContext(contextlib.redirect_stderr(io.StringIO()))

    def furnish(self, **values):
        return rfid.furnish(self.store, make_options(**values))


class TestCheck(unittest.TestCase):
    """What cannot be shown is refused before anything is prepared."""

    def test_the_demo_store_with_its_readers_can_be_shown(self):
        rfid.check(make_options())
        rfid.check(make_options(host="0.0.0.0"))
        rfid.check(make_options(modules="jewelry_demo,jewelry_rfid,jewelry_pos"))

    def test_a_store_without_pieces_or_readers_is_refused(self):
        for values in ({"no_demo": True}, {"modules": "jewelry_rfid"}, {"modules": "jewelry_demo"}):
            with self.subTest(values=values), self.assertRaisesRegex(StoreError, "demo store"):
                rfid.check(make_options(**values))

    def test_an_address_to_which_a_key_would_travel_readable_is_refused(self):
        with self.assertRaisesRegex(StoreError, "leave --host"):
            rfid.check(make_options(host="192.0.2.7"))


class TestFiles(Files):
    """What the gateway is started with."""

    def test_its_configuration_names_the_database_and_the_key_that_was_made_for_it(self):
        simulation = self.furnish(port=8123, database="shop", host="0.0.0.0")
        values = tomllib.loads(simulation.configuration.read_text())
        self.assertEqual(values["gateway"], {"code": "demo"})
        self.assertEqual(
            values["odoo"],
            {"url": "http://127.0.0.1:8123", "database": "shop", "key_file": "key"},
        )
        self.assertEqual(values["zones"]["door"]["antennas"], ["shop:7"])
        self.assertEqual(values["readers"], [{"code": "shop", "driver": "simulate"}])
        self.assertEqual((simulation.folder / "key").read_text(), KEY)

    def test_nobody_else_reads_the_key(self):
        simulation = self.furnish()
        self.assertEqual((simulation.folder / "key").stat().st_mode & 0o777, 0o600)
        self.assertEqual(simulation.folder.stat().st_mode & 0o777, 0o700)
        self.assertNotIn(KEY, simulation.configuration.read_text())

    def test_tags_are_listed_with_their_antennas(self):
        self.assertEqual(self.furnish().tags.read_text(), "E2AB 2\nE2CD 1\n")

    def test_what_an_earlier_gateway_left_is_forgotten(self):
        (self.furnish().folder / "spool.db").write_text("old")
        self.assertFalse((self.furnish().folder / "spool.db").exists())

    def test_databases_have_gateways_of_their_own(self):
        folders = {self.furnish(database=name).folder for name in ("one", "two")}
        self.assertEqual(len(folders), 2)
        self.assertTrue(all((folder / "key").exists() for folder in folders))

    def test_what_is_furnished_is_committed(self):
        self.furnish()
        database, code = self.store.ask.call_args.args
        self.assertEqual(database, "jewelry")
        self.assertIn("env.cr.commit()", code)


class TestBeside(Files):
    """The gateway runs as long as the store is open, and never longer."""

    def open(self, status=200, deaf=False):
        """Run with a gateway that answers with a status; 0: it ends at once."""
        program = self.root / "gateway.py"
        program.write_text(PROGRAM.format(status=status, deaf=deaf))
        (self.root / gateway.NAME / "src").mkdir(parents=True)

        def start_program(command, output, **how):
            self.command, self.environment = [str(part) for part in command], how["env"]
            self.child = start([sys.executable, program, *command[1:]], output, **how)
            return self.child

        self.enterContext(mock.patch.object(rfid, "start", start_program))
        self.enterContext(mock.patch.object(rfid.python, "prepare", return_value="python"))
        self.enterContext(mock.patch.object(rfid.gateway, "describe", return_value="described"))
        self.simulation = self.furnish()
        return rfid.gateway_beside(self.store, self.simulation)

    def test_it_simulates_the_tags_of_the_store_with_its_configuration(self):
        with self.open():
            self.assertIsNone(self.child.poll())
        said = json.loads((self.paths.logs / "gateway-run.log").read_text().splitlines()[0])
        self.assertEqual(said[:2], ["-m", "jewelry_rfid_gateway"])
        files = {"--config": "gateway.toml", "--simulate": "tags.txt"}
        for option, name in files.items():
            value = said[said.index(option) + 1]
            self.assertEqual(Path(value), self.simulation.folder / name)
        folder = self.root / gateway.NAME / "src"
        self.assertEqual(self.environment["PYTHONPATH"], f"{folder}:described")

    def test_no_key_is_on_its_command_line_or_in_its_environment(self):
        with self.open():
            self.assertNotIn(KEY, " ".join([*self.command, *self.environment.values()]))

    def test_it_ends_with_the_store(self):
        with self.open():
            pass
        self.assertIsNotNone(self.child.returncode)

    def test_it_ends_when_the_store_fails(self):
        with self.assertRaises(ZeroDivisionError), self.open():
            raise ZeroDivisionError
        self.assertIsNotNone(self.child.returncode)

    def test_one_that_does_not_listen_is_killed(self):
        with mock.patch.object(rfid, "_TO_STOP", 0.3), self.open(deaf=True):
            pass
        self.assertEqual(self.child.returncode, -9)

    def test_one_that_ends_at_once_is_told_with_its_log(self):
        said = self.assertRaisesRegex(StoreError, "does not run: see .*gateway-run.log")
        with said, self.open(status=0):
            self.fail("the store is not open")

    def test_one_whose_readers_do_not_run_is_told_and_ended(self):
        self.enterContext(mock.patch.object(rfid, "_PATIENCE", 1))
        with self.assertRaisesRegex(StoreError, "does not run"), self.open(status=503):
            self.fail("the store is not open")
        self.assertIsNotNone(self.child.returncode)

    def test_without_readers_nothing_is_started(self):
        with mock.patch.object(rfid, "start") as begun, rfid.gateway_beside(self.store, None):
            begun.assert_not_called()


class TestConfiguration(unittest.TestCase):
    """The file is written in words that the gateway has."""

    def test_every_name_of_it_is_in_the_example(self):
        text = rfid._CONFIGURATION.format(
            **FURNISHED, host="127.0.0.1", port=1, database="x", health=free_port()
        )
        example = tomllib.loads(
            (Path(__file__).parents[2] / "rfid_gateway/gateway.toml").read_text()
        )
        written = tomllib.loads(text)
        self.assertLessEqual(set(written), set(example))
        self.assertLessEqual(set(written["zones"]["door"]), set(example["zones"]["door"]))
