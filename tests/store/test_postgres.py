import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from store_lib import postgres
from store_lib.console import StoreError
from store_lib.databases import Databases
from store_lib.paths import Paths


class TestDatabaseUrl(unittest.TestCase):
    """A server of the person's own is named by one address."""

    def test_every_part_is_read(self):
        server = postgres.parse_url("postgresql://me:p%40ss@db.test:5433")
        self.assertEqual(server, postgres.Server("db.test", "me", "5433", "p@ss"))

    def test_a_socket_folder_is_named_as_a_parameter(self):
        server = postgres.parse_url("postgresql://me@/?host=/run/postgresql")
        self.assertEqual((server.host, server.user), ("/run/postgresql", "me"))

    def test_the_password_is_on_no_command_line(self):
        server = postgres.parse_url("postgresql://me:secret@db.test")
        self.assertNotIn("secret", " ".join(server.options) + repr(server))
        self.assertEqual(server.environment, {"PGPASSWORD": "secret"})

    def test_another_scheme_is_refused(self):
        with self.assertRaisesRegex(StoreError, "postgresql://user:password@host:port"):
            postgres.parse_url("mysql://me@db.test")

    def test_a_port_that_is_no_number_is_refused(self):
        with self.assertRaisesRegex(StoreError, "host:port .*http"):
            postgres.parse_url("postgresql://me@db.test:http")

    def test_the_user_that_odoo_refuses_is_refused_at_once(self):
        for url in ("postgresql://postgres@db.test", "postgresql://db.test"):
            with self.subTest(url=url), self.assertRaisesRegex(StoreError, "other than postgres"):
                postgres.parse_url(url)


class TestBinaries(unittest.TestCase):
    """The server's programs: the machine's, Debian's, or a wheel's."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(mock.patch.object(postgres, "_installed", lambda version=None: None))

    def find(self, root, version=None):
        with mock.patch.object(postgres, "as_root", lambda: root):
            return postgres._find_binaries(Paths(self.root), version)

    def test_root_gets_debians_package(self):
        with mock.patch.object(postgres, "apt_install") as install:
            self.find(root=True)
        install.assert_called_once_with("postgresql")

    def test_without_package_and_wheel_the_remedy_is_named(self):
        remedy = "apt-get install postgresql, or give --database-url"
        with (
            mock.patch.dict("os.environ", XDG_CACHE_HOME=str(self.root)),
            mock.patch.object(postgres, "_WHEEL", "no-such-distribution-of-ours==0"),
            mock.patch.dict("os.environ", PIP_NO_INDEX="1"),
            self.assertRaisesRegex(StoreError, remedy),
        ):
            self.find(root=False)

    def test_data_of_a_version_that_is_gone_is_not_touched(self):
        with self.assertRaisesRegex(StoreError, "PostgreSQL 14, which is gone"):
            self.find(root=True, version="14")

    def test_a_socket_path_is_short_wherever_the_checkout_is(self):
        deep = Path("/home/somebody") / "/".join(["a-long-folder-name"] * 12)
        for root in (True, False):
            with mock.patch.object(postgres, "as_root", lambda root=root: root):
                socket = postgres._Cluster(Paths(deep)).socket / ".s.PGSQL.5432"
            self.assertLess(len(str(socket)), 107)


class TestDatabases(unittest.TestCase):
    """The last act of a build is the database's name."""

    def setUp(self):
        self.files = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.databases = Databases("python", postgres.Server("host"), self.files)
        self.statements = []
        self.databases._query = self.remember

    def remember(self, *statements, database="postgres"):
        self.statements += statements
        return []

    def test_a_rename_killed_after_the_files_still_has_no_database(self):
        (self.files / "shop_building").mkdir()
        self.databases._query = mock.Mock(side_effect=KeyboardInterrupt)
        with self.assertRaises(KeyboardInterrupt):
            self.databases.rename("shop_building", "shop")
        self.assertTrue((self.files / "shop").is_dir())

    def test_files_of_a_killed_build_are_removed_by_the_next(self):
        (self.files / "shop").mkdir()
        (self.files / "shop_building").mkdir()
        self.databases.rename("shop_building", "shop")
        self.assertFalse((self.files / "shop_building").exists())
        self.assertEqual(self.statements, ['ALTER DATABASE "shop_building" RENAME TO "shop"'])

    def test_a_database_whose_files_are_gone_is_not_complete(self):
        (self.files / "whole").mkdir()
        self.databases._query = lambda *statements, **values: [("whole",), ("robbed",)]
        self.assertEqual(self.databases.names(), {"whole", "robbed"})
        self.assertEqual(self.databases.complete(), {"whole"})

    def test_a_copy_links_the_files(self):
        (self.files / "template/ab").mkdir(parents=True)
        (self.files / "template/ab/file").write_text("x")
        self.databases.copy("template", "copy")
        copied = (self.files / "copy/ab/file").stat()
        self.assertEqual(copied.st_ino, (self.files / "template/ab/file").stat().st_ino)

    def test_a_server_that_does_not_answer_is_told_with_its_own_words(self):
        lone = Databases(sys.executable, postgres.Server("127.0.0.1", port="9"), self.files)
        failing = self.files / "sql.py"
        failing.write_text("import sys; sys.exit('connection refused')")
        with (
            mock.patch("store_lib.databases._SQL", failing),
            self.assertRaisesRegex(StoreError, "check --database-url(.|\n)*connection refused"),
        ):
            lone.names()

    def test_a_database_can_index_parts_of_a_text_where_the_server_can(self):
        self.databases._query = mock.Mock(return_value=[(1,)])
        self.databases.create("shop")
        self.assertEqual(
            self.databases._query.call_args, mock.call("CREATE EXTENSION pg_trgm", database="shop")
        )

    def test_a_database_is_made_where_the_server_cannot_index_parts_of_a_text(self):
        self.databases.create("shop")
        self.assertIn("CREATE DATABASE", self.statements[1])
        self.assertFalse([text for text in self.statements if "CREATE EXTENSION" in text])

    def test_a_name_that_is_not_plain_is_refused(self):
        with self.assertRaisesRegex(StoreError, "no database name"):
            self.databases.create('x"; DROP TABLE')
