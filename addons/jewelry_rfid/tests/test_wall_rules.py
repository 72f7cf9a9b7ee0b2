from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import wall
from ..tools.wall import Tally, Zone

CASE, TRAY, DOOR = Zone(1, "1/7/8/"), Zone(2, "1/7/8/9/"), Zone(3, "")
ZONES = [CASE, TRAY, DOOR]

paths = st.sampled_from(["", "1/7/", "1/7/8/", "1/7/8/9/", "1/7/8/9/4/", "1/7/88/"])
seen = st.sampled_from([None, 1, 2, 3])


@tagged("-at_install", "post_install")
class TestWallRules(BaseCase):
    def test_a_piece_belongs_to_the_nearest_zone_above_its_place(self):
        self.assertEqual(wall.find_home("1/7/8/9/4/", ZONES), TRAY.id)
        self.assertEqual(wall.find_home("1/7/8/5/", ZONES), CASE.id)
        self.assertIsNone(wall.find_home("1/7/", ZONES))

    def test_a_place_whose_number_begins_alike_is_another(self):
        self.assertIsNone(wall.find_home("1/7/88/", ZONES))

    def test_of_two_zones_of_one_place_the_first_has_its_pieces(self):
        self.assertEqual(wall.find_home("1/7/8/", [Zone(5, "1/7/8/"), CASE]), CASE.id)

    def test_what_is_missing_and_what_is_strange_is_told_apart(self):
        rows = [("1/7/8/", 1, 5), ("1/7/8/", None, 2), ("1/7/8/", 2, 1), ("1/7/", 1, 4)]
        tallies = wall.tally(rows, ZONES)
        self.assertEqual(tallies[1], Tally(present=9, expected=8, home=5))
        self.assertEqual((tallies[1].missing, tallies[1].strange), (3, 4))
        self.assertEqual((tallies[2].missing, tallies[2].strange), (0, 1))

    def test_nothing_is_expected_at_a_door(self):
        self.assertEqual(wall.tally([("1/7/8/", 3, 1)], ZONES)[3], Tally(1, 0, 0))

    @given(st.lists(st.tuples(paths, seen, st.integers(0, 9)), max_size=12))
    def test_each_piece_that_is_present_is_counted_once(self, rows):
        tallies = wall.tally(rows, ZONES)
        present = sum(count for _path, zone, count in rows if zone)
        self.assertEqual(sum(each.present for each in tallies.values()), present)
        for each in tallies.values():
            self.assertLessEqual(each.home, min(each.present, each.expected))
