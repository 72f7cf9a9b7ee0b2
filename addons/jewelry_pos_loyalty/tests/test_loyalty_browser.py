from odoo import Command
from odoo.tests import tagged

from odoo.addons.jewelry_pos.tests.test_price_browser import PriceTourCommon


@tagged("post_install", "-at_install")
class TestLoyaltyTours(PriceTourCommon):
    """Cards, points and codes at the register, in a browser, as the cashier."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.low.name = "P-30"
        cls.wallet = cls._create_program("ewallet", name="Wallet")
        cls.gift = cls._create_program("gift_card", name="Gift card")
        cls.gift.mail_template_id = cls.env.ref("loyalty.mail_template_gift_card")
        cls.gift.pos_report_print_id = cls.env.ref("loyalty.report_gift_card")
        cls.points = cls._create_program(
            "loyalty",
            # What is paid here gives no points anew.
            rule_ids=[Command.clear(), Command.create({"minimum_amount": 100_000})],
            reward_ids=[
                Command.clear(),
                Command.create(
                    {"discount_mode": "per_order", "discount": 60, "required_points": 100}
                ),
            ],
        )
        cls.wallet_card = cls._create_card(cls.wallet, 120, partner_id=cls.client.id)
        cls.gift_card = cls._create_card(cls.gift, 500, code="CARD500")
        cls.points_card = cls._create_card(cls.points, 150, partner_id=cls.client.id)

    @classmethod
    def _create_program(cls, kind, **values):
        """Return a program as core makes them."""
        programs = cls.env["loyalty.program"]
        defaults = {"name": kind, "program_type": kind, "company_id": cls.company.id}
        defaults |= programs._program_type_default_values()[kind]
        return programs.create(defaults | values)

    @classmethod
    def _create_card(cls, program, points, **values):
        return cls.env["loyalty.card"].create({"program_id": program.id, "points": points} | values)

    def test_a_gift_card_and_points_on_two_pieces(self):
        order = self._tour("jewelry_pos_loyalty_gift_card_and_points", self.cashier)
        self.assertEqual((order.state, order.amount_total), ("paid", 1740))
        self.assertFalse(order.conflict_ids)
        self.assertEqual(order.lines.piece_id, self.low | self.high)
        self.assertEqual({self.low.piece_status, self.high.piece_status}, {"sold"})
        self.assertEqual((self.gift_card.points, self.points_card.points), (0, 50))

    def test_a_code_gives_no_piece_away(self):
        self._create_program(
            "promo_code",
            rule_ids=[Command.clear(), Command.create({"mode": "with_code", "code": "ALLFREE"})],
            reward_ids=[
                Command.clear(),
                Command.create({"discount_mode": "percent", "discount": 100}),
            ],
        )
        self._tour("jewelry_pos_loyalty_giveaway", self.cashier)
        self.assertEqual(self.low.piece_status, "available")
