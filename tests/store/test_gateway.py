import contextlib
import io
import shutil
import sys
import tempfile
import time
import tomllib
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from store_lib import gateway, python, suite, system
from store_lib.console import StoreError
from store_lib.logs import Tally
from store_lib.paths import Paths

ROOT = Path(__file__).resolve().parents[2]


class TestPytestCounts(unittest.TestCase):
    """What pytest prints at its end, as counts."""

    def counts(self, output, code):
        tally = gateway.count_pytest(output, code)
        return tally.passed, tally.failed, tally.skipped, len(tally.problems)

    def test_a_good_run(self):
        output = "....\n4 passed, 2 deselected, 1 warning in 0.10s\n"
        self.assertEqual(self.counts(output, 0), (4, 0, 0, 0))

    def test_failures_errors_and_skips_are_told_with_what_pytest_said(self):
        output = "x\n1 failed, 4 passed, 3 skipped, 2 errors in 61.00s (0:01:01)"
        self.assertEqual(self.counts(output, 1), (4, 3, 3, 1))

    def test_a_skip_alone_is_told_as_well(self):
        self.assertEqual(self.counts("4 passed, 1 skipped in 1s\n", 0), (4, 0, 1, 1))

    def test_a_run_that_did_not_start_is_a_failure(self):
        self.assertEqual(self.counts("No module named pytest\n", 1), (0, 1, 0, 1))

    def test_a_run_that_was_killed_after_its_last_line_is_a_failure(self):
        self.assertEqual(self.counts("4 passed in 1s\n", -9), (0, 1, 0, 1))

    def test_a_run_without_tests_is_a_failure(self):
        self.assertEqual(self.counts("no tests ran in 0.01s\n", 5), (0, 1, 0, 1))
        self.assertEqual(self.counts("3 deselected in 0.01s\n", 0), (0, 1, 0, 1))

    def test_numbers_in_the_output_of_tests_are_not_counts(self):
        self.assertEqual(self.counts("9 failed\n\n2 passed in 1s\n", 0), (2, 0, 0, 0))


class TestRun(unittest.TestCase):
    """The gateway's tests in an environment of their own, with a project of one test."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.root / gateway.NAME / "src").mkdir(parents=True)
        self.enterContext(contextlib.redirect_stderr(io.StringIO()))
        self.enterContext(mock.patch.object(gateway, "require_tshark"))
        self.enterContext(mock.patch.object(gateway.node, "prepare", return_value="modules"))
        self.enterContext(mock.patch.object(gateway, "describe", return_value="described"))

    def run_with(self, script, **options):
        """Run with a Python that is this shell script."""
        interpreter = self.root / "python"
        interpreter.write_text(f"#!/bin/sh\n{script}\n")
        interpreter.chmod(0o755)
        with (
            mock.patch.object(gateway.python, "prepare", return_value=interpreter) as prepare,
            gateway.tests(Paths(self.root), **options) as conclude,
        ):
            tally = conclude()
        self.assertEqual(prepare.call_args.args[1], ["pins/gateway.txt"])
        return tally

    def test_the_counts_are_pytests_and_the_output_is_kept(self):
        tally = self.run_with("echo 7 passed in 1s")
        self.assertEqual((tally.passed, tally.failed), (7, 0))
        log = self.root / ".odoo/logs/gateway.log"
        self.assertEqual(log.read_text(), "7 passed in 1s\n")

    def test_a_failure_is_a_failure(self):
        tally = self.run_with("echo 1 failed, 7 passed in 1s; exit 1")
        self.assertEqual((tally.passed, tally.failed), (7, 1))

    def test_it_runs_beside_its_sources_with_its_peers(self):
        self.run_with('pwd > seen; echo "$PYTHONPATH $NODE_PATH" >> seen; echo 1 passed in 1s')
        folder = self.root.resolve() / gateway.NAME
        where, paths = (folder / "seen").read_text().splitlines()
        self.assertEqual(Path(where), folder)
        self.assertEqual(paths, f"{self.root / gateway.NAME}/src:described modules")

    def test_they_are_stopped_with_all_that_they_started_when_the_block_fails(self):
        interpreter = self.root / "python"
        interpreter.write_text("#!/bin/sh\nsleep 600 & echo $! > child; wait\n")
        interpreter.chmod(0o755)
        child = self.root / gateway.NAME / "child"
        with (
            mock.patch.object(gateway.python, "prepare", return_value=interpreter),
            self.assertRaises(KeyboardInterrupt),
            gateway.tests(Paths(self.root)),
        ):
            while not (child.exists() and child.read_text().strip()):
                time.sleep(0.01)
            raise KeyboardInterrupt
        status = Path(f"/proc/{child.read_text().strip()}/status")
        self.assertTrue(not status.exists() or "zombie" in status.read_text())

    def test_long_tests_are_chosen_by_full_alone(self):
        for full, expected in ((False, "no"), (True, "yes")):
            script = 'case "$*" in *"full or not full"*) echo yes;; *) echo no;; esac > chosen'
            self.run_with(f"{script}; echo 1 passed in 1s", full=full)
            self.assertEqual((self.root / gateway.NAME / "chosen").read_text().strip(), expected)


class TestDescription(unittest.TestCase):
    """The project's metadata, made without installing it."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            (self.root / gateway.NAME).mkdir(exist_ok=True)
            shutil.copy(ROOT / gateway.NAME / name, self.root / gateway.NAME)

    def test_a_project_that_cannot_be_read_is_told(self):
        (self.root / gateway.NAME / "pyproject.toml").write_text("[project\n")
        with self.assertRaisesRegex(StoreError, "rfid_gateway/pyproject.toml cannot be read"):
            gateway.describe(Paths(self.root), sys.executable)

    def test_what_the_project_needs_is_pinned(self):
        project = tomllib.loads((ROOT / gateway.NAME / "pyproject.toml").read_text())["project"]
        needed = {line.split(">")[0].split("<")[0] for line in project["dependencies"]}
        self.assertEqual(needed - set(pinned()), set())

    def test_every_pin_is_exact(self):
        self.assertTrue(all(pinned().values()))


def pinned():
    """{package: version} of the gateway's pins."""
    lines = (ROOT / python.GATEWAY[0]).read_text().splitlines()
    return dict(line.partition("==")[::2] for line in lines if line[:1] not in ("", "#"))


class TestChoice(unittest.TestCase):
    """`./store test` with and without names: the gateway is named like a module."""

    def choose(self, *names):
        done = []

        @contextlib.contextmanager
        def test_gateway(_paths, full):
            done.append("gateway begins")
            yield lambda: done.append("gateway ends") or Tally(1)

        def test_together(_store, names, _lint, full):
            done.append(names)
            return Tally(1)

        def select(_modules, names):
            return names or ["jewelry_rfid", "jewelry_demo"]

        options = SimpleNamespace(modules=list(names), full=False)
        store = SimpleNamespace(paths=None, modules=dict)
        with (
            mock.patch.object(suite.gateway, "tests", test_gateway),
            mock.patch.object(suite, "_test_together", test_together),
            mock.patch.object(suite.our_modules, "select", select),
        ):
            tally = suite._test_chosen(store, options)
        self.assertEqual(tally.passed, len([each for each in done if each != "gateway begins"]))
        return done

    def test_without_names_all_are_tested_the_demo_store_beside_the_gateway(self):
        beside = ["gateway begins", ["jewelry_demo"], "gateway ends"]
        self.assertEqual(self.choose(), [["jewelry_rfid"], *beside])

    def test_alone_no_module_is_tested_beside_it(self):
        self.assertEqual(self.choose("rfid_gateway"), ["gateway begins", "gateway ends"])

    def test_a_module_alone_is_tested_without_it(self):
        self.assertEqual(self.choose("jewelry_rfid"), [["jewelry_rfid"]])

    def test_both_are_tested_when_both_are_named(self):
        both = self.choose("jewelry_rfid", "rfid_gateway")
        self.assertEqual(both, [["jewelry_rfid"], "gateway begins", "gateway ends"])


class TestTshark(unittest.TestCase):
    """The independent reader of what the gateway sends."""

    def test_without_it_it_is_installed(self):
        with (
            mock.patch.object(system.shutil, "which", return_value=None),
            mock.patch.object(system, "apt_install") as install,
        ):
            system.require_tshark()
        install.assert_called_once_with("tshark")

    def test_where_it_is_nothing_is_installed(self):
        with (
            mock.patch.object(system.shutil, "which", return_value="/usr/bin/tshark"),
            mock.patch.object(system, "apt_install") as install,
        ):
            system.require_tshark()
        install.assert_not_called()
