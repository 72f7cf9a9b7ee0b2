from odoo.tests import tagged

from .. import hooks
from .common import PosCommon


@tagged("post_install", "-at_install")
class TestPosHooks(PosCommon):
    """What the module does to records of others when it comes and when it goes."""

    def test_styles_that_are_there_already_are_sold_at_registers(self):
        style = self.style.product_tmpl_id
        kept = style.copy({"sale_ok": False})
        (style | kept).available_in_pos = False
        hooks.post_init_hook(self.env)
        self.assertTrue(style.available_in_pos)
        self.assertFalse(kept.available_in_pos)

    def test_cashiers_are_no_staff_of_the_store_once_the_module_is_gone(self):
        cashier = self._create_user("employee", "point_of_sale.group_pos_user")
        associate = self._create_user("associate", "point_of_sale.group_pos_user")
        self.assertTrue(cashier.has_group("jewelry_inventory.group_staff"))
        hooks.uninstall_hook(self.env)
        self.assertFalse(cashier.has_group("jewelry_inventory.group_staff"))
        self.assertTrue(cashier.has_group("point_of_sale.group_pos_user"))
        self.assertTrue(associate.has_group("jewelry_inventory.group_staff"))
        self.assertFalse(self.low.with_user(cashier).has_access("read"))
