from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.price import PriceRow, get_offers, get_shares

AMOUNTS = st.integers(1, 10_000_00).map(lambda cents: cents / 100)


def goods(amount, piece="piece", discount=0.0):
    return PriceRow("goods", piece, amount, discount, 1.0, amount * (1 - discount / 100))


def money(amount):
    return PriceRow("money", None, -amount, 0.0, 1.0, -amount, is_money=True)


def taken_off(amount, is_granted=False):
    return PriceRow("off", None, -amount, 0.0, 1.0, -amount, is_granted=is_granted)


def total(rows):
    return sum(row.amount for row in rows)


@tagged("post_install", "-at_install")
class TestPriceRules(BaseCase):
    """Which part of its price a piece is paid with, whatever else is on the order."""

    def _shares(self, rows, less=0.0):
        return get_shares(rows, total(rows) - less, 0.02)

    def test_goods_alone_are_paid_in_full(self):
        self.assertEqual(self._shares([goods(100), goods(50)]), (1.0, 1.0, 1.0))

    def test_an_order_without_goods_has_nothing_to_share(self):
        self.assertEqual(self._shares([money(100)]), (1.0, 1.0, 1.0))
        self.assertEqual(self._shares([]), (1.0, 1.0, 1.0))

    def test_a_gift_card_pays_and_takes_nothing_off(self):
        self.assertEqual(self._shares([goods(100), money(80)]), (1.0, 1.0, 1.0))

    def test_what_is_taken_off_is_shared_by_all_goods(self):
        self.assertEqual(self._shares([goods(300), goods(100), taken_off(100)]), (0.75, 0.75, 1.0))

    def test_what_a_program_gives_is_not_the_cashiers_doing(self):
        rows = [goods(100), taken_off(20, is_granted=True), taken_off(10)]
        after_all, after_own, after_missing = self._shares(rows)
        self.assertAlmostEqual(after_all, 0.7)
        self.assertAlmostEqual(after_own, 0.9)
        self.assertEqual(after_missing, 1.0)

    def test_what_is_missing_from_the_total_counts_as_taken_off(self):
        self.assertEqual(self._shares([goods(100)], less=25), (0.75, 0.75, 0.75))

    def test_what_rounding_makes_is_not_missing(self):
        self.assertEqual(self._shares([goods(100)], less=0.01), (1.0, 1.0, 1.0))

    def test_a_total_above_the_lines_makes_no_piece_dearer(self):
        self.assertEqual(self._shares([goods(100), taken_off(50)], less=-500), (0.5, 0.5, 1.0))

    def test_an_offer_tells_what_is_typed_from_what_is_discounted(self):
        rows = [goods(200, discount=10), taken_off(18)]
        (offer,) = get_offers(rows, total(rows), 0.01)
        self.assertAlmostEqual(offer.net, 162)
        self.assertAlmostEqual(offer.own, 162)
        self.assertEqual(offer.typed, 200)

    def test_only_pieces_that_are_sold_are_offers(self):
        rows = [goods(100), goods(5, piece=None), money(20), taken_off(1)]
        self.assertEqual([offer.key for offer in get_offers(rows, total(rows), 0.01)], ["goods"])

    def test_what_is_paid_in_advance_carries_no_discount_of_goods(self):
        advance = PriceRow("advance", None, 10_000, 0.0, 1.0, 10_000, is_money=True)
        self.assertEqual(self._shares([goods(100), advance, taken_off(50)]), (0.5, 0.5, 1.0))
        self.assertEqual(self._shares([advance, taken_off(50)]), (1.0, 1.0, 1.0))

    def test_what_a_reward_gives_away_is_for_nothing_whatever_else_is_paid(self):
        rows = [goods(100)._replace(is_given=True), goods(900), taken_off(100, is_granted=True)]
        given, other = get_offers(rows, total(rows), 0.01)
        self.assertEqual((given.net, given.typed, given.is_gift), (0.0, 100, False))
        self.assertAlmostEqual(other.net, 810)

    def test_a_program_that_may_give_makes_gifts_of_the_order(self):
        rows = [goods(100), taken_off(100, is_granted=True)._replace(may_give=True)]
        (offer,) = get_offers(rows, total(rows), 0.01)
        self.assertEqual((offer.net, offer.is_gift), (0.0, True))

    @given(st.lists(AMOUNTS, min_size=1, max_size=6), AMOUNTS, AMOUNTS, st.integers(0, 100))
    def test_no_advance_makes_a_piece_look_dearer(self, prices, advance, other, percent):
        rows = [*map(goods, prices), taken_off(sum(prices) * percent / 100)]
        offers = get_offers(rows, total(rows), 0.0)
        paid = [
            PriceRow("x", None, sum_, 0.0, 1.0, sum_, is_money=True) for sum_ in (advance, other)
        ]
        for offer, same in zip(
            offers, get_offers(rows + paid, total(rows + paid), 0.01), strict=True
        ):
            self.assertAlmostEqual(offer.net, same.net, 4)

    @given(st.lists(AMOUNTS, min_size=1, max_size=6), st.lists(AMOUNTS, max_size=4), AMOUNTS)
    def test_what_pieces_are_paid_with_adds_up_to_the_money(self, prices, off, card):
        rows = [*map(goods, prices), *map(taken_off, off), money(card)]
        offers = get_offers(rows, total(rows), 0.0)
        paid = total(rows) + card
        self.assertAlmostEqual(sum(offer.net for offer in offers), paid, 4)

    @given(AMOUNTS, AMOUNTS, st.floats(0, 1))
    def test_the_more_is_taken_off_the_less_a_piece_is_paid_with(self, price, other, part):
        def net(off):
            rows = [goods(price), goods(other), taken_off(off)]
            return get_offers(rows, total(rows), 0.0)[0].net

        self.assertLessEqual(net(price), net(price * part) + 1e-6)
