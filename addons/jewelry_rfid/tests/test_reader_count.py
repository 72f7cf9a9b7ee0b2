import json
from datetime import timedelta
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .reader_common import get_epc
from .reader_count_common import ReaderCountCommon


@tagged("-at_install", "post_install")
class TestReaderCount(ReaderCountCommon):
    """Readers count what lies in places."""

    def test_what_readers_see_of_the_places_is_scanned_once_however_often_it_is_read(self):
        count = self._start()
        for ago in (30, 20, 10):
            self._read_tags(*self.tags[:2], ago=ago)
        scans = self._get_scans(count)
        self.assertEqual(scans.lot_id, self.tags[0].lot_id + self.tags[1].lot_id)
        self.assertEqual(len(scans), 2)
        self.assertEqual(scans.place_id, self.case)
        self.assertTrue(all(scans.mapped("is_by_reader")))

    def test_the_gateway_has_scanned_and_a_person_answers_for_it(self):
        count = self._start()
        self._read_tags(*self.tags)
        self.assertEqual(self._get_scans(count).user_id, self.device)
        parts = {part.user_id: part.scan_count for part in count.sudo().part_ids}
        self.assertEqual(parts, {self.device: 4, self.associate: 0})

    def test_what_was_read_before_the_readers_began_does_not_count(self):
        count = self._start()
        self._read_tags(self.tags[0], ago=70)
        self.assertFalse(self._get_scans(count))
        self._read_tags(self.tags[0], ago=50)
        self.assertEqual(len(self._get_scans(count)), 1)

    def _begin(self):
        count = self._create_count()
        count.action_count_by_readers()
        self.now = self.gateway._get_time()
        return count

    def _run_readers(self):
        self._beat(readers=[{"code": "R1", "state": "up", "antennas": [1, 2, 3]}])

    def test_what_lies_before_running_readers_is_counted_at_once(self):
        self._run_readers()
        self._read_tags(*self.tags[:3], self.stray, ago=30)
        self._read_tags(self.tags[3], get_epc(99), ago=90)
        count = self._begin()
        lots = self.stray.lot_id.union(*(tag.lot_id for tag in self.tags[:3]))
        self.assertEqual(self._get_scans(count).lot_id, lots)
        self.assertEqual(len(self._get_scans(count)), 4)
        part = count.sudo().part_ids.filtered("user_id.share")
        self.assertEqual(part.scan_count, 4)
        self._read_tags(*self.tags[:3], ago=0)
        self.assertEqual((len(self._get_scans(count)), part.scan_count), (4, 4))

    def test_what_lies_before_readers_that_do_not_run_is_not(self):
        self._read_tags(*self.tags, ago=30)
        self.assertFalse(self._get_scans(self._begin()))

    def test_what_had_left_before_the_readers_began_and_is_told_after_is_taken_back(self):
        self._run_readers()
        self._read_tags(*self.tags, ago=30)
        count = self._begin()
        self._read_tags(self.tags[1], ago=0)
        self._send(*(self._row(tag, "leave", ago=20) for tag in self.tags[:2]))
        lots = self._get_scans(count).lot_id
        self.assertEqual(lots, self.env["stock.lot"].union(*(t.lot_id for t in self.tags[1:])))
        self.assertEqual(count.sudo().part_ids.filtered("user_id.share").scan_count, 3)

    def test_a_piece_that_the_books_move_while_readers_go_on_to_read_it_is_in_the_wrong_place(self):
        count = self._start()
        count.sudo().write(
            {
                "readers_date": fields.Datetime.now() - timedelta(hours=1),
                "start_date": fields.Datetime.now() - timedelta(hours=1),
            }
        )
        moved, gone = self.tags[:2]
        self._read_tags(*self.tags, ago=3000)
        for tag in (moved, gone):
            self._move(tag.lot_id, self.case, self.window)
            line = self.env["stock.move.line"].search([("lot_id", "=", tag.lot_id.id)])[-1:]
            line.date = fields.Datetime.now() - timedelta(seconds=1500)
        self._read_tags(moved, *self.tags[2:], ago=5)
        count.action_sign()
        self.assertEqual(self._get_kinds(count), {moved.lot_id: "misplaced"})

    def test_a_stay_that_began_before_counts_by_when_it_was_read_last(self):
        count = self._start()
        self._send(self._row(self.tags[0], first=self._ms(600)))
        self.assertEqual(self._get_scans(count).lot_id, self.tags[0].lot_id)

    def test_zones_of_other_places_do_not_count(self):
        count = self._start()
        self._read_tags(self.stray, antenna=2)
        self._read_tags(self.tags[0], antenna=3)
        self.assertFalse(self._get_scans(count))

    def test_a_zone_in_a_place_counts_for_it_and_one_around_it_does_not(self):
        tray = self._create_place("Tray", location_id=self.case.id)
        tray_zone = self._create_zone("Tray zone", tray)
        self._create_reader(self.gateway, "R2", [tray_zone])
        count = self._start()
        self._read_tags(self.tags[0], reader="R2")
        self.assertEqual(self._get_scans(count).place_id, tray)
        inner = self._start(tray)
        self._read_tags(self.tags[1])
        self.assertFalse(self._get_scans(inner))

    def test_a_number_that_readers_fill_with_zeros_is_the_same_scan(self):
        number = self.tags[0].epc
        count = self._start()
        self._send(self._row(number, ago=20), self._row(f"{number}0000", ago=10))
        self._send(self._row(f"{number}0000", ago=5))
        self.assertEqual(self._get_scans(count).mapped("code"), [number])

    def test_a_number_that_nobody_knows_is_kept_with_no_piece(self):
        count = self._start()
        self._read_tags(get_epc(99), *self.tags)
        count.action_sign()
        self.assertEqual(count.state, "counted")
        self.assertEqual(count.unknown_scan_ids.mapped("code"), [get_epc(99)])
        self.assertEqual((count.expected_quantity, count.found_quantity), (4, 4))
        self.assertFalse(count.line_ids)

    def test_a_number_that_is_entered_meanwhile_is_its_piece_at_the_next_read(self):
        number, count = get_epc(77), self._start()
        self._read_tags(number, ago=20)
        self.assertFalse(self._get_scans(count).lot_id)
        tag = self._create_tag(77)
        self._read_tags(number, ago=10)
        self.assertEqual(self._get_scans(count).lot_id, tag.lot_id)

    def test_a_tag_of_another_company_is_unknown_here(self):
        other = self.env["res.company"].create({"name": "Other store"})
        self.env.flush_all()
        query = "UPDATE jewelry_rfid_tag SET company_id = %s WHERE id = %s"
        self.env.cr.execute(query, [other.id, self.tags[0].id])
        self.env.invalidate_all()
        count = self._start()
        self._read_tags(self.tags[0])
        self.assertFalse(self._get_scans(count).lot_id)

    def test_the_same_batch_again_scans_nothing(self):
        count = self._start()
        batch = "6f1c2a9e-0000-4000-8000-0123456789ac"
        for _each in range(2):
            self._send(self._row(self.tags[0], ago=10), batch=batch)
        self.assertEqual(count.sudo().part_ids.filtered("user_id.share").scan_count, 1)

    def test_nothing_is_asked_twice_while_no_count_is_open(self):
        self._read_tags(*self.tags, ago=30)
        counts = type(self.env["jewelry.count"])
        queries = []
        before = counts._find_read

        def measure(records, gateway):
            start = self.env.cr.sql_log_count
            found = before(records, gateway)
            queries.append(self.env.cr.sql_log_count - start)
            return found

        with patch.object(counts, "_find_read", measure), patch.object(counts, "_take") as take:
            self._read_tags(*self.tags, ago=20)
        self.assertEqual(queries, [1])
        take.assert_not_called()

    def test_two_counts_are_counted_by_one_batch(self):
        case, both = self._start(), self._start(self.case + self.window)
        self._send(self._row(self.tags[0]), self._row(self.stray, antenna=2))
        self.assertEqual((len(self._get_scans(case)), len(self._get_scans(both))), (1, 2))

    def test_a_count_without_readers_says_what_to_do(self):
        count = self._create_count(self._create_place("Safe of nobody"))
        self.assertFalse(count.has_readers)
        with self.assertRaisesRegex(UserError, "No reader looks at these places"):
            count.action_count_by_readers()
        self.assertTrue(self._create_count().has_readers)

    def test_a_count_that_is_closed_is_not_begun_by_readers(self):
        count = self._start()
        count.action_sign()
        with self.assertRaisesRegex(UserError, "cannot be done now"):
            count.action_count_by_readers()

    def test_what_is_read_after_the_close_is_no_scan_until_it_is_opened_again(self):
        count = self._start()
        self._read_tags(self.tags[0], ago=30)
        count.action_sign()
        self._read_tags(self.tags[1], ago=20)
        self.assertEqual(len(self._get_scans(count)), 1)
        count.with_user(self.keeper).action_reopen()
        self._read_tags(self.tags[1], ago=10)
        self.assertEqual(len(self._get_scans(count)), 2)

    def test_what_is_expected_is_frozen_when_readers_begin_and_gone_when_it_is_over(self):
        count = self._start()
        expected = self.env["jewelry.rfid.expected"].search([("count_id", "=", count.id)])
        self.assertEqual(set(expected.lot_id), {tag.lot_id for tag in self.tags})
        late = self._create_tag(30)
        count.action_count_by_readers()
        self.assertNotIn(late.lot_id, expected.search([("count_id", "=", count.id)]).lot_id)
        count.with_user(self.keeper).action_cancel()
        self.assertFalse(expected.search([("count_id", "=", count.id)]))

    def test_people_and_readers_count_together(self):
        count = self._start()
        self._read_tags(*self.tags[:2])
        self._scan_by_hand(count, self.keeper, self.tags[1].lot_id, self.tags[2].lot_id)
        count.action_sign()
        self.assertEqual(count.state, "open", "the keeper has not signed")
        count.with_user(self.keeper).action_sign()
        self.assertEqual(self._get_kinds(count), {self.tags[3].lot_id: "missing"})
        self.assertEqual((count.expected_quantity, count.found_quantity), (4, 3))

    def test_an_opening_takes_two_people_and_a_gateway_is_none(self):
        count = self._create_count(kind="opening")
        count.action_count_by_readers()
        count.action_sign()
        self.assertEqual(count.state, "open")
        count.with_user(self.keeper).get_screen()
        count.with_user(self.keeper).action_sign()
        self.assertEqual(count.state, "counted")

    def test_missing_wrong_place_and_unexpected_go_through_the_trunk_and_are_applied(self):
        sold = self._create_tag(40)
        self._move(sold.lot_id, self.case, self.company._get_opening_place())
        line = self.env["stock.move.line"].search([("lot_id", "=", sold.lot_id.id)])
        line.date = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        count = self._start(user=self.keeper)
        self._read_tags(*self.tags[:3], self.stray, sold)
        count.action_sign()
        missing, stray = self.tags[3].lot_id, self.stray.lot_id
        self.assertEqual(
            self._get_kinds(count),
            {missing: "missing", stray: "misplaced", sold.lot_id: "unexpected"},
        )
        self.assertEqual(count.line_ids.filtered("found_place_id").user_id, self.device)
        line = count.line_ids.filtered(lambda line: line.kind != "misplaced")
        line.to_apply = False
        count.with_user(self.manager).action_apply()
        self.assertEqual(stray.location_id, self.case)
        self.assertEqual(count.state, "done")

    def test_no_screen_takes_the_number_of_a_readers_scan(self):
        count = self._start()
        scan = {"uuid": f"rfid:{count.id}:{self.tags[0].epc}", "code": "X", "age": 0}
        with self.assertRaises(UserError):
            count.register_scans([scan | {"place_id": self.case.id}])

    def test_readers_are_written_by_the_button_and_scans_by_nobody(self):
        count = self._start(user=self.keeper)
        self._read_tags(self.tags[0])
        for name in ("is_by_readers", "readers_date", "shown_user_ids"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                count.write({name: False})
        with self.assertRaises(AccessError):
            self._get_scans(count).write({"rssi": 0})


@tagged("-at_install", "post_install")
class TestOverlap(ReaderCountCommon):
    """Two zones read the same chip: the stronger wins."""

    def _start_both(self):
        return self._start(self.case + self.window)

    def test_the_stronger_zone_wins_within_a_batch_in_whatever_order(self):
        for antennas in ((1, 2), (2, 1)):
            count = self._start_both()
            self._send(
                *(
                    self._row(self.tags[0], ago=20 - turn, antenna=antenna, rssi=-40.0 * antenna)
                    for turn, antenna in enumerate(antennas)
                )
            )
            with self.subTest(antennas=antennas):
                self.assertEqual(self._get_place_of(count, self.tags[0]), self.case)

    def test_the_stronger_zone_wins_over_a_batch_that_came_before(self):
        count = self._start_both()
        self._read_tags(self.tags[0], ago=20, antenna=2, rssi=-70)
        self._read_tags(self.tags[0], ago=19, antenna=1, rssi=-50)
        self.assertEqual(self._get_place_of(count, self.tags[0]), self.case)
        self._read_tags(self.tags[0], ago=18, antenna=2, rssi=-60)
        self.assertEqual(self._get_place_of(count, self.tags[0]), self.case)

    def test_two_gateways_that_see_one_chip_make_one_scan(self):
        other = self._create_gateway("shop-2")
        self._create_reader(other, "R1", [self.window_zone])
        count = self._start_both()
        self._send(self._row(self.tags[0], ago=20, rssi=-70.0), gateway=other)
        self._send(self._row(self.tags[0], ago=19, rssi=-50.0))
        self.assertEqual(self._get_place_of(count, self.tags[0]), self.case)
        self._send(self._row(self.tags[0], ago=18, rssi=-60.0), gateway=other)
        self.assertEqual(self._get_place_of(count, self.tags[0]), self.case)

    def test_a_zone_without_a_signal_loses(self):
        count = self._start_both()
        self._read_tags(self.tags[0], ago=20, antenna=2, rssi=None)
        self._read_tags(self.tags[0], ago=19, antenna=1, rssi=-80)
        self._read_tags(self.tags[0], ago=18, antenna=2, rssi=None)
        self.assertEqual(self._get_place_of(count, self.tags[0]), self.case)
        self.assertEqual(self._get_scans(count).rssi, -80)

    def _age(self, count, seconds):
        count.sudo().readers_date = fields.Datetime.subtract(fields.Datetime.now(), seconds=seconds)

    def test_a_piece_that_was_carried_on_is_where_it_is_read_now(self):
        count = self._start_both()
        self._age(count, 600)
        self._read_tags(self.tags[0], ago=500, antenna=1, rssi=-40)
        self._read_tags(self.tags[0], ago=450, antenna=2, rssi=-70)
        self.assertEqual(self._get_place_of(count, self.tags[0]), self.case)
        self._read_tags(self.tags[0], ago=100, antenna=2, rssi=-70)
        self.assertEqual(self._get_place_of(count, self.tags[0]), self.window)

    def test_a_zone_that_still_reads_it_keeps_it(self):
        count = self._start_both()
        self._age(count, 600)
        self._read_tags(self.tags[0], ago=500, antenna=1, rssi=-40)
        self._read_tags(self.tags[0], ago=110, antenna=1, rssi=-45)
        self._read_tags(self.tags[0], ago=100, antenna=2, rssi=-70)
        self.assertEqual(self._get_place_of(count, self.tags[0]), self.case)

    def test_what_comes_late_from_a_spool_does_not_win_over_what_is_read_now(self):
        count = self._start_both()
        self._age(count, 600)
        self._read_tags(self.tags[0], ago=10, antenna=1, rssi=-60)
        self._read_tags(self.tags[0], ago=500, antenna=2, rssi=-40)
        self.assertEqual(self._get_place_of(count, self.tags[0]), self.case)


@tagged("-at_install", "post_install")
class TestLive(ReaderCountCommon):
    """What the live screen tells, and whom."""

    def test_a_manager_sees_what_is_missing_and_where_it_is_seen(self):
        count = self._start()
        self._read_tags(*self.tags[:2], self.stray, get_epc(99))
        self._read_tags(self.tags[3], antenna=2)
        untagged = self._stock_piece(place=self.case)
        live = self._get_live(count)
        numbers = ("expected", "found", "missing", "misplaced", "unexpected", "read", "unknown")
        self.assertEqual([live[name] for name in numbers], [4, 2, 2, 1, 0, 3, 1])
        missing = {piece["id"]: piece for piece in live["pieces"]["missing"]}
        self.assertEqual(set(missing), {tag.lot_id.id for tag in self.tags[2:]})
        self.assertEqual(missing[self.tags[3].lot_id.id]["zone"], "Window zone")
        self.assertEqual(missing[self.tags[2].lot_id.id]["home"], "Case")
        (wrong,) = live["pieces"]["misplaced"]
        self.assertEqual((wrong["id"], wrong["place"]), (self.stray.lot_id.id, "Case"))
        self.assertEqual(live["numbers"], [{"code": get_epc(99), "place": "Case"}])
        self.assertNotIn(untagged.id, missing, "it came after the readers began")

    def test_pieces_without_a_tag_are_told_apart(self):
        untagged = self._stock_piece(place=self.case)
        count = self._start()
        self._read_tags(*self.tags)
        live = self._get_live(count)
        self.assertEqual((live["missing"], live["untagged"]), (1, 1))
        self.assertFalse(live["pieces"]["missing"][0]["has_tag"])
        self._scan_by_hand(count, self.keeper, untagged)
        self.assertEqual(self._get_live(count)["missing"], 0)

    def test_each_place_says_how_much_of_how_much(self):
        count = self._start(self.case + self.window)
        self._read_tags(*self.tags[:3])
        places = {tile["name"]: tile for tile in self._get_live(count)["places"]}
        self.assertEqual((places["Case"]["found"], places["Case"]["expected"]), (3, 4))
        self.assertEqual((places["Window"]["found"], places["Window"]["expected"]), (0, 1))

    def test_who_counts_sees_only_how_much_was_read(self):
        count = self._start()
        self._read_tags(*self.tags[:3], get_epc(99))
        for user in (self.associate, self.keeper):
            live = self._get_live(count, user)
            with self.subTest(user=user.login):
                self.assertEqual((live["is_told"], live["read"], live["unknown"]), (False, 3, 1))
                self.assertEqual(live["places"], [{"id": self.case.id, "name": "Case", "read": 3}])
                hidden = {"expected", "found", "missing", "pieces", "numbers", "untagged"}
                self.assertFalse(hidden & live.keys())
                for tag in self.tags:
                    self.assertNotIn(tag.lot_id.name, json.dumps(live))

    def test_a_place_of_which_nothing_was_read_is_not_named_to_who_counts(self):
        count = self._start(self.case + self.window)
        self._read_tags(self.tags[0])
        live = self._get_live(count, self.associate)
        self.assertEqual([tile["name"] for tile in live["places"]], ["Case"])

    def test_a_manager_who_has_scanned_by_hand_is_told_nothing(self):
        count = self._start()
        self._scan_by_hand(count, self.manager, self.tags[0].lot_id)
        self.assertFalse(self._get_live(count)["is_told"])
        self.assertFalse(count.sudo().shown_user_ids)

    def test_a_manager_who_was_told_scans_by_hand_no_more(self):
        count = self._start()
        self.assertTrue(self._get_live(count)["is_told"])
        self.assertEqual(count.sudo().shown_user_ids, self.manager)
        with self.assertRaisesRegex(UserError, "let somebody else scan it"):
            count.with_user(self.manager).get_screen()
        with self.assertRaisesRegex(UserError, "let somebody else scan it"):
            count.with_user(self.manager).register_scans([])

    def test_nobody_is_told_anything_of_a_count_without_readers_or_one_that_is_over(self):
        plain, over = self._create_count(), self._start()
        over.with_user(self.keeper).action_cancel()
        for count in (plain, over):
            self.assertFalse(self._get_live(count)["is_told"])
            self.assertFalse(count.sudo().shown_user_ids)

    def test_a_manager_who_let_the_readers_begin_signs(self):
        count = self._start(user=self.manager)
        live = self._get_live(count)
        self.assertTrue(live["is_told"] and live["can_sign"])
        count.action_sign()
        self.assertEqual(count.state, "counted")
        self.assertFalse(self._get_live(count)["can_sign"])

    def test_readers_scans_and_what_is_expected_are_read_by_nobody_while_it_is_counted(self):
        count = self._start()
        self._read_tags(*self.tags)
        for user in (self.associate, self.keeper, self.manager):
            scans = self.env["jewelry.count.scan"].with_user(user)
            with self.subTest(user=user.login):
                self.assertFalse(scans.search([("count_id", "=", count.id)]))
                with self.assertRaises(AccessError):
                    self.env["jewelry.rfid.expected"].with_user(user).search([])

    def test_nobody_but_staff_of_the_company_sees_a_count(self):
        count = self._start()
        for user in (self._create_user("portal"), self._create_user("employee"), self.device):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._get_live(count, user)

    def test_the_screen_tells_no_cost_or_price(self):
        self.tags[0].lot_id.list_price = 9876.5
        count = self._start()
        text = json.dumps(self._get_live(count))
        for secret in ("9876", "price", "cost", "value"):
            self.assertNotIn(secret, text)

    def test_the_screen_asks_no_more_questions_for_many_pieces_than_for_few(self):
        count = self._start()
        numbers = []
        self._read_tags(self.stray)
        self._get_live(count)
        for start in (50, 60):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._get_live(count)
            numbers.append(self.env.cr.sql_log_count - before)
            self._read_tags(*(self._create_tag(start + n, place=self.window) for n in range(8)))
        self.assertLessEqual(numbers[1], numbers[0])

    def _get_messages(self, send):
        """Return the messages about counts that a batch causes."""
        bus = self.env["bus.bus"].sudo()
        self.env.cr.precommit.run()
        last = bus.search([], order="id desc", limit=1).id or 0
        send()
        self.env.cr.precommit.run()
        messages = [json.loads(each.message) for each in bus.search([("id", ">", last)])]
        return [each["payload"] for each in messages if each["type"] == "jewelry_rfid_count"]

    def test_a_batch_is_one_message_and_tells_nothing_of_what_is_expected(self):
        counts = self._start(), self._start(self.case + self.window)
        messages = self._get_messages(lambda: self._read_tags(*self.tags[:3]))
        news = [{"id": count.id, "came": 3} for count in counts]
        self.assertEqual(messages, [{"company_id": self.company.id, "counts": news}])

    def test_a_batch_that_brings_nothing_new_is_no_message(self):
        self._start()
        self._read_tags(*self.tags[:3], ago=20)
        self.assertEqual(self._get_messages(lambda: self._read_tags(*self.tags[:3])), [])


@tagged("-at_install", "post_install")
class TestClasses(ReaderCountCommon):
    """Each tag that is read ends in one class, and the sums are right, whatever is read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gone = cls._create_tag(41)
        cls._move(cls.gone.lot_id, cls.case, cls.company._get_opening_place())
        lines = cls.env["stock.move.line"].search([("lot_id", "=", cls.gone.lot_id.id)])
        lines.date = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        cls.known = [*cls.tags, cls.stray, cls.gone]
        cls.codes = [tag.epc for tag in cls.known] + [get_epc(98), get_epc(99)]
        cls.homes = [cls.case] * 4 + [cls.window, None]

    def _judge(self, index, place):
        """Return what a chip is that was read in a place, said in other words than the program."""
        if index >= len(self.known):
            return "unknown"
        home = self.homes[index]
        if home is None:
            return "unexpected"
        return "found" if home == place else "misplaced"

    def _check(self, places, reads):
        count = self._start(places)
        last = {}
        for moment, (index, antenna) in enumerate(reads):
            row = self._row(self.codes[index], ago=50, antenna=antenna, rssi=-90.0 + moment)
            self._send(row)
            place = self.case if antenna == 1 else self.window
            if place in places:
                last[index] = place
        judged = {index: self._judge(index, place) for index, place in last.items()}
        live = self._get_live(count)
        for kind in ("misplaced", "unexpected", "unknown"):
            self.assertEqual(live[kind], list(judged.values()).count(kind), kind)
        expected = {i for i, home in enumerate(self.homes) if home and home in places}
        self.assertEqual(live["expected"], len(expected))
        self.assertEqual(live["found"], len(expected & last.keys()))
        self.assertEqual(live["found"] + live["missing"], live["expected"])
        self.assertEqual(live["read"] + live["unknown"], len(last))
        self._check_close(count, live, judged)

    def _check_close(self, count, live, judged):
        """The trunk's close says the same of each as the screen has said."""
        count.action_sign()
        kinds = list(self._get_kinds(count).values())
        for kind in ("missing", "misplaced", "unexpected"):
            self.assertEqual(kinds.count(kind), live[kind], kind)
        self.assertEqual(len(kinds), sum(live[k] for k in ("missing", "misplaced", "unexpected")))
        self.assertEqual(count.expected_quantity, live["expected"])
        self.assertEqual(len(count.unknown_scan_ids), list(judged.values()).count("unknown"))

    def test_each_tag_ends_in_one_class_and_found_and_missing_are_the_expected(self):
        reads = st.lists(st.tuples(st.integers(0, 7), st.integers(1, 2)), max_size=12)
        places = st.sampled_from([self.case, self.window, self.case + self.window])

        @settings(max_examples=15, deadline=None, database=None)
        @given(places, reads)
        def check(places, reads):
            with self.env.cr.savepoint() as savepoint:
                self._check(places, reads)
                savepoint.rollback()
            self.env.invalidate_all()

        check()
