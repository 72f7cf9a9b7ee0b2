from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.common import HiddenFieldTests

from .price_common import PriceCommon

HIDDEN = {
    "pos.order": ("margin", "margin_percent"),
    "pos.order.line": ("total_cost", "margin", "margin_percent"),
    "report.pos.order": ("margin",),
}
STORED = {"pos.order.line": ("total_cost",), "report.pos.order": ("margin",)}


@tagged("post_install", "-at_install")
class TestHiddenPosMargin(HiddenFieldTests, PriceCommon):
    """A cashier sells, and learns neither a cost nor what is left over it."""

    hidden, stored = HIDDEN, STORED

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls.cashier
        cls.cashier.group_ids += cls.env.ref("base.group_allow_export")
        cls.order = cls._sell(cls.high, user=cls.cashier)
        cls.env.flush_all()

    def test_who_may_see_costs_sees_margins(self):
        self.assertEqual(self.order.with_user(self.manager).margin, 1100)

    def test_what_a_register_gets_back_of_an_order_holds_no_cost(self):
        order = self._prepare_order(self.low)
        answer = self.env["pos.order"].with_user(self.manager).sync_from_ui([order])
        for rows in answer.values():
            for row in rows:
                for name in ("total_cost", "margin", "margin_percent"):
                    self.assertFalse(row.get(name))
                self.assertFalse(row.get("standard_price"))

    def test_the_records_of_prices_are_out_of_a_cashiers_sight(self):
        for model in ("jewelry.price.agreement", "jewelry.approval"):
            for operation in ("read", "write", "create", "unlink"):
                with self.subTest(model=model, operation=operation):
                    self.assertFalse(self.env[model].with_user(self.cashier).has_access(operation))
