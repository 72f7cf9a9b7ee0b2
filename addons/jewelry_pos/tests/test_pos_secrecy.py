from odoo.exceptions import AccessError
from odoo.tests import tagged

from .price_common import PriceCommon

HIDDEN = {
    "pos.order": ("margin", "margin_percent"),
    "pos.order.line": ("total_cost", "margin", "margin_percent"),
    "report.pos.order": ("margin",),
}
STORED = {"pos.order.line": ("total_cost",), "report.pos.order": ("margin",)}


@tagged("post_install", "-at_install")
class TestHiddenPosMargin(PriceCommon):
    """A cashier sells, and learns neither a cost nor what is left over it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier.group_ids += cls.env.ref("base.group_allow_export")
        cls.order = cls._sell(cls.high, user=cls.cashier)
        cls.env.flush_all()

    def _search(self, model):
        self.env.invalidate_all()
        return self.env[model].with_user(self.cashier).search([])

    def test_no_margin_is_read(self):
        for model, names in HIDDEN.items():
            for name in names:
                records = self._search(model)
                with self.subTest(model=model, field=name), self.assertRaises(AccessError):
                    records.read([name])

    def test_no_cost_is_searched_sorted_summed_or_exported(self):
        for model, names in STORED.items():
            records = self._search(model)
            for name in names:
                acts = {
                    "search": lambda records=records, name=name: records.search([(name, ">", 0)]),
                    "sort": lambda records=records, name=name: records.search([], order=name),
                    "sum": lambda records=records, name=name: records._read_group(
                        [], [], [f"{name}:sum"]
                    ),
                    "export": lambda records=records, name=name: records.export_data([name]),
                }
                for act, run in acts.items():
                    with self.subTest(model=model, field=name, act=act):
                        self.assertRaises(AccessError, run)

    def test_no_screen_asks_for_one(self):
        for model, names in HIDDEN.items():
            for kind in ("form", "list", "pivot", "graph"):
                view = self.env[model].with_user(self.cashier).get_view(view_type=kind)
                for name in names:
                    with self.subTest(model=model, kind=kind, field=name):
                        self.assertNotIn(f'name="{name}"', view["arch"])

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
