from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestLoyaltyPrice(LoyaltyCommon):
    """Gift cards pay; what programs give acts on the price of each piece."""

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

    def test_what_loads_a_gift_card_carries_no_discount_of_a_piece(self):
        voucher = self.env["product.product"].create(
            {"name": "Voucher", "type": "service", "taxes_id": False}
        )
        self.gift.rule_ids.product_ids = voucher
        sold = self._prepare_line(self.low, price_unit=20000, pack_lot_ids=[])
        sold |= {"product_id": voucher.id}
        reward = self._prepare_reward(self.promotion, 501)
        order = self._sell_with(sold, reward)
        self.assertEqual(order.conflict_ids.mapped("kind"), ["price"])
        self.assertEqual(self.high.piece_status, "available")

    def test_an_ewallet_pays_like_a_gift_card(self):
        program = self._create_program("ewallet", discount=1, discount_mode="per_point")
        wallet = self.env["loyalty.card"].create(
            {"program_id": program.id, "points": 1900, "partner_id": self.client.id}
        )
        order = self._sell_with(self._prepare_reward(program, 1900, wallet))
        self.assertEqual((order.state, order.amount_total), ("paid", 100))
        self.assertFalse(order.conflict_ids)
        wallet.points = 100
        self._assert_kept(
            self._sell_with(self._prepare_reward(program, 550, wallet), piece=self._floored())
        )

    def _floored(self):
        piece = self._stock_piece(cost=500, list_price=900)
        self._set_floor(piece, 800)
        return piece
