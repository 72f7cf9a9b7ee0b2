from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.jewelry_inventory.tests.common import VocabularyCommon

from .common import SaleCommon


@tagged("post_install", "-at_install")
class TestMatchedPair(SaleCommon, VocabularyCommon):
    """The stones of a matched pair are sold together, unless a manager broke the pair."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stone_style = cls._create_style(name="Diamond", jewelry_kind="stone", taxes_id=False)
        cls.left, cls.right = cls._stock_stone(), cls._stock_stone()
        cls.left.stone_ids.mate_id = cls.right.stone_ids

    @classmethod
    def _stock_stone(cls):
        lot = cls._stock_piece(cls.stone_style, cost=100, list_price=400)
        cls._create_stone(holder_id=lot.id, home_lot_id=lot.id)
        return lot

    def test_one_of_a_pair_is_quoted_with_a_warning_and_not_sold(self):
        order = self._quote(self.left)
        self.assertIn(f"Matched with {self.right.name}", order.piece_warning)
        with self.assertRaisesRegex(UserError, f"{self.left.name}: Matched with"):
            order.action_confirm()

    def test_both_are_sold_together(self):
        order = self._quote(self.left, self.right)
        self.assertFalse(order.piece_warning)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_two_orders_confirmed_at_once_do_not_make_a_pair(self):
        orders = self._quote(self.left) | self._quote(self.right)
        with self.assertRaisesRegex(UserError, "Matched with"):
            orders.action_confirm()

    def test_a_mate_of_quantity_zero_is_not_sold(self):
        order = self._quote(self.left, self.right)
        order.order_line[1].product_uom_qty = 0
        with self.assertRaisesRegex(UserError, "Matched with"):
            order.action_confirm()

    def test_a_mate_is_not_exchanged_on_a_confirmed_order(self):
        order = self._sell(self.left, self.right)
        with self.assertRaisesRegex(UserError, "Matched with"):
            order.order_line[1].piece_id = self._stock_stone()

    def test_a_broken_pair_is_sold_apart(self):
        self.left.stone_ids.action_break_pair("The client wants one")
        order = self._sell(self.left)
        self.assertEqual(order.state, "sale")

    def test_stones_without_a_mate_and_pieces_are_free(self):
        self._sell(self._stock_stone(), self.high)

    def test_an_associate_is_told_as_well(self):
        seller = self._create_user("associate", more="sales_team.group_sale_salesman")
        order = self._quote(self.left, user_id=seller.id).with_user(seller)
        self.assertIn("Matched with", order.piece_warning)
        with self.assertRaisesRegex(UserError, "Matched with"):
            order.action_confirm()
