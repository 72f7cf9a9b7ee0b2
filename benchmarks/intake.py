"""How fast a file of stones comes into stock, against core's way of counting them in."""

import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import full_store

CORE_PIECES = 400
TEN_THOUSAND = 10_000


def run(env, report):
    """Take all diamonds in, graded, valued and with their events."""
    full_store.open_books(env)
    quiet = full_store.quiet(env)
    core = full_store.core_product(quiet)
    core_seconds = full_store.timed(full_store.core_intake, quiet, core, CORE_PIECES)[0]
    core_rate = CORE_PIECES / core_seconds
    marks = {0: 0.0}
    full_store.fill(env, on_batch=marks.__setitem__)
    rate = full_store.ALL / marks[full_store.ALL]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    first, last = _ten_thousand(marks, TEN_THOUSAND), _ten_thousand(marks, full_store.ALL)
    report(
        name="stones into stock",
        n=full_store.ALL,
        value=rate,
        unit="pieces/s",
        baseline=core_rate,
        ratio=rate / core_rate,
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


def _ten_thousand(marks, end):
    """Return the seconds that the 10,000 rows up to `end` took."""
    start = max(done for done in marks if done <= end - TEN_THOUSAND)
    return (marks[end] - marks[start]) * TEN_THOUSAND / (end - start)
