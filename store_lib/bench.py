"""`./store bench`: measurements, each on its own copy of a database with our modules."""

import json
import re
import subprocess
from contextlib import contextmanager

from .console import StoreError, say, step
from .paths import digest
from .store import opened
from .suite import Runner

_LINE = "bench: "
_COLUMNS = ("name", "n", "value", "unit", "baseline", "ratio")
# How many diamonds the few and the full store hold: benchmarks/support/full_store.py.
_FEW, _FULL = "FEW", "ALL"
# All of these run inside Odoo's shell; a measurement reports by keyword only.
_INSIDE = """
import json, runpy
def report(*, name, n, value, unit, baseline=None, ratio=None):
    row = dict(name=name, n=n, value=value, unit=unit, baseline=baseline, ratio=ratio)
    print({line!r} + json.dumps(row), flush=True)
runpy.run_path({path!r})["run"](env, report, **json.loads({known!r}))
"""
_ASK = """
import runpy
answer = runpy.run_path({path!r})[{function!r}](env)
"""
_FILL = """
import sys
sys.path.insert(0, {folder!r})
from support import full_store
full_store.open_books(env)
full_store.fill(env, full_store.{size})
"""


def run(root, options):
    """Run one measurement or all of them; 1 when one fails."""
    files = _choose(root / "benchmarks", options.name)
    # As for tests, so that both share the template of core's modules.
    with opened(root, options, testing=True) as store:
        bench = Bench(store, options.json)
        failed = [file.stem for file in files if not bench.measure(file)]
    if failed:
        raise StoreError(f"{', '.join(failed)} failed: see .odoo/logs/bench-*.log")
    return 0


def _choose(folder, name):
    files = sorted(folder.glob(f"{name or '*'}.py"))
    if not files:
        known = ", ".join(sorted(file.stem for file in folder.glob("*.py"))) or "none yet"
        raise StoreError(f"There is no measurement {name or 'at all'}: there are {known}.")
    return files


def defines(file, function):
    """Whether a measurement has a function `function(env)`."""
    return bool(re.search(rf"^def {function}\(env\)", file.read_text(), re.M))


class Bench:
    """Runs measurements on copies of databases that are made once for this build of our modules.

    `run(env, report)` of a file gets an empty store. If the file has a `baseline(env)`, that runs
    in a store of core's modules alone, and its answer is passed on as `core`. If it has a
    `measure(env)`, that runs in a store of few diamonds, its answer is passed on as `few`, and
    `run` gets the full store.
    """

    def __init__(self, store, as_json):
        self.store, self.as_json = store, as_json
        modules = store.modules(demo=False)
        self.prints = digest(store.odoo.build, *(m.fingerprint() for m in modules.values()))
        self._forget_old()
        self.empty = self._name("")
        if self.empty not in store.databases.complete():
            store.build(self.empty, sorted(modules))

    def measure(self, file):
        """Run one measurement and print its rows; return whether it ended well."""
        known = {}
        if defines(file, "baseline"):
            with Runner(self.store).copy(purpose="core") as core:
                known["core"] = self._ask(core, file, "baseline", "core alone")
        if defines(file, "measure"):
            with self._copy(self._prepare(file.parent, _FEW)) as few:
                known["few"] = self._ask(few, file, "measure", "few diamonds")
        source = self._prepare(file.parent, _FULL) if "few" in known else self.empty
        with self._copy(source) as database:
            code = _INSIDE.format(line=_LINE, path=str(file), known=json.dumps(known))
            process = self.store.start_shell(database, stdin=subprocess.PIPE)
            return _follow(process, code, self.store.paths.logs, file.stem, self.as_json)

    # === DATABASES === #

    def _name(self, size):
        return f"bench_{self.store.paths.key}_{self.prints}{size.lower()}"

    def _forget_old(self):
        databases, prefix = self.store.databases, f"bench_{self.store.paths.key}"
        for name in sorted(databases.names()):
            if name.startswith(prefix) and self.prints not in name:
                databases.drop(name)

    def _prepare(self, folder, size):
        """A store with diamonds in it, filled once."""
        name, databases = self._name(size), self.store.databases
        if name not in databases.complete():
            with step(f"store of {size.lower()} diamonds"), self._copy(self.empty) as passing:
                self.store.shell(passing, _FILL.format(folder=str(folder), size=size))
                databases.rename(passing, name)
        return name

    @contextmanager
    def _copy(self, source):
        database = f"bench_{self.store.paths.key}"
        self.store.databases.copy(source, database)
        try:
            yield database
        finally:
            self.store.databases.drop(database)

    def _ask(self, database, file, function, where):
        with step(f"{file.stem}: {where}"):
            return self.store.ask(database, _ASK.format(path=str(file), function=function))


# === OUTPUT === #


def _follow(process, code, logs, name, as_json):
    """Print each row when it comes; everything else goes to the log."""
    process.stdin.write(code)
    process.stdin.close()
    logs.mkdir(parents=True, exist_ok=True)
    if not as_json:
        say(_format(dict.fromkeys(_COLUMNS) | dict(zip(_COLUMNS, _COLUMNS, strict=True))))
    with open(logs / f"bench-{name}.log", "w") as output:
        for line in process.stdout:
            if line.startswith(_LINE):
                row = json.loads(line[len(_LINE) :])
                say(json.dumps(row) if as_json else _format(row))
            else:
                output.write(line)
    return process.wait() == 0


def _format(row):
    cells = [_format_cell(row[column]) for column in _COLUMNS]
    return f"{cells[0]:<44} " + " ".join(f"{cell:>12}" for cell in cells[1:])


def _format_cell(value):
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
