"""What tests share that run units of the browser."""

from odoo.addons.web.tests.test_js import HOOTCommon, unit_test_error_checker


class UnitsCommon(HOOTCommon):
    """The units of a module, run in a browser."""

    def _run_units(self, module):
        """Run the suite of a module, and fail as it does."""
        suite = self._generate_hash(f"@{module}")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=unit_test_error_checker,
        )
