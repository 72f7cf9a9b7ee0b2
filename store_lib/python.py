"""The virtual environment: pinned Python packages, made by the Python that runs us."""

import os
import shutil
import sys

from .build import ensure
from .paths import digest
from .process import run
from .system import apt_install

_OFFLINE = "The Python packages could not be installed: check the network and pip's index."


STORE = ["pins/odoo.txt", "requirements.txt"]
TESTS = [*STORE, "pins/test.txt"]
LINTERS = ["pins/lint.txt"]
GATEWAY = ["pins/gateway.txt"]


def prepare(paths, names, label):
    """The interpreter of the environment with the packages pinned in the files `names`."""
    files = [paths.root / name for name in names]
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    folder = paths.cache / f"venv-{version}-{digest(*files, os.path.realpath(sys.executable))}"
    ensure(folder, label, lambda target: _build(paths, files, target))
    return folder / "bin/python"


def _build(paths, files, target):
    wanted = [option for file in files for option in ("-r", file)]
    log = paths.logs / "python.log"
    if shutil.which("uv"):
        run(["uv", "venv", "-q", "--allow-existing", "--python", sys.executable, target])
        command = ["uv", "pip", "install", "--python", target / "bin/python"]
    else:
        _make_venv(target)
        command = [target / "bin/python", "-m", "pip", "install", "--disable-pip-version-check"]
    run([*command, *wanted], log=log, failure=_OFFLINE)


def _make_venv(target):
    try:
        import ensurepip  # noqa: F401  # Debian ships it apart, as python3-venv
    except ImportError:
        apt_install("python3-venv")
    run([sys.executable, "-m", "venv", target])
