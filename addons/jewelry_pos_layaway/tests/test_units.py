from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.units_common import UnitsCommon


@tagged("post_install", "-at_install")
class TestLayawayUnits(UnitsCommon):
    """The units of layaways at the register."""

    def test_the_suite_of_layaways_passes(self):
        self._run_units("jewelry_pos_layaway")
