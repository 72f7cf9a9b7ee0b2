import tempfile
import unittest
from pathlib import Path

from store_lib.logs import Record, Tally, TestLog, read_records

PREFIX = "2026-11-23 05:50:00,123 77 {level} test_1 {logger}: "
OURS = "odoo.addons.jewelry_inventory.tests.test_piece"


def line(message, level="INFO", logger=OURS):
    return PREFIX.format(level=level, logger=logger) + message


RESULT = line(
    "{} failed, {} error(s) of {} tests when loading database 'test_1' ", logger="odoo.tests.result"
)


def result(failed=0, errors=0, total=1):
    return RESULT.format(failed, errors, total)


class TestCounting(unittest.TestCase):
    """The counts come from Odoo's log as it really looks."""

    def read(self, *lines):
        log = TestLog()
        for record in read_records(lines):
            log.add(record)
        return log

    def counts(self, *lines):
        tally = self.read(*lines).tally()
        return tally.passed, tally.failed, tally.skipped

    def test_a_test_without_an_error_has_passed(self):
        self.assertEqual(self.counts(line("Starting TestPiece.test_a ... "), result()), (1, 0, 0))

    def test_a_failing_test_counts_once_with_all_its_subtests(self):
        lines = [
            line("Starting TestPiece.test_a ... "),
            line("FAIL: Subtest TestPiece.test_a (model='a')\nTraceback", "ERROR"),
            line("FAIL: Subtest TestPiece.test_a (model='b')\nTraceback", "ERROR"),
            line("Starting TestPiece.test_b ... "),
            result(failed=2, total=2).replace("INFO", "ERROR"),
        ]
        self.assertEqual(self.counts(*lines), (1, 1, 0))

    def test_a_test_that_passes_the_second_time_has_passed(self):
        lines = [
            line("Starting TestPiece.test_a ... "),
            line("FAIL: TestPiece.test_a\nTraceback", "_ERROR"),
            line("Starting TestPiece.test_a ... "),
            result(total=2),
        ]
        self.assertEqual(self.counts(*lines), (1, 0, 0))

    def test_why_a_test_is_tried_again_is_shown(self):
        record = Record("_ERROR", "odoo.tests", "FAIL: TestPiece.test_a\nbecause")
        self.assertEqual(
            TestLog().add(record), "will be tried again: FAIL: TestPiece.test_a\nbecause"
        )

    def test_a_class_that_cannot_start_is_a_failure(self):
        lines = [
            line("ERROR: setUpClass (odoo.addons.jewelry_inventory.tests.x.Y)\nboom", "ERROR"),
            result(errors=1, total=0),
        ]
        self.assertEqual(self.counts(*lines), (0, 1, 0))

    def test_a_skip_is_no_success(self):
        lines = [
            line("Starting TestTour.test_a ... "),
            line("skipped TestTour.test_a : Chrome executable not found"),
            line("Starting TestTour.test_b ... "),
            result(total=2),
        ]
        self.assertEqual(self.counts(*lines), (1, 0, 1))
        self.assertFalse(self.read(*lines).tally().good)

    def test_a_warning_about_our_module_is_a_failure(self):
        warning = line("models ['jewelry.stone'] have no access rules", "WARNING", "odoo.modules")
        tally = self.read(line("Starting TestPiece.test_a ... "), warning, result()).tally()
        self.assertEqual((tally.passed, tally.failed), (1, 1))
        self.assertIn("jewelry.stone", tally.problems[0])

    def test_a_warning_of_core_is_none_of_ours(self):
        warning = line("slow query in /home/me/jewelry-store/.odoo", "WARNING", "odoo.sql_db")
        self.assertEqual(self.counts(line("Starting T.a ... "), warning, result()), (1, 0, 0))

    def test_an_error_of_anybody_is_a_failure(self):
        error = line("Could not get content for /mail/x.js", "ERROR", "odoo.addons.base")
        self.assertEqual(self.counts(line("Starting T.a ... "), error, result()), (1, 1, 0))

    def test_tests_inside_the_browser_are_counted(self):
        lines = [
            line("Starting TestHoot.test_unit ... "),
            line(
                "[HOOT] Passed 12 tests (40 assertions, total time: 3s)", logger=f"{OURS}.browser"
            ),
            result(),
        ]
        self.assertEqual(self.counts(*lines), (13, 0, 0))

    def end(self, code, *lines):
        log = self.read(*lines)
        with tempfile.NamedTemporaryFile("w", suffix=".log") as file:
            file.write("MemoryError\n")
            file.flush()
            log.ended(code, Path(file.name))
        return log.tally()

    def test_a_run_that_ends_without_a_result_has_failed(self):
        tally = self.end(-9, line("Starting TestPiece.test_a ... "))
        self.assertEqual((tally.passed, tally.failed), (1, 1))
        self.assertRegex(tally.problems[0], r"code -9 (.|\n)*MemoryError")

    def test_an_exit_code_that_no_line_explains_is_a_failure(self):
        lines = [line("Starting TestPiece.test_a ... "), result()]
        self.assertEqual(self.end(0, *lines).failed, 0)
        self.assertEqual(self.end(1, *lines).failed, 1)

    def test_no_test_at_all_is_no_success(self):
        self.assertFalse(self.read(result(total=0)).tally().good)

    def test_a_traceback_belongs_to_its_record(self):
        records = list(read_records([line("boom", "ERROR"), "Traceback", "  File x", line("next")]))
        self.assertEqual([record.text for record in records], ["boom\nTraceback\n  File x", "next"])

    def test_tests_are_counted_per_module(self):
        other = "odoo.addons.jewelry_pos.tests.test_scan"
        log = self.read(line("Starting T.a ... "), line("Starting T.b ... ", logger=other))
        self.assertEqual(log.modules(), {"jewelry_inventory": 1, "jewelry_pos": 1})

    def test_the_last_line_reads_as_ci_expects(self):
        self.assertEqual(str(Tally(3, 1, 0)), "3 passed, 1 failed, 0 skipped")
