from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.jewelry_price_question import KEPT_DAYS, LIMIT
from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPriceQuestion(PriceCommon):
    """Whoever asks for one price after the other does not learn the lowest one."""

    def _ask(self, *prices, user=None, **values):
        """Return whether each price is fine, each asked about for an order of its own."""
        return [not self._check(self._prepare_question(p, **values), user=user) for p in prices]

    def _get_questions(self):
        return self.env["jewelry.price.question"].search([])

    def test_halving_the_interval_ends_after_a_few_questions(self):
        self._set_floor(self.high, 1430)
        low, high, tried = 0, 2000, 0
        while high - low > 1 and tried < 20:
            middle = (low + high) / 2
            (is_fine,) = self._ask(middle)
            low, high = (low, middle) if is_fine else (middle, high)
            tried += 1
        self.assertEqual(len(self._get_questions()), LIMIT)
        # After the last question every price is refused, and the search runs into nothing.
        self.assertGreater(abs(low - 1430), 50)

    def test_after_the_last_question_a_good_price_and_a_bad_one_get_the_same_answer(self):
        self._ask(1900, 1800, 1000)
        texts = {text for price in (1950, 1501, 1500, 1499, 1) for text in self._texts(price)}
        self.assertEqual(len(texts), 1)
        self.assertIn("A manager must agree", texts.pop())

    def _texts(self, price):
        return self._check(self._prepare_question(price))

    def test_the_same_price_is_asked_about_as_often_as_one_likes(self):
        self.assertEqual(self._ask(*[1000] * 10), [False] * 10)
        self.assertEqual(self._ask(*[1600] * 10), [True] * 10)
        self.assertEqual(self._get_questions().mapped("price"), [1600, 1000])

    def test_the_own_price_and_one_above_it_are_no_question(self):
        self.assertEqual(self._ask(2000, 2000.01, 3000, 4000, 5000), [True] * 5)
        self.assertFalse(self._get_questions())

    def test_each_user_and_each_piece_is_counted_by_itself(self):
        self._ask(1900, 1800, 1700)
        self.assertEqual(self._ask(1600), [False])
        other = self._create_user("associate", "point_of_sale.group_pos_user", login="second")
        self.assertEqual(self._ask(1600, user=other), [True])
        self.assertEqual(self._ask(250, piece=self.low), [True])

    def test_a_new_day_is_a_new_beginning(self):
        self._ask(1900, 1800, 1700)
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self.assertEqual(self._ask(1600), [True])

    def test_a_manager_may_ask_for_any_price(self):
        self.assertEqual(self._ask(*range(1990, 1500, -50), user=self.manager), [True] * 10)
        self.assertFalse(self._get_questions())

    def test_a_price_that_is_one_too_many_goes_to_a_manager_like_any_other(self):
        self._ask(1900, 1800, 1700)
        question = self._prepare_question(1600)
        self.config.with_user(self.cashier).ask_prices(question, "Last offer")
        approval = self.env["jewelry.approval"].search([("kind", "=", "price_override")])
        approval.with_user(self.other).action_approve()
        self.assertEqual(self._check(question), [])
        self.assertTrue(self._check(self._prepare_question(1599, uuid=question["uuid"])))

    def test_to_ask_a_manager_is_a_question_too(self):
        register = self.config.with_user(self.cashier)
        for price in (1900, 1800, 1700):
            register.ask_prices(self._prepare_question(price), "Offer")
        self.assertEqual(self._ask(1600), [False])

    def test_what_is_paid_counts_as_it_is_whatever_was_asked(self):
        self._ask(1900, 1800, 1700)
        self.assertFalse(self._sell_at(1550).conflict_ids)

    def test_questions_at_once_are_not_more_than_one_after_the_other(self):
        self._ask(1900)
        question = self._get_questions()
        with self._refused("", Exception), mute_logger("odoo.sql_db"):
            question.copy({"price": 1800})

    def test_managers_see_who_asks_and_nobody_changes_it(self):
        self._ask(1900, 1800)
        questions = self._get_questions()
        self.assertEqual(questions.user_id, self.cashier)
        seen = questions.with_user(self.manager)
        self.assertEqual(sorted(seen.mapped("number")), [1, 2])
        with self._refused(""):
            seen.unlink()
        with self._refused(""):
            questions.with_user(self.cashier).read(["price"])

    def test_old_questions_are_forgotten(self):
        self._ask(1900)
        self.env["jewelry.price.question"]._gc_questions()
        self.assertTrue(self._get_questions())
        with freeze_time(fields.Datetime.now() + timedelta(days=KEPT_DAYS + 1)):
            self.env["jewelry.price.question"]._gc_questions()
        self.assertFalse(self._get_questions())

    def test_several_prices_of_a_piece_in_one_question_count_each(self):
        answers = self._check(self._prepare_question(1900, 1800, 1700, 1600))
        self.assertEqual(len(answers), 1)
        self.assertEqual(len(self._get_questions()), LIMIT)
