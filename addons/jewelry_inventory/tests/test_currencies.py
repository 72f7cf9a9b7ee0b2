from odoo import Command
from odoo.tests import tagged

from .common import TransformationCommon


class MoneyCommon(TransformationCommon):
    """A store whose money has another smallest unit than the cent."""

    money_code = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        money = cls.env.ref(f"base.{cls.money_code}")
        money.active = True
        cls.company.currency_id = money
        cls.category.property_valuation = "real_time"
        cls.policy = cls.env["jewelry.price.policy"].create(
            {
                "name": "Rings",
                "company_id": cls.company.id,
                "labour_gram": 3,
                "tier_ids": [Command.create({"start": 0, "multiplier": 1.3333})],
            }
        )
        cls.category.jewelry_price_policy_id = cls.policy
        cls._create_rate(company_id=cls.company.id, bid=90.07, ask=100.07)

    def _assert_whole(self, *amounts):
        """Assert that each amount can be paid."""
        money = self.company.currency_id
        for amount in amounts:
            self.assertAlmostEqual(amount, money.round(amount), places=9)

    def _spread(self, total, *costs):
        pieces = self.env["stock.lot"].union(*(self._stock_piece(cost=cost) for cost in costs))
        shares = pieces._spread_total(total)
        self._assert_whole(*shares.values())
        self.assertAlmostEqual(sum(shares.values()), total, places=9)
        return [shares[piece] for piece in pieces]

    def _rework(self):
        """Set a stone and take it out again; return the mount and the stone's lot."""
        mount, stone = self._stock_mount(cost=500), self._stock_stone(cost=1000)
        work = self.company.currency_id.round(33.4567)
        setting = self._set_stones(mount, stone, costs=[work])
        self._assert_balanced(setting)
        unsetting = self._unset_stones(mount, stone)
        self._assert_balanced(unsetting)
        return mount, stone.home_lot_id


@tagged("post_install", "-at_install")
class TestYen(MoneyCommon):
    """Money without a smaller unit: nothing costs half a yen."""

    money_code = "JPY"

    def test_a_price_by_policy_is_whole(self):
        mount = self._stock_mount(cost=500, gross=3.333)
        mount._reprice()
        self.assertTrue(mount.list_price)
        self._assert_whole(mount.list_price, mount.price_floor)

    def test_a_total_is_spread_in_whole_yen(self):
        self.assertEqual(self._spread(1000, 1, 1, 1), [334, 333, 333])
        self.assertEqual(self._spread(101, 1, 99), [1, 100])

    def test_a_new_cost_is_whole(self):
        piece = self._stock_piece(cost=100)
        value = piece._set_cost({piece: 100.6}, "correction")
        self.assertEqual((value.value, piece.standard_price), (101, 101))

    def test_a_change_of_less_than_a_yen_is_no_change(self):
        piece = self._stock_piece(cost=100)
        self.assertFalse(piece._set_cost({piece: 100.4}, "correction"))

    def test_setting_and_unsetting_keep_every_yen(self):
        mount, loose = self._rework()
        self.assertEqual((mount.standard_price, loose.standard_price), (533, 1000))

    def test_a_card_shows_no_decimals(self):
        piece = self._stock_piece(list_price=120000)
        self.assertIn("120,000", piece.get_client_card()["price"])
        self.assertNotIn(".", piece.get_client_card()["price"])

    def test_the_stock_is_worth_what_its_pieces_cost(self):
        for cost in (100, 333, 1):
            self._stock_piece(cost=cost)
        self.assertEqual(self.style.total_value, 434)


@tagged("post_install", "-at_install")
class TestDinar(MoneyCommon):
    """Money with three decimals: no thousandth is lost."""

    money_code = "KWD"

    def test_a_cost_keeps_its_thousandths(self):
        piece = self._stock_piece(cost=100.125)
        self.assertEqual(self._value(piece), 100.125)
        piece._set_cost({piece: 100.126}, "correction")
        self.assertEqual(self._value(piece), 100.126)

    def test_a_price_by_policy_is_paid_in_thousandths(self):
        mount = self._stock_mount(cost=500, gross=3.333)
        mount._reprice()
        self._assert_whole(mount.list_price)

    def test_a_total_is_spread_to_the_thousandth(self):
        shares = self._spread(10.001, 1, 1, 1)
        self.assertEqual(sorted(shares), [3.333, 3.334, 3.334])

    def test_setting_and_unsetting_keep_every_thousandth(self):
        mount, loose = self._rework()
        self.assertAlmostEqual(mount.standard_price, 533.457, places=3)
        self.assertEqual(loose.standard_price, 1000)

    def test_the_stock_is_worth_what_its_pieces_cost(self):
        for cost in (0.001, 0.002, 100.125):
            self._stock_piece(cost=cost)
        self.assertAlmostEqual(self.style.total_value, 100.128, places=6)
