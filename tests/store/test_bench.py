import ast
import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from store_lib import bench
from store_lib.console import StoreError
from store_lib.modules import Module
from store_lib.paths import Paths
from store_lib.process import start

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def arguments(file):
    """Return {function: its argument names} of the top level of a measurement."""
    functions = ast.parse(file.read_text()).body
    return {
        node.name: [argument.arg for argument in node.args.args]
        for node in functions
        if isinstance(node, ast.FunctionDef)
    }


class TestMeasurements(unittest.TestCase):
    """Each file in benchmarks/ can be run by `./store bench`."""

    def files(self):
        files = sorted(BENCHMARKS.glob("*.py"))
        self.assertGreaterEqual(len(files), 6)
        return files

    def test_each_runs_with_what_it_is_given(self):
        for file in self.files():
            with self.subTest(file.stem):
                functions = arguments(file)
                given = ["env", "report"]
                given += ["core"] * ("baseline" in functions) + ["few"] * ("measure" in functions)
                self.assertEqual(functions["run"], given)

    def test_core_and_few_diamonds_are_asked_where_a_file_says_how(self):
        for file in self.files():
            for function in ("baseline", "measure"):
                with self.subTest(file.stem, function=function):
                    told = function in arguments(file)
                    self.assertEqual(bench.defines(file, function), told)

    def test_names_choose_files(self):
        self.assertEqual([file.stem for file in bench._choose(BENCHMARKS, "sale")], ["sale"])
        self.assertEqual(bench._choose(BENCHMARKS, None), self.files())

    def test_an_unknown_name_lists_the_known(self):
        with self.assertRaisesRegex(StoreError, "no measurement speed: there are .*valuation"):
            bench._choose(BENCHMARKS, "speed")

    def test_a_row_without_a_baseline_shows_a_dash(self):
        row = {"name": "x", "n": 5, "value": 0.12345, "unit": "s", "baseline": None, "ratio": None}
        cells = bench._format(row).split()
        self.assertEqual(cells, ["x", "5", "0.1235", "s", "-", "-"])


# Stands for Odoo's shell: reports a row, says something else, ends as told.
SHELL = """
import json, sys
code = sys.stdin.read()
print("a warning")
print("bench: " + json.dumps(dict(
    name="page", n=80, value=0.5, unit="s", baseline=1.0, ratio=0.5)), flush=True)
print("core" if "core" in code else "alone")
sys.exit({code})
"""


class TestRun(unittest.TestCase):
    """A measurement runs on a copy, its rows are shown, the rest is in its log."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.root / "benchmarks").mkdir()
        self.write("page", "def run(env, report): ...\n")
        self.module = self.root / "jewelry_sale"
        self.module.mkdir()
        self.code = 0
        self.store = mock.Mock(paths=Paths(self.root))
        self.store.modules.return_value = {"jewelry_sale": Module(self.module, ())}
        self.store.odoo.build = "19"
        self.store.databases.complete.return_value = self.store.databases.names.return_value = set()
        self.store.start_shell = self.start
        opened = self.enterContext(mock.patch.object(bench, "opened"))
        opened.return_value.__enter__.return_value = self.store
        self.said = self.enterContext(contextlib.redirect_stdout(io.StringIO()))
        self.enterContext(contextlib.redirect_stderr(io.StringIO()))

    def write(self, name, text):
        (self.root / f"benchmarks/{name}.py").write_text(text)

    def start(self, database, **how):
        self.database = database
        return start([sys.executable, "-c", SHELL.format(code=self.code)], **how)

    def run_bench(self, name=None, as_json=False):
        return bench.run(self.root, SimpleNamespace(name=name, json=as_json))

    def test_rows_are_shown_as_a_table(self):
        self.assertEqual(self.run_bench(), 0)
        heading, row = self.said.getvalue().splitlines()
        self.assertEqual(heading.split(), ["name", "n", "value", "unit", "baseline", "ratio"])
        self.assertEqual(row.split(), ["page", "80", "0.5", "s", "1", "0.5"])

    def test_rows_are_shown_as_json(self):
        self.run_bench(as_json=True)
        self.assertEqual(json.loads(self.said.getvalue())["ratio"], 0.5)

    def test_what_else_is_said_is_in_the_log(self):
        self.run_bench()
        log = (self.store.paths.logs / "bench-page.log").read_text()
        self.assertIn("a warning", log)
        self.assertNotIn("bench: ", log)

    def test_a_measurement_that_fails_is_named_after_all_have_run(self):
        self.write("sale", "def run(env, report): ...\n")
        self.code = 1
        with self.assertRaisesRegex(StoreError, r"page, sale failed: see .*bench-\*\.log"):
            self.run_bench()

    def test_the_copy_goes_although_the_measurement_failed(self):
        self.code = 1
        with self.assertRaises(StoreError):
            self.run_bench()
        self.store.databases.drop.assert_called_with(self.database)

    def test_core_is_asked_first_where_a_file_says_how(self):
        self.write("page", "def baseline(env): ...\ndef run(env, report, core): ...\n")
        self.store.ask.return_value = {"seconds": 2}
        with mock.patch.object(bench, "Runner") as runner:
            runner.return_value.copy.return_value.__enter__.return_value = "core_copy"
            self.run_bench()
        self.assertEqual(self.store.ask.call_args.args[0], "core_copy")
        self.assertIn("core", (self.store.paths.logs / "bench-page.log").read_text())

    def test_the_database_is_made_once_and_again_when_a_module_changes(self):
        self.run_bench()
        (name, modules), _how = self.store.build.call_args
        self.assertEqual(modules, ["jewelry_sale"])
        self.store.databases.complete.return_value = {name}
        self.store.databases.names.return_value = {name, "jewelry"}
        self.run_bench()
        self.assertEqual(self.store.build.call_count, 1)
        (self.module / "models.py").write_text("x = 1\n")
        self.run_bench()
        self.assertEqual(self.store.build.call_count, 2)
        self.store.databases.drop.assert_any_call(name)
        self.assertNotIn(mock.call("jewelry"), self.store.databases.drop.call_args_list)
