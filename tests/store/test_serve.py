import contextlib
import http.server
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from store_lib import serve
from store_lib.console import StoreError
from store_lib.modules import Module
from store_lib.paths import Paths
from store_lib.process import start
from store_lib.store import Store
from store_lib.system import answers, free_port

README = """# A store

## Logins

| who | name |

## Things to try

1. Scan a tag.

## After them

Nothing.
"""


class Files(unittest.TestCase):
    """A checkout with a README and two modules, and a server that is only remembered."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.root / "README.md").write_text(README)
        self.paths = Paths(self.root)
        self.paths.state.mkdir()
        for name in ("jewelry_inventory", "jewelry_demo"):
            folder = self.root / "addons" / name
            folder.mkdir(parents=True)
            (folder / "__manifest__.py").write_text("{'depends': ['stock']}")
        self.enterContext(contextlib.redirect_stderr(io.StringIO()))


class TestUpToDate(Files):
    """The database gets what is new or changed since it was last brought up to date."""

    def setUp(self):
        super().setUp()
        self.store = mock.Mock(paths=self.paths)
        self.store.server = SimpleNamespace(host="/run/x", port="5432")
        self.store.modules = self.modules
        self.store.databases.names.return_value = {"jewelry"}
        self.store.databases.installed_modules.return_value = {"jewelry_inventory", "jewelry_demo"}

    def modules(self, demo=True):
        names = ["jewelry_inventory"] + ["jewelry_demo"] * demo
        return {name: Module(self.root / "addons" / name, ("stock",)) for name in names}

    def refresh(self, modules=None, no_demo=False, database="jewelry"):
        options = SimpleNamespace(database=database, modules=modules, no_demo=no_demo)
        serve._bring_up_to_date(self.store, options)

    def test_a_new_database_is_built_with_everything(self):
        self.store.databases.names.return_value = set()
        self.refresh()
        self.store.build.assert_called_once_with("jewelry", ["jewelry_demo", "jewelry_inventory"])
        self.store.update.assert_not_called()

    def test_an_empty_store_is_built_without_the_demo(self):
        self.store.databases.names.return_value = set()
        self.refresh(no_demo=True)
        self.store.build.assert_called_once_with("jewelry", ["jewelry_inventory"])

    def test_the_second_start_changes_nothing(self):
        self.refresh()
        self.store.update.reset_mock()
        self.refresh()
        self.store.update.assert_not_called()

    def test_a_changed_module_is_upgraded_alone(self):
        self.refresh()
        self.store.update.reset_mock()
        (self.root / "addons/jewelry_demo/hooks.py").write_text("x = 1")
        self.refresh()
        self.store.update.assert_called_once_with("jewelry", [], ["jewelry_demo"])

    def test_a_module_that_is_new_is_installed(self):
        self.refresh()
        self.store.update.reset_mock()
        self.store.databases.installed_modules.return_value = {"jewelry_inventory"}
        self.refresh()
        self.store.update.assert_called_once_with("jewelry", ["jewelry_demo"], [])

    def test_what_was_not_finished_is_done_again(self):
        self.store.update.side_effect = StoreError("no disk")
        with self.assertRaises(StoreError):
            self.refresh()
        self.store.update.side_effect = None
        self.store.update.reset_mock()
        self.refresh()
        self.store.update.assert_called_once()

    def test_a_part_of_the_modules_does_not_forget_the_rest(self):
        self.refresh()
        self.refresh(modules="jewelry_inventory")
        self.store.update.reset_mock()
        self.refresh()
        self.store.update.assert_not_called()

    def test_a_stamp_that_is_broken_or_gone_means_everything(self):
        self.refresh()
        (stamp,) = self.paths.state.glob("database-*.json")
        for break_it in (lambda: stamp.write_text("{"), stamp.unlink):
            break_it()
            self.store.update.reset_mock()
            self.refresh()
            changed = ["jewelry_demo", "jewelry_inventory"]
            self.store.update.assert_called_once_with("jewelry", [], changed)

    def test_a_database_of_the_same_name_on_another_server_has_its_own_stamp(self):
        self.refresh()
        self.store.server = SimpleNamespace(host="db.test", port="5432")
        self.refresh()
        self.assertEqual(len(list(self.paths.state.glob("database-*.json"))), 2)

    def test_a_dropped_database_that_is_built_again_forgets_its_stamp(self):
        self.refresh()
        self.store.databases.names.return_value = set()
        self.store.build.side_effect = StoreError("no disk")
        with self.assertRaises(StoreError):
            self.refresh()
        self.assertFalse(list(self.paths.state.glob("database-*.json")))

    def test_a_module_that_is_not_there_is_refused_before_anything_is_built(self):
        with self.assertRaisesRegex(StoreError, "No module jewelry_sail"):
            self.refresh(modules="jewelry_sail")
        self.store.build.assert_not_called()


class TestIntroduction(Files):
    """What the person reads comes out of the README, its only place."""

    def introduce(self):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            log = self.paths.logs / "run.log"
            store = SimpleNamespace(paths=self.paths)
            serve._introduce(store, "http://127.0.0.1:8069", log, 12.3)
        return output.getvalue()

    def test_address_logins_and_things_to_try_are_told(self):
        said = self.introduce()
        for part in ("after 12 s: http://127.0.0.1:8069", "| who | name |", "1. Scan a tag."):
            self.assertIn(part, said)

    def test_what_comes_after_a_section_is_left_out(self):
        self.assertNotIn("Nothing.", self.introduce())

    def test_a_readme_without_the_section_is_no_fault(self):
        self.assertEqual(serve._section(self.root / "README.md", "Prices"), "")

    def test_the_readme_of_the_project_has_both_sections(self):
        readme = Path(__file__).parents[2] / "README.md"
        for title in ("Logins", "Things to try"):
            self.assertIn(title, serve._section(readme, title))


class Page(http.server.BaseHTTPRequestHandler):
    """Answers the login page, and says with which code."""

    code = 200

    def do_GET(self):
        """Answer as told."""
        self.send_response(self.code)
        self.end_headers()

    def log_message(self, *_arguments):
        """Say nothing on the terminal."""


class TestAnswer(Files):
    """Odoo is open when its login page answers."""

    def serve(self, code=200):
        page = type("Page", (Page,), {"code": code})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), page)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_address[1]}"

    def run_child(self, code="import time; time.sleep(60)"):
        child = start([sys.executable, "-c", code], output=subprocess.DEVNULL)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        return child

    def test_a_page_that_answers_ends_the_waiting(self):
        serve._await_answer(self.run_child(), self.serve(), "log")

    def test_a_server_that_fails_is_not_open(self):
        self.assertFalse(answers(f"{self.serve(500)}/web/login"))
        self.assertFalse(answers(f"http://127.0.0.1:{free_port()}/web/login"))

    def test_a_proxy_of_the_persons_is_not_asked(self):
        proxy = f"http://127.0.0.1:{free_port()}"
        with mock.patch.dict("os.environ", http_proxy=proxy, HTTP_PROXY=proxy):
            self.assertTrue(answers(f"{self.serve()}/web/login"))

    def test_an_odoo_that_ends_while_it_starts_is_told_with_its_log(self):
        child = self.run_child("raise SystemExit(3)")
        with self.assertRaisesRegex(StoreError, "stopped while it started: see log"):
            serve._await_answer(child, f"http://127.0.0.1:{free_port()}", "log")

    def test_an_odoo_that_never_answers_is_told(self):
        with (
            mock.patch.object(serve, "_PATIENCE", 0.3),
            self.assertRaisesRegex(StoreError, "did not answer within 0.3 s: see log"),
        ):
            serve._await_answer(self.run_child(), f"http://127.0.0.1:{free_port()}", "log")


# Stands for Odoo: serves the login page, writes its options down, ends with Ctrl-C.
SERVER = """
import http.server, json, signal, sys
def end(*_arguments):
    sys.exit(int({code!r}))
signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGINT, end)
port = next(part for part in sys.argv if part.startswith("--http-port=")).partition("=")[2]
print(json.dumps(sys.argv), flush=True)
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Page).serve_forever()
"""


class TestServer(Files):
    """Odoo runs as long as the person wants it to, and never longer."""

    def serve(self, code=0, check=True):
        program = self.root / "odoo.py"
        program.write_text(SERVER.format(code=code))
        store = SimpleNamespace(paths=self.paths, start=self.start)
        options = SimpleNamespace(
            host="127.0.0.1", port=free_port(), database="jewelry", check=check
        )
        handlers = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                return serve._serve(store, options, time.monotonic())
        finally:
            for name, handler in handlers.items():
                signal.signal(name, handler)

    def start(self, database, *options, output):
        self.child = start(
            [sys.executable, self.root / "odoo.py", database, *options], output=output
        )
        return self.child

    def test_a_check_opens_the_store_and_closes_it(self):
        self.assertEqual(self.serve(), 0)
        said = json.loads((self.paths.logs / "run.log").read_text().splitlines()[0])
        self.assertIn("--http-interface=127.0.0.1", said)
        self.assertIn("jewelry", said)

    def test_nothing_is_left_running(self):
        self.serve()
        self.assertIsNotNone(self.child.returncode)

    def test_the_signal_that_stops_us_is_passed_on_and_is_no_fault(self):
        threading.Timer(2.0, os.kill, (os.getpid(), signal.SIGTERM)).start()
        self.assertEqual(self.serve(code=3, check=False), 0)

    def test_an_odoo_that_ends_by_itself_is_told(self):
        def kill():
            self.child.kill()

        threading.Timer(2.0, kill).start()
        with self.assertRaisesRegex(StoreError, "ended with code -9: see .*run.log"):
            self.serve(check=False)


class TestStore(Files):
    """Odoo's commands get the addons, the database and the server, and nothing of the person's."""

    def setUp(self):
        super().setUp()
        server = SimpleNamespace(
            options=["--db_host=/run/x"], environment={"PGPASSWORD": "secret"}, host="x", port="1"
        )
        odoo = SimpleNamespace(base=self.root / "odoo", addons=[self.root / "core"])
        self.odoo = odoo
        self.store = Store(self.paths, odoo, self.root / "venv/bin/python", server)

    def test_the_command_names_our_folders_after_cores(self):
        command = [str(part) for part in self.store._command(["shell"], "jewelry", ["--x"])]
        self.assertIn(f"--addons-path={self.root}/core,{self.root}/addons", command)
        self.assertEqual(command[-2:], ["--db_host=/run/x", "--x"])
        self.assertEqual(command[1:5], ["-P", "-m", "odoo", "shell"])

    def test_the_addons_of_tests_are_on_the_path_while_testing_only(self):
        testing = Store(self.paths, self.odoo, self.store.python, self.store.server, True)
        self.assertNotIn(self.paths.test_addons, self.store.folders)
        self.assertIn(self.paths.test_addons, testing.folders)

    def test_the_environment_has_the_password_and_no_command_line_has(self):
        self.assertEqual(self.store.environment()["PGPASSWORD"], "secret")
        self.assertNotIn("secret", " ".join(map(str, self.store._command([], "jewelry", []))))

    def test_programs_of_the_environment_come_first(self):
        path = self.store.environment()["PATH"].split(":")
        self.assertEqual(path[0], str(self.root / "venv/bin"))

    def test_an_answer_is_found_between_what_odoo_prints(self):
        said = 'a warning\nanswer: {"events": 3}\n'
        with mock.patch.object(self.store, "shell", return_value=said) as shell:
            self.assertEqual(self.store.ask("jewelry", "answer = 1"), {"events": 3})
        self.assertTrue(shell.call_args.args[1].startswith("answer = 1\n"))

    def test_an_update_asks_for_no_server_and_no_tests(self):
        with mock.patch("store_lib.store.run", return_value="fine") as run:
            self.store.update("jewelry", install=["a", "b"], upgrade=["c"])
        command = [str(part) for part in run.call_args.args[0]]
        self.assertEqual(command[-4:], ["-i", "a,b", "-u", "c"])
        self.assertLessEqual({"--stop-after-init", "--no-http"}, set(command))

    def test_an_error_in_the_log_is_a_failure_although_odoo_ends_well(self):
        for level in ("ERROR", "CRITICAL"):
            said = f"2026-11-25 10:00:00,000 1 {level} jewelry odoo: no such field\n"
            with (
                mock.patch("store_lib.store.run", return_value=said),
                self.assertRaisesRegex(StoreError, "reported errors .* see .*jewelry.log"),
            ):
                self.store.update("jewelry", install=["a"])

    def test_a_build_that_fails_leaves_no_database_of_that_name(self):
        self.store.databases = mock.Mock()
        with (
            mock.patch.object(self.store, "update", side_effect=StoreError("no disk")),
            self.assertRaises(StoreError),
        ):
            self.store.build("jewelry", ["a"])
        self.store.databases.create.assert_called_once_with("jewelry_building")
        self.store.databases.rename.assert_not_called()

    def test_a_database_that_is_not_there_is_told_with_the_way_to_it(self):
        self.store.databases = mock.Mock(names=lambda: {"other"})
        with self.assertRaisesRegex(StoreError, "no database shop: ./store run --database shop"):
            self.store.require_database("shop")
