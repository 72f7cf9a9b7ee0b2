from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestGiveaway(LoyaltyCommon):
    """No piece is given away because a program did not think of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bag = cls.env["product.product"].create(
            {"name": "Bag", "available_in_pos": True, "taxes_id": False, "lst_price": 40}
        )
        cls.tag = cls.env["product.tag"].create({"name": "Free this week"})

    def _give(self, program, amount, piece=None, **values):
        """Return the order of the cashier that sells a piece with a reward."""
        reward = self._prepare_reward(program, amount, **values)
        return self._sell_with(reward, piece=piece or self.low)

    def _create_gift(self, **reward):
        """Return a program whose reward is a free product."""
        return self._create_program("promotion", reward_type="product", **reward)

    # === WHAT A PROGRAM SAYS === #

    def test_a_style_of_pieces_is_no_free_product(self):
        with self._refused("would give away.*one of a kind", ValidationError):
            self._create_gift(reward_product_id=self.style.id)

    def test_a_style_with_the_tag_of_a_reward_is_none_either(self):
        self.style.product_tmpl_id.product_tag_ids = self.tag
        with self._refused("would give away", ValidationError):
            self._create_gift(reward_product_tag_id=self.tag.id)

    def test_a_coupon_of_all_that_a_style_costs_is_refused(self):
        values = {
            "discount_applicability": "specific",
            "discount_product_ids": [Command.set(self.style.ids)],
            "discount_mode": "percent",
        }
        with self._refused("would give away", ValidationError):
            self._create_program("promotion", discount=100, **values)
        self._create_program("promotion", discount=99, **values)
        self._create_program("promotion", discount=100, discount_max_amount=50, **values)

    def test_a_reward_is_not_made_whole_afterwards(self):
        program = self._create_program(
            "promotion",
            discount=50,
            discount_mode="percent",
            discount_applicability="specific",
            discount_product_ids=[Command.set(self.style.ids)],
        )
        with self._refused("would give away", ValidationError):
            program.reward_ids.discount = 100

    def test_other_goods_are_given_as_ever(self):
        program = self._create_gift(reward_product_id=self.bag.id)
        self.assertEqual(program.reward_ids.reward_product_ids, self.bag)

    def test_a_program_that_says_so_gives_pieces(self):
        program = self._create_gift(reward_product_id=self.bag.id)
        program.gives_pieces = True
        program.reward_ids.reward_product_id = self.style
        with self._refused("would give away", ValidationError):
            program.gives_pieces = False

    # === WHAT A REGISTER SENDS === #

    def test_a_coupon_of_everything_gives_no_piece_away(self):
        coupon = self._create_program("promotion", discount=100, discount_mode="percent")
        self._assert_kept(self._give(coupon, 300))

    def test_a_coupon_of_everything_gives_what_its_program_allows(self):
        coupon = self._create_program("promotion", discount=100, discount_mode="percent")
        coupon.gives_pieces = True
        order = self._give(coupon, 300)
        self.assertFalse(order.conflict_ids)
        self.assertEqual((order.amount_total, self.low.piece_status), (0, "sold"))

    def test_the_lowest_price_holds_also_where_pieces_may_be_given(self):
        coupon = self._create_program("promotion", discount=100, discount_mode="percent")
        coupon.gives_pieces = True
        self._assert_kept(self._give(coupon, 2000, piece=self.high))

    def test_an_amount_that_leaves_nothing_gives_no_piece_away(self):
        self._assert_kept(self._give(self.promotion, 300))

    def test_a_free_product_that_is_a_piece_is_not_hidden_by_other_goods(self):
        program = self._create_gift(
            reward_product_tag_id=self.tag.id, reward_product_id=self.bag.id
        )
        self.style.product_tmpl_id.product_tag_ids = self.tag
        ring = self._create_ring(5000)
        order = self._sell(ring, self.low, self._prepare_reward(program, 300), user=self.cashier)
        self.assertEqual(order.conflict_ids.piece_id, self.low)
        self.assertEqual(order.conflict_ids.kind, "price")
        self.assertEqual(ring.piece_status, "sold")

    def _create_ring(self, price):
        """Return a piece of another style."""
        style = self.env["product.template"].create(
            {
                "name": "Ring",
                "jewelry_kind": "piece",
                "taxes_id": False,
                "categ_id": self.style.categ_id.id,
            }
        )
        return self._stock_piece(cost=10, list_price=price, product_id=style.product_variant_id.id)

    def test_the_cheapest_for_nothing_is_no_piece(self):
        program = self._create_program(
            "promotion", discount=100, discount_mode="percent", discount_applicability="cheapest"
        )
        reward = self._prepare_reward(program, 300)
        order = self._sell(self.high, self.low, reward, user=self.cashier)
        self.assertEqual(order.conflict_ids.piece_id, self.low)

    def test_the_cheapest_for_nothing_may_be_a_bag(self):
        program = self._create_program(
            "promotion", discount=100, discount_mode="percent", discount_applicability="cheapest"
        )
        bag = self._prepare_line(self.low, price_unit=40, pack_lot_ids=[])
        bag |= {"product_id": self.bag.id}
        order = self._sell(self.low, bag, self._prepare_reward(program, 40), user=self.cashier)
        self.assertFalse(order.conflict_ids)

    def test_what_only_says_that_it_may_give_gives_nothing(self):
        coupon = self._create_program("promotion", discount=100, discount_mode="percent")
        coupon.write({"gives_pieces": True, "pos_ok": False})
        self._assert_kept(self._give(coupon, 300))

    # === WHAT A MANAGER AGREES TO === #

    def _ask(self, program, amount, uuid="mine"):
        """Return the open order with a reward as the register describes it."""
        question = self._prepare_question(300, piece=self.low, uuid=uuid)
        question["lines"][0]["product_id"] = self.style.id
        reward = program.reward_ids
        question["lines"].append(
            {
                "uuid": "reward",
                "price_unit": -amount,
                "amount": -amount,
                "is_granted": True,
                "product_id": reward.discount_line_product_id.id,
                "reward_id": reward.id,
            }
        )
        return question | {"total": 300 - amount}

    def test_the_register_is_told_before_it_is_paid(self):
        coupon = self._create_program("promotion", discount=100, discount_mode="percent")
        self.assertIn("below its lowest price", self._check(self._ask(coupon, 300))[0])
        coupon.gives_pieces = True
        self.assertEqual(self._check(self._ask(coupon, 300)), [])
        self.assertEqual(self._check(self._ask(self.promotion, 60)), [])

    def test_a_free_product_is_told_before_it_is_paid(self):
        program = self._create_gift(
            reward_product_tag_id=self.tag.id, reward_product_id=self.bag.id
        )
        self.style.product_tmpl_id.product_tag_ids = self.tag
        # The register asks in a request of its own; core does not reckon a reward's tag anew.
        self.env.invalidate_all()
        self.assertIn("below its lowest price", self._check(self._ask(program, 10))[0])

    def test_a_manager_agrees_to_give_a_piece_away(self):
        coupon = self._create_program("promotion", discount=100, discount_mode="percent")
        self.config.with_user(self.manager).agree_prices(self._ask(coupon, 300), "Our mistake")
        reward = self._prepare_reward(coupon, 300)
        order = self._sell(self.low, reward, user=self.cashier, uuid="mine")
        self.assertFalse(order.conflict_ids)
        self.assertEqual(self.low.piece_status, "sold")

    def test_a_manager_agrees_to_a_reward_below_the_floor(self):
        self.config.with_user(self.manager).agree_prices(
            self._prepare_question(1400, uuid="mine"), "A friend of the house"
        )
        reward = self._prepare_reward(self.promotion, 600)
        order = self._sell(self.high, reward, user=self.cashier, uuid="mine")
        self.assertFalse(order.conflict_ids)

    def test_a_piece_without_a_price_is_no_giveaway(self):
        piece = self._stock_piece(cost=10)
        self.assertFalse(self._sell(piece, user=self.cashier).conflict_ids)
