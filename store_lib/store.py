"""A prepared store: Odoo, its Python, its PostgreSQL; starts Odoo's commands on databases."""

import json
import os
from contextlib import contextmanager

from . import modules, odoo, postgres, python
from .build import require_disk
from .console import StoreError, step
from .databases import Databases
from .paths import Paths
from .process import clean_environment, run, start

_ANSWER = "answer: "
QUIET = ["--stop-after-init", "--no-http", "--max-cron-threads=0"]


@contextmanager
def opened(root, options, testing=False):
    """Prepare what is missing and yield the store; PostgreSQL runs for the time of the block.

    :param options: parsed arguments with `odoo` and `database_url`.
    """
    paths = Paths(root)
    # First what is wrong with the command itself: the rest takes minutes.
    own = postgres.parse_url(options.database_url) if options.database_url else None
    paths.state.mkdir(exist_ok=True)
    require_disk(paths.state, 1)
    program = odoo.prepare(paths, options.odoo)
    interpreter = _prepare_python(paths, testing)
    with postgres.server(paths, own) as server:
        yield Store(paths, program, interpreter, server, testing)


def _prepare_python(paths, testing):
    if testing:
        return python.prepare(paths, python.TESTS, "Python packages for tests")
    return python.prepare(paths, python.STORE, "Python packages")


class Store:
    """One checkout's addons on one Odoo and one PostgreSQL."""

    def __init__(self, paths, program, interpreter, server, testing=False):
        self.paths = paths
        self.odoo = program
        self.python = interpreter
        self.server = server
        self.folders = [paths.addons] + ([paths.test_addons] if testing else [])
        self.databases = Databases(interpreter, server, paths.data / "filestore")

    def all_modules(self):
        """Every module of ours: {name: Module}."""
        return modules.read_all(*self.folders)

    def modules(self, demo=True):
        """Those of our modules that suit this Odoo: {name: Module}."""
        return modules.suited(self.all_modules(), self.odoo, demo)

    # === ODOO'S COMMANDS === #

    def _command(self, subcommand, database, options):
        addons = ",".join(str(folder) for folder in [*self.odoo.addons, *self.folders])
        command = [self.python, "-P", "-m", "odoo", *subcommand]
        command += ["-c", self.paths.root / "odoo.conf", "-d", database]
        command += [f"--addons-path={addons}", f"--data-dir={self.paths.data}"]
        return [*command, *self.server.options, *options]

    def environment(self, **extra):
        """The environment of Odoo; core's tests call programs of ours by name."""
        path = f"{self.python.parent}:{os.environ.get('PATH', os.defpath)}"
        return clean_environment(
            PATH=path, PYTHONPATH=self.odoo.base, **self.server.environment, **extra
        )

    def start(self, database, *options, environment=None, **how):
        """Start Odoo's server on `database`; `how` goes to `process.start`."""
        command = self._command([], database, options)
        return start(
            command, env=self.environment(**(environment or {})), cwd=self.paths.state, **how
        )

    def shell(self, database, code):
        """Run `code` in Odoo's shell, with `env`; return what it printed."""
        command = self.shell_command(database)
        return run(command, input=code, env=self.environment(), cwd=self.paths.state)

    def start_shell(self, database, **how):
        """Start Odoo's shell; `how` goes to `process.start`."""
        environment = self.environment()
        return start(self.shell_command(database), env=environment, cwd=self.paths.state, **how)

    def shell_command(self, database):
        """Odoo's shell without its server; only warnings come between what the code prints."""
        options = ["--no-http", "--max-cron-threads=0", "--log-level=warn"]
        return self._command(["shell"], database, options)

    def ask(self, database, code):
        """Run `code` in Odoo's shell and return what it assigned to `answer` (JSON types)."""
        code += f"\nimport json\nprint({_ANSWER!r} + json.dumps(answer))\n"
        lines = self.shell(database, code).splitlines()
        return json.loads(next(line for line in lines if line.startswith(_ANSWER))[len(_ANSWER) :])

    def update(self, database, install=(), upgrade=()):
        """Install and upgrade modules, without tests; return Odoo's log.

        :raise StoreError: Odoo reports an error; the log's path is named.
        """
        log = self.paths.logs / f"{database}.log"
        options = [*QUIET]
        options += ["-i", ",".join(install)] if install else []
        options += ["-u", ",".join(upgrade)] if upgrade else []
        command = self._command([], database, options)
        failure = f"Odoo could not prepare the database {database}."
        output = run(
            command, env=self.environment(), cwd=self.paths.state, log=log, failure=failure
        )
        if " ERROR " in output or " CRITICAL " in output:
            raise StoreError(f"Odoo reported errors while it prepared {database}: see {log}")
        return output

    # === DATABASES === #

    def require_database(self, name):
        """Fail when the database does not exist.

        :raise StoreError: with the names that do.
        """
        if name not in self.databases.names():
            raise StoreError(
                f"There is no database {name}: ./store run --database {name} makes it."
            )

    def build(self, name, install):
        """Make the database `name` with the modules; a killed build leaves no `name`."""
        passing = f"{name}_building"
        with step(f"database {name} ({len(install)} modules and what they need)"):
            self.databases.create(passing)
            self.update(passing, install=install)
            self.databases.rename(passing, name)
