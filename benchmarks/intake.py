"""How fast a file of stones comes into stock, against core alone counting serial numbers in."""

import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import full_store

CORE_PIECES = 400
TEN_THOUSAND = 10_000


def baseline(env):
    """Return the pieces a second that core takes in, at its best: in an empty store."""
    full_store.open_books(env)
    quiet = full_store.quiet(env)
    product = full_store.core_product(quiet)
    seconds = full_store.timed(full_store.core_intake, quiet, product, CORE_PIECES)[0]
    return CORE_PIECES / seconds


def run(env, report, core):
    """Take all diamonds in, graded, valued and with their events."""
    full_store.open_books(env)
    marks = full_store.fill(env)
    rate = full_store.ALL / marks[full_store.ALL]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    first, last = _ten_thousand(marks, TEN_THOUSAND), _ten_thousand(marks, full_store.ALL)
    report(
        name="stones into stock",
        n=full_store.ALL,
        value=rate,
        unit="pieces/s",
        baseline=core,
        ratio=rate / core,
    )
    report(
        name="last 10,000 against first 10,000",
        n=TEN_THOUSAND,
        value=last,
        unit="s",
        baseline=first,
        ratio=first / last,
    )
    report(name="memory at the most", n=full_store.ALL, value=memory, unit="MiB")
    full_store.report_growth(
        report, "stones into stock", marks[full_store.FEW], marks[full_store.ALL]
    )


def _ten_thousand(marks, end):
    """Return the seconds that the 10,000 rows up to `end` took."""
    start = max(done for done in marks if done <= end - TEN_THOUSAND)
    return (marks[end] - marks[start]) * TEN_THOUSAND / (end - start)
