import gc

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..tools.bulk import paused_collection, to_array

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
