import gc
from contextlib import suppress

from psycopg2.errors import DivisionByZero

from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..tools.bulk import behind, paused_collection, to_array

AWKWARD = ["plain", "", "NULL", 'with "quotes"', "back\\slash", "{a,b}", " blanks ", "ümläut\n"]


@tagged("post_install", "-at_install")
class TestBulk(TransactionCase):
    def _round_trip(self, values, cast):
        query = SQL("SELECT unnest(%s::" + cast + "[])", to_array(values))
        return [row[0] for row in self.env.execute_query(query)]

    def test_texts_of_any_kind_arrive_as_they_were_sent(self):
        self.assertEqual(self._round_trip(AWKWARD, "text"), AWKWARD)

    def test_numbers_and_nothing_arrive_too(self):
        self.assertEqual(self._round_trip([1, None, 3], "int"), [1, None, 3])
        self.assertEqual(self._round_trip([True, False], "bool"), [True, False])
        self.assertEqual(self._round_trip([], "int"), [])
        self.assertEqual(self._round_trip((value for value in (7, 8)), "int"), [7, 8])

    def test_looking_for_garbage_goes_on_after_a_pause_even_a_failed_one(self):
        with self.assertRaises(ZeroDivisionError), paused_collection():
            self.assertFalse(gc.isenabled())
            raise ZeroDivisionError
        self.assertTrue(gc.isenabled())

    def test_a_pause_within_a_pause_does_not_end_it(self):
        with paused_collection():
            with paused_collection():
                pass
            self.assertFalse(gc.isenabled())


@tagged("post_install", "-at_install")
class TestBehind(TransactionCase):
    """Statements that the database works through while Python goes on."""

    def setUp(self):
        super().setUp()
        self.env.cr.execute("CREATE TEMPORARY TABLE jewelry_behind (number int)")

    def _insert(self, number):
        return SQL("INSERT INTO jewelry_behind VALUES (%s)", number)

    def _get_numbers(self):
        rows = self.env.execute_query(SQL("SELECT number FROM jewelry_behind ORDER BY ctid"))
        return [number for (number,) in rows]

    def test_statements_are_done_in_their_order_when_the_block_ends(self):
        with behind(self.env.cr) as execute:
            for number in range(20):
                execute(self._insert(number))
        self.assertEqual(self._get_numbers(), list(range(20)))

    def test_the_block_goes_on_before_the_database_is_done(self):
        # A second connection keeps the statement waiting until the block lets it go.
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute("SELECT pg_advisory_xact_lock(53940)")
            with behind(self.env.cr) as execute:
                execute(SQL("SET LOCAL lock_timeout = '10s'"))
                execute(SQL("SELECT pg_advisory_xact_lock(53940)"))
                other.rollback()

    def test_a_question_meanwhile_is_answered_in_the_same_transaction(self):
        with behind(self.env.cr) as execute:
            execute(self._insert(1))
            self.assertIn(self._get_numbers(), ([], [1]))
        self.assertEqual(self._get_numbers(), [1])

    def test_what_failed_first_is_raised_and_nothing_of_it_stays(self):
        with self.assertRaises(DivisionByZero), behind(self.env.cr) as execute:
            execute(self._insert(1))
            execute(SQL("SELECT 1 / 0"))
            execute(self._insert(2))
        self.assertEqual(self._get_numbers(), [])

    @mute_logger("odoo.sql_db")
    def test_the_failed_statement_is_named_and_not_the_question_that_came_too_late(self):
        with self.assertRaises(DivisionByZero), behind(self.env.cr) as execute:
            execute(SQL("SELECT 1 / 0 FROM pg_sleep(0.2)"))
            while True:
                self._get_numbers()

    def test_an_error_of_the_block_itself_waits_for_what_was_handed_over(self):
        # assertRaises would roll back.
        with suppress(ZeroDivisionError), behind(self.env.cr) as execute:
            execute(self._insert(1))
            raise ZeroDivisionError
        self.assertEqual(self._get_numbers(), [1])
