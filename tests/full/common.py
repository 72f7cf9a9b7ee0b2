"""What the long tests of the program share: the real command on real databases."""

import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path
from types import SimpleNamespace

from store_lib.store import opened

ROOT = Path(__file__).resolve().parents[2]


class RealStoreCase(unittest.TestCase):
    """A checkout with everything prepared, and its databases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        options = SimpleNamespace(odoo=None, database_url=None)
        cls.prepared = cls.enterClassContext(opened(ROOT, options))

    def run_store(self, *arguments, text=None, **variables):
        """Run ./store to its end; return it with its exit code and what it said."""
        return subprocess.run(
            self._command(arguments),
            env=os.environ | variables,
            input=text or "",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def start_store(self, *arguments):
        """Start ./store and go on."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(self._command(arguments), stdin=subprocess.DEVNULL, **quiet)

    def _command(self, arguments):
        return [sys.executable, ROOT / "store", *map(str, arguments)]

    @classmethod
    def anchors(cls, database):
        """The folder of the anchor file that lies beside a database."""
        return cls.prepared.paths.data / "jewelry" / database

    @classmethod
    def drop(cls, database):
        """Remove the database and what lies beside it."""
        cls.prepared.databases.drop(database)
        shutil.rmtree(cls.anchors(database), ignore_errors=True)
