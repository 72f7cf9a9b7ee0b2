"""`./store lint`: every linter over our folders; zero findings is the only success."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir

from . import idioms, node, python, readme
from .console import step
from .logs import Tally
from .process import attempt, clean_environment

# Core's own plugins, run on our folders only: its test walks all of core and takes minutes.
_CORE_CHECKS = (
    "used-before-assignment,undefined-variable,eval-used,unreachable,function-redefined,"
    "sql-injection,missing-gettext,gettext-variable,gettext-placeholders,gettext-repr,"
    "raise-unlink-override"
)
_CORE_PLUGINS = (
    "_pylint_path_setup,pylint.extensions.bad_builtin,_odoo_checker_sql_injection,"
    "_odoo_checker_gettext,_odoo_checker_unlink_override"
)
_RETURNS_NOTHING = re.compile(r"def (_(?:compute|inverse|check|onchange)\w+)")
_HELPER = re.compile(r"def (_\w+)")


def check(store, fix=False):
    """Run every linter that needs no database.

    :param bool fix: let those that can repair what they find.
    """
    # Findings name files as seen from the root, wherever the person stands.
    with chdir(store.paths.root):
        return _check(_Linters(store), fix)


def _check(linters, fix):
    if fix:
        linters.repair()
    tally = Tally()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for label, findings in pool.map(_find, linters.all()):
            if findings:
                tally.fail(f"{label}:\n{findings}")
            else:
                tally.passed += 1
    return tally


def _find(named):
    label, linter = named
    with step(f"lint: {label}"):
        return label, linter().strip()


class _Linters:
    """The linters, each a method that returns its findings as text."""

    def __init__(self, store):
        self.root = store.paths.root
        self.store = store
        self.modules = [module.path for module in store.all_modules().values()]
        self.python = python.prepare(store.paths, python.LINTERS, "Python linters")
        self.node = node.prepare(store.paths)

    def all(self):
        """Their names and methods, the longest first: some run at once."""
        return [
            ("core's pylint plugins", self.core_plugins),
            ("pylint-odoo", self.pylint_odoo),
            ("ruff", self.ruff),
            ("ruff format", self.ruff_format),
            ("oca-checks-odoo-module", self.oca_checks),
            ("eslint", self.eslint),
            ("prettier", self.prettier),
            ("docker compose", self.compose),
            ("idioms", self.idioms),
            ("README.rst", self.readmes),
        ]

    def repair(self):
        """What can be put right without thinking."""
        self._python("ruff", "check", "--fix", "-q", ".")
        self._python("ruff", "format", "-q", ".")
        self._oca("--fix")
        self._node("prettier", "--write", *self._styled())
        for module in self.modules:
            readme.check(module, fix=True)

    # === PYTHON === #

    def ruff(self):
        return self._python("ruff", "check", "-q", "--output-format=concise", ".")

    def ruff_format(self):
        return self._python("ruff", "format", "--check", "-q", ".")

    def pylint_odoo(self):
        returning = f"--no-missing-return={','.join(sorted(self._without_return()))}"
        return self._python("pylint", "--rcfile=.pylintrc", returning, *self.modules)

    def _without_return(self):
        """Names whose contract is to return nothing: computes and the like, helpers of tests."""
        names = {"setUp", "setUpClass", "tearDown", "__init__"}
        for path in self._files("py"):
            rule = _HELPER if "tests" in path.parts else _RETURNS_NOTHING
            names |= set(rule.findall(path.read_text()))
        return names

    def oca_checks(self):
        return self._oca()

    def _oca(self, *options):
        code, output = attempt(
            [self.python.with_name("oca-checks-odoo-module"), *options, *self.modules],
            cwd=self.root,
        )
        return output if code else ""

    def core_plugins(self):
        """Core's three plugins need a Python that imports Odoo."""
        folder = next(path / "test_lint/tests" for path in self.store.odoo.addons)
        command = [self.store.python, "-m", "pylint", "--rcfile=/dev/null", "--reports=n"]
        command += ["--disable=all,useless-option-value,unknown-option-value", "--score=n"]
        command += [f"--enable={_CORE_CHECKS}"]
        command += [f"--load-plugins={_CORE_PLUGINS}", "--bad-functions=input", *self.modules]
        environment = clean_environment(
            PYTHONPATH=f"{folder}:{self.store.odoo.base}",
            ADDONS_PATH=":".join(map(str, [*self.store.odoo.addons, *self.store.folders])),
        )
        code, output = attempt(command, env=environment, cwd=self.root)
        return output if code else ""

    def _python(self, tool, *options):
        code, output = attempt([self.python, "-m", tool, *options], cwd=self.root)
        return (output.strip() or f"{tool} ended with code {code}") if code else ""

    # === JAVASCRIPT, XML, STYLES === #

    def eslint(self):
        files = [path for path in self._files("js") if "lib" not in path.parts]
        return self._node("eslint", *files) if files else ""

    def prettier(self):
        return self._node("prettier", "--check", *self._styled())

    def _styled(self):
        return [path for kind in ("js", "xml", "scss", "css") for path in self._files(kind)]

    def _node(self, tool, *options):
        environment = node.environment(self.node)
        code, output = attempt(
            [self.node / ".bin" / tool, *options], env=environment, cwd=self.root
        )
        return output if code else ""

    # === DOCKER === #

    def compose(self):
        """By docker's own reader when it is here, else as YAML."""
        code, _version = attempt(["sh", "-c", "docker compose version"])
        if not code:
            code, output = attempt(["docker", "compose", "config", "-q"], cwd=self.root)
            return output if code else ""
        read = "import yaml; yaml.safe_load(open('docker-compose.yml'))['services']['odoo']"
        code, output = attempt([self.python, "-c", read], cwd=self.root)
        return output if code else ""

    # === OUR OWN === #

    def idioms(self):
        files = [path for kind in ("py", "xml", "js") for path in self._files(kind)]
        return "\n".join(idioms.check(files) + idioms.check_unused(self.modules))

    def readmes(self):
        return "\n".join(filter(None, (readme.check(module) for module in self.modules)))

    def _files(self, kind):
        """Files of that kind in our modules, as the person sees them from the root."""
        found = [path for module in self.modules for path in sorted(module.rglob(f"*.{kind}"))]
        return [path.relative_to(self.root) for path in found]
