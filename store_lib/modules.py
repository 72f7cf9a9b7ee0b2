"""Our modules as their manifests describe them."""

import ast
import hashlib
from dataclasses import dataclass
from pathlib import Path

from .console import StoreError

# Installed only where its reason holds, never as part of "every module".
DEBIAN = "jewelry_debian"
DEMO = "jewelry_demo"


@dataclass(frozen=True)
class Module:
    """One addon folder."""

    path: Path
    depends: tuple

    @property
    def name(self):
        """The technical name."""
        return self.path.name

    def test_files(self):
        """The files with its tests, as Odoo's test tags name them."""
        files = sorted(self.path.glob("tests/test_*.py"))
        return [f"/{self.name}/tests/{file.name}" for file in files]

    def fingerprint(self):
        """Changes when any file of the module that Odoo loads changes."""
        total = hashlib.sha256()
        for path in sorted(self.path.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                total.update(str(path.relative_to(self.path)).encode() + b"\0" + path.read_bytes())
        return total.hexdigest()[:16]


def read_all(*folders):
    """{name: Module} of every addon in the folders."""
    manifests = [path for folder in folders for path in sorted(folder.glob("*/__manifest__.py"))]
    return {path.parent.name: _read(path) for path in manifests}


def _read(manifest):
    try:
        content = ast.literal_eval(manifest.read_text())
    except (SyntaxError, ValueError) as error:
        raise StoreError(f"{manifest} is not a manifest: {error}") from error
    return Module(manifest.parent, tuple(content.get("depends", ["base"])))


def select(modules, names):
    """Those of `modules` that are named, all when none is.

    :raise StoreError: a name that no folder has.
    """
    unknown = sorted(set(names) - set(modules))
    if unknown:
        raise StoreError(f"No module {', '.join(unknown)}: there are {', '.join(modules)}.")
    return {name: modules[name] for name in names} if names else dict(modules)


def closure(modules, name):
    """`name` and those of ours that it needs, directly or not: {name: Module}."""
    found, waiting = {}, [name]
    while waiting:
        name = waiting.pop()
        if name in modules and name not in found:
            found[name] = modules[name]
            waiting += modules[name].depends
    return found


def core_dependencies(modules):
    """Core's modules that ours need, directly."""
    needed = {name for module in modules.values() for name in module.depends}
    return sorted(needed - set(modules))


def suited(modules, odoo, demo=True):
    """Leave out what this Odoo, or this store, does not want."""
    unwanted = set() if odoo.from_debian else {DEBIAN}
    unwanted |= set() if demo else {DEMO}
    return {name: module for name, module in modules.items() if name not in unwanted}
