import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

from store_lib import idioms, modules, readme
from store_lib.console import StoreError


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def add(self, name, *depends):
        path = self.folder / name
        (path / "readme").mkdir(parents=True)
        (path / "__manifest__.py").write_text(repr({"name": name.title(), "depends": depends}))
        return path


class TestModules(Case):
    """What the manifests say decides what is installed."""

    def read(self):
        return modules.read_all(self.folder)

    def test_core_modules_are_what_ours_need_and_do_not_bring(self):
        self.add("jewelry_inventory", "stock", "portal")
        self.add("jewelry_sale", "jewelry_inventory", "sale_stock")
        self.assertEqual(modules.core_dependencies(self.read()), ["portal", "sale_stock", "stock"])

    def test_a_module_brings_those_of_ours_that_it_needs_and_no_other(self):
        self.add("jewelry_inventory", "stock")
        self.add("jewelry_sale", "jewelry_inventory", "sale_stock")
        self.add("jewelry_memo", "jewelry_sale", "jewelry_inventory")
        self.add("jewelry_purchase", "jewelry_inventory", "purchase_stock")
        found = modules.closure(self.read(), "jewelry_memo")
        self.assertEqual(sorted(found), ["jewelry_inventory", "jewelry_memo", "jewelry_sale"])
        self.assertEqual(modules.core_dependencies(found), ["sale_stock", "stock"])

    def test_an_unknown_module_is_refused_with_the_known_ones(self):
        self.add("jewelry_sale")
        with self.assertRaisesRegex(StoreError, "No module jewelry_sail: there are jewelry_sale"):
            modules.select(self.read(), ["jewelry_sail"])

    def test_the_repair_of_debians_package_is_installed_only_there(self):
        self.add("jewelry_debian")
        for from_debian in (True, False):
            odoo = SimpleNamespace(from_debian=from_debian)
            self.assertEqual("jewelry_debian" in modules.suited(self.read(), odoo), from_debian)

    def test_the_demo_store_can_be_left_out(self):
        self.add("jewelry_demo")
        odoo = SimpleNamespace(from_debian=True)
        self.assertFalse(modules.suited(self.read(), odoo, demo=False))

    def test_a_changed_file_changes_the_fingerprint_and_a_compiled_one_does_not(self):
        path = self.add("jewelry_sale")
        before = self.read()["jewelry_sale"].fingerprint()
        (path / "__pycache__").mkdir()
        (path / "__pycache__/x.pyc").write_text("x")
        self.assertEqual(self.read()["jewelry_sale"].fingerprint(), before)
        (path / "hooks.py").write_text("x = 1")
        self.assertNotEqual(self.read()["jewelry_sale"].fingerprint(), before)

    def test_a_broken_manifest_is_named(self):
        path = self.add("jewelry_sale")
        (path / "__manifest__.py").write_text("{")
        with self.assertRaisesRegex(StoreError, "jewelry_sale/__manifest__.py is not a manifest"):
            self.read()


class TestReadme(Case):
    """README.rst is made from fragments, never written by hand."""

    def test_fragments_become_sections_under_the_title(self):
        path = self.add("jewelry_sale")
        (path / "readme/DESCRIPTION.rst").write_text("Sells a piece.\n")
        (path / "readme/USAGE.rst").write_text("Scan it.\n")
        wanted = "Jewelry_Sale\n============\n\nSells a piece.\n\nUsage\n-----\n\nScan it.\n"
        self.assertEqual(readme.render(path), wanted)

    def test_a_readme_that_differs_is_found_and_put_right(self):
        path = self.add("jewelry_sale")
        (path / "readme/DESCRIPTION.rst").write_text("Sells a piece.\n")
        self.assertIn("--fix", readme.check(path))
        self.assertEqual(readme.check(path, fix=True), "")
        self.assertEqual(readme.check(path), "")

    def test_a_module_without_description_is_found(self):
        self.assertIn("DESCRIPTION.rst is missing", readme.check(self.add("jewelry_sale")))


class TestIdioms(Case):
    """Old idioms and methods too long are found with file and line."""

    def check(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return idioms.check([path])

    def test_each_old_idiom_is_found(self):
        old = [
            "_sql_" + "constraints = []",
            "groups" + "_id = 1",
            "route(type='" + "json')",
            "self.read_" + "group([])",
            "def name" + "_get(self):\n    pass",
            "from odoo" + ".osv import expression",
            "self._" + "cr.execute('')",
        ]
        for text in old:
            with self.subTest(text=text):
                source = text if text.startswith(("_", "def", "from")) else f"x = 1  # {text}"
                self.assertEqual(len(self.check("x.py", source)), 1)

    def test_a_tree_view_is_found(self):
        self.assertIn("x.xml:2: write <list>", self.check("x.xml", "<odoo>\n<tree />\n</odoo>")[0])

    def test_todays_idioms_pass(self):
        self.assertEqual(self.check("x.py", "x = self._read_group([], ['a'])\n"), [])

    def test_a_method_of_41_lines_is_too_long(self):
        body = "    x = 1\n" * 39
        self.assertEqual(self.check("x.py", f"def f():\n{body}"), [])
        self.assertIn("f is longer than 40", self.check("x.py", f"def f():\n{body}    x = 1\n")[0])
