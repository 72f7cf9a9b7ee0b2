"""The gateway beside the RFID readers: its tests, in an environment of its own."""

import os
import re
import signal
from contextlib import contextmanager
from functools import partial

from . import node, python
from .console import step
from .logs import Tally
from .process import clean_environment, run, start
from .system import require_tshark

# How `./store test` names it, and its folder.
NAME = "rfid_gateway"
_DESCRIBE = "from setuptools import setup; setup()"
_COUNTED = {"passed": "passed", "failed": "failed", "error": "failed", "skipped": "skipped"}


@contextmanager
def tests(paths, full=False):
    """Run the gateway's tests beside the block, the long ones too when `full`; yield what waits
    for their end and returns their tally. Left before, they are stopped.
    """
    require_tshark()
    interpreter = python.prepare(paths, python.GATEWAY, "Python packages of the gateway")
    modules = node.prepare(paths)
    folder = paths.root / NAME
    described = describe(paths, interpreter)
    command = [interpreter, "-m", "pytest", "-q", "--color=no", "-p", "no:cacheprovider"]
    command += ["-m", "full or not full"] if full else []
    environment = clean_environment(
        PYTHONPATH=f"{folder / 'src'}:{described}", NODE_PATH=modules, PYTHONUNBUFFERED=1
    )
    log = paths.logs / "gateway.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w") as output:
        process = start(command, output, cwd=folder, env=environment)
    try:
        yield partial(_conclude, process, log)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)  # with whatever its tests have started
            process.wait()


def _conclude(process, log):
    with step("tests of the gateway"):
        code = process.wait()
    return count_pytest(log.read_text(errors="replace"), code)


def describe(paths, interpreter):
    """The folder with the project's metadata, by which its drivers and its command are found: the
    environment is shared by all checkouts, so the project is not installed there.
    """
    target = paths.state / "gateway"
    target.mkdir(parents=True, exist_ok=True)
    command = [interpreter, "-c", _DESCRIBE, "-q", "egg_info", "--egg-base", target]
    run(command, cwd=paths.root / NAME, failure="rfid_gateway/pyproject.toml cannot be read.")
    return target


def count_pytest(output, code):
    """Read the counts that pytest prints on its last line."""
    last = output.strip().rpartition("\n")[2]
    counts = dict.fromkeys(("passed", "failed", "skipped"), 0)
    for number, kind in re.findall(r"(\d+) (passed|failed|error|skipped)", last):
        counts[_COUNTED[kind]] += int(number)
    if (code and not counts["failed"]) or not counts["passed"]:
        return Tally(0, 1, 0, [output])
    wrong = counts["failed"] or counts["skipped"]
    return Tally(counts["passed"], counts["failed"], counts["skipped"], [output] if wrong else [])
