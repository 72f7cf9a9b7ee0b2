import os
import re
import subprocess
import tempfile
import textwrap
import unittest
from pathlib import Path

from store_lib import python

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

    def test_an_empty_or_a_default_password_is_refused(self):
        for name in STRONG:
            for weak in ("", "odoo", "demo", "admin"):
                with self.subTest(variable=name, password=weak):
                    done = self.open(**(STRONG | {name: weak}))
                    self.assertEqual(done.returncode, 64)
                    self.assertFalse((self.folder / "odoo.log").exists())

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


class TestCompose(unittest.TestCase):
    """What docker-compose.yml asks of docker, read as text: no YAML reader comes with Python."""

    def setUp(self):
        text = (ROOT / "docker-compose.yml").read_text()
        self.text = re.sub(r"^ *#.*\n", "", text, flags=re.M)

    def block(self, *keys):
        """The lines below a key, below a key, ... without their indentation."""
        text = self.text
        for key in keys:
            found = re.search(rf"^{re.escape(key)}:[^\n]*\n((?:[ ]+[^\n]*\n|\n)*)", text, re.M)
            self.assertTrue(found, f"there is no {key} in {keys}")
            text = textwrap.dedent(found[1])
        return text

    def variables(self, service):
        """The environment of a service, with what docker puts in when .env is empty."""
        pairs = re.findall(
            r'^(\w+): "?([^"\n]*)"?$', self.block("services", service, "environment"), re.M
        )
        return {name: re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value) for name, value in pairs}

    def open(self, service):
        """Start the container's first program as docker would, up to the passwords."""
        places = {"PATH": os.environ["PATH"], "DATABASE": "x"}
        program = (ROOT / "docker/open-store").read_text().partition("\nif [ -z")[0]
        return subprocess.run(
            ["bash", "-c", program],
            env=places | self.variables(service),
            capture_output=True,
            text=True,
            check=False,
        )

    def test_a_store_without_passwords_of_its_own_does_not_open(self):
        self.assertEqual(self.variables("odoo")["PASSWORD"], "")
        self.assertEqual(self.variables("odoo")["ADMIN_PASSWORD"], "")
        self.assertEqual(self.variables("db")["POSTGRES_PASSWORD"], "")
        self.assertEqual(self.open("odoo").returncode, 64)

    def test_the_demo_opens_without_any_setting(self):
        done = self.open("demo")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.variables("demo")["PASSWORD"], "demo")
        self.assertEqual(self.variables("demo-db")["POSTGRES_PASSWORD"], "demo")

    def test_only_the_demo_is_in_the_profile(self):
        for service, wanted in {"odoo": 0, "db": 0, "demo": 1, "demo-db": 1}.items():
            found = self.block("services", service).count("profiles: [demo]")
            self.assertEqual(found, wanted, service)

    def test_the_two_stores_share_no_database_and_no_files(self):
        volumes = {name: self.volumes(name) for name in ("db", "odoo", "demo-db", "demo")}
        self.assertEqual(volumes, {name: {name} for name in volumes})
        declared = set(re.findall(r"^([\w-]+):", self.block("volumes"), re.M))
        self.assertEqual(declared, set(volumes))

    def volumes(self, service):
        return set(re.findall(r"^- ([\w-]+):/", self.block("services", service, "volumes"), re.M))

    def test_a_store_waits_for_a_healthy_database(self):
        for service, database in {"odoo": "db", "demo": "demo-db"}.items():
            waits = self.block("services", service, "depends_on", database)
            self.assertIn("condition: service_healthy", waits)
        for part, probe in {"x-odoo": "/web/health", "x-postgres": "pg_isready"}.items():
            self.assertIn(probe, self.block(part, "healthcheck"))

    def test_nobody_else_on_the_network_reaches_a_store(self):
        ports = re.findall(r'- "(.*:8069)"', self.text)
        self.assertEqual(len(ports), 2)
        for port in ports:
            self.assertTrue(port.startswith("127.0.0.1:"), port)

    def test_a_container_cannot_change_the_addons_or_the_settings(self):
        for service in ("odoo", "demo"):
            mounts = re.findall(r"^- (\./.*)$", self.block("services", service, "volumes"), re.M)
            self.assertEqual(len(mounts), 2)
            for mount in mounts:
                self.assertTrue(mount.endswith(":ro"), mount)
                self.assertTrue((ROOT / mount.split(":")[0]).exists(), mount)


class TestImage(unittest.TestCase):
    """The image has the Python packages that ./store gives its own Odoo, and no others."""

    def test_what_the_addons_need_comes_from_the_same_file(self):
        dockerfile = (ROOT / "Dockerfile").read_text()
        installs = re.findall(r"pip3? install (.*)", dockerfile)
        self.assertEqual(len(installs), 1)
        self.assertTrue(installs[0].endswith(" -r /tmp/requirements.txt"))
        self.assertIn("COPY requirements.txt /tmp/requirements.txt", dockerfile)
        self.assertIn("requirements.txt", python.STORE)

    def test_the_image_is_the_version_that_the_addons_are_for(self):
        self.assertIn("FROM odoo:19.0\n", (ROOT / "Dockerfile").read_text())

    def test_every_copied_file_is_there(self):
        for source in re.findall(r"^COPY (\S+)", (ROOT / "Dockerfile").read_text(), re.M):
            self.assertTrue((ROOT / source).exists(), source)
