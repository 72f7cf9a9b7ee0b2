import tomllib
import unittest
from pathlib import Path

from store_lib import leavings, matrix
from store_lib.leavings import Snapshot

ROOT = Path(__file__).resolve().parents[2]


class FakeDatabases:
    """Answers each question by what it asks for, and remembers the last one."""

    def __init__(self, schema, rows):
        self.schema, self.rows = schema, rows

    def query(self, name, statement):
        self.asked = statement
        if "pg_tables" in statement:
            return [["bus_bus"], ["ir_model_data"], ["res_partner"]]
        return self.rows if "res_partner" in statement else [[line] for line in self.schema]


class TestTake(unittest.TestCase):
    """A snapshot holds the structure and a digest of every row."""

    def setUp(self):
        self.databases = FakeDatabases(["table res_partner"], [["res_partner", "1", "abc"]])
        self.snapshot = leavings.take(self.databases, "shop")

    def test_structure_and_rows_are_held(self):
        self.assertEqual(self.snapshot.schema, {"table res_partner"})
        self.assertEqual(self.snapshot.rows, {("res_partner", "1"): "abc"})

    def test_tables_that_change_by_the_clock_are_not_read(self):
        self.assertNotIn('"bus_bus"', self.databases.asked)
        self.assertIn('"res_partner"', self.databases.asked)

    def test_bookkeeping_goes_by_its_name_and_not_by_its_id(self):
        names = leavings._select_rows("ir_model_data")
        self.assertIn("row ->> 'module', row ->> 'name'", names)
        self.assertIn("'res_id'", names)
        self.assertNotIn("'res_id'", leavings._select_rows("res_partner"))

    def test_when_a_row_was_written_does_not_matter(self):
        self.assertIn("'write_date'", leavings._select_rows("res_partner"))


class TestCompare(unittest.TestCase):
    """Each thing that differs is one line."""

    def compare(self, before, after, schema=("table a",), schema_after=("table a",)):
        return leavings.compare(
            Snapshot(frozenset(schema), before), Snapshot(frozenset(schema_after), after)
        )

    def test_nothing_left_is_no_line(self):
        self.assertEqual(self.compare({("a", "1"): "x"}, {("a", "1"): "x"}), [])

    def test_rows_left_lost_and_changed(self):
        before = {("a", "1"): "x", ("a", "2"): "x"}
        after = {("a", "2"): "y", ("a", "3"): "x"}
        self.assertEqual(self.compare(before, after), ["changed: a 2", "left: a 3", "lost: a 1"])

    def test_a_trigger_left_and_an_index_lost(self):
        lines = self.compare({}, {}, ["index i"], ["trigger t"])
        self.assertEqual(lines, ["left: trigger t", "lost: index i"])

    def test_only_whole_lines_that_the_plan_names_are_allowed(self):
        lines = ["left: ir_cron 1", "left: ir_cron 12"]
        allowed = [{"line": r"left: ir_cron \d", "reason": "core's"}]
        self.assertEqual(leavings.leave_out(lines, allowed), ["left: ir_cron 12"])


class TestPlan(unittest.TestCase):
    """The plans name exactly what may differ, and why."""

    def plan(self, name):
        return tomllib.loads((ROOT / "tests" / name).read_text())["allowed"]

    def test_every_exception_has_its_reason(self):
        for name in ("leavings.toml", "core_suites.toml"):
            for entry in self.plan(name):
                with self.subTest(entry=entry):
                    self.assertGreaterEqual(len(entry["reason"]), 20)
                    self.assertEqual(len(entry), 2)

    def test_what_would_be_a_fault_of_ours_is_not_allowed(self):
        faults = [
            "left: table jewelry_stone",
            "left: column stock_lot.is_piece boolean",
            "left: function jewelry_provenance_refuse()",
            "left: index CREATE INDEX product_value__lot_id_index ON product_value (lot_id)",
            "left: ir_model_data jewelry_inventory.group_manager",
            "left: ir_model_fields stock.lot.is_piece",
            "left: ir_config_parameter 31",
            "left: ir_cron 12",
            "changed: product_category 1",
            "changed: ir_model 75",
        ]
        self.assertEqual(leavings.leave_out(faults, self.plan("leavings.toml")), faults)


class TestComplaints(unittest.TestCase):
    """What Odoo logs above the ordinary counts, whoever says it."""

    def test_warnings_and_errors_are_told_and_the_rest_is_not(self):
        stamp = "2026-11-25 18:00:00,000 12"
        output = (
            f"{stamp} INFO shop odoo.modules: loading\n"
            f"{stamp} WARNING shop odoo.addons.base: Access Rights Inconsistency\n  in a view\n"
            f"{stamp} ERROR shop odoo.sql_db: bad query\n"
        )
        self.assertEqual(
            matrix.complaints(output),
            ["WARNING Access Rights Inconsistency\n  in a view", "ERROR bad query"],
        )
