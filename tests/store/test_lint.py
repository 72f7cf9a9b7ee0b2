import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from store_lib import idioms, lint, node, readme
from store_lib.console import StoreError
from store_lib.modules import read_all
from store_lib.paths import Paths

ROOT = Path(__file__).resolve().parents[2]
# Stands for a linter: writes down how it was called, says and ends as the test wants.
TOOL = """#!/bin/sh
echo "$0 $@" >> {calls}
[ -f {says} ] && cat {says}
exit $(cat {code} 2>/dev/null || echo 0)
"""


class Linters(unittest.TestCase):
    """A checkout with one module, and linters that do as they are told."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory())).resolve()
        self.calls, self.says, self.code = (self.root / name for name in ("calls", "says", "code"))
        self.tools = self.root / "tools"
        for name in ("python", "oca-checks-odoo-module", ".bin/eslint", ".bin/prettier"):
            self.add_tool(name)
        self.module = self.root / "addons/jewelry_sale"
        self.write("__manifest__.py", "{'name': 'Jewelry Sale', 'depends': ['sale_stock']}\n")
        self.write("readme/DESCRIPTION.rst", "Sells a piece.\n")
        paths = Paths(self.root)
        store = SimpleNamespace(
            paths=paths,
            python=self.tools / "python",
            odoo=SimpleNamespace(base=self.root / "odoo", addons=[self.root / "core"]),
            folders=[paths.addons],
            all_modules=lambda: read_all(paths.addons),
        )
        (self.root / "core/test_lint/tests").mkdir(parents=True)
        self.store = store
        self.enterContext(mock.patch.object(lint.python, "prepare", return_value=store.python))
        self.enterContext(mock.patch.object(lint.node, "prepare", return_value=self.tools))
        self.enterContext(contextlib.redirect_stderr(io.StringIO()))
        self.enterContext(contextlib.chdir(self.root))

    def add_tool(self, name):
        path = self.tools / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TOOL.format(calls=self.calls, says=self.says, code=self.code))
        path.chmod(0o755)

    def write(self, name, text):
        path = self.module / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def answer(self, code, said=""):
        """Let every linter end with `code` and say `said`."""
        self.code.write_text(str(code))
        self.says.write_text(said)

    def called(self):
        return self.calls.read_text().splitlines() if self.calls.exists() else []

    def linters(self):
        return lint._Linters(self.store)


class TestAll(Linters):
    """Zero findings of every linter is the only success."""

    def check(self, fix=False):
        return lint.check(self.store, fix)

    def test_linters_that_find_nothing_pass(self):
        readme.check(self.module, fix=True)
        tally = self.check()
        self.assertEqual((tally.failed, tally.problems), (0, []))
        self.assertEqual(tally.passed, len(self.linters().all()))

    def test_each_finding_is_shown_under_the_name_of_its_linter(self):
        readme.check(self.module, fix=True)
        self.answer(1, "x.py:1: wrong")
        told = "\n".join(self.check().problems)
        for label in ("ruff", "ruff format", "pylint-odoo", "core's pylint plugins", "prettier"):
            with self.subTest(label):
                self.assertIn(f"{label}:\nx.py:1: wrong", told)

    def test_a_linter_that_fails_in_silence_is_a_finding(self):
        self.answer(3)
        self.assertEqual(self.linters().ruff(), "ruff ended with code 3")

    def test_what_a_linter_says_that_found_nothing_is_no_finding(self):
        self.answer(0, "All checks passed!")
        self.assertEqual(self.linters().ruff(), "")

    def test_it_does_not_matter_where_the_person_stands(self):
        self.write("models/piece.py", "def _compute_x(self): ...\n")
        readme.check(self.module, fix=True)
        with contextlib.chdir("/"):
            self.assertEqual(self.check().problems, [])

    def test_nothing_is_changed_unless_asked_for(self):
        self.check()
        self.assertFalse([call for call in self.called() if "--fix" in call or "--write" in call])
        self.assertFalse((self.module / "README.rst").exists())

    def test_what_can_be_put_right_is_when_asked_for(self):
        self.check(fix=True)
        called = "\n".join(self.called())
        for command in ("ruff check --fix", "ruff format -q", "--fix", "prettier --write"):
            self.assertIn(command, called)
        self.assertIn("Sells a piece.", (self.module / "README.rst").read_text())


class TestEach(Linters):
    """What each linter is given."""

    def test_scripts_are_linted_and_libraries_are_not(self):
        self.write("static/src/scan.js", "")
        self.write("static/lib/zip.js", "")
        self.linters().eslint()
        (call,) = self.called()
        self.assertIn("static/src/scan.js", call)
        self.assertNotIn("zip.js", call)

    def test_without_scripts_eslint_is_not_asked(self):
        self.assertEqual(self.linters().eslint(), "")
        self.assertFalse(self.called())

    def test_prettier_gets_scripts_views_and_styles(self):
        for name in ("a.js", "b.xml", "c.scss", "d.css", "e.py"):
            self.write(f"static/src/{name}", "")
        self.linters().prettier()
        (call,) = self.called()
        for name in ("a.js", "b.xml", "c.scss", "d.css"):
            self.assertIn(name, call)
        self.assertNotIn("e.py", call)

    def test_methods_that_return_nothing_are_named_to_pylint(self):
        self.write("models/piece.py", "def _compute_x(self): ...\ndef _own(self): ...\n")
        self.write("tests/test_x.py", "def _helper(self): ...\n")
        names = self.linters()._without_return()
        self.assertLessEqual({"_compute_x", "_helper", "setUpClass"}, names)
        self.assertNotIn("_own", names)

    def test_cores_plugins_run_with_the_python_that_imports_odoo(self):
        self.linters().core_plugins()
        (call,) = self.called()
        self.assertIn("--load-plugins=_pylint_path_setup", call)
        self.assertIn(str(self.module), call)

    def test_a_compose_file_is_read_by_docker_where_it_is(self):
        docker = self.tools / "docker"
        docker.write_text(
            "#!/bin/sh\n[ $2 = version ] && exit 0\necho services.odoo: no image; exit 1\n"
        )
        docker.chmod(0o755)
        with mock.patch.dict("os.environ", PATH=f"{self.tools}:/usr/bin:/bin"):
            self.assertIn("no image", self.linters().compose())

    def test_a_compose_file_is_read_as_yaml_elsewhere(self):
        self.answer(1, "KeyError: 'odoo'")
        with mock.patch.dict("os.environ", PATH=str(self.without_docker())):
            self.assertIn("KeyError", self.linters().compose())

    def without_docker(self):
        folder = self.root / "bin"
        folder.mkdir()
        for name in ("sh", "cat"):
            (folder / name).symlink_to(f"/bin/{name}")
        return folder

    def test_files_are_named_as_seen_from_the_root(self):
        found = [str(path) for path in self.linters()._files("py")]
        self.assertEqual(found, ["addons/jewelry_sale/__manifest__.py"])

    def test_a_module_whose_readme_is_old_is_named(self):
        self.assertIn("jewelry_sale: README.rst", self.linters().readmes())

    def test_findings_of_our_own_are_among_them(self):
        self.write("views/piece_views.xml", "<odoo>\n<tree/>\n</odoo>\n")
        self.write("models/piece.py", f"x = 1  # {'TO' + 'DO'}\n")
        found = self.linters().idioms()
        self.assertIn("piece_views.xml:2: write <list>", found)
        self.assertIn("piece.py:1: write do it", found)
        self.assertIn("piece_views.xml: nothing loads it", found)


class TestUnused(Linters):
    """A file that nothing loads is a file too many."""

    def check(self):
        return idioms.check_unused([self.module])

    def test_a_view_that_the_manifest_does_not_name_is_found(self):
        path = self.write("views/piece_views.xml", "<odoo/>")
        self.assertEqual(self.check(), [f"{path}: nothing loads it"])

    def test_a_view_that_the_manifest_names_is_loaded(self):
        self.write("views/piece_views.xml", "<odoo/>")
        self.write("__manifest__.py", "{'data': ['views/piece_views.xml']}")
        self.assertEqual(self.check(), [])

    def test_data_that_a_program_reads_is_loaded(self):
        self.write("data/pieces.csv", "number\n")
        self.assertEqual(len(self.check()), 1)
        self.write("hooks.py", "open('data/pieces.csv')\n")
        self.assertEqual(self.check(), [])

    def test_other_folders_and_files_are_not_looked_at(self):
        self.write("data/LICENSE", "free")
        self.write("static/src/card.xml", "<templates/>")
        self.assertEqual(self.check(), [])

    def test_nothing_in_this_checkout_is_unused(self):
        modules = [path.parent for path in sorted(ROOT.glob("addons/*/__manifest__.py"))]
        self.assertGreater(len(modules), 5)
        self.assertEqual(idioms.check_unused(modules), [])


class TestReadmes(unittest.TestCase):
    """The README of each module of this checkout says what its fragments say."""

    def test_sections_come_in_one_order_whatever_their_files_are_called(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "readme").mkdir()
        (folder / "__manifest__.py").write_text("{'name': 'X'}")
        for name in ("CREDITS", "ROADMAP", "USAGE", "CONFIGURE", "DESCRIPTION"):
            (folder / f"readme/{name}.rst").write_text(f"about {name}\n")
        text = readme.render(folder)
        places = [
            text.index(f"about {name}")
            for name in ("DESCRIPTION", "CONFIGURE", "USAGE", "ROADMAP", "CREDITS")
        ]
        self.assertEqual(places, sorted(places))

    def test_an_empty_fragment_makes_no_section(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "readme").mkdir()
        (folder / "__manifest__.py").write_text("{'name': 'X'}")
        (folder / "readme/DESCRIPTION.rst").write_text("What it does.\n")
        (folder / "readme/USAGE.rst").write_text("\n")
        self.assertNotIn("Usage", readme.render(folder))

    def test_each_module_of_ours_has_a_description(self):
        for manifest in sorted(ROOT.glob("addons/*/__manifest__.py")):
            with self.subTest(manifest.parent.name):
                self.assertTrue(readme._fragment(manifest.parent, "DESCRIPTION"))


class TestNode(unittest.TestCase):
    """The JavaScript linters at the versions of the lock file, installed once."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for name in node._FILES:
            (self.root / name).write_text(json.dumps({"name": name}))
        environment = {"XDG_CACHE_HOME": str(self.root / "cache")}
        self.bin = self.root / "bin"
        self.bin.mkdir()
        environment["PATH"] = f"{self.bin}:/usr/bin:/bin"
        self.enterContext(mock.patch.dict("os.environ", environment))
        self.enterContext(mock.patch.object(node, "require_node"))
        self.enterContext(contextlib.redirect_stderr(io.StringIO()))

    def let_npm(self, script):
        npm = self.bin / "npm"
        npm.write_text(f"#!/bin/sh\n{script}\n")
        npm.chmod(0o755)

    def test_packages_are_installed_once_beside_their_lock_file(self):
        self.let_npm('echo "$@" >> "$(dirname "$0")/calls"; mkdir node_modules')
        folder = node.prepare(Paths(self.root))
        self.assertEqual(node.prepare(Paths(self.root)), folder)
        self.assertTrue(folder.is_dir())
        self.assertTrue((folder.parent / "package-lock.json").exists())
        (call,) = (self.bin / "calls").read_text().splitlines()
        self.assertTrue(call.startswith("ci "))
        self.assertIn("--ignore-scripts", call)

    def test_another_lock_file_is_another_folder(self):
        self.let_npm("mkdir node_modules")
        first = node.prepare(Paths(self.root))
        (self.root / "package-lock.json").write_text("{}")
        self.assertNotEqual(node.prepare(Paths(self.root)), first)

    def test_packages_that_cannot_be_fetched_are_told(self):
        self.let_npm("echo ENOTFOUND; exit 1")
        with self.assertRaisesRegex(StoreError, "check the network and npm's registry(.|\n)*ENOT"):
            node.prepare(Paths(self.root))

    def test_a_failed_installation_is_tried_again(self):
        self.let_npm("exit 1")
        with self.assertRaises(StoreError):
            node.prepare(Paths(self.root))
        self.let_npm("mkdir node_modules")
        self.assertTrue(node.prepare(Paths(self.root)).is_dir())

    def test_plugins_are_found_outside_the_checkout(self):
        environment = node.environment(Path("/x/node_modules"))
        self.assertEqual(environment["NODE_PATH"], "/x/node_modules")
        self.assertTrue(environment["PATH"].startswith("/x/node_modules/.bin:"))
