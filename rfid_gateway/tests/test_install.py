"""The project as a shop installs it: a wheel, in a folder of its own."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built by pip from a copy: building leaves files in its folder."""
    folder = tmp_path_factory.mktemp("install")
    left_out = shutil.ignore_patterns("tests", "__pycache__", "*.egg-info", "build")
    shutil.copytree(PROJECT, folder / "source", ignore=left_out)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    command += ["--disable-pip-version-check", "-w", folder, folder / "source"]
    subprocess.run(command, check=True, timeout=120)
    [wheel] = folder.glob("jewelry_rfid_gateway-*-py3-none-any.whl")
    return wheel


def test_the_wheel_holds_every_module_the_licence_and_no_test(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    source = PROJECT / "src"
    modules = {str(path.relative_to(source)) for path in source.rglob("*.py")}
    assert modules <= names
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert not any("test" in name for name in names)


def test_the_licence_is_that_of_sllurp(wheel):
    archive = zipfile.ZipFile(wheel)
    [metadata] = [name for name in archive.namelist() if name.endswith("/METADATA")]
    text = archive.read(metadata).decode()
    assert "License-Expression: GPL-3.0-only" in text
    assert "GNU GENERAL PUBLIC LICENSE" in (PROJECT / "LICENSE").read_text()


def test_its_drivers_are_found_where_it_is_installed(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    program = (
        "import jewelry_rfid_gateway\n"
        "from jewelry_rfid_gateway import drivers\n"
        "print(jewelry_rfid_gateway.__file__)\n"
        "names = 'llrp m100 replay tcp wedge'.split()\n"
        "print(*(drivers.load(name).__name__ for name in names))\n"
        "print(jewelry_rfid_gateway.__version__)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    place, classes, version = done.stdout.splitlines()
    assert Path(place).is_relative_to(tmp_path)
    assert classes == "LlrpDriver M100Driver ReplayDriver TcpDriver WedgeDriver"
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert version == project["version"]
