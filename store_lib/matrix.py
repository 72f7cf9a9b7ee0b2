"""Each module alone: it stands on what it declares, updates in silence, leaves no trace."""

import tomllib
from contextlib import contextmanager

from . import leavings
from . import modules as our_modules
from .console import StoreError, step
from .logs import Tally, read_records

UNINSTALL = """
env["ir.module.module"].search([("name", "in", {names!r})]).button_immediate_uninstall()
"""
_OWN_ROWS = "SELECT format('%s.%s', module, name) FROM ir_model_data WHERE module = '{name}'"


def run(store, runner, names=None):
    """Put every module, or those of `names`, through its trial: those on the same core together.

    :raise StoreError: a module that is not there.
    """
    plan = tomllib.loads((store.paths.root / "tests/leavings.toml").read_text())
    modules = store.modules()
    if unknown := sorted(set(names or ()) - set(modules)):
        raise StoreError(f"No module {', '.join(unknown)}: there are {', '.join(sorted(modules))}.")
    grounds = {}
    for name in sorted(names or modules):
        closure = our_modules.closure(modules, name)
        ground = tuple(our_modules.core_dependencies(closure))
        grounds.setdefault(ground, []).append((name, sorted(closure)))
    tally = Tally()
    for ground, trials in grounds.items():
        with _ground(store, ground) as database:
            for name, closure in trials:
                tally += _Trial(store, runner, database, name, closure, plan).run()
    return tally


@contextmanager
def _ground(store, modules):
    """A database with these modules of core, and nothing of ours; gone after the block."""
    database = f"ground_{store.paths.key}"
    store.databases.drop(database)
    store.build(database, modules)
    try:
        yield database
    finally:
        store.databases.drop(database)


class _Trial:
    """One module on copies of a database that has only what the module needs of core."""

    def __init__(self, store, runner, ground, name, closure, plan):
        self.store = store
        self.runner = runner
        self.ground = ground
        self.name = name
        self.closure = closure
        self.allowed = plan["allowed"]
        self.tally = Tally()

    def run(self):
        """Test it, then install, update, uninstall and install it again.

        :return Tally: one more passed for each of these acts that left nothing to say.
        """
        with self.runner.copy(self.ground) as database:
            # Without its repairs no page of Debian's Odoo is free of errors in the console.
            names = sorted({self.name} | ({our_modules.DEBIAN} & set(self.store.modules())))
            tags, install = [f"/{self.name}"], ["-i", ",".join(names)]
            log = self.runner.run_on(database, f"{self.name} alone", tags, install)
        with self.runner.copy(self.ground) as database:
            before = leavings.take(self.store.databases, database)
            self._check("install", self._update(database, install=[self.name]))
            self._check("update", self._update(database, upgrade=[self.name]))
            self._check("uninstall", self._uninstall(database, [self.name]))
            # The demo store's goods have moved: no module takes back what is in the books.
            if self.name != our_modules.DEMO:
                self._check("uninstall with what it needs", self._leave(database, before))
                self._check("install again", self._update(database, install=[self.name]))
        return log.tally() + self.tally

    def _check(self, act, findings):
        if findings:
            self.tally.fail("\n  ".join([f"{self.name}: {act}:", *findings]))
        else:
            self.tally.passed += 1

    def _update(self, database, **modules):
        with step(f"{self.name}: {', '.join(modules)}"):
            return complaints(self.store.update(database, **modules))

    def _uninstall(self, database, names):
        with step(f"{self.name}: uninstall"):
            output = self.store.shell(database, UNINSTALL.format(names=names))
        own = self.store.databases.query(database, _OWN_ROWS.format(name=self.name))
        return complaints(output) + [f"left: {row}" for (row,) in own]

    def _leave(self, database, before):
        """Uninstall the others of ours too; then the database must be what it was."""
        others = sorted(set(self.closure) - {self.name})
        findings = self._uninstall(database, others) if others else []
        after = leavings.take(self.store.databases, database)
        return findings + leavings.leave_out(leavings.compare(before, after), self.allowed)


def complaints(output):
    """Return what Odoo's log complains of, one line each."""
    bad = ("WARNING", "ERROR", "CRITICAL")
    records = read_records(output.splitlines())
    return [f"{record.level} {record.text}" for record in records if record.level in bad]
