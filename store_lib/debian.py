"""Debian packages without installing them: a private apt that only downloads and verifies.

The machine's own apt sources tell the mirror; its lists and its system stay untouched.
"""

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from .console import StoreError, note
from .process import clean_environment, run

_KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
)
_SUITES = {"stable", "oldstable", "oldoldstable", "testing", "unstable", "sid"}

_SOURCES = """Types: deb
URIs: {mirror}
Suites: bookworm sid
Components: main
Signed-By: {keyring}
Check-Valid-Until: no
"""
# The mirror's sid index may be past its date; its signature and our sha256 still bind.

_CONFIGURATION = """
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "{apt}/sources.d";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "{apt}/empty";
Dir::Etc::Trusted "/dev/null";
Dir::Etc::TrustedParts "{apt}/empty";
Dir::State "{apt}";
Dir::State::Lists "{apt}/lists";
Dir::State::status "{apt}/status";
Dir::Cache "{apt}/cache";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::PDiffs "false";
Acquire::Retries "3";
"""
# On the command line, because the machine's own apt.conf.d is read after our file.
_SAFE = [
    "-oAcquire::AllowInsecureRepositories=false",
    "-oAcquire::AllowDowngradeToInsecureRepositories=false",
    "-oAPT::Get::AllowUnauthenticated=false",
    "-oAPT::Update::Error-Mode=any",
]


@dataclass(frozen=True)
class Pin:
    """One package as we tested it."""

    name: str
    version: str
    suite: str
    sha256: str

    @property
    def filename(self):
        """The name apt gives the file (the epoch's colon is escaped)."""
        return f"{self.name}_{self.version.replace(':', '%3a')}_all.deb"


def read_pins(path):
    """Pins of the file, comments left out."""
    lines = (line.split("#")[0].split() for line in path.read_text().splitlines())
    return [Pin(*fields) for fields in lines if fields]


# === THE MACHINE'S MIRROR === #


def find_mirror(etc=Path("/etc")):
    """The Debian mirror this machine already uses, or STORE_MIRROR.

    :raise StoreError: no Debian source on this machine.
    """
    chosen = os.environ.get("STORE_MIRROR")
    if chosen:
        return chosen.rstrip("/")
    suites = _SUITES | {_codename(etc / "os-release")}
    for entry_uris, entry_suites, components in _read_sources(etc / "apt"):
        if "main" in components and suites & set(entry_suites):
            return entry_uris[0].rstrip("/")
    raise StoreError(
        "No Debian mirror in this machine's apt sources: set STORE_MIRROR to one,"
        " give an Odoo 19 by --odoo PATH, or use docker compose."
    )


def _codename(os_release):
    """Debian's code name, None elsewhere: another system's mirror does not hold odoo-19."""
    text = os_release.read_text() if os_release.exists() else ""
    if not re.search(r"^ID=\"?debian\"?$", text, re.M):
        return None
    found = re.search(r"^VERSION_CODENAME=\"?([a-z]+)", text, re.M)
    return found and found[1]


def _read_sources(apt):
    """(URIs, suites, components) of every enabled binary source, both file formats."""
    parts = apt / "sources.list.d"
    for path in [apt / "sources.list", *sorted(parts.glob("*.list"))]:
        if path.is_file():
            yield from _parse_list(path.read_text())
    for path in sorted(parts.glob("*.sources")):
        yield from _parse_deb822(path.read_text())


def _parse_list(text):
    for line in text.splitlines():
        fields = re.sub(r"\[[^]]*\]", "", line.split("#")[0]).split()
        if len(fields) >= 4 and fields[0] == "deb" and "://" in fields[1]:
            yield [fields[1]], [fields[2]], fields[3:]


def _parse_deb822(text):
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for stanza in re.split(r"\n\s*\n", "\n".join(lines)):
        fields = {
            name.lower(): value.split()
            for name, value in re.findall(r"^([\w-]+):((?:.*(?:\n[ \t].*)*))", stanza, re.M)
        }
        usable = "deb" in fields.get("types", []) and fields.get("enabled") != ["no"]
        if usable and fields.get("uris"):
            yield fields["uris"], fields.get("suites", []), fields.get("components", [])


# === FETCHING === #


def fetch(cache, pins):
    """Download what is missing and return {pin: verified file}.

    A file equal to its pin needs no network. When the mirror no longer has the pinned
    version, the newer build from its signed index is taken and a notice printed.
    """
    debs = cache / "debs"
    debs.mkdir(parents=True, exist_ok=True)
    files = {pin: debs / pin.filename for pin in pins}
    missing = [pin for pin, file in files.items() if not _is_intact(file, pin)]
    if missing:
        apt = _PrivateApt(cache / "apt")
        apt.update()
        for pin in missing:
            files[pin] = _fetch_one(apt, pin, debs)
    return files


def _is_intact(file, pin):
    return file.exists() and sha256(file) == pin.sha256


def sha256(file):
    """The file's SHA-256 in hexadecimal."""
    with open(file, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _fetch_one(apt, pin, debs):
    if apt.has(pin):
        file = apt.download(f"{pin.name}={pin.version}")
        if sha256(file) != pin.sha256:
            raise StoreError(
                f"{file.name} is not the file we know (sha256 differs from pins/debian.txt):"
                " do not use this mirror; set STORE_MIRROR to another."
            )
    else:
        file = apt.download(f"{pin.name}/{pin.suite}")
        _check_newer(pin, file)
    return Path(shutil.move(file, debs / file.name))


def _check_newer(pin, file):
    version = file.name.split("_")[1].replace("%3a", ":")
    if pin.name == "odoo-19" and not version.startswith("19.0"):
        raise StoreError(
            f"The mirror now has Odoo {version} only: give an Odoo 19.0 by --odoo PATH."
        )
    note(f"Notice: {pin.name} {pin.version} left the mirror; {version} is used (signed by Debian).")


class _PrivateApt:
    """apt with folders of its own: root is not needed, nothing is installed."""

    def __init__(self, folder):
        if not shutil.which("apt-get"):
            raise StoreError(
                "Odoo 19 is fetched with apt-get, which is not here:"
                " give an Odoo 19 by --odoo PATH, or use docker compose."
            )
        self.folder = folder
        self.mirror = find_mirror()
        self._write_files()

    def _write_files(self):
        for name in ("lists/partial", "cache/archives/partial", "empty", "sources.d", "down"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        sources = _SOURCES.format(mirror=self.mirror, keyring=self._find_keyring())
        (self.folder / "sources.d/store.sources").write_text(sources)
        (self.folder / "apt.conf").write_text(_CONFIGURATION.format(apt=self.folder))
        (self.folder / "status").touch()

    def _find_keyring(self):
        for path in _KEYRINGS:
            if os.path.exists(path):
                return path
        raise StoreError("Debian's keys are missing: apt-get install debian-archive-keyring.")

    def _call(self, program, *arguments, failure=None):
        return run(
            [program, "-q", *_SAFE, *arguments],
            env=clean_environment(APT_CONFIG=self.folder / "apt.conf", LC_ALL="C"),
            cwd=self.folder / "down",
            failure=failure,
        )

    def update(self):
        self._call(
            "apt-get",
            "update",
            failure=f"{self.mirror} did not give a signed package list: check the network"
            " and the clock, or give an Odoo 19 by --odoo PATH.",
        )

    def has(self, pin):
        """Whether the signed index still lists the pinned version."""
        lines = self._call("apt-cache", "madison", pin.name).splitlines()
        return any(line.split("|")[1].strip() == pin.version for line in lines if "|" in line)

    def download(self, wanted):
        """Fetch one package into an empty folder; apt compares it with the signed index."""
        for leftover in (self.folder / "down").iterdir():
            leftover.unlink()
        self._call(
            "apt-get",
            "download",
            wanted,
            failure=f"{wanted} could not be fetched from {self.mirror}: check the network.",
        )
        return next((self.folder / "down").glob("*.deb"))
