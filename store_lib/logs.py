"""What Odoo's log says about a test run: counted from its own lines, never guessed."""

import re
from dataclasses import dataclass, field

_RECORD = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>_?[A-Z]+) \S+ (?P<logger>\S+): ")
_STARTING = re.compile(r"^Starting (.+) \.\.\.")
_FAILED = re.compile(r"^(?:FAIL|ERROR): (?:Subtest )?(\S+)")
_SKIPPED = re.compile(r"^skipped (?:Subtest )?(\S+).*? : (.*)")
_RESULT = re.compile(r"^(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading")
_HOOT = re.compile(r"Passed (\d+) tests \(\d+ assertions")
# Our modules and models (jewelry_sale, jewelry.stone), not a checkout's folder (jewelry-store).
_OURS = re.compile(r"\b(test_)?jewelry[._][a-z]")


@dataclass
class Tally:
    """Counts of a run and the lines that explain what failed."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    problems: list = field(default_factory=list)

    def __add__(self, other):
        return Tally(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
            self.problems + other.problems,
        )

    def fail(self, problem):
        """Count one failure with its explanation."""
        self.failed += 1
        self.problems.append(problem)

    @property
    def good(self):
        """Whether a run with these counts is a success: a skip is none."""
        return self.passed > 0 and not self.failed and not self.skipped

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


@dataclass
class Record:
    """One log record with the lines that follow it."""

    level: str
    logger: str
    text: str

    @property
    def is_problem(self):
        """An error of anybody, a warning of ours."""
        if self.level == "WARNING":
            return bool(_OURS.search(f"{self.logger} {self.text}"))
        return self.level in ("ERROR", "CRITICAL")

    @property
    def is_tried_again(self):
        """Why the first attempt of a test does not count: Odoo marks its level."""
        return self.level.startswith("_")


def read_records(lines):
    """Group the lines of a log into records; what precedes the first one is left out."""
    current = None
    for line in lines:
        line = line.rstrip("\n")
        found = _RECORD.match(line)
        if found:
            if current:
                yield current
            current = Record(found["level"], found["logger"], line[found.end() :].rstrip())
        elif current:
            current.text += f"\n{line}"
    if current:
        yield current


class TestLog:
    """Follows a run record by record.

    A test is known by the file's logger and its name. With retries Odoo logs the first
    attempt's errors below ERROR, so only the last attempt counts here; why it was tried
    again is shown.
    """

    __test__ = False

    def __init__(self):
        self.started = {}
        self.failed = set()
        self.skipped = {}
        self.problems = []
        self.in_browser = 0
        self.results = []

    def add(self, record):
        """Take one record into account; return the line worth showing now, if any."""
        if started := _STARTING.match(record.text):
            return self._add_start((record.logger, started[1]))
        if skipped := _SKIPPED.match(record.text):
            self.skipped[record.logger, skipped[1]] = skipped[2]
        elif result := _RESULT.match(record.text):
            self.results.append([int(number) for number in result.groups()])
        elif hoot := _HOOT.search(record.text):
            self.in_browser += int(hoot[1])
        elif record.is_problem:
            return self._add_problem(record)
        elif record.is_tried_again:
            return f"will be tried again: {record.text}"
        return None

    def _add_start(self, key):
        again = key in self.started
        first_of_file = all(logger != key[0] for logger, _name in self.started)
        self.started[key] = self.started.get(key, 0) + 1
        if again:
            return f"once more: {key[1]}"
        return key[0].removeprefix("odoo.addons.") if first_of_file else None

    def _add_problem(self, record):
        failed = _FAILED.match(record.text)
        if failed:
            self.failed.add((record.logger, failed[1]))
        line = f"{record.level} {record.logger}: {record.text}"
        self.problems.append(line)
        return line

    def ended(self, code, path):
        """Take Odoo's exit code into account: it must agree with what the log says."""
        if not self.results:
            tail = "\n".join(path.read_text().splitlines()[-12:])
            self.problems.append(f"Odoo stopped before the end, with code {code} ({path}):\n{tail}")
        elif code and not self.problems:
            self.problems.append(f"Odoo ended with code {code}, which its log does not explain.")

    def modules(self):
        """Number of tests started per module."""
        counts = {}
        for logger, _name in self.started:
            module = logger.removeprefix("odoo.addons.").split(".")[0]
            counts[module] = counts.get(module, 0) + 1
        return counts

    def tally(self):
        """The counts; an error outside a test is one failure, as is a run without result."""
        done = set(self.started) - self.failed - set(self.skipped)
        loose = [line for line in self.problems if not self._is_test_failure(line)]
        tally = Tally(len(done) + self.in_browser, len(self.failed), len(self.skipped))
        tally.problems = list(self.problems)
        tally.failed += len(loose)
        tally.problems += [f"skipped {name}: {why}" for (_, name), why in self.skipped.items()]
        return tally

    def _is_test_failure(self, line):
        text = line.partition(": ")[2]
        return bool(_FAILED.match(text)) or bool(_RESULT.match(text))
