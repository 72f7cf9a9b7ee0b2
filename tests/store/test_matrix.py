import unittest
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from store_lib import matrix
from store_lib.leavings import Snapshot
from store_lib.logs import TestLog

ROOT = Path(__file__).resolve().parents[2]
SOUND = Snapshot(frozenset(["table a"]), {})
STAMP = "2026-11-25 18:00:00,000 12"


class FakeRunner:
    """Copies are names, and the one test of every module passes."""

    @contextmanager
    def copy(self, template):
        yield f"copy of {template}"

    def run_on(self, database, label, tags, options):
        log = TestLog()
        log.started, log.results = {("x", "T.a"): 1}, [[0, 0, 1]]
        return log


class FakeStore:
    """Odoo that says what it was made with, and remembers what it was asked."""

    def __init__(self, log="", shell="", own=()):
        self.log, self.output, self.own, self.asked = log, shell, own, []
        self.databases = SimpleNamespace(query=lambda name, statement: self.own)

    def modules(self):
        return ["jewelry_inventory", "jewelry_sale"]

    def update(self, database, **modules):
        self.asked.append(modules)
        return self.log

    def shell(self, database, code):
        self.asked.append(code)
        return self.output


class TestTrial(unittest.TestCase):
    """A module passes only when every act left nothing to say."""

    def run_trial(self, store, after=SOUND, closure=("jewelry_inventory", "jewelry_sale")):
        plan = {"allowed": [{"line": "left: row", "reason": "core's"}]}
        trial = matrix._Trial(store, FakeRunner(), "ground", "jewelry_sale", closure, plan)
        with mock.patch("store_lib.leavings.take", side_effect=[SOUND, after]):
            return trial.run()

    def test_a_sound_module_passes_its_tests_and_five_acts(self):
        tally = self.run_trial(FakeStore())
        self.assertEqual((tally.passed, tally.failed), (6, 0))

    def test_it_is_installed_updated_and_left_with_what_it_needed(self):
        store = FakeStore()
        self.run_trial(store)
        first, second, alone, rest, again = store.asked
        self.assertEqual(first, {"install": ["jewelry_sale"]})
        self.assertEqual(second, {"upgrade": ["jewelry_sale"]})
        self.assertIn("['jewelry_sale']", alone)
        self.assertIn("['jewelry_inventory']", rest)
        self.assertEqual(again, first)

    def test_the_demo_store_leaves_its_goods_and_is_not_compared(self):
        store = FakeStore()
        trial = matrix._Trial(store, FakeRunner(), "ground", "jewelry_demo", (), {"allowed": []})
        with mock.patch("store_lib.leavings.take", return_value=SOUND):
            self.assertEqual(trial.run().passed, 4)
        self.assertEqual(len(store.asked), 3)

    def test_a_warning_of_an_update_is_a_failure_whoever_logs_it(self):
        tally = self.run_trial(
            FakeStore(log=f"{STAMP} WARNING x odoo.addons.base: Inconsistency\n")
        )
        self.assertEqual(tally.failed, 3)
        self.assertIn("jewelry_sale: update:\n  WARNING Inconsistency", tally.problems)

    def test_an_error_of_an_uninstall_is_a_failure(self):
        tally = self.run_trial(FakeStore(shell=f"{STAMP} ERROR x odoo.sql_db: bad query\n"))
        self.assertIn("jewelry_sale: uninstall:\n  ERROR bad query", tally.problems)

    def test_a_name_of_the_module_that_stays_is_a_failure(self):
        tally = self.run_trial(FakeStore(own=[["jewelry_sale.menu"]]))
        self.assertIn("jewelry_sale: uninstall:\n  left: jewelry_sale.menu", tally.problems)

    def test_a_trigger_that_stays_is_a_failure(self):
        after = Snapshot(SOUND.schema | {"trigger t"}, {})
        tally = self.run_trial(FakeStore(), after)
        self.assertEqual((tally.passed, tally.failed), (5, 1))
        self.assertIn("left: trigger t", tally.problems[0])


class TestGrounds(unittest.TestCase):
    """Modules that need the same of core share a database, and each has no more than it needs."""

    def test_each_module_stands_on_what_it_and_its_own_need(self):
        module = mock.Mock
        modules = {
            "jewelry_inventory": module(depends=("stock",)),
            "jewelry_demo": module(depends=("jewelry_inventory",)),
            "jewelry_sale": module(depends=("jewelry_inventory", "sale")),
        }
        built = []

        @contextmanager
        def ground(store, needed):
            built.append(needed)
            yield "ground"

        paths = SimpleNamespace(root=ROOT)
        store = SimpleNamespace(modules=lambda: modules, paths=paths)
        with (
            mock.patch.object(matrix, "_ground", ground),
            mock.patch.object(matrix, "_Trial") as trial,
        ):
            trial.return_value.run.return_value = matrix.Tally(1)
            tally = matrix.run(store, None)
        self.assertEqual(built, [("stock",), ("sale", "stock")])
        self.assertEqual(tally.passed, 3)
