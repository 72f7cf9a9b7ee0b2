"""`./store test`: the store's own tests, the linters, then Odoo's tests of our modules."""

import os
import re
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext

from . import full, gateway, lint, matrix, program
from . import modules as our_modules
from .build import locked
from .console import note, say, step
from .databases import TRIGRAMS
from .logs import Tally, TestLog, read_records
from .paths import Paths, digest
from .store import opened
from .system import free_port, require_browser

_CORE_LINT = "test_lint"
# Both walk files of core; lint.py runs the same rules on ours alone.
_CORE_LINT_TAGS = [f"/{_CORE_LINT}", f"-/{_CORE_LINT}:TestPyLint", f"-/{_CORE_LINT}:TestESLint"]

# Installing all modules a second time takes as long as so many files of tests.
_FILES_WORTH_TWO = 40
# What a file of tests takes that `tests/seconds.toml` does not name.
_USUAL_SECONDS = 5


def run(root, options):
    """Run everything asked for; the last line holds the counts.

    :return: 0 when at least one test passed, none failed and none was skipped.
    """
    require_browser()
    plan = full.read_plan(root, options.core)
    with _testing(root, options) as store:
        if options.core:
            return _conclude(full.run_core(store, Runner(store), plan))
        if options.alone:
            return _conclude(matrix.run(store, Runner(store), options.alone.split(",")))
        tally = Tally()
        if not options.modules:
            tally += program.run_tests(root, "tests/store", "tests of the store program")
            tally += lint.check(store)
        tally += _test_chosen(store, options)
        if options.full:
            tally += full.run(store, Runner(store))
    return _conclude(tally)


def run_lint(root, options):
    """Run all linters, core's included; the last line holds the counts."""
    with _testing(root, options) as store:
        tally = lint.check(store, fix=options.fix)
        names = [*sorted(store.modules(demo=False)), _CORE_LINT]
        log = Runner(store).run("core's linters", names, _CORE_LINT_TAGS)
    return _conclude(tally + log.tally())


@contextmanager
def _testing(root, options):
    """A store to test in, this process alone."""
    with locked(Paths(root).state / "test.lock", "tests"), opened(root, options, True) as store:
        yield store


def _conclude(tally):
    for problem in tally.problems:
        say(f"\n{problem}")
    say(f"\n{tally}")
    return 0 if tally.good else 1


# === TESTS OF THE MODULES === #


def _test_chosen(store, options):
    """Test modules, and the gateway, which is no module: all, or those that are named."""
    names = [name for name in options.modules if name != gateway.NAME]
    chosen = set()
    if names or not options.modules:
        chosen = set(our_modules.select(store.modules(), names))
    demo = chosen & {our_modules.DEMO}
    lint = [] if options.modules else [_CORE_LINT]
    tally = Tally()
    if chosen - demo:
        tally += _test_together(store, sorted(chosen - demo), lint, options.full)
    # The demo store keeps one processor busy, and the gateway's tests wait for most of their time.
    with _gateway_beside(store, options) as conclude:
        if demo:
            tally += _test_together(store, sorted(demo), [], options.full)
        return tally + conclude()


def _gateway_beside(store, options):
    """The tests of the gateway beside a block, when they are asked for; else none."""
    if options.modules and gateway.NAME not in options.modules:
        return nullcontext(Tally)
    return gateway.tests(store.paths, options.full)


def _test_together(store, names, lint, full):
    """Test modules that are installed together, in as many databases as there are parts."""
    label = f"Odoo's tests of {names[0]}" if len(names) == 1 else f"Odoo's tests of {len(names)}"
    modules = [store.all_modules()[name] for name in names]
    seconds = tomllib.loads((store.paths.root / "tests/seconds.toml").read_text())
    parts = get_parts(modules, full, os.cpu_count() or 1, seconds)
    parts[-1] += _CORE_LINT_TAGS if lint else []
    # Without it browsers complain of a file that Debian's package lacks.
    clean = {our_modules.DEBIAN} & set(store.modules())
    runner, install = Runner(store), [*sorted({*names, *clean}), *lint]
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        copies = [
            stack.enter_context(runner.copy(purpose=f"test{number or ''}"))
            for number in range(len(parts))
        ]
        runs = [
            pool.submit(
                runner.run_on,
                database,
                label if len(parts) == 1 else f"{label}, part {number} of {len(parts)}",
                tags,
                ["-i", ",".join(install)],
                full,
            )
            for number, (database, tags) in enumerate(zip(copies, parts, strict=True), 1)
        ]
        with runner.stopping():
            logs = [run.result() for run in runs]
    tally = sum((log.tally() for log in logs), Tally())
    for name in sorted(set(names).difference(*(log.modules() for log in logs))):
        tally.fail(f"{name}: no test ran.")
    return tally


def get_parts(modules, full, processors, seconds):
    """Return the tags of each database to test in: where there are many files and processors, the
    first takes as many files as make half of the time, and the second all that is left.

    :param dict seconds: what files of tests take, of those that take long.
    """
    kinds = ["", "jewelry_full"] if full else [""]
    tags = [f"{kind}/{module.name}" for kind in kinds for module in modules]
    files = [file for module in modules for file in module.test_files()]
    if len(files) < _FILES_WORTH_TWO or processors < 2:
        return [tags]
    half = _get_half(files, seconds)
    return [
        [f"{kind}{file}" for kind in kinds for file in half],
        [*tags, *(f"-{file}" for file in half)],
    ]


def _get_half(files, seconds):
    """Share files out, the longest first, each to who has had less; return the first one's."""
    parts = {True: [], False: []}
    totals = dict.fromkeys(parts, 0)
    for file in sorted(files, key=lambda file: -seconds.get(file, _USUAL_SECONDS)):
        lighter = min(totals, key=totals.get)
        parts[lighter].append(file)
        totals[lighter] += seconds.get(file, _USUAL_SECONDS)
    return parts[True]


class Runner:
    """Runs Odoo's tests on copies of the template database."""

    def __init__(self, store):
        self.store = store
        self.running = []

    @contextmanager
    def stopping(self):
        """Stop what runs when the block is interrupted: threads would wait for its end."""
        try:
            yield
        except BaseException:
            for process in self.running:
                process.terminate()
            raise

    def run(self, label, install, tags, full=False):
        """Install modules on a copy of the template and run the tests that `tags` names.

        :return TestLog: what the log says.
        """
        with self.copy() as database:
            return self.run_on(database, label, tags, ["-i", ",".join(install)], full)

    @contextmanager
    def copy(self, template=None, purpose="test"):
        """A copy of `template`, by default with core's modules, gone after the block."""
        # One name: nobody else tests in this checkout, and a killed run's copy is replaced.
        database = f"{purpose}_{self.store.paths.key}"
        template = template or self._prepare_template()
        with step("copy of the template database"):
            self.store.databases.copy(template, database)
        try:
            yield database
        finally:
            self.store.databases.drop(database)

    def run_on(self, database, label, tags, options=(), full=False):
        """Run tests on a database that exists."""
        arguments = [*options, "--test-tags", ",".join(tags), "--stop-after-init"]
        arguments += ["--max-cron-threads=0", "--http-interface=127.0.0.1"]
        arguments += [f"--http-port={free_port()}"]
        arguments += [f"--screenshots={self.store.paths.logs / 'screenshots'}"]
        environment = {"JEWELRY_FULL": "1"} if full else {}
        process = self.store.start(database, *arguments, environment=environment)
        self.running.append(process)
        log = TestLog()
        path = self.store.paths.logs / f"test-{re.sub(r'[^a-z0-9_]+', '-', label.lower())}.log"
        with step(label):
            _follow(process, log, path)
        log.ended(process.wait(), path)
        return log

    def _prepare_template(self):
        """A database with core's modules that ours need, made once for this build of Odoo.

        Its asset bundles are not compiled: our modules change them anyway.
        """
        store = self.store
        needed = our_modules.core_dependencies(store.modules())
        mine = f"template_{store.paths.key}_"
        template = mine + digest(store.odoo.build, store.python, TRIGRAMS, *needed)
        if template not in store.databases.complete():
            names = store.databases.names()
            for old in sorted(name for name in names if name.startswith(mine)):
                store.databases.drop(old)
            store.build(template, needed)
        return template


def _follow(process, log, path):
    """Show the files under test as they come and everything that is wrong."""
    started = time.monotonic()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as copy:
        for record in read_records(_tee(process.stdout, copy)):
            shown = log.add(record)
            if shown:
                note(f"  {time.monotonic() - started:6.1f} s  {shown}")


def _tee(lines, copy):
    for line in lines:
        copy.write(line)
        yield line
