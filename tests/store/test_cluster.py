import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from unittest import mock

from store_lib import postgres
from store_lib.console import StoreError
from store_lib.paths import Paths

ROOT = Path(__file__).resolve().parents[2]
# Stand for PostgreSQL's programs: a file says whether the server is up.
INITDB = """#!/bin/sh
echo "initdb $@" >> {home}/calls
[ -f {home}/full ] && echo "No space left on device" && exit 1
while [ "$1" != -D ]; do shift; done
mkdir -p "$2" && echo 15 > "$2/PG_VERSION" && touch "$2/postgresql.conf"
"""
PG_CTL = """#!/bin/sh
for last; do :; done
echo "pg_ctl $@" >> {home}/calls
case $last in
    status) [ -f {home}/up ] || exit 3;;
    start) [ -f {home}/broken ] && echo "could not bind" && exit 1; touch {home}/up;;
    stop) rm {home}/up;;
esac
"""


class Clusters(unittest.TestCase):
    """A checkout of somebody who is not root, with PostgreSQL's programs on the machine."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.paths = Paths(self.root)
        self.paths.state.mkdir()
        self.binaries = self.root / "usr/lib/postgresql/15/bin"
        self.binaries.mkdir(parents=True)
        self.install("initdb", INITDB)
        self.install("pg_ctl", PG_CTL)
        self.enterContext(mock.patch.object(postgres, "as_root", return_value=False))
        find = mock.patch.object(postgres, "find_folders", return_value=[self.binaries])
        self.find = self.enterContext(find)
        self.enterContext(contextlib.redirect_stderr(io.StringIO()))
        self.addCleanup(self.remove_socket)

    def install(self, name, script):
        path = self.binaries / name
        path.write_text(script.format(home=self.root))
        path.chmod(0o755)

    def remove_socket(self):
        for socket in Path("/tmp").glob(f"jewelry-*-{self.paths.key}"):
            shutil.rmtree(socket)

    @property
    def up(self):
        return (self.root / "up").exists()

    def calls(self, program, act=""):
        calls = self.root / "calls"
        lines = calls.read_text().splitlines() if calls.exists() else []
        return [line for line in lines if line.startswith(program) and line.endswith(act)]


class TestLife(Clusters):
    """The server runs as long as somebody uses it."""

    def test_it_is_up_within_the_block_and_down_after_it(self):
        with postgres.server(self.paths) as server:
            self.assertTrue(self.up)
            self.assertEqual((server.user, server.password), ("odoo", ""))
        self.assertFalse(self.up)

    def test_it_is_down_after_a_block_that_failed(self):
        with contextlib.suppress(StoreError), postgres.server(self.paths):
            raise StoreError("no such module")
        self.assertFalse(self.up)

    def test_data_are_made_once(self):
        for _time in range(2):
            with postgres.server(self.paths):
                pass
        self.assertEqual(len(self.calls("initdb")), 1)
        self.assertEqual(len(self.calls("pg_ctl", "start")), 2)

    def test_a_server_that_a_killed_run_left_up_is_used(self):
        (self.root / "up").touch()
        with postgres.server(self.paths):
            self.assertFalse(self.calls("pg_ctl", "start"))
        self.assertFalse(self.up)

    def test_it_stays_up_for_a_second_user(self):
        code = (
            "import sys; from pathlib import Path; from store_lib.paths import Paths\n"
            "import fcntl\n"
            "users = open(sys.argv[1], 'a'); fcntl.flock(users, fcntl.LOCK_SH)\n"
            "print('in', flush=True); sys.stdin.read()"
        )
        with postgres.server(self.paths):
            other = subprocess.Popen(
                [sys.executable, "-c", code, self.paths.state / "pg.users"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                text=True,
            )
            self.assertEqual(other.stdout.readline(), "in\n")
        self.assertTrue(self.up)
        other.communicate("")
        with postgres.server(self.paths):
            pass
        self.assertFalse(self.up)

    def test_many_that_start_at_once_start_it_once(self):
        start, entered = threading.Barrier(4), []

        def use():
            start.wait()
            with postgres.server(self.paths):
                entered.append(self.up)
                start.wait()

        users = [threading.Thread(target=use) for _number in range(4)]
        for user in users:
            user.start()
        for user in users:
            user.join()
        self.assertEqual(entered, [True] * 4)
        self.assertEqual(len(self.calls("initdb")), 1)
        self.assertEqual(len(self.calls("pg_ctl", "start")), 1)
        self.assertFalse(self.up)

    def test_a_server_of_the_persons_own_is_neither_started_nor_stopped(self):
        own = postgres.Server("db.test", "me")
        with postgres.server(self.paths, own) as server:
            self.assertIs(server, own)
        self.assertFalse(self.calls("pg_ctl"))


class TestData(Clusters):
    """What the server is made with, and who may reach it."""

    def test_the_socket_admits_its_owner_only(self):
        with postgres.server(self.paths) as server:
            self.assertEqual(Path(server.host).stat().st_mode & 0o777, 0o700)

    def test_no_port_is_opened(self):
        with postgres.server(self.paths):
            home = postgres._Cluster(self.paths).home
            configuration = (home / "cluster/data/postgresql.conf").read_text()
        self.assertIn("listen_addresses = ''", configuration)
        (call,) = self.calls("initdb")
        self.assertIn("--auth-host=reject", call)

    def test_a_socket_folder_of_somebody_else_is_refused(self):
        with (
            mock.patch.object(postgres.os, "geteuid", return_value=os.geteuid() + 1),
            self.assertRaisesRegex(StoreError, "belongs to somebody else: remove it"),
            postgres.server(self.paths),
        ):
            pass

    def test_data_that_were_not_finished_are_made_again(self):
        (self.root / "full").touch()
        with self.assertRaisesRegex(StoreError, "No space left"), postgres.server(self.paths):
            pass
        (self.root / "full").unlink()
        with postgres.server(self.paths):
            self.assertTrue(self.up)

    def test_a_server_that_does_not_start_is_told_with_its_log(self):
        (self.root / "broken").touch()
        remedy = "PostgreSQL did not start: see .*log, or give --database-url"
        with self.assertRaisesRegex(StoreError, remedy), postgres.server(self.paths):
            pass

    def test_the_version_that_made_the_data_is_taken_again(self):
        with postgres.server(self.paths):
            pass
        newer = self.root / "usr/lib/postgresql/16/bin"
        newer.mkdir(parents=True)
        (newer / "initdb").touch()
        self.find.return_value = [newer, self.binaries]
        with postgres.server(self.paths):
            self.assertTrue(self.up)

    def test_data_of_a_version_that_is_gone_are_left_alone(self):
        with postgres.server(self.paths):
            pass
        self.find.return_value = []
        with (
            self.assertRaisesRegex(StoreError, "PostgreSQL 15, which is gone"),
            postgres.server(self.paths),
        ):
            pass
        self.assertTrue((postgres._Cluster(self.paths).home / "cluster/data").exists())


class TestDestroy(Clusters):
    def test_nothing_is_left(self):
        with postgres.server(self.paths):
            pass
        postgres.destroy(self.paths)
        cluster = postgres._Cluster(self.paths)
        self.assertFalse(cluster.home.exists() or cluster.socket.exists())

    def test_a_server_that_was_left_up_is_stopped_first(self):
        with postgres.server(self.paths):
            pass
        (self.root / "up").touch()
        postgres.destroy(self.paths)
        self.assertFalse(self.up)

    def test_data_in_use_are_not_removed(self):
        with postgres.server(self.paths):
            with self.assertRaisesRegex(StoreError, "still uses the database"):
                postgres.destroy(self.paths)
            self.assertTrue(self.up)
            self.assertTrue((postgres._Cluster(self.paths).home / "cluster/data").exists())

    def test_what_was_never_made_is_removed_without_a_word(self):
        postgres.destroy(self.paths)
        self.assertFalse(self.calls("pg_ctl"))
