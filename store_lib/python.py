"""The virtual environment: pinned Python packages, made by the Python that runs us."""

import shutil
import sys

from .build import ensure
from .console import StoreError
from .paths import digest
from .process import as_root, run

_OFFLINE = "The Python packages could not be installed: check the network and pip's index."


def prepare(paths, testing=False):
    """The interpreter of the environment that has the pinned packages.

    :param bool testing: with the tools of `./store test` and `./store lint`.
    """
    names = ["pins/odoo.txt", "requirements.txt"] + (["pins/test.txt"] if testing else [])
    files = [paths.root / name for name in names]
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    folder = paths.cache / f"venv-{version}-{digest(*files)}"
    label = "Python packages" + (" for tests" if testing else "")
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
        import ensurepip  # noqa: F401, PLC0415  # Debian ships it apart, as python3-venv
    except ImportError:
        _install_ensurepip()
    run([sys.executable, "-m", "venv", target])


def _install_ensurepip():
    if not (as_root() and shutil.which("apt-get")):
        raise StoreError("Python's venv is missing: apt-get install python3-venv, or install uv.")
    from .system import apt_install  # noqa: PLC0415

    apt_install("python3-venv")
