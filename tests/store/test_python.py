import tempfile
import unittest
from pathlib import Path
from unittest import mock

from store_lib import python
from store_lib.console import StoreError
from store_lib.paths import Paths


class TestPython(unittest.TestCase):
    """The environment of pinned packages, or one line that says why there is none."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.pins = self.root / "pins.txt"
        self.pins.write_text("no-such-distribution-of-ours==0\n")
        cache = {
            "XDG_CACHE_HOME": str(self.root / "cache"),
            "PIP_NO_INDEX": "1",
            "UV_NO_INDEX": "1",
        }
        self.enterContext(mock.patch.dict("os.environ", cache))

    def prepare(self):
        return python.prepare(Paths(self.root), ["pins.txt"], "Python packages")

    def test_packages_that_cannot_be_fetched_are_told_by_pip(self):
        with (
            mock.patch("shutil.which", return_value=None),
            self.assertRaisesRegex(StoreError, "check the network and pip's index"),
        ):
            self.prepare()

    def test_packages_that_cannot_be_fetched_are_told_by_uv(self):
        uv = self.root / "bin/uv"
        uv.parent.mkdir()
        uv.write_text("#!/bin/sh\n[ $1 = venv ] && exit 0\necho connection refused\nexit 1\n")
        uv.chmod(0o755)
        with (
            mock.patch.dict("os.environ", PATH=f"{uv.parent}:/usr/bin:/bin"),
            self.assertRaisesRegex(StoreError, "check the network(.|\n)*connection refused"),
        ):
            self.prepare()

    def test_other_pins_are_another_environment(self):
        self.pins.write_text("")
        first = self.build()
        self.assertEqual(self.build(), first)
        self.pins.write_text("# changed\n")
        self.assertNotEqual(self.build(), first)

    def build(self):
        with mock.patch.object(python, "_build", return_value=None):
            return self.prepare()
