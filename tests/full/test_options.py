import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from common import RealStoreCase

from store_lib import postgres
from store_lib.process import as_root
from store_lib.system import free_port

NAME, PASSWORD = "elsewhere", "p@ss/word: long"


class TestServerOfOnesOwn(RealStoreCase):
    """Another PostgreSQL over TCP with a password, an Odoo by its path, a port, one module."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.binaries = postgres._find_binaries(cls.prepared.paths)
        cls.identity = {"user": "postgres", "group": "postgres"} if as_root() else {}
        if cls.identity:
            shutil.chown(cls.folder, "postgres", "postgres")
        cls.port = free_port()
        cls.start_server()

    @classmethod
    def start_server(cls):
        """A cluster that lets nobody in without the password."""
        secret = cls.folder / "secret"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        data, settings = cls.folder / "data", f"-p {cls.port} -c listen_addresses=127.0.0.1"
        settings += f" -c unix_socket_directories={cls.folder}"
        access = ["-A", "scram-sha-256", "-U", "odoo", f"--pwfile={secret}"]
        cls.call("initdb", "-D", data, "-E", "UTF8", "--locale=C.UTF-8", "-N", *access)
        cls.call("pg_ctl", "-D", data, "-w", "-l", cls.folder / "log", "-o", settings, "start")
        cls.addClassCleanup(cls.call, "pg_ctl", "-D", data, "-m", "immediate", "stop")

    @classmethod
    def call(cls, program, *arguments):
        command = [cls.binaries / program, *map(str, arguments)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
        subprocess.run(command, check=True, cwd="/", **quiet, **cls.identity)

    def url(self, password="p%40ss%2Fword%3A%20long", port=None):
        return f"postgresql://odoo:{password}@127.0.0.1:{port or self.port}"

    def run_there(self, *arguments, url=None):
        odoo = self.prepared.odoo.base.parents[3]
        where = ["--database-url", url or self.url(), "--odoo", odoo, "--database", NAME]
        return self.run_store("run", "--check", *where, *arguments)

    def test_a_store_opens_there_with_what_was_asked_for(self):
        port = free_port()
        modules = ["--modules", "jewelry_sale", "--no-demo"]
        done = self.run_there("--port", port, *modules)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn(f"http://127.0.0.1:{port}\n", done.stdout)
        installed = self.installed()
        self.assertTrue({"jewelry_sale", "jewelry_inventory", "sale_stock"} <= installed)
        self.assertFalse({"jewelry_demo", "purchase"} & installed)
        self.assertNotIn(NAME, self.prepared.databases.names())

    def installed(self):
        """Modules of the store, read with the server's own client."""
        query = "SELECT name FROM ir_module_module WHERE state = 'installed'"
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "odoo", "-d", NAME]
        found = subprocess.run(
            [self.binaries / "psql", "-qAtc", query, *where],
            env=os.environ | {"PGPASSWORD": PASSWORD},
            capture_output=True,
            text=True,
            check=True,
        )
        return set(found.stdout.split())

    def test_a_wrong_password_is_told(self):
        done = self.run_there("--port", free_port(), url=self.url("wrong"))
        self.assert_told(done)
        self.assertIn("password authentication failed", done.stdout)

    def test_a_port_where_nobody_listens_is_told(self):
        self.assert_told(self.run_there("--port", free_port(), url=self.url(port=free_port())))

    def assert_told(self, done):
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn(
            "store: PostgreSQL did not answer as asked: check --database-url", done.stdout
        )
        self.assertNotIn("Traceback", done.stdout)
