from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .count_common import CountCommon


@tagged("post_install", "-at_install")
class TestTieOut(CountCommon):
    """What ties out every night, place by place."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.env["jewelry.count.tie.out"]
        cls.shelf = cls._create_place("Shelf", location_id=cls.tray.id)

    def _run(self, minutes):
        """Run the night, and return {place: (counted, came in, went out, books, difference)}."""
        with self._at(minutes):
            self.rows._cron_daily()
            now = self.rows.search([], limit=1).date
        return {
            row.place_id: (
                row.counted_quantity,
                row.in_quantity,
                row.out_quantity,
                row.book_quantity,
                row.difference,
            )
            for row in self.rows.search([("date", "=", now)])
        }

    def _count_places(self, places, pieces):
        """Return a count that is closed, with these pieces scanned in the first place."""
        count = self._open(places)
        self._scan(count, pieces, places[:1])
        self._sign(count)
        return count

    def test_what_moves_within_a_place_is_no_move_of_it(self):
        self._count_places(self.case, self.rings)
        self._move_at(70, self.rings[0], self.case, self.tray)
        self._move_at(71, self.rings[0], self.tray, self.shelf)
        self.assertEqual(self._run(90)[self.case], (3, 0, 0, 3, 0))

    def test_a_place_inside_another_has_its_own_row(self):
        self._count_places(self.case + self.tray, self.rings)
        self._move_at(70, self.rings[0], self.case, self.shelf)
        rows = self._run(90)
        self.assertEqual(rows[self.case], (3, 0, 0, 3, 0))
        self.assertEqual(rows[self.tray], (0, 1, 0, 1, 0))

    def test_a_piece_that_comes_back_came_and_went(self):
        self._count_places(self.case, self.rings)
        self._move_at(70, self.rings[0], self.case, self.safe)
        self._move_at(71, self.rings[0], self.safe, self.case)
        self.assertEqual(self._run(90)[self.case], (3, 1, 1, 3, 0))

    def test_places_with_similar_numbers_are_not_mixed_up(self):
        other = self._create_place("Other")
        self.env.cr.execute(
            "UPDATE stock_location SET parent_path = %s WHERE id = %s",
            [self.case.parent_path.rstrip("/") + "7/", other.id],
        )
        self.env.invalidate_all()
        self._count_places(self.case, self.rings)
        self._move_at(70, self.rings[0], self.case, other)
        self.assertEqual(self._run(90)[self.case], (3, 0, 1, 2, 0))

    def test_each_place_counts_from_its_own_count(self):
        self._count_places(self.case, self.rings)
        self._move_at(70, self.rings[0], self.case, self.safe)
        count = self._create_count(self.safe)
        with self._at(80):
            count.with_user(self.associate).get_screen()
        self._scan(count.with_user(self.associate), self.rings[0], self.safe, at=85)
        self._sign(count.with_user(self.associate), at=90)
        self._move_at(95, self.rings[1], self.case, self.safe)
        rows = self._run(100)
        self.assertEqual(rows[self.case], (3, 0, 2, 1, 0))
        self.assertEqual(rows[self.safe], (1, 1, 0, 2, 0))

    def test_a_change_without_a_move_is_a_difference(self):
        self._count_places(self.case, self.rings)
        quant = self.rings[0].quant_ids.filtered(lambda quant: quant.quantity > 0)
        self.env.cr.execute("UPDATE stock_quant SET quantity = 0 WHERE id = %s", [quant.id])
        self.env.invalidate_all()
        self.assertEqual(self._run(90)[self.case], (3, 0, 0, 2, -1))

    def test_moves_that_are_not_done_and_boxes_do_not_count(self):
        box = self.env["product.product"].create({"name": "Box", "is_storable": True})
        self._count_places(self.case, self.rings)
        with self._at(70):
            self.env["stock.quant"]._update_available_quantity(box, self.case, 5)
            self.env["stock.move"].create(
                {
                    "product_id": self.style.id,
                    "product_uom_qty": 1,
                    "location_id": self.case.id,
                    "location_dest_id": self.safe.id,
                }
            )._action_confirm()._action_assign()
        self.assertEqual(self._run(90)[self.case], (3, 0, 0, 3, 0))

    def test_what_the_count_itself_put_right_is_no_move_since(self):
        self.company.approval_limit = 1000
        stray = self._stock_piece(place=self.safe)
        count = self._count(self.rings[:2] + stray).with_user(self.manager)
        count.line_ids.filtered(lambda line: line.kind == "missing").reason = "theft"
        with self._at(70):
            count.action_apply()
        self.assertEqual(self._run(90)[self.case], (3, 0, 0, 3, 0))

    def test_without_any_count_the_night_writes_nothing(self):
        self.rows.search([]).unlink()
        before = self.rows.search_count([])
        self.rows._write_down({}, self.start)
        self.assertEqual(self.rows.search_count([]), before)

    def test_many_places_take_as_many_queries_as_few(self):
        queries = []
        self.rows.search([]).unlink()
        for number in (2, 18):
            for turn in range(number):
                place = self._create_place(f"Case {number}.{turn}")
                ring = self._stock_piece(place=place)
                count = self._open(place)
                self._scan(count, ring, place)
                self._sign(count)
                self._move_at(70, ring, place, self.safe)
            # Once to warm up, once to measure.
            for minutes in (90, 95):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                rows = self._run(minutes)
                self.env.flush_all()
                after = self.env.cr.sql_log_count
            queries.append(after - before)
        self.assertEqual(len(rows), 20)
        self.assertEqual(set(rows.values()), {(1, 0, 1, 0, 0)})
        self.assertEqual(*queries)

    @settings(max_examples=15)
    @given(
        st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4)), max_size=6),
        st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4)), max_size=6),
    )
    def test_what_was_counted_and_what_moved_is_what_the_books_have(self, before, after):
        """Moves of three rings before and after a count in which each lay where it was booked."""
        savepoint = self.env.cr.savepoint(flush=True)
        places = [self.case, self.tray, self.shelf, self.safe, self.customer_location]
        counted = self.case + self.tray + self.safe
        lies = dict.fromkeys(range(3), 0)
        self._walk(before, lies, places, -60)
        count = self._open(counted)
        for ring, place in lies.items():
            if place < 4:
                self._scan(count, self.rings[ring], places[place])
        self._sign(count)
        ways = self._walk(after, lies, places, 70)
        rows = self._run(100)
        for place in counted:
            inside = {n for n, each in enumerate(places) if self._is_in(each, place)}
            came = sum(dest in inside and source not in inside for source, dest in ways)
            went = sum(source in inside and dest not in inside for source, dest in ways)
            held = sum(where in inside for where in lies.values())
            self.assertEqual(rows[place], (held - came + went, came, went, held, 0), place.name)
        savepoint.close(rollback=True)
        self.env.invalidate_all()

    def _walk(self, steps, lies, places, minute):
        """Move rings to places, one a minute, and return the ways that they went."""
        ways = []
        for ring, place in steps:
            if lies[ring] != place:
                minute += 1
                ways.append((lies[ring], place))
                self._move_at(minute, self.rings[ring], places[lies[ring]], places[place])
                lies[ring] = place
        return ways

    def _is_in(self, place, around):
        return place.parent_path.startswith(around.parent_path)
