import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class TestCommandLine(unittest.TestCase):
    """Whatever is wrong is one line that says what to do, and exit code 2."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        shutil.copy(ROOT / "store", self.root)
        shutil.copytree(ROOT / "store_lib", self.root / "store_lib")
        shutil.copytree(ROOT / "pins", self.root / "pins")

    def store(self, *arguments, code=2, **variables):
        """Run ./store of a checkout that has nothing yet; return what it said."""
        done = subprocess.run(
            [sys.executable, self.root / "store", *arguments],
            env=os.environ | {"XDG_CACHE_HOME": str(self.root / "cache")} | variables,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        return (done.stdout + done.stderr).strip().splitlines()[-1]

    def test_no_command_is_refused(self):
        self.assertIn("COMMAND", self.store())

    def test_an_unknown_command_is_refused_with_the_known_ones(self):
        self.assertIn("'run', 'test', 'lint'", self.store("open"))

    def test_a_port_that_is_no_number_is_refused(self):
        self.assertIn("invalid int value", self.store("run", "--port", "http"))

    def test_a_port_that_is_taken_is_told_before_anything_is_prepared(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            said = self.store("run", "--port", str(port))
        self.assertIn(f"Port {port} is taken", said)
        self.assertIn("--port", said)
        self.assertFalse((self.root / ".odoo").exists())

    def test_a_path_without_odoo_is_refused(self):
        self.assertIn(
            "There is no Odoo in", self.store("run", "--port=0", "--odoo", str(self.root))
        )

    def test_another_version_of_odoo_is_refused(self):
        release = self.root / "other/odoo/release.py"
        release.parent.mkdir(parents=True)
        release.write_text("version_info = (18, 0, 0, FINAL, 0, '')\n")
        said = self.store("run", "--port=0", ODOO_PATH=str(self.root / "other"))
        self.assertIn("is not Odoo 19.0", said)

    def test_reset_without_a_terminal_asks_for_its_option(self):
        self.assertIn("--yes", self.store("reset"))

    def test_reset_of_a_fresh_checkout_leaves_nothing(self):
        self.assertIn("Removed", self.store("reset", "--yes", code=0))
        self.assertFalse((self.root / ".odoo").exists())

    def test_an_unknown_measurement_is_refused(self):
        self.assertIn("no measurement speed", self.store("bench", "speed"))

    def test_another_python_is_refused(self):
        code = "import sys, runpy; sys.version_info = (3, 13, 0)\n"
        code += f"runpy.run_path({str(self.root / 'store')!r})"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^store: Python 3\.11 or 3\.12 is needed.*python3\.12\b")
        self.assertEqual(len(done.stderr.splitlines()), 1)
