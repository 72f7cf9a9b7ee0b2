import hashlib
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from store_lib import debian
from store_lib.console import StoreError

DEB822 = """# the machine's own
Types: deb
URIs: http://mirror.test/debian-security
Suites: bookworm-security
Components: main

Types: deb deb-src
URIs: http://mirror.test/debian/
  http://other.test/debian
Suites: bookworm bookworm-updates
Components: main contrib
"""
DEBIAN = 'ID=debian\nVERSION_CODENAME=bookworm\nNAME="Debian"\n'


class TestMirror(unittest.TestCase):
    """The mirror is the one that the machine itself uses."""

    def setUp(self):
        self.etc = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(mock.patch.dict("os.environ"))
        debian.os.environ.pop("STORE_MIRROR", None)

    def find(self, os_release=DEBIAN, **files):
        (self.etc / "os-release").write_text(os_release)
        parts = self.etc / "apt/sources.list.d"
        parts.mkdir(parents=True)
        for name, text in files.items():
            path = self.etc / "apt/sources.list" if name == "list" else parts / f"x.{name}"
            path.write_text(text)
        return debian.find_mirror(self.etc)

    def test_the_stanza_format_is_read(self):
        self.assertEqual(self.find(sources=DEB822), "http://mirror.test/debian")

    def test_the_one_line_format_is_read(self):
        text = (
            "# deb http://no.test/debian bookworm main\n"
            "deb [arch=amd64 signed-by=/k.gpg] https://mirror.test/deb bookworm main\n"
        )
        self.assertEqual(self.find(list=text), "https://mirror.test/deb")

    def test_a_disc_is_no_mirror(self):
        text = "deb cdrom:[Debian]/ bookworm main\ndeb http://mirror.test/debian bookworm main\n"
        self.assertEqual(self.find(list=text), "http://mirror.test/debian")

    def test_a_disabled_stanza_is_left_out(self):
        disabled = DEB822.replace("Types: deb deb-src", "Enabled: no\nTypes: deb")
        with self.assertRaisesRegex(StoreError, "STORE_MIRROR"):
            self.find(sources=disabled)

    def test_the_security_archive_alone_is_no_mirror(self):
        with self.assertRaisesRegex(StoreError, "--odoo PATH"):
            self.find(sources=DEB822.split("\n\n")[0])

    def test_another_system_has_no_debian_mirror(self):
        text = "deb http://mirror.test/ubuntu noble main\n"
        with self.assertRaises(StoreError):
            self.find("ID=ubuntu\nVERSION_CODENAME=noble\n", list=text)

    def test_the_person_may_name_a_mirror(self):
        with mock.patch.dict("os.environ", STORE_MIRROR="http://mine.test/debian/"):
            self.assertEqual(debian.find_mirror(self.etc), "http://mine.test/debian")


class FakeApt:
    """Gives the content it was made with, under the version it was made with."""

    def __init__(self, folder, version, content):
        self.folder, self.version, self.content = folder, version, content

    def has(self, pin):
        return pin.version == self.version

    def download(self, wanted):
        name = wanted.split("=")[0].split("/")[0]
        file = self.folder / f"{name}_{self.version.replace(':', '%3a')}_all.deb"
        file.write_bytes(self.content)
        return file


class TestFetch(unittest.TestCase):
    """Every file equals its pin, or is a newer build that Debian signed."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.folder / "debs").mkdir()
        known = hashlib.sha256(b"known").hexdigest()
        self.pin = debian.Pin("odoo-19", "19.0.0+dfsg-1", "sid", known)

    def fetch(self, version, content):
        apt = FakeApt(self.folder, version, content)
        return debian._fetch_one(apt, self.pin, self.folder / "debs")

    def test_the_pinned_file_is_taken(self):
        self.assertEqual(self.fetch("19.0.0+dfsg-1", b"known").read_bytes(), b"known")

    def test_a_file_that_differs_from_its_pin_is_refused(self):
        with self.assertRaisesRegex(StoreError, "sha256"):
            self.fetch("19.0.0+dfsg-1", b"forged")

    def test_a_newer_build_of_the_same_version_is_taken_with_a_notice(self):
        with mock.patch("store_lib.debian.note") as note:
            file = self.fetch("19.0.1+dfsg-1", b"newer")
        self.assertEqual(file.read_bytes(), b"newer")
        self.assertIn("19.0.1", note.call_args[0][0])

    def test_another_version_of_odoo_is_refused(self):
        with self.assertRaisesRegex(StoreError, "--odoo PATH"):
            self.fetch("20.0+dfsg-1", b"other")

    def test_a_file_that_is_there_needs_no_network(self):
        (self.folder / "debs" / self.pin.filename).write_bytes(b"known")
        with mock.patch("store_lib.debian._PrivateApt", side_effect=AssertionError):
            files = debian.fetch(self.folder, [self.pin])
        self.assertEqual(files[self.pin].read_bytes(), b"known")

    def test_a_half_written_file_is_fetched_again(self):
        (self.folder / "debs" / self.pin.filename).write_bytes(b"kno")
        apt = mock.Mock(return_value=FakeApt(self.folder, self.pin.version, b"known"))
        apt.return_value.update = lambda: None
        with mock.patch("store_lib.debian._PrivateApt", apt):
            files = debian.fetch(self.folder, [self.pin])
        self.assertEqual(files[self.pin].read_bytes(), b"known")

    def test_an_epoch_is_escaped_as_apt_does(self):
        pin = debian.Pin("fonts-x", "2:3.016-1", "sid", "")
        self.assertEqual(pin.filename, "fonts-x_2%3a3.016-1_all.deb")

    def test_our_own_pins_are_whole(self):
        pins = debian.read_pins(Path(__file__).parents[2] / "pins/debian.txt")
        self.assertIn("odoo-19", [pin.name for pin in pins])
        self.assertEqual({len(pin.sha256) for pin in pins}, {64})
