from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.units_common import UnitsCommon


@tagged("post_install", "-at_install")
class TestRfidUnits(UnitsCommon):
    def test_units_of_the_browser_pass(self):
        self._run_units("jewelry_rfid")
