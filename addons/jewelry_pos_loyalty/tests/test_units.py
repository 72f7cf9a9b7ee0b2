from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.units_common import UnitsCommon


@tagged("post_install", "-at_install")
class TestLoyaltyUnits(UnitsCommon):
    """What of an order earns points, and what coupons take something off."""

    def test_the_suite_of_loyalty_passes(self):
        self._run_units("jewelry_pos_loyalty")
