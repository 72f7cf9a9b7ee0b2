import os
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STRONG = {"PASSWORD": "k3-long", "ADMIN_PASSWORD": "s9-long"}


class TestOpenStore(unittest.TestCase):
    """The container's first program, with Odoo and psql played by scripts."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for name in ("jewelry_inventory", "jewelry_debian", "jewelry_demo"):
            (self.folder / "addons" / name).mkdir(parents=True)
            (self.folder / "addons" / name / "__manifest__.py").touch()
        self.play("entrypoint", 'echo "$@" >> odoo.log; mkdir -p filestore/jewelry_building')
        self.play("psql", 'case "$*" in *SELECT*) cat answer ;; *) echo "$*" >> psql.log ;; esac')
        self.exists("")

    def play(self, name, script):
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def exists(self, answer):
        (self.folder / "answer").write_text(answer)

    def open(self, **variables):
        places = {"ADDONS": "addons", "DATA": ".", "ENTRYPOINT": "./entrypoint"}
        path = {"PATH": f"{self.folder}:{os.environ['PATH']}", "HOST": "db", "USER": "odoo"}
        return subprocess.run(
            [ROOT / "docker/open-store"],
            cwd=self.folder,
            env=path | places | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def test_no_password_is_refused(self):
        done = self.open(ADMIN_PASSWORD="s9-long")
        self.assertEqual(
            (done.returncode, done.stderr), (64, "open-store: set DB_PASSWORD in .env\n")
        )

    def test_a_default_password_is_refused(self):
        self.assertEqual(self.open(PASSWORD="odoo", ADMIN_PASSWORD="s9-long").returncode, 64)
        self.assertEqual(self.open(PASSWORD="k3-long", ADMIN_PASSWORD="admin").returncode, 64)

    def test_the_demo_has_passwords_that_everybody_knows(self):
        self.assertEqual(self.open(PASSWORD="demo", ADMIN_PASSWORD="admin", DEMO="1").returncode, 0)

    def test_the_first_start_builds_under_a_passing_name(self):
        done = self.open(**STRONG)
        self.assertEqual(done.returncode, 0, done.stderr)
        calls = (self.folder / "odoo.log").read_text().splitlines()
        self.assertIn("-d jewelry_building -i jewelry_inventory --stop", calls[0])
        self.assertTrue(calls[1].startswith("odoo shell"))
        self.assertTrue(calls[-1].endswith("-d jewelry"))
        renamed = (self.folder / "psql.log").read_text()
        self.assertIn("ALTER DATABASE jewelry_building RENAME TO jewelry", renamed)
        self.assertTrue((self.folder / "filestore/jewelry").is_dir())

    def test_a_later_start_builds_nothing(self):
        self.exists("1")
        self.open(**STRONG)
        self.assertEqual(len((self.folder / "odoo.log").read_text().splitlines()), 1)
