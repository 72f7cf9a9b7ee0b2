"""What the tests of killed servers share: a copy of the database, and servers on it."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree, rmtree
from threading import Thread

import psycopg2
import requests

from odoo import sql_db
from odoo.modules.registry import Registry
from odoo.tests import HOST, BaseCase, get_db_name
from odoo.tools import config

# Long enough for a server to load everything and to do its work on a busy machine.
PATIENCE = 240

# Whoever writes a table and has not committed it holds this lock.
WRITING = """
    SELECT COUNT(*) FROM pg_locks
     WHERE relation = %s::regclass AND mode = 'RowExclusiveLock'
       AND database = (SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE())"""


class CopyCase(BaseCase):
    """Tests on a copy of the database under test: whatever they commit is dropped with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = f"{get_db_name()}_{cls.__name__.lower()}"
        cls._copy_database()
        cls.addClassCleanup(cls._drop_database)

    @classmethod
    def _copy_database(cls):
        """Copy the database under test, with all that is installed, as it was committed."""
        sql_db.close_db(get_db_name())
        with cls._connect("postgres") as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND pid != pg_backend_pid()",
                [get_db_name()],
            )
            cursor.execute(f'CREATE DATABASE "{cls.database}" TEMPLATE "{get_db_name()}"')
        files = Path(config.filestore(get_db_name()))
        if files.exists():
            # Files are never changed: so both may have the same ones.
            copytree(files, config.filestore(cls.database), copy_function=os.link)

    @classmethod
    def _drop_database(cls):
        cls._forget()
        with cls._connect("postgres") as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{cls.database}" WITH (FORCE)')
        rmtree(config.filestore(cls.database), ignore_errors=True)

    @classmethod
    def _forget(cls):
        Registry.delete(cls.database)
        sql_db.close_db(cls.database)

    @staticmethod
    @contextmanager
    def _connect(database):
        """Give the block a cursor of which every statement is a transaction of its own."""
        _name, values = sql_db.connection_info_for(database)
        connection = psycopg2.connect(**values)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def _ask(self, query, *params):
        with self._connect(self.database) as cursor:
            cursor.execute(query, params)
            return cursor.fetchone()


class KillCase(CopyCase):
    """A test that kills real servers."""

    def _start_server(self, folder, *arguments):
        """Start a real server on the copy, with a configuration of its own."""
        path = Path(folder, "odoo.conf")
        if not path.exists():
            options = {
                "addons_path": ",".join(config["addons_path"]),
                "data_dir": config["data_dir"],
                **{
                    name: config[name] or False
                    for name in ("db_host", "db_port", "db_user", "db_password")
                },
            }
            lines = "".join(f"{name} = {value}\n" for name, value in options.items())
            path.write_text(f"[options]\n{lines}")
        command = [sys.executable, "-P", "-m", "odoo", "-c", path, "-d", self.database]
        command += [*arguments, "--log-level=error"]
        return subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=open(Path(folder, "log"), "ab"),
            stderr=subprocess.STDOUT,
        )

    def _find_port(self):
        """Return a port that nobody uses."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]


class KillHttpCase(KillCase):
    """A test that kills real servers while a browser asks them for something."""

    def _start_http(self, folder):
        self.port = self._find_port()
        server = self._start_server(
            folder,
            f"--http-interface={HOST}",
            f"--http-port={self.port}",
            f"--db-filter=^{self.database}$",
            "--max-cron-threads=0",
        )
        self.addCleanup(server.kill)
        return server

    def _log_in(self):
        """Return an administrator's browser at the server, once that answers."""
        browser, deadline = requests.Session(), time.monotonic() + PATIENCE
        params = {"db": self.database, "login": "admin", "password": "admin"}
        while time.monotonic() < deadline:
            try:
                answer = self._post(browser, "/web/session/authenticate", params)
            except requests.ConnectionError:
                time.sleep(0.2)
            else:
                self.assertTrue(answer["result"]["uid"])
                return browser
        raise AssertionError("The server never answered")

    def _post(self, browser, path, params):
        url = f"http://{HOST}:{self.port}{path}"
        return browser.post(url, json={"params": params}, timeout=PATIENCE).json()

    def _call(self, browser, model, method, *args):
        """Call a method as a browser does; return the answer, or None of a dead server."""
        params = {"model": model, "method": method, "args": args, "kwargs": {}}
        try:
            return self._post(browser, f"/web/dataset/call_kw/{model}/{method}", params)
        except requests.ConnectionError:
            return None

    def _kill_while_writing(self, table, folder, *call):
        """Kill a server that does `call` once it has written a table and before it commits.

        :param call: model, method and arguments
        """
        server = self._start_http(folder)
        sender = Thread(target=self._call, args=[self._log_in(), *call])
        sender.start()
        deadline = time.monotonic() + PATIENCE
        while not self._ask(WRITING, table)[0] and time.monotonic() < deadline:
            time.sleep(0.005)
        server.send_signal(signal.SIGKILL)
        self.assertEqual(server.wait(), -signal.SIGKILL)
        sender.join()
