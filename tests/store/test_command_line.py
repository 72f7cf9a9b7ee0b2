import errno
import os
import runpy
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

    def store(self, *arguments, **how):
        """Run ./store of a checkout that has nothing yet; return the last line it said."""
        return self.everything(*arguments, **how)[-1]

    def everything(self, *arguments, code=2, **variables):
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
        return (done.stdout + done.stderr).strip().splitlines()

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

    def test_an_address_that_this_machine_does_not_have_is_told(self):
        said = self.store("run", "--host=192.0.2.1")
        self.assertRegex(said, r"192\.0\.2\.1:8069 cannot be opened .*--host")

    def test_variables_of_postgresql_are_not_used_and_the_person_is_told(self):
        said = self.everything("reset", "--yes", code=0, PGHOST="elsewhere", PGUSER="me")
        self.assertIn("PGHOST, PGUSER not used: give a server of yours by --database-url.", said[1])

    def test_a_database_url_that_names_no_server_is_refused_before_anything_is_prepared(self):
        for url in ("mysql://me@db.test", "postgresql://me@db.test:http", "db.test", "http://["):
            with self.subTest(url=url):
                said = self.store("run", "--port=0", "--database-url", url)
                self.assertIn("--database-url wants postgresql://user:password@host:port", said)
        self.assertFalse((self.root / "cache").exists())

    def test_a_mirror_that_cannot_be_reached_is_told_with_the_way_round(self):
        nobody = "http://127.0.0.1:9/debian"
        said = "\n".join(self.everything("run", "--port=0", STORE_MIRROR=nobody))
        self.assertRegex(said, r"store: .*(check the network|not here)(.|\n)*--odoo PATH")

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

    def test_a_full_disk_and_a_folder_that_may_not_be_written_are_told(self):
        explain = runpy.run_path(str(self.root / "store"))["explain"]
        self.assertIn("XDG_CACHE_HOME", explain(OSError(errno.ENOSPC, "full", "/x/y")))
        for refused in (errno.EACCES, errno.EPERM, errno.EROFS):
            self.assertIn("/x/y cannot be written", explain(OSError(refused, "no", "/x/y")))

    def test_a_fault_of_ours_keeps_its_traceback(self):
        explain = runpy.run_path(str(self.root / "store"))["explain"]
        with self.assertRaises(IsADirectoryError):
            explain(OSError(errno.EISDIR, "is a folder", "/x/y"))

    def test_another_python_is_refused(self):
        code = "import sys, runpy; sys.version_info = (3, 13, 0)\n"
        code += f"runpy.run_path({str(self.root / 'store')!r})"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^store: Python 3\.11 or 3\.12 is needed.*python3\.12\b")
        self.assertEqual(len(done.stderr.splitlines()), 1)
