import unittest
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

from store_lib.console import StoreError
from store_lib.full import _run_adopted, _update_together, leave_out, read_plan, run_core
from store_lib.logs import TestLog
from store_lib.process import start
from store_lib.program import count_unittest
from store_lib.suite import Runner, get_parts


class TestUnittestCounts(unittest.TestCase):
    """The program's own tests are counted from what unittest prints."""

    def counts(self, output, code):
        tally = count_unittest(output, code)
        return tally.passed, tally.failed, tally.skipped

    def test_a_good_run(self):
        self.assertEqual(self.counts("Ran 12 tests in 0.1s\n\nOK\n", 0), (12, 0, 0))

    def test_failures_errors_and_skips(self):
        output = "Ran 12 tests in 0.1s\n\nFAILED (failures=1, errors=2, skipped=3)\n"
        self.assertEqual(self.counts(output, 1), (6, 3, 3))

    def test_a_run_that_did_not_start_is_a_failure(self):
        self.assertEqual(self.counts("ImportError: x\n", 1), (0, 1, 0))


class TestQuietUpdate(unittest.TestCase):
    """All our modules are updated at once and nobody warns."""

    def update(self, log):
        store = SimpleNamespace(update=lambda database, upgrade: log)
        tally = _update_together(store, "shop", ["jewelry_inventory"])
        return tally.passed, tally.failed

    def test_a_silent_update_passes(self):
        self.assertEqual(self.update("2026-11-25 18:00:00,000 1 INFO x y: loading\n"), (1, 0))

    def test_each_warning_is_a_failure(self):
        warning = "2026-11-25 18:00:00,000 1 WARNING x y: Access Rights Inconsistency\n"
        self.assertEqual(self.update(warning * 2), (0, 2))


class TestPlan(unittest.TestCase):
    """Core's suites are run as the plan says, all of them or some by name."""

    root = Path(__file__).resolve().parents[2]

    def test_without_names_all_suites_are_run(self):
        plan = read_plan(self.root)
        self.assertLessEqual({"stock", "point_of_sale"}, set(plan["suites"]))
        self.assertLessEqual(set(plan["at_install"]), set(plan["suites"]))

    def test_named_suites_are_run_alone_with_what_is_allowed(self):
        plan = read_plan(self.root, "point_of_sale,product")
        self.assertEqual(plan["suites"], ["point_of_sale", "product"])
        self.assertEqual(plan["at_install"], ["point_of_sale"])
        self.assertEqual(plan["allowed"], read_plan(self.root)["allowed"])

    def test_a_suite_that_is_not_in_the_plan_is_told_with_those_that_are(self):
        with self.assertRaises(StoreError) as caught:
            read_plan(self.root, "pos_sale,chess")
        self.assertIn("No suite chess of core's", str(caught.exception))
        self.assertIn("point_of_sale", str(caught.exception))

    def test_nothing_is_installed_for_suites_without_tests_of_their_installation(self):
        tally = _run_adopted(None, None, read_plan(self.root, "product"))
        self.assertEqual((tally.passed, tally.failed), (0, 0))

    def test_a_named_suite_is_installed_beside_our_modules_and_run_with_its_installation(self):
        done = []

        def run_on(_database, _label, tags, full=False):
            done.append((tags, full))
            log = TestLog()
            log.started = {("odoo.addons.point_of_sale.tests.x", f"A.test_{len(done)}"): 1}
            log.results = [[0, 0, 1]]
            return log

        store = SimpleNamespace(
            modules=lambda demo: {"jewelry_pos": None},
            update=lambda database, install=(), upgrade=(): done.append([*install, *upgrade]) or "",
        )
        runner = SimpleNamespace(copy=lambda: nullcontext("shop"), run_on=run_on)
        plan = read_plan(self.root, "point_of_sale")
        tally = run_core(store, runner, plan)
        self.assertEqual((tally.passed, tally.failed), (4, 0))
        self.assertEqual(done[0], ["jewelry_pos", *plan["modules"]])
        self.assertIn((["post_install/point_of_sale"], False), done)
        self.assertEqual(done[-2], ["jewelry_pos", "point_of_sale"])
        self.assertEqual(done[-1], (["jewelry_core_at_install_point_of_sale"], True))

    def test_every_exception_has_its_reason(self):
        for entry in read_plan(self.root)["allowed"]:
            self.assertEqual(len({"test", "skip"} & set(entry)), 1, entry)
            self.assertTrue(entry["reason"], entry)


class TestAllowed(unittest.TestCase):
    """A test of core that the plan names, with its reason, counts neither way."""

    def test_only_the_named_test_is_taken_away(self):
        log = TestLog()
        first, second = ("odoo.addons.stock.tests.x", "A.test_a"), ("x", "A.test_b")
        log.started, log.failed, log.skipped = {first: 1, second: 1}, {first, second}, {}
        log.problems = ["ERROR x: FAIL: A.test_a", "ERROR x: FAIL: A.test_b"]
        log.results = [[2, 0, 2]]
        tally = leave_out(log, [{"test": "A.test_a", "reason": "demo data"}]).tally()
        self.assertEqual((tally.passed, tally.failed), (0, 1))

    def test_a_skip_is_allowed_by_cores_own_words(self):
        log = TestLog()
        log.started = {("x", "A.test_a"): 1, ("x", "A.test_b"): 1, ("x", "A.test_c"): 1}
        log.skipped = {("x", "A.test_a"): "too heavy", ("x", "A.test_b"): "no browser"}
        log.results = [[0, 0, 3]]
        tally = leave_out(log, [{"skip": "too heavy", "reason": "by hand"}]).tally()
        self.assertEqual((tally.passed, tally.failed, tally.skipped), (1, 0, 1))


class TestParts(unittest.TestCase):
    """Many files of tests run in two databases at once, each file in one of them."""

    def parts(self, count, full=False, processors=2, seconds=None):
        files = [f"/jewelry_x/tests/test_{number}.py" for number in range(count)]
        module = SimpleNamespace(name="jewelry_x", test_files=lambda: files)
        return get_parts([module], full, processors, seconds or {})

    def test_few_files_or_one_processor_are_no_reason_to_install_twice(self):
        self.assertEqual(self.parts(3), [["/jewelry_x"]])
        self.assertEqual(self.parts(50, processors=1), [["/jewelry_x"]])

    def test_what_the_first_takes_the_second_leaves_and_takes_the_rest(self):
        first, second = self.parts(50)
        self.assertEqual(len(first), 25)
        self.assertEqual(second, ["/jewelry_x", *(f"-{file}" for file in first)])

    def test_a_file_that_takes_long_stands_against_many(self):
        slow = "/jewelry_x/tests/test_7.py"
        first, _second = self.parts(50, seconds={slow: 100})
        self.assertIn(slow, first)
        # 175 seconds with it, and 170 of the 34 others.
        self.assertEqual(len(first), 16)

    def test_long_tests_are_split_as_well(self):
        first, second = self.parts(50, full=True)
        self.assertIn("jewelry_full/jewelry_x/tests/test_0.py", first)
        self.assertIn("jewelry_full/jewelry_x", second)
        self.assertIn("-/jewelry_x/tests/test_0.py", second)

    def test_whoever_interrupts_does_not_wait_for_the_end(self):
        runner = Runner(store=None)
        runner.running.append(start(["sleep", "60"]))
        with self.assertRaises(KeyboardInterrupt), runner.stopping():
            raise KeyboardInterrupt
        self.assertNotEqual(runner.running[0].wait(timeout=5), 0)
