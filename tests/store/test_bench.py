import ast
import unittest
from pathlib import Path

from store_lib import bench
from store_lib.console import StoreError

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
