"""`./store bench`: measurements, each on its own copy of a database with our modules."""

import json
import re
import subprocess

from .console import StoreError, say, step
from .paths import digest
from .store import opened
from .suite import Runner

_LINE = "bench: "
_COLUMNS = ("name", "n", "value", "unit", "baseline", "ratio")
# Runs inside Odoo's shell; a measurement reports by keyword only.
_INSIDE = """
import json, runpy
core = json.loads({core!r})
def report(*, name, n, value, unit, baseline=None, ratio=None):
    row = dict(name=name, n=n, value=value, unit=unit, baseline=baseline, ratio=ratio)
    print({line!r} + json.dumps(row), flush=True)
runpy.run_path({path!r})["run"](env, report, **({{"core": core}} if core else {{}}))
"""
# Runs in a database of core's modules alone, for files that say how core does it.
_BASELINE = """
import runpy
answer = runpy.run_path({path!r})["baseline"](env)
"""


def run(root, options):
    """Run one measurement or all of them; 1 when one fails."""
    files = _choose(root / "benchmarks", options.name)
    failed = []
    # As for tests, so that both share the template of core's modules.
    with opened(root, options, testing=True) as store:
        source = _prepare_database(store, options.json)
        for file in files:
            core = _measure_core(store, file) if has_baseline(file) else None
            if not _measure(store, source, file, core, options.json):
                failed.append(file.stem)
    if failed:
        raise StoreError(f"{', '.join(failed)} failed: see .odoo/logs/bench-*.log")
    return 0


def _choose(folder, name):
    files = sorted(folder.glob(f"{name or '*'}.py"))
    if not files:
        known = ", ".join(sorted(file.stem for file in folder.glob("*.py"))) or "none yet"
        raise StoreError(f"There is no measurement {name or 'at all'}: there are {known}.")
    return files


def _prepare_database(store, quiet):
    """A database with all our modules and no demo store, made again when one changes."""
    modules = store.modules(demo=False)
    mine = f"bench_{store.paths.key}_"
    prints = [module.fingerprint() for module in modules.values()]
    source = mine + digest(store.odoo.build, *prints)
    if source not in store.databases.complete():
        names = store.databases.names()
        for old in sorted(name for name in names if name.startswith(mine)):
            store.databases.drop(old)
        store.build(source, sorted(modules))
    return source


def has_baseline(file):
    """Whether a file says how core alone does what it measures."""
    return bool(re.search(r"^def baseline\(env\)", file.read_text(), re.M))


def _measure_core(store, file):
    """What the file's `baseline(env)` returns from a database without our modules."""
    with Runner(store).copy(purpose="core") as database, step(f"{file.stem}: core alone"):
        return store.ask(database, _BASELINE.format(path=str(file)))


def _measure(store, source, file, core, as_json):
    database = f"bench_{store.paths.key}"
    store.databases.copy(source, database)
    try:
        code = _INSIDE.format(line=_LINE, path=str(file), core=json.dumps(core))
        return _follow(
            store, store.start_shell(database, stdin=subprocess.PIPE), code, file, as_json
        )
    finally:
        store.databases.drop(database)


def _follow(store, process, code, file, as_json):
    """Print each row when it comes; everything else goes to the log."""
    process.stdin.write(code)
    process.stdin.close()
    log = store.paths.logs / f"bench-{file.stem}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    if not as_json:
        say(_format(dict.fromkeys(_COLUMNS) | dict(zip(_COLUMNS, _COLUMNS, strict=True))))
    with open(log, "w") as output:
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
