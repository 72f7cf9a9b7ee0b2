"""What only `./store test --full` does: core's own suites beside our modules, each module alone."""

import tomllib

from .console import step
from .logs import Tally


def run(store, runner):
    """Run core's suites with our modules installed, then every module by itself."""
    return _run_core_suites(store, runner) + _run_matrix(store, runner)


# === CORE'S SUITES === #


def _run_core_suites(store, runner):
    """Our modules must not change what core promises; exceptions are named with a reason."""
    plan = tomllib.loads((store.paths.root / "tests/core_suites.toml").read_text())
    names = sorted(store.modules(demo=False))
    tally = Tally()
    with runner.copy() as database:
        store.update(database, install=names)
        for suite in plan["suites"]:
            # at_install tests of core are wrong on a database that has more modules.
            log = runner.run_on(database, f"core: {suite}", [f"post_install/{suite}"])
            tally += leave_out(log, plan["allowed"]).tally()
            if suite not in log.modules():
                tally.fail(f"core: no test of {suite} ran.")
    return tally


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


# === EACH MODULE ALONE === #


def _run_matrix(store, runner):
    """Every module stands on its declared dependencies, and leaves when uninstalled."""
    tally = Tally()
    for name in sorted(store.modules()):
        tally += runner.run(f"{name} alone", [name], [f"/{name}"]).tally()
        tally += _reinstall(store, runner, name)
    return tally


_UNINSTALL = """
env["ir.module.module"].search([("name", "=", {name!r})]).button_immediate_uninstall()
"""


def _reinstall(store, runner, name):
    """Install, uninstall, install again."""
    with runner.copy() as database, step(f"{name}: install, uninstall, install"):
        store.update(database, install=[name])
        store.shell(database, _UNINSTALL.format(name=name))
        store.update(database, install=[name])
        installed = name in store.databases.installed_modules(database)
    return Tally(1) if installed else Tally(0, 1, 0, [f"{name} cannot be installed again."])
