"""Invariant 11: every legal number is a record, and code holds none."""

import ast
import re
from pathlib import Path

from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools.misc import file_path

# What names a law. Accounting standards (IAS, ASC) set no numbers that we use.
LAW = re.compile(r"\b(CFR|USC|U\.S\.C\.|FTC|FinCEN|AMLR|\(EU\) \d{4}/\d+|Form 8300)")
LOOKUPS = ("_get_rule", "_get_rules")

# Every code counts and compares with these.
HARMLESS = {-1, 0, 1, 2}

# It declares bounds of values, such as 1000 ‰: no law, but arithmetic.
DECLARES = "models/jewelry_rule.py"


def find_numbers_beside_law(source):
    """Return `(line, number)` of the numbers in statements and methods that name a law."""
    found, lines = [], source.splitlines()
    for node in _get_blocks(ast.parse(source)):
        # Whole lines: a comment beside the number names the law as well.
        if LAW.search("\n".join(lines[node.lineno - 1 : node.end_lineno])):
            found += _get_numbers(node)
    return sorted(set(found))


def find_numbers_of_rules(source, numbers):
    """Return `(line, number)` of the numbers that code which asks a rule repeats from rules.

    :param numbers: {subject: numbers of its rules}
    """
    tree = ast.parse(source)
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LOOKUPS
    ]
    # A subject may stand in a constant beside the call: whichever the file names.
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    asked = {number for subject in numbers if subject in texts for number in numbers[subject]}
    return [one for one in _get_numbers(tree) if calls and one[1] in asked]


def _get_blocks(tree):
    """Return the statements of a module, and of its classes, one by one."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from node.body
        else:
            yield node


def _get_numbers(tree):
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and type(node.value) in (int, float)
        and node.value not in HARMLESS
    ]


def read_code():
    """Return {path: source} of our addons, without their tests."""
    root = Path(file_path("jewelry_inventory")).parent
    paths = [path for folder in root.glob("jewelry_*") for path in folder.rglob("*.py")]
    return {
        str(path.relative_to(root)): path.read_text()
        for path in paths
        if "tests" not in path.parts and not str(path).endswith(DECLARES)
    }


@tagged("post_install", "-at_install")
class TestRuleFinder(BaseCase):
    """The lint finds what it is for."""

    def test_a_number_beside_a_law_is_found(self):
        sources = {
            "LIMIT = 10000  # Form 8300\n": [(1, 10000)],
            "def f():\n    '''By 16 CFR 23.18.'''\n    return 0.005\n": [(3, 0.005)],
            "class A:\n    def f(self):\n        return 'FTC', 17\n    x = 5\n": [(3, 17)],
            "LIMIT = 10000\n": [],
            "def f():\n    '''By 16 CFR 23.18.'''\n    return x + 1\n": [],
            "SHARE = 3  # IAS 2.28\n": [],
        }
        for source, found in sources.items():
            with self.subTest(source=source):
                self.assertEqual(find_numbers_beside_law(source), found)

    def test_a_number_that_a_rule_holds_is_found_where_the_rule_is_asked(self):
        numbers = {"claim_silver": {925, 900}}
        sources = {
            "r = x._get_rule('claim_silver', y)\nif f < 925: pass\n": [(2, 925)],
            "S = 'claim_silver'\nr = x._get_rules([S], y)\nf = 900.0\n": [(3, 900.0)],
            "r = x._get_rule('claim_silver', y)\nif f < 5: pass\n": [],
            "r = x._get_rule('claim_gold', y)\nif f < 925: pass\n": [],
            "STERLING = 925, 'claim_silver'\n": [],
        }
        for source, found in sources.items():
            with self.subTest(source=source):
                self.assertEqual(find_numbers_of_rules(source, numbers), found)


@tagged("post_install", "-at_install")
class TestNoLegalNumbers(TransactionCase):
    """The code of every addon of ours."""

    def test_the_code_names_no_law_beside_a_number(self):
        code = read_code()
        self.assertGreater(len(code), 100)
        for path, source in code.items():
            with self.subTest(path=path):
                self.assertEqual(find_numbers_beside_law(source), [])

    def test_who_asks_a_rule_repeats_no_number_of_it(self):
        numbers = {}
        for rule in self.env["jewelry.rule"].search([]):
            values = rule.values.values()
            found = {value for value in values if type(value) in (int, float)}
            numbers.setdefault(rule.subject, set()).update(found)
        for path, source in read_code().items():
            with self.subTest(path=path):
                self.assertEqual(find_numbers_of_rules(source, numbers), [])
