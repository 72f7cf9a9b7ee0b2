"""Databases with their files: each is built under a passing name and renamed when complete."""

import json
import os
import re
import shutil
from pathlib import Path

from .console import StoreError
from .process import clean_environment, run

#: What an index for a search by a part of a text needs.
TRIGRAMS = "pg_trgm"

_SQL = Path(__file__).with_name("sql.py")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")
_NO_SERVER = "PostgreSQL did not answer as asked: check --database-url (its user needs CREATEDB)."


class Databases:
    """Create, copy, rename and drop on one server, with the filestore in `files`."""

    def __init__(self, python, server, files):
        self.python = python
        self.server = server
        self.files = files

    def query(self, name, statement):
        """Run one statement in the database `name`; return its rows."""
        return self._query(statement, database=name)

    def _query(self, *statements, database="postgres"):
        server = self.server
        order = {"host": server.host, "user": server.user, "port": server.port}
        order |= {"database": database, "statements": statements}
        output = run(
            [self.python, _SQL],
            input=json.dumps(order),
            env=clean_environment(**server.environment),
            failure=_NO_SERVER,
        )
        return json.loads(output)

    def names(self):
        """Every database of the server."""
        return {name for (name,) in self._query("SELECT datname FROM pg_database")}

    def complete(self):
        """Databases that have their files: a checkout that was removed took its files along."""
        return {name for name in self.names() if (self.files / name).exists()}

    def create(self, name):
        """An empty database; one of that name is dropped first."""
        self.drop(name)
        self._query(f"CREATE DATABASE {_quote(name)} ENCODING 'UTF8' TEMPLATE template0")
        # As Odoo does itself: without it no search by a part of a number has an index.
        if self._query(f"SELECT 1 FROM pg_available_extensions WHERE name = '{TRIGRAMS}'"):
            self._query(f"CREATE EXTENSION {TRIGRAMS}", database=name)

    def copy(self, source, name):
        """A copy of `source`. Files are linked: Odoo adds and removes them, never changes one."""
        self.drop(name)
        self._query(f"CREATE DATABASE {_quote(name)} TEMPLATE {_quote(source)}")
        if (self.files / source).exists():
            shutil.copytree(self.files / source, self.files / name, copy_function=os.link)

    def rename(self, old, new):
        """Files first: only the last step makes `new` exist."""
        shutil.rmtree(self.files / new, ignore_errors=True)
        if (self.files / old).exists():
            (self.files / old).rename(self.files / new)
        self._query(f"ALTER DATABASE {_quote(old)} RENAME TO {_quote(new)}")

    def drop(self, name):
        """Remove the database, whoever is connected, and its files."""
        self._query(f"DROP DATABASE IF EXISTS {_quote(name)} WITH (FORCE)")
        shutil.rmtree(self.files / name, ignore_errors=True)

    def installed_modules(self, name):
        """Names of the modules installed in the database."""
        query = "SELECT name FROM ir_module_module WHERE state = 'installed'"
        return {module for (module,) in self._query(query, database=name)}


def _quote(name):
    if not _NAME.fullmatch(name):
        raise StoreError(f"{name!r} is no database name: a-z, 0-9 and _ only.")
    return f'"{name}"'
