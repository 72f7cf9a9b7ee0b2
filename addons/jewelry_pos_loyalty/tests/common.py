"""What the tests of this module share: programs, cards, and what a register sends of them."""

from odoo import Command

from odoo.addons.jewelry_pos.tests.price_common import PriceCommon


class LoyaltyCommon(PriceCommon):
    """A register with a gift card of 1,900 and a promotion of 20 %."""

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
