"""eslint, prettier and what tests speak with from npm, at the versions of package-lock.json."""

import os
import shutil

from .build import ensure
from .paths import digest
from .process import clean_environment, run
from .system import require_node

_FILES = ("package.json", "package-lock.json")
_OFFLINE = "The JavaScript linters could not be installed: check the network and npm's registry."


def prepare(paths):
    """The folder of the installed packages, shared by checkouts with the same lock file."""
    require_node()
    files = [paths.root / name for name in _FILES]
    folder = paths.cache / f"node-{digest(*files)}"
    ensure(folder, "JavaScript linters", lambda target: _build(files, target))
    return folder / "node_modules"


def _build(files, target):
    for file in files:
        shutil.copy(file, target)
    run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=target, failure=_OFFLINE)


def environment(modules):
    """Configuration files find their plugins outside the checkout by NODE_PATH."""
    return clean_environment(NODE_PATH=modules, PATH=f"{modules}/.bin:{os.environ['PATH']}")
