from lxml import etree

from odoo import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.jewelry_inventory.tests.common import HiddenFieldTests
from odoo.addons.jewelry_sale.tests.common import SaleCommon

HIDDEN = {
    "sale.order": ("margin", "margin_percent"),
    "sale.order.line": ("margin", "margin_percent", "purchase_price"),
    "sale.report": ("margin",),
}


@tagged("post_install", "-at_install")
class TestPieceMargin(SaleCommon):
    """What is earned on a piece is its price less what this very piece cost."""

    def test_two_pieces_of_a_style_earn_each_its_own_margin(self):
        order = self._quote(self.low, self.high)
        self.assertEqual(order.order_line.mapped("purchase_price"), [100, 900])
        self.assertEqual(order.order_line.mapped("margin"), [200, 1100])
        self.assertEqual(order.margin, 1300)

    def test_delivering_one_of_them_keeps_the_margins(self):
        order = self._sell(self.low, self.high)
        self._deliver(order, self.high)
        self.assertEqual(order.order_line.mapped("purchase_price"), [100, 900])

    def test_another_piece_on_the_line_brings_its_own_cost(self):
        line = self._quote(self.low).order_line
        line.piece_id = self.high
        self.assertEqual((line.purchase_price, line.margin), (900, 1100))

    def test_a_cost_that_is_corrected_after_the_sale_changes_the_margin(self):
        order = self._sell(self.high)
        self._deliver(order)
        self.high._set_cost({self.high: 950}, "correction")
        self.assertEqual((order.order_line.purchase_price, order.margin), (950, 1050))

    def test_a_cost_is_shown_in_the_money_of_the_order(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "company_id": self.company.id, "rate": 0.5}
        )
        pricelist = self.env["product.pricelist"].create({"name": "EUR", "currency_id": euro.id})
        line = self._quote(self.high, pricelist_id=pricelist.id).order_line
        self.assertEqual(line.purchase_price, 450)

    def test_other_goods_keep_the_way_of_core(self):
        box = self.env["product.product"].create({"name": "Box", "standard_price": 3})
        order = self._quote(self.low, order_line=[Command.create({"product_id": box.id})])
        self.assertEqual(order.order_line.purchase_price, 3)


@tagged("post_install", "-at_install")
class TestHiddenMargin(HiddenFieldTests, SaleCommon):
    """An associate sells, and learns neither a cost nor what is left over it."""

    hidden = stored = HIDDEN

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.associate = new_test_user(
            cls.env,
            login="margin_associate",
            groups="jewelry_inventory.group_associate,sales_team.group_sale_salesman,"
            "base.group_allow_export",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )
        cls.reader = cls.associate
        cls.order = cls._quote(cls.high, user_id=cls.associate.id)
        cls.env.flush_all()

    def test_no_bracket_remains_of_a_hidden_margin(self):
        view = self.order.with_user(self.associate).get_view(view_type="form")
        totals = etree.fromstring(view["arch"]).find(".//field[@name='tax_totals']")
        beside = "".join("".join(part.itertext()) for part in totals.itersiblings())
        self.assertNotIn("(", beside)
        self.assertNotIn(")", "".join(part.tail or "" for part in totals.itersiblings()))

    def test_who_may_see_costs_sees_margins(self):
        seller = new_test_user(
            self.env,
            login="margin_manager",
            groups="jewelry_inventory.group_manager,sales_team.group_sale_manager",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        self.assertEqual(self.order.with_user(seller).margin, 1100)
        view = self.env["sale.order"].with_user(seller).get_view(view_type="form")
        self.assertIn('name="margin"', view["arch"])

    def test_an_associate_quotes_confirms_and_delivers_without_being_stopped(self):
        order = self.env["sale.order"].with_user(self.associate)
        order = order.create(
            {
                "partner_id": self.client.id,
                "order_line": [Command.create({"piece_id": self.low.id})],
            }
        )
        order.action_confirm()
        self._deliver(order.sudo())
        self.assertEqual(order.sudo().margin, 200)
