import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import unittest
from collections import namedtuple
from pathlib import Path
from unittest import mock

from store_lib import build
from store_lib.console import StoreError


class TestEnsure(unittest.TestCase):
    """A step is done once, and a killed one leaves nothing that looks done."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory())) / "thing-1"
        self.calls = 0

    def make(self, target):
        self.calls += 1
        (target / "part").write_text("whole")
        return ["fact"]

    def ensure(self):
        return build.ensure(self.folder, "thing", self.make)

    def run_killed(self):
        """The same step in a process that dies in the middle of it, as by kill -9."""
        code = textwrap.dedent("""
            import os, signal, sys
            from pathlib import Path
            from store_lib import build
            def make(target):
                (target / "part").write_text("ha")
                (target / "leftover").write_text("")
                os.kill(os.getpid(), signal.SIGKILL)
            build.ensure(Path(sys.argv[1]), "thing", make)
        """)
        command = [sys.executable, "-c", code, self.folder]
        return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode

    def test_a_step_is_done_once_and_remembers_its_facts(self):
        self.assertEqual(self.ensure(), ["fact"])
        self.assertEqual(self.ensure(), ["fact"])
        self.assertEqual(self.calls, 1)

    def test_a_killed_step_is_done_again_from_nothing(self):
        self.assertEqual(self.run_killed(), -signal.SIGKILL)
        self.ensure()
        self.assertEqual((self.folder / "part").read_text(), "whole")
        self.assertFalse((self.folder / "leftover").exists())

    def test_a_killed_step_that_cannot_be_removed_is_left_beside_the_new_one(self):
        """As while the tar of a killed dpkg-deb still writes into the folder."""
        self.run_killed()
        remove, tries = shutil.rmtree, []

        def remove_later(path, **options):
            tries.append(path)
            if len(tries) > 1:
                remove(path, **options)

        with mock.patch("shutil.rmtree", remove_later):
            self.ensure()
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), [".complete", "part"])
        self.assertEqual(list(self.folder.parent.glob("*.old")), [])

    def test_a_failed_step_is_done_again(self):
        with self.assertRaises(StoreError):
            build.ensure(self.folder, "thing", mock.Mock(side_effect=StoreError("no network")))
        self.assertEqual(self.ensure(), ["fact"])

    def test_the_lock_of_a_killed_process_is_free(self):
        self.run_killed()
        with build.locked(self.folder.with_name("thing-1.lock"), "thing"):
            pass


class TestLock(unittest.TestCase):
    """Two processes never do the same at once."""

    def test_the_second_waits_for_the_first_and_says_so(self):
        path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "lock"
        code = "import sys; from pathlib import Path; from store_lib import build\n"
        code += "with build.locked(Path(sys.argv[1]), 'tests'): print('entered', flush=True)"
        with build.locked(path, "tests"):
            waiting = subprocess.Popen(
                [sys.executable, "-c", code, path],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            said = waiting.stderr.readline()
        output, _errors = waiting.communicate()
        self.assertIn(f"process {os.getpid()}", said)
        self.assertEqual(output, "entered\n")


class TestDisk(unittest.TestCase):
    def test_a_full_disk_is_told_before_anything_is_fetched(self):
        usage = namedtuple("usage", "free")(2e9)
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        with (
            mock.patch("shutil.disk_usage", return_value=usage),
            self.assertRaisesRegex(StoreError, "2.0 GB free and 4 GB are needed"),
        ):
            build.require_disk(folder, 4)
