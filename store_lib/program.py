"""Runs the tests of the store program itself, which are plain `unittest`."""

import re
import sys

from .console import step
from .logs import Tally
from .process import clean_environment, start


def run_tests(root, folder, label):
    """Run the tests in `folder` with the Python that runs us: it has to work with nothing else."""
    with step(label):
        command = [sys.executable, "-m", "unittest", "discover", "-s", root / folder]
        process = start(command, cwd=root, env=clean_environment(PYTHONPATH=root))
        output, _ = process.communicate()
    return count_unittest(output, process.returncode)


def count_unittest(output, code):
    """Read the counts that `unittest` prints at its end."""
    ran = re.search(r"^Ran (\d+) tests?", output, re.M)
    wrong = dict(re.findall(r"(failures|errors|skipped)=(\d+)", output))
    failed = int(wrong.get("failures", 0)) + int(wrong.get("errors", 0))
    skipped = int(wrong.get("skipped", 0))
    if not ran or (code and not failed):
        return Tally(0, 1, 0, [output])
    passed = int(ran[1]) - failed - skipped
    return Tally(passed, failed, skipped, [output] if failed or skipped else [])
