import contextlib
import io
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from store_lib import matrix
from store_lib.console import StoreError
from store_lib.leavings import Snapshot
from store_lib.logs import Tally
from store_lib.modules import Module
from store_lib.paths import Paths

CLEAN = "2026-11-25 10:00:00,000 1 INFO shop odoo.modules.loading: fine\n"
WARNING = "2026-11-25 10:00:00,000 1 WARNING shop odoo.models: no access rules\n"


class Trials(unittest.TestCase):
    """Modules on a store and a runner that are only remembered."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.root / "tests").mkdir()
        (self.root / "tests/leavings.toml").write_text("allowed = []\n")
        self.modules = {
            "jewelry_inventory": Module(self.root / "jewelry_inventory", ("stock",)),
            "jewelry_sale": Module(self.root / "jewelry_sale", ("jewelry_inventory", "sale")),
            "jewelry_memo": Module(self.root / "jewelry_memo", ("jewelry_sale", "stock")),
        }
        self.store = mock.Mock(paths=Paths(self.root))
        self.store.modules.return_value = self.modules
        self.store.update.return_value = self.store.shell.return_value = CLEAN
        self.store.databases.query.return_value = []
        self.runner = mock.MagicMock()
        self.runner.copy.return_value.__enter__.return_value = "copy"
        self.runner.run_on.return_value = SimpleNamespace(tally=lambda: Tally(passed=3))
        self.snapshot = Snapshot({"table res_partner"}, {})
        take = mock.patch.object(matrix.leavings, "take", side_effect=lambda *_args: self.snapshot)
        self.take = self.enterContext(take)
        self.enterContext(contextlib.redirect_stderr(io.StringIO()))

    def run_all(self):
        return matrix.run(self.store, self.runner)

    def built(self):
        """The grounds that were built: their modules of core."""
        return [call.args[1] for call in self.store.build.call_args_list]


class TestGrounds(Trials):
    """Each module stands on what it declares and nothing else."""

    def test_each_stands_on_the_core_that_it_needs(self):
        self.run_all()
        self.assertEqual(sorted(self.built()), [("sale", "stock"), ("stock",)])

    def test_some_are_tried_by_name(self):
        matrix.run(self.store, self.runner, ["jewelry_memo"])
        self.assertEqual(self.built(), [("sale", "stock")])
        self.assertEqual(self.runner.run_on.call_count, 1)

    def test_a_module_that_is_not_there_is_refused_before_anything_is_built(self):
        with self.assertRaisesRegex(StoreError, "No module chess: there are jewelry_inventory"):
            matrix.run(self.store, self.runner, ["jewelry_memo", "chess"])
        self.assertEqual(self.built(), [])

    def test_a_ground_is_dropped_although_a_trial_failed(self):
        self.runner.run_on.side_effect = KeyboardInterrupt
        with self.assertRaises(KeyboardInterrupt):
            self.run_all()
        ground = f"ground_{self.store.paths.key}"
        self.assertEqual(self.store.databases.drop.call_args_list, [mock.call(ground)] * 2)

    def test_each_is_tested_alone(self):
        self.run_all()
        tested = {call.args[2][0]: call.args[3] for call in self.runner.run_on.call_args_list}
        self.assertEqual(tested["/jewelry_memo"], ["-i", "jewelry_memo"])
        self.assertEqual(len(tested), len(self.modules))

    def test_on_debians_odoo_its_repairs_are_there_while_testing_and_only_then(self):
        self.modules["jewelry_debian"] = Module(self.root / "jewelry_debian", ("web",))
        self.run_all()
        tested = {call.args[2][0]: call.args[3] for call in self.runner.run_on.call_args_list}
        self.assertEqual(tested["/jewelry_memo"], ["-i", "jewelry_debian,jewelry_memo"])
        installed = [call.kwargs.get("install") for call in self.store.update.call_args_list]
        self.assertIn(["jewelry_memo"], installed)
        self.assertNotIn(["jewelry_debian", "jewelry_memo"], installed)

    def test_the_demo_store_leaves_its_goods_and_is_not_compared(self):
        needs = ("jewelry_inventory",)
        self.modules["jewelry_demo"] = Module(self.root / "jewelry_demo", needs)
        self.snapshot = None  # nothing that could be compared
        with mock.patch.object(matrix.leavings, "compare", return_value=[]) as compare:
            tally = self.run_all()
        self.assertEqual(compare.call_count, 3)
        self.assertEqual((tally.passed, tally.failed), (3 * (3 + 5) + 3 + 3, 0))

    def test_each_is_installed_and_updated_and_installed_again_once_it_is_gone(self):
        self.modules = {"jewelry_inventory": self.modules["jewelry_inventory"]}
        self.store.modules.return_value = self.modules
        self.run_all()
        acts = [call.kwargs for call in self.store.update.call_args_list]
        name = ["jewelry_inventory"]
        self.assertEqual(acts, [{"install": name}, {"upgrade": name}, {"install": name}])

    def test_acts_and_tests_are_counted(self):
        tally = self.run_all()
        # Three tests of each, and: install, update, uninstall, uninstall all, install again.
        self.assertEqual((tally.passed, tally.failed), (3 * (3 + 5), 0))


class TestFindings(Trials):
    """Whatever an act says, or leaves, is a failure that names the module and the act."""

    def told(self):
        tally = self.run_all()
        self.assertTrue(tally.failed)
        return "\n".join(tally.problems)

    def test_a_warning_of_an_update(self):
        self.store.update.return_value = CLEAN + WARNING
        told = self.told()
        self.assertIn("jewelry_sale: install:\n  WARNING", told)
        self.assertIn("no access rules", told)

    def test_a_warning_of_an_uninstallation(self):
        self.store.shell.return_value = WARNING
        self.assertIn("jewelry_sale: uninstall:\n  WARNING", self.told())

    def test_a_row_that_stays_behind(self):
        self.store.databases.query.return_value = [["jewelry_sale.rule"]]
        self.assertIn("jewelry_sale: uninstall:\n  left: jewelry_sale.rule", self.told())

    def test_a_table_that_stays_behind(self):
        snapshots = iter([self.snapshot, Snapshot({"table res_partner", "table x"}, {})] * 3)
        self.take.side_effect = lambda *_args: next(snapshots)
        told = self.told()
        self.assertIn("uninstall with what it needs:", told)
        self.assertIn("table x", told)

    def test_what_the_plan_allows_is_no_finding(self):
        (self.root / "tests/leavings.toml").write_text(
            '[[allowed]]\nline = "new: table x"\nreason = "core"\n'
        )
        plan = mock.patch.object(matrix.leavings, "leave_out", side_effect=lambda _f, allowed: [])
        with plan as leave_out:
            tally = self.run_all()
        self.assertFalse(tally.failed)
        self.assertEqual(leave_out.call_args.args[1][0]["reason"], "core")

    def test_others_of_ours_are_uninstalled_before_anything_is_compared(self):
        self.run_all()
        codes = [call.args[1] for call in self.store.shell.call_args_list]
        self.assertIn("['jewelry_inventory', 'jewelry_sale']", "".join(codes))

    def test_a_module_that_stands_alone_has_no_others_to_uninstall(self):
        self.modules = {"jewelry_inventory": self.modules["jewelry_inventory"]}
        self.store.modules.return_value = self.modules
        self.run_all()
        self.assertEqual(self.store.shell.call_count, 1)
