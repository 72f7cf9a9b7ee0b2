import os
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

from store_lib import process
from store_lib.console import StoreError


class TestEnvironment(unittest.TestCase):
    """What the person has exported for other programs does not reach Odoo."""

    def clean(self, **variables):
        with mock.patch.dict("os.environ", variables):
            return process.clean_environment()

    def test_variables_of_postgresql_are_dropped(self):
        left = self.clean(PGHOST="elsewhere", PGDATABASE="production", PGPASSWORD="x")
        self.assertFalse([name for name in left if name.startswith("PG")])

    def test_variables_of_odoo_are_dropped_save_those_of_its_tests(self):
        left = self.clean(ODOO_RC="/etc/odoo.conf", ODOO_TEST_FAILURE_RETRIES="1")
        self.assertNotIn("ODOO_RC", left)
        self.assertEqual(left["ODOO_TEST_FAILURE_RETRIES"], "1")

    def test_variables_of_python_are_dropped(self):
        left = self.clean(PYTHONDONTWRITEBYTECODE="1", PYTHONPATH="/x", VIRTUAL_ENV="/y")
        self.assertFalse({"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "VIRTUAL_ENV"} & set(left))

    def test_an_empty_password_is_not_passed_on(self):
        self.assertNotIn("PGPASSWORD", process.clean_environment(PGPASSWORD=None))

    def test_the_person_is_told_what_is_ignored(self):
        with mock.patch.dict("os.environ", {"PGHOST": "x"}, clear=True):
            self.assertEqual(process.ignored_variables(), ["PGHOST"])


class TestRun(unittest.TestCase):
    """A failing command says what to do and shows its last lines."""

    def test_a_missing_program_is_named(self):
        with self.assertRaisesRegex(StoreError, "no-such-program is not on this machine"):
            process.run(["no-such-program"])

    def test_a_failure_names_its_remedy_and_its_log(self):
        log = Path(self.enterContext(tempfile.TemporaryDirectory())) / "logs/x.log"
        with self.assertRaises(StoreError) as caught:
            process.run(
                [sys.executable, "-c", "print('why'); exit(3)"], log=log, failure="Do this."
            )
        self.assertRegex(str(caught.exception), rf"Do this\.\n    why\n.*{log}")
        self.assertEqual(log.read_text(), "why\n")

    def test_a_child_ends_with_its_killed_parent(self):
        code = "import sys, time; from store_lib import process\n"
        code += "child = process.start([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        code += "print(child.pid, flush=True); time.sleep(60)"
        parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        child = int(parent.stdout.readline())
        parent.kill()
        parent.communicate()
        self.assertTrue(self.ended(child))

    def ended(self, pid):
        """Whether the process goes away, or is a zombie that nobody reaps."""
        for _attempt in range(100):
            try:
                os.kill(pid, 0)
                state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            except (ProcessLookupError, FileNotFoundError):
                return True
            if state == "Z":
                return True
            time.sleep(0.05)
        return False
