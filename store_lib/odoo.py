"""Odoo 19: Debian's package unpacked beside us, or the one the person points at."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import debian
from .build import ensure, require_disk
from .console import StoreError, note
from .paths import digest
from .process import run

_PACKAGES = "usr/lib/python3/dist-packages"
_DROPPED_BY_DEBIAN = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class Odoo:
    """An Odoo 19 that can be run.

    `base` is the folder to import from, `build` names what exactly it is: a template
    database made with one build is not used with another.
    """

    base: Path
    build: str

    @property
    def addons(self):
        """Core's addons folders; `addons` beside the package exists in a source checkout only."""
        inside = self.base / "odoo/addons"
        beside = self.base / "addons"
        return [inside, beside] if (beside / "web/__manifest__.py").exists() else [inside]

    @property
    def from_debian(self):
        """Whether Debian's removals apply, which the addon `jewelry_debian` repairs."""
        return not any((folder / _DROPPED_BY_DEBIAN).exists() for folder in self.addons)


def prepare(paths, chosen=None):
    """The Odoo of `chosen` (a path), of ODOO_PATH, or Debian's package fetched once."""
    chosen = chosen or os.environ.get("ODOO_PATH")
    return _locate(Path(chosen).expanduser().resolve()) if chosen else _unpack(paths)


def _locate(path):
    """Accept a source checkout, an installation prefix, a packages folder or the package."""
    for base in (path, path / _PACKAGES, path.parent):
        release = base / "odoo/release.py"
        if release.exists():
            return Odoo(base, _check_release(path, release))
    raise StoreError(f"There is no Odoo in {path}: --odoo wants a checkout or an installation.")


def _check_release(path, release):
    text = release.read_text()
    if not re.search(r"^version_info = \(19, 0,", text, re.M):
        raise StoreError(f"{path} is not Odoo 19.0: these addons need exactly that version.")
    return f"{release.parent}-{release.stat().st_mtime_ns}"


def _unpack(paths):
    pins = paths.pins / "debian.txt"
    folder = paths.cache / f"odoo-{digest(pins)}"
    versions = ensure(
        folder,
        "Odoo 19 from Debian's package",
        lambda target: _build(paths, debian.read_pins(pins), target),
    )
    return Odoo(folder / _PACKAGES, digest(*versions))


def _build(paths, pins, target):
    require_disk(paths.cache, 4)
    files = debian.fetch(paths.cache, pins)
    for file in files.values():
        run(["dpkg-deb", "-x", file, target])
    # A copy of the addons without their web files: never to be found first.
    for name in ("addons", "setup", "doc"):
        shutil.rmtree(target / _PACKAGES / name, ignore_errors=True)
    _report_dangling(target)
    return [file.name for file in files.values()]


def _report_dangling(target):
    lost = [path for path in target.rglob("*") if path.is_symlink() and not path.exists()]
    for path in lost:
        note(f"Notice: {path.relative_to(target)} points to a file no fetched package has.")
