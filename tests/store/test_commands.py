import contextlib
import io
import socket
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from store_lib import commands, console, system
from store_lib.console import StoreError
from store_lib.paths import Paths, digest


class Opened(unittest.TestCase):
    """A store that is only remembered, and what the person was told."""

    def setUp(self):
        self.store = mock.Mock()
        self.store.databases.names.return_value = {"jewelry"}
        self.store.databases.installed_modules.return_value = {"jewelry_inventory"}
        self.said = io.StringIO()
        opened = mock.patch.object(commands, "opened")
        self.enterContext(opened).return_value.__enter__.return_value = self.store
        self.enterContext(contextlib.redirect_stdout(self.said))
        self.enterContext(contextlib.redirect_stderr(io.StringIO()))


class TestInstall(Opened):
    def install(self, modules, database="jewelry"):
        options = SimpleNamespace(modules=modules, database=database)
        return commands.install("root", options)

    def test_modules_are_added_to_a_database_that_exists(self):
        self.assertEqual(self.install("jewelry_inventory"), 0)
        self.store.update.assert_called_once_with("jewelry", install=["jewelry_inventory"])

    def test_a_database_that_does_not_exist_is_made(self):
        self.assertEqual(self.install("jewelry_inventory,", "shop"), 0)
        self.store.build.assert_called_once_with("shop", ["jewelry_inventory"])

    def test_a_module_that_odoo_does_not_know_is_told(self):
        with self.assertRaisesRegex(StoreError, "Odoo knows no module jewelry_sail"):
            self.install("jewelry_inventory,jewelry_sail")


class TestVerify(Opened):
    """Whatever the chains say comes out in words, and in the exit code."""

    def verify(self, **found):
        sound = {"events": 7, "chains": 2, "damaged": 0, "first": [], "fork_of": None}
        self.store.ask.return_value = sound | found
        return commands.verify("root", SimpleNamespace(database="jewelry"))

    def test_sound_chains_are_0(self):
        self.assertEqual(self.verify(), 0)
        self.assertIn("7 events in 2 chains: all sound", self.said.getvalue())

    def test_a_damaged_chain_is_1_and_its_first_bad_event_is_named(self):
        self.assertEqual(self.verify(damaged=1, first=["P-000001, event 3: changed"]), 1)
        said = self.said.getvalue()
        self.assertIn("damaged: P-000001, event 3: changed", said)
        self.assertIn("1 damaged", said)

    def test_a_copy_of_the_database_is_a_fork_and_no_damage(self):
        self.assertEqual(self.verify(fork_of="11-22"), 0)
        self.assertIn("copy of database 11-22", self.said.getvalue())

    def test_a_database_without_provenance_is_told(self):
        self.store.ask.return_value = None
        with self.assertRaisesRegex(StoreError, "has no provenance: install jewelry_inventory"):
            commands.verify("root", SimpleNamespace(database="jewelry"))

    def test_a_database_that_does_not_exist_is_not_opened(self):
        self.store.require_database.side_effect = StoreError("There is no database shop")
        with self.assertRaises(StoreError):
            commands.verify("root", SimpleNamespace(database="shop"))
        self.store.ask.assert_not_called()


class TestReset(unittest.TestCase):
    """What is removed is the checkout's own; the cache of all only when asked for."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        cache = {"XDG_CACHE_HOME": str(self.root / "cache")}
        self.enterContext(mock.patch.dict("os.environ", cache))
        self.paths = Paths(self.root)
        (self.paths.state / "logs").mkdir(parents=True)
        self.paths.cache.mkdir(parents=True)
        self.destroy = self.enterContext(mock.patch.object(commands.postgres, "destroy"))
        self.said = self.enterContext(contextlib.redirect_stdout(io.StringIO()))

    def reset(self, yes=True, cache=False):
        return commands.reset(self.root, SimpleNamespace(yes=yes, cache=cache))

    def test_the_checkouts_files_go_and_the_cache_stays(self):
        self.assertEqual(self.reset(), 0)
        self.assertFalse(self.paths.state.exists())
        self.assertTrue(self.paths.cache.exists())
        self.destroy.assert_called_once_with(self.paths)

    def test_the_cache_goes_when_asked_for(self):
        self.reset(cache=True)
        self.assertFalse(self.paths.cache.exists())
        self.assertIn("shared cache", self.said.getvalue())

    def test_whoever_says_no_loses_nothing(self):
        with mock.patch.object(commands, "confirm", return_value=False):
            self.assertEqual(self.reset(yes=False), 1)
        self.assertTrue(self.paths.state.exists())
        self.destroy.assert_not_called()

    def test_the_question_is_answered_by_yes_alone(self):
        answers = {"y": True, " YES ": True, "": False, "no": False, "yess": False}
        with mock.patch("sys.stdin.isatty", return_value=True):
            for answer, meant in answers.items():
                with (
                    self.subTest(answer=answer),
                    mock.patch("builtins.input", lambda _q, a=answer: a),
                ):
                    self.assertEqual(console.confirm("Remove it?"), meant)


class TestSteps(unittest.TestCase):
    """A step says that it began, how it ended and how long it took."""

    def run_step(self, fault=None):
        said = io.StringIO()
        with (
            contextlib.redirect_stderr(said),
            contextlib.suppress(StoreError),
            console.step("make it"),
        ):
            if fault:
                raise fault
        return said.getvalue()

    def test_a_step_that_went_well(self):
        self.assertRegex(self.run_step(), r"make it \.\.\.\n  make it +done in +\d+\.\d s")

    def test_a_step_that_failed(self):
        self.assertRegex(self.run_step(StoreError("no disk")), r"make it +failed after +\d")


class TestPorts(unittest.TestCase):
    def test_a_free_port_can_be_taken(self):
        port = system.free_port()
        system.require_port(port)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", port))
            taken.listen()
            with self.assertRaisesRegex(StoreError, f"Port {port} is taken"):
                system.require_port(port)


class TestMachine(unittest.TestCase):
    """What is missing on the machine is installed by root, and named to others."""

    def setUp(self):
        self.enterContext(contextlib.redirect_stderr(io.StringIO()))

    def find(self, *programs):
        return mock.patch.object(
            system.shutil, "which", lambda name: f"/usr/bin/{name}" if name in programs else None
        )

    def test_others_than_root_are_told_the_command(self):
        with (
            mock.patch.object(system, "as_root", return_value=False),
            self.assertRaisesRegex(StoreError, r"apt-get install nodejs npm \(as root\)"),
        ):
            system.apt_install("nodejs", "npm")

    def test_root_installs_without_being_asked(self):
        with (
            self.find("apt-get"),
            mock.patch.object(system, "as_root", return_value=True),
            mock.patch.object(system, "run") as run,
        ):
            system.apt_install("chromium")
        update, install = (call.args[0] for call in run.call_args_list)
        self.assertIn("update", update)
        self.assertEqual(install[-1], "chromium")
        for call in run.call_args_list:
            self.assertEqual(call.kwargs["env"]["DEBIAN_FRONTEND"], "noninteractive")

    def test_a_browser_of_any_name_is_enough(self):
        with self.find("google-chrome"), mock.patch.object(system, "apt_install") as install:
            system.require_browser()
        install.assert_not_called()

    def test_without_a_browser_one_is_installed(self):
        with self.find(), mock.patch.object(system, "apt_install") as install:
            system.require_browser()
        install.assert_called_once_with("chromium")

    def test_node_without_npm_is_not_enough(self):
        with self.find("node"), mock.patch.object(system, "apt_install") as install:
            system.require_node()
        install.assert_called_once_with("nodejs", "npm")

    def test_the_highest_version_comes_first(self):
        with mock.patch.object(
            Path, "glob", lambda _self, _pattern: [Path("/x/9/bin"), Path("/x/15/bin")]
        ):
            self.assertEqual(system.find_folders("x/*/bin")[0], Path("/x/15/bin"))


class TestPaths(unittest.TestCase):
    def test_two_checkouts_have_different_keys(self):
        self.assertNotEqual(Paths(Path("/a")).key, Paths(Path("/b")).key)
        self.assertRegex(Paths(Path("/a")).key, r"^[0-9a-f]{8}$")

    def test_a_digest_tells_contents_and_order(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        first, second = folder / "1", folder / "2"
        first.write_text("a")
        second.write_text("b")
        self.assertNotEqual(digest(first, second), digest(second, first))
        before = digest(first)
        first.write_text("c")
        self.assertNotEqual(digest(first), before)

    def test_a_file_and_its_text_are_the_same_input(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "1").write_text("a")
        self.assertEqual(digest(folder / "1"), digest("a"))
