"""Core's tests that core runs while it installs, run after the install, beside our modules.

While core installs, none of our modules is loaded yet: these tests would not notice them. Each
class of them becomes one of ours, which `./store test --full` runs by its tag.
"""

import os
import tomllib
from pathlib import Path

from odoo.tests import tagged
from odoo.tests.loader import get_module_test_cases, get_test_modules

PLAN = Path(__file__).parents[2] / "core_suites.toml"


def _get_classes(suite):
    """Return the test classes of a module of core that run while it installs, in their order."""
    cases = (case for module in get_test_modules(suite) for case in get_module_test_cases(module))
    return dict.fromkeys(type(case) for case in cases if "at_install" in case.test_tags)


def _adopt(suite, test_class):
    """Return a subclass of a test class of core that runs all its tests after the install."""
    values = {"__module__": __name__, "allow_inherited_tests_method": True}
    adopted = type(test_class.__name__, (test_class,), values)
    tag = f"jewelry_core_at_install_{suite}"
    return tagged("post_install", "-at_install", "-standard", tag)(adopted)


if os.environ.get("JEWELRY_FULL"):
    for _suite in tomllib.loads(PLAN.read_text())["at_install"]:
        for _class in _get_classes(_suite):
            globals()[f"{_suite}_{_class.__name__}"] = _adopt(_suite, _class)
