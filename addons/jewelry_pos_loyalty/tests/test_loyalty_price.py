from odoo import Command
from odoo.tests import tagged

from odoo.addons.jewelry_pos.tests.price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestLoyaltyPrice(PriceCommon):
    """Gift cards pay; what programs give acts on the price of each piece."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Before there are programs, which core checks for how they print.
        cls._open_session()
        cls.env["loyalty.program"].search([]).active = False
        cls.gift = cls._create_program("gift_card", discount=1, discount_mode="per_point")
        cls.promotion = cls._create_program("promotion", discount=20, discount_mode="percent")
        cls.card = cls.env["loyalty.card"].create({"program_id": cls.gift.id, "points": 1900})

    @classmethod
    def _create_program(cls, kind, **reward):
        product = cls.env["product.product"].create(
            {"name": kind, "type": "service", "available_in_pos": True, "taxes_id": False}
        )
        values = {
            "reward_type": "discount",
            "discount_applicability": "order",
            "discount_line_product_id": product.id,
        }
        return cls.env["loyalty.program"].create(
            {
                "name": kind,
                "program_type": kind,
                "pos_ok": True,
                "company_id": cls.company.id,
                "rule_ids": [Command.clear(), Command.create({"reward_point_amount": 1})],
                "reward_ids": [Command.clear(), Command.create(values | reward)],
            }
        )

    @classmethod
    def _prepare_reward(cls, program, amount, card=None, **values):
        """Return the line of a reward, as the browser sends it."""
        reward = program.reward_ids
        product = reward.discount_line_product_id
        line = cls._prepare_line(cls.low, price_unit=-amount, pack_lot_ids=[])
        return (
            line
            | {
                "product_id": product.id,
                "tax_ids": [Command.set([])],
                "is_reward_line": True,
                "reward_id": reward.id,
                "coupon_id": card.id if card else False,
                "points_cost": amount if card else 0,
                "reward_identifier_code": "R1",
            }
            | values
        )

    def _sell_with(self, *rewards, piece=None):
        return self._sell(piece or self.high, *rewards, user=self.cashier)

    def test_a_gift_card_pays_nearly_all_of_it(self):
        order = self._sell_with(self._prepare_reward(self.gift, 1900, self.card))
        self.assertEqual((order.state, order.amount_total), ("paid", 100))
        self.assertFalse(order.conflict_ids)

    def test_a_gift_card_pays_no_more_than_it_holds(self):
        self.card.points = 100
        self._assert_kept(self._sell_with(self._prepare_reward(self.gift, 1900, self.card)))

    def test_a_gift_card_is_not_spent_twice_on_one_order(self):
        self.card.points = 950
        lines = [self._prepare_reward(self.gift, 950, self.card) for _times in range(2)]
        self._assert_kept(self._sell_with(*lines))

    def test_a_gift_card_that_is_none_pays_nothing(self):
        self._assert_kept(self._sell_with(self._prepare_reward(self.gift, 1900)))
        other = self.env["loyalty.card"].create({"program_id": self.promotion.id, "points": 5000})
        self._set_floor(self.low, 250)
        line = self._prepare_reward(self.gift, 290, other)
        self._assert_kept(self._sell_with(line, piece=self.low))

    def test_a_reward_down_to_the_floor_is_given(self):
        order = self._sell_with(self._prepare_reward(self.promotion, 500))
        self.assertFalse(order.conflict_ids)

    def test_a_reward_goes_not_below_the_floor(self):
        self._assert_kept(self._sell_with(self._prepare_reward(self.promotion, 501)))

    def test_a_reward_is_shared_by_all_goods_of_the_order(self):
        reward = self._prepare_reward(self.promotion, 575)
        # 575 of 2,300 is a quarter: the high piece goes for 1,500.
        order = self._sell(self.high, self.low, reward, user=self.cashier)
        self.assertFalse(order.conflict_ids)

    def test_who_may_not_discount_may_still_give_what_a_program_gives(self):
        self._restrict_prices()
        order = self._sell_with(self._prepare_reward(self.promotion, 400))
        self.assertFalse(order.conflict_ids)

    def test_what_only_says_that_it_is_a_reward_is_the_cashiers_doing(self):
        self._restrict_prices()
        self.promotion.pos_ok = False
        self._assert_kept(self._sell_with(self._prepare_reward(self.promotion, 400)))

    def test_a_gift_card_and_a_reward_on_one_order(self):
        rewards = [
            self._prepare_reward(self.promotion, 400),
            self._prepare_reward(self.gift, 1500, self.card),
        ]
        order = self._sell_with(*rewards)
        self.assertEqual(order.amount_total, 100)
        self.assertFalse(order.conflict_ids)
