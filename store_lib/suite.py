"""`./store test`: the store's own tests, the linters, then Odoo's tests of our modules."""

import os
import re
import sys
import time

from . import modules as our_modules
from .build import locked
from .console import say, step
from .logs import Tally, TestLog, read_records
from .paths import Paths, digest
from .process import clean_environment, start
from .store import QUIET, opened
from .system import free_port, require_browser

_TEMPLATE = "template_"


def run(root, options):
    """Run everything asked for; the last line holds the counts.

    :return: 0 when at least one test passed, none failed and none was skipped.
    """
    require_browser()
    with locked(Paths(root).state / "test.lock", "tests"), opened(root, options, True) as store:
        tally = Tally() if options.modules else _test_program(store)
        tally += _test_modules(store, options)
    for problem in tally.problems:
        say(f"\n{problem}")
    say(f"\n{tally}")
    return 0 if tally.good else 1


# === TESTS OF THE STORE PROGRAM === #


def _test_program(store):
    """Run `tests/store` with the Python that runs us: it has to work with nothing else."""
    root = store.paths.root
    with step("tests of the store program"):
        command = [sys.executable, "-m", "unittest", "discover", "-s", root / "tests/store"]
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


# === TESTS OF THE MODULES === #


def _test_modules(store, options):
    modules = store.modules()
    chosen = our_modules.select(modules, options.modules)
    template = _prepare_template(store, modules)
    database = f"test_{os.getpid()}"
    with step("copy of the template database"):
        store.databases.copy(template, database)
    try:
        log = _run_odoo(store, database, sorted(chosen), options)
    finally:
        store.databases.drop(database)
    tally = log.tally()
    for name in sorted(set(chosen) - set(log.modules())):
        tally.fail(f"{name}: no test ran.")
    return tally


def _prepare_template(store, modules):
    """A database with core's modules that ours need, made once for this build of Odoo."""
    needed = our_modules.core_dependencies(modules)
    template = _TEMPLATE + digest(store.odoo.build, store.python, *needed)
    names = store.databases.names()
    if template not in names:
        for old in sorted(name for name in names if name.startswith(_TEMPLATE)):
            store.databases.drop(old)
        store.build(template, needed, lambda passing: _warm_assets(store, passing))
    return template


def _warm_assets(store, database):
    """Compile the web client's bundles once, so that no copy has to."""
    store.shell(database, "env['ir.qweb']._pregenerate_assets_bundles()\nenv.cr.commit()\n")


def _run_odoo(store, database, names, options):
    tags = [f"/{name}" for name in names] + (["jewelry_full"] if options.full else [])
    arguments = ["-i", ",".join(names), "--test-tags", ",".join(tags), *QUIET[:1], *QUIET[2:]]
    arguments += [f"--http-port={free_port()}", "--http-interface=127.0.0.1"]
    arguments += [f"--screenshots={store.paths.logs / 'screenshots'}"]
    environment = {"JEWELRY_FULL": "1"} if options.full else {}
    process = store.start(database, *arguments, environment=environment)
    log = TestLog()
    with step(f"Odoo's tests of {len(names)} modules"):
        _follow(process, log, store.paths.logs / "test.log")
    if process.wait() and log.tally().good:
        log.problems.append("ERROR odoo: ended with an error that its log does not show.")
    return log


def _follow(process, log, path):
    """Show the files under test as they come and everything that is wrong."""
    started = time.monotonic()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as copy:
        for record in read_records(_tee(process.stdout, copy)):
            shown = log.add(record)
            if shown:
                say(f"    {time.monotonic() - started:6.1f} s  {shown}")


def _tee(lines, copy):
    for line in lines:
        copy.write(line)
        yield line
