"""What only `./store test --full` does, because it takes hours."""

import tomllib

from . import matrix, program
from .console import StoreError
from .logs import Tally


def run(store, runner):
    """Run core's suites beside our modules, every module by itself, and the program for real."""
    root = store.paths.root
    tally = run_core(store, runner, read_plan(root)) + matrix.run(store, runner)
    return tally + program.run_tests(root, "tests/full", "the store program on real databases")


def run_core(store, runner, plan):
    """Run core's suites of the plan beside our modules."""
    return _run_core_suites(store, runner, plan) + _run_adopted(store, runner, plan)


def read_plan(root, names=None):
    """The plan of core's suites; with `names`, A,B, of these alone.

    :raise StoreError: a suite that is not in the plan.
    """
    plan = tomllib.loads((root / "tests/core_suites.toml").read_text())
    wanted = names.split(",") if names else plan["suites"]
    if unknown := sorted(set(wanted) - set(plan["suites"])):
        known = ", ".join(plan["suites"])
        raise StoreError(f"No suite {', '.join(unknown)} of core's in the plan: there are {known}.")
    adopted = [suite for suite in plan["at_install"] if suite in wanted]
    return plan | {"suites": wanted, "at_install": adopted}


# Tests of ours about what is installed for core's suites only.
_BESIDE_CORE = "jewelry_beside_core"
# Core's tests for its own installation, see test_core_at_install.py.
_ADOPTED = "jewelry_core_at_install"


# === CORE'S SUITES === #


def _run_core_suites(store, runner, plan):
    """Our modules must not change what core promises; exceptions are named with a reason."""
    names = sorted(store.modules(demo=False))
    tally = Tally()
    with runner.copy() as database:
        store.update(database, install=[*names, *plan["modules"]])
        tally += _update_together(store, database, names)
        for suite in plan["suites"]:
            log = runner.run_on(database, f"core: {suite}", [f"post_install/{suite}"])
            tally += leave_out(log, plan["allowed"]).tally()
            if suite not in log.modules():
                tally.fail(f"core: no test of {suite} ran.")
        tally += runner.run_on(database, "ours beside core's", [_BESIDE_CORE]).tally()
    return tally


def _run_adopted(store, runner, plan):
    """Run core's tests of what our modules extend that core runs while it installs only."""
    if not plan["at_install"]:
        return Tally()
    names = [*sorted(store.modules(demo=False)), *plan["at_install"]]
    with runner.copy() as database:
        store.update(database, install=names)
        tags = [f"{_ADOPTED}_{suite}" for suite in plan["at_install"]]
        log = runner.run_on(database, "core: while it installs", tags, full=True)
    tally = leave_out(log, plan["allowed"]).tally()
    if not log.started:
        tally.fail("core: no test ran of those for its installation.")
    return tally


def _update_together(store, database, names):
    """Update all our modules at once: Odoo checks views of each before those of the next are there.

    :return Tally: one failure for each warning, whoever logs it
    """
    found = matrix.complaints(store.update(database, upgrade=names))
    return Tally(0, len(found), 0, found) if found else Tally(1)


def leave_out(log, allowed):
    """Take what the plan allows out of `log`: a failing `test`, or a `skip` with core's words."""
    tests = {entry.get("test") for entry in allowed}
    skips = {entry.get("skip") for entry in allowed}
    excused = {key for key in log.started | log.skipped if key[1] in tests}
    excused |= {key for key, words in log.skipped.items() if words in skips}
    log.failed -= excused
    log.started = {key: count for key, count in log.started.items() if key not in excused}
    log.skipped = {key: words for key, words in log.skipped.items() if key not in excused}
    log.problems = [line for line in log.problems if not any(name in line for _, name in excused)]
    return log
