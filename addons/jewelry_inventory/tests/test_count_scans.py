from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .count_common import CountCommon

GROCERY = "4006381333931"


@tagged("post_install", "-at_install")
class TestLateUndo(CountCommon):
    """A slip that is taken back after the close, from the queue of a browser without a network."""

    def setUp(self):
        super().setUp()
        self.count = self._open()
        self.slip = self._prepare_scan(self.rings[0].name)
        with self._at(10):
            self.count.register_scans([self.slip])
        self._scan(self.count, self.rings[1:])
        self._sign(self.count)

    def _undo(self, slip=None, at=70):
        with self._at(at):
            return self.count.register_scans([(slip or self.slip) | {"undone": True}])[0]["state"]

    def test_it_is_told_and_changes_nothing(self):
        self.assertEqual(self._undo(), "undo_late")
        self.assertFalse(self.count.line_ids, "the piece still counts as found")
        self.assertEqual(self.count.found_quantity, 3)
        codes = {code for _uuid, code, _number in self.count.get_screen()["codes"]}
        self.assertIn(self.rings[0].name, codes, "the screen counts what the count does")

    def test_sent_again_it_is_told_again(self):
        states = [self._undo(at=70), self._undo(at=75)]
        self.assertEqual(states, ["undo_late"] * 2)
        self.assertEqual(self.count.sudo().late_count, 1)

    def test_it_stays_in_the_log_of_the_count_with_its_time(self):
        self._undo()
        scan = self.count.sudo().scan_ids.filtered("is_undo_late")
        self.assertEqual(scan.lot_id, self.rings[0])
        self.assertGreater(scan.undo_date, self.count.close_date)
        sheets = self.count.with_user(self.keeper)._get_audit_sheets()
        titles, *rows = sheets["Scans"]
        column = titles.index("Undone Too Late")
        self.assertEqual([row[column] for row in rows].count("yes"), 1)

    def test_a_keeper_sees_how_many_and_which_came_too_late(self):
        self._undo()
        self._scan(self.count, self.rings[1], at=75)
        count = self.count.with_user(self.keeper)
        self.assertEqual(count.late_count, 2)
        action = count.action_view_late()
        found = self.env["jewelry.count.scan"].with_user(self.keeper).search(action["domain"])
        late = found.filtered(lambda scan: scan.is_late or scan.is_undo_late)
        self.assertEqual(late.lot_id, self.rings[:2])
        self.assertIn(count.name, action["name"])

    def test_opened_again_the_count_takes_it_back(self):
        self._undo()
        self.count.with_user(self.keeper).action_reopen()
        self.assertEqual(self.count.late_count, 0)
        self._sign(self.count, at=80)
        self.assertEqual(self._kinds(self.count), {self.rings[0]: "missing"})
        self.assertEqual(self._undo(at=90), "undone", "it was in time for this close")

    def test_in_time_it_is_no_late_one(self):
        self.count.with_user(self.keeper).action_reopen()
        self.assertEqual(self._undo(), "undone")
        self.assertEqual(self.count.late_count, 0)

    def test_a_scan_and_its_undo_that_both_come_late_were_never_there(self):
        slip = self._prepare_scan(self.rings[1].name)
        with self._at(70):
            self.count.register_scans([slip])
        self.assertEqual(self._undo(slip, at=71), "undone")
        late = self.count.sudo().scan_ids.filtered("is_undo_late")
        self.assertFalse(late)

    def test_nobody_says_by_hand_that_it_was_late(self):
        scan = self.count.sudo().scan_ids[:1]
        for user in (self.associate, self.keeper, self.manager):
            with self.assertRaises(AccessError):
                scan.with_user(user).is_undo_late = True

    def test_a_count_that_was_given_up_tells_it_as_well(self):
        count = self._open()
        slip = self._prepare_scan(self.rings[0].name)
        count.register_scans([slip])
        count.with_user(self.keeper).action_cancel()
        (answer,) = count.register_scans([slip | {"undone": True}])
        self.assertEqual(answer["state"], "undo_late")


@tagged("post_install", "-at_install")
class TestCountForeign(CountCommon):
    """Labels of others among what is counted."""

    def test_a_label_of_somebody_else_is_kept_and_told(self):
        count = self._open()
        (answer,) = self._scan(count, [GROCERY])
        self.assertEqual((answer["state"], answer["number"]), ("foreign", ""))
        scan = count.scan_ids
        self.assertEqual((scan.code, scan.is_foreign), (GROCERY, True))
        self._scan(count, self.rings)
        self._sign(count)
        self.assertFalse(count.line_ids)

    def test_an_unknown_number_is_no_label_of_somebody_else(self):
        count = self._open()
        self.assertEqual(self._scan(count, ["R-9999"])[0]["state"], "unknown")
        self.assertFalse(count.scan_ids.is_foreign)

    def test_a_slip_on_a_label_of_somebody_else_is_a_slip(self):
        (answer,) = self._scan(self._open(), [GROCERY], undone=True)
        self.assertEqual(answer["state"], "undone")

    def test_the_screen_opened_anew_tells_it_again(self):
        count = self._open()
        self._scan(count, [GROCERY])
        (recent,) = count.get_screen()["recent"]
        self.assertEqual(recent["state"], "foreign")


@tagged("post_install", "-at_install")
class TestCountCalls(CountCommon):
    """What comes over RPC and is not from the screen."""

    def _assert_refused(self, act, message, error=UserError):
        with self.assertRaisesRegex(error, message), self.env.cr.savepoint():
            act()

    def test_what_is_no_list_of_scans_is_refused(self):
        count = self._open()
        for scans in (
            *(None, False, True, 7, "scans", {}, {"uuid": "x", "code": "R-1"}),
            *([None], ["R-1"], [7], [[]], [[{"uuid": "x", "code": "R-1"}]]),
        ):
            with self.subTest(scans=scans):
                self._assert_refused(lambda scans=scans: count.register_scans(scans), "as a list")

    def _get_wrong_values(self):
        """Return what is said of it, and what is wrong with a scan."""
        return (
            ("number of its own", {"uuid": None}),
            ("number of its own", {"uuid": 7}),
            ("number of its own", {"uuid": "\ud800"}),
            ("number of its own", {"code": ["R-1"]}),
            ("number of its own", {"code": {"R": 1}}),
            ("number of its own", {"code": True}),
            ("number of its own", {"code": "R\0-1"}),
            ("negative", {"age": True}),
            ("negative", {"age": None}),
            ("negative", {"age": [1]}),
            ("negative", {"quantity": "1.5"}),
            ("negative", {"quantity": {}}),
            ("negative", {"stone_count": False}),
            ("so much", {"quantity": 1e300}),
            ("so much", {"quantity": 10**400}),
            ("counted whole", {"stone_count": 12.5}),
            ("taken back", {"undone": "yes"}),
            ("taken back", {"undone": 1}),
            ("taken back", {"undone": None}),
            ("not counted in", {"place_id": self.safe.id}),
            ("not counted in", {"place_id": True}),
            ("not counted in", {"place_id": float(self.case.id)}),
            ("not counted in", {"place_id": str(self.case.id)}),
            ("not counted in", {"place_id": [self.case.id]}),
            ("not counted in", {"place_id": {}}),
            ("not counted in", {"place_id": -1}),
            ("not counted in", {"place_id": 2**70}),
        )

    def test_what_is_wrong_with_a_scan_is_told_and_nothing_of_its_batch_is_written(self):
        count = self._open()
        good = self._prepare_scan(self.rings[0].name)
        for message, values in self._get_wrong_values():
            batch = [good, self._prepare_scan("R-1") | values]
            with self.subTest(values):
                self._assert_refused(lambda batch=batch: count.register_scans(batch), message)
        for name in ("uuid", "code", "place_id"):
            scan = self._prepare_scan("R-1")
            del scan[name]
            with self.subTest(missing=name):
                self._assert_refused(lambda scan=scan: count.register_scans([good, scan]), ".")
        self.assertFalse(count.scan_ids)
        self.assertEqual(count.part_ids.scan_count, 0)

    def test_the_same_batch_without_what_is_wrong_goes_through(self):
        count = self._open()
        scan = self._prepare_scan(self.rings[0].name, age=10**400, quantity=0, stone_count=3.0)
        with self._at(10):
            (answer,) = count.register_scans([scan | {"more": object()}])
        self.assertEqual(answer["state"], "counted")
        self.assertEqual(count.scan_ids.scan_date, count.start_date)

    def test_no_more_comes_at_once_than_a_screen_could_send(self):
        count = self._open()
        scan = self._prepare_scan("R-1")
        self._assert_refused(lambda: count.register_scans([scan] * 1001), "more than 1,?000")
        self._assert_refused(lambda: count.register_scans([scan] * 200_000), "more than 1,?000")
        self.assertEqual(len(count.register_scans([scan] * 1000)), 1000)
        self.assertEqual(len(count.scan_ids), 1)

    def test_an_empty_batch_is_answered_and_does_nothing(self):
        count = self._open()
        self.assertEqual(count.register_scans([]), [])
        self.assertFalse(count.part_ids.scan_date)

    def test_no_count_or_two_are_refused(self):
        count = self._open()
        two = count + self._open()
        for counts in (count.browse(), two):
            for act in (
                counts.get_screen,
                counts.action_sign,
                counts.action_count,
                lambda counts=counts: counts.register_scans([]),
            ):
                self._assert_refused(act, "Open one count")

    def test_a_count_that_is_gone_is_told(self):
        draft = self._create_count()
        draft.sudo().unlink()
        for act in (draft.get_screen, lambda: draft.register_scans([])):
            self._assert_refused(act, "deleted")

    def test_a_count_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        place = self.env["stock.warehouse"].search([("company_id", "=", other.id)]).lot_stock_id
        count = self.env["jewelry.count"].create(
            {"kind": "cycle", "company_id": other.id, "place_ids": place.ids}
        )
        foreign = count.with_user(self.associate)
        scan = self._prepare_scan("R-1", place)
        for act in (
            foreign.get_screen,
            foreign.action_sign,
            lambda: foreign.register_scans([scan]),
        ):
            self._assert_refused(act, ".", AccessError)
        self.assertEqual(count.state, "draft")
        self.assertFalse(count.scan_ids)
        self.assertFalse(count.part_ids)

    def test_scans_of_another_count_are_refused_and_stay_there(self):
        first, second = self._open(), self._open()
        scan = self._prepare_scan(self.rings[0].name)
        first.register_scans([scan])
        for again in (scan, scan | {"undone": True}):
            self._assert_refused(
                lambda again=again: second.register_scans([again]), "another count"
            )
        self.assertFalse(second.scan_ids)
        self.assertFalse(first.scan_ids.undo_date)

    def test_who_only_audits_does_not_count(self):
        auditor = self._create_user("employee", "jewelry_inventory.group_auditor")
        count = self._open().with_user(auditor)
        for act in (
            count.get_screen,
            count.action_sign,
            count.action_close,
            count.action_apply,
            count.action_reopen,
            count.action_cancel,
            lambda: count.register_scans([self._prepare_scan("R-1")]),
        ):
            with self.subTest(act=act):
                self._assert_refused(act, ".", AccessError)
        self.assertEqual(count.sudo().state, "open")

    def test_an_auditor_reads_what_is_gone_and_does_not_write_it_off(self):
        auditor = self._create_user("employee", "jewelry_inventory.group_auditor")
        self.company.approval_limit = 1000
        count = self._count(self.rings[1:])
        line = count.with_user(auditor).line_ids
        self.assertEqual(line.lot_id.id, self.rings[0].id)
        for values in ({"reason": "theft"}, {"to_apply": False}, {"note": "seen"}):
            self._assert_refused(lambda values=values: line.write(values), ".", AccessError)
        count.line_ids.reason = "theft"
        self._assert_refused(count.with_user(auditor).action_apply, ".", AccessError)
        self.assertEqual(self.rings[0].piece_status, "available")
        self.assertFalse(count.move_ids)


@tagged("post_install", "-at_install")
class TestCountOrder(CountCommon):
    """However scans reach the server, the same comes out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.strays = cls._stock_rings(2, cls.safe)

    def _get_outcome(self, scans, batches):
        """Return what a count says of these scans, sent in these batches."""
        savepoint = self.env.cr.savepoint(flush=True)
        count = self._open()
        for batch in batches:
            with self._at(30):
                # Each says how long ago it was, whenever it is sent.
                calls = [self._to_call(scans[number], undone) for number, undone in batch]
                count.register_scans(calls)
        self._sign(count)
        lines = {
            (line.lot_id.name, line.kind, line.place_id.name, line.found_place_id.name)
            for line in count.sudo().line_ids
        }
        outcome = (lines, count.expected_quantity, count.found_quantity, len(count.scan_ids))
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        return outcome

    def _to_call(self, scan, undone):
        number, piece, place, minute, is_slip = scan
        lots = self.rings + self.strays
        values = {"undone": True} if undone and is_slip else {}
        return {
            "uuid": f"scan {number}",
            "code": lots[piece].name,
            "place_id": [self.case, self.tray][place].id,
            "age": (30 - minute) * 60_000,
        } | values

    @settings(max_examples=25)
    @given(st.data())
    def test_order_batches_repeats_and_slips_change_nothing(self, data):
        """Each scan is of a piece in a place at a minute of its own, and may be a slip."""
        facts = data.draw(
            st.lists(
                st.tuples(st.integers(0, 4), st.integers(0, 1), st.integers(1, 29), st.booleans()),
                max_size=7,
                unique_by=lambda fact: fact[2],
            )
        )
        scans = [(number, *fact) for number, fact in enumerate(facts)]
        plain = self._get_outcome(scans, [[(number, True) for number in range(len(scans))]])
        # What travels: each scan as it was, its undo if it is a slip, and any of it again.
        calls = [(number, undone) for number in range(len(scans)) for undone in (False, True)]
        again = data.draw(st.lists(st.sampled_from(calls), max_size=5)) if calls else []
        queue = data.draw(st.permutations([*calls, *again]))
        cuts = sorted(data.draw(st.sets(st.integers(0, len(queue)), max_size=4)))
        bounds = [0, *cuts, len(queue)]
        batches = [queue[start:end] for start, end in pairwise(bounds)]
        self.assertEqual(self._get_outcome(scans, batches), plain)
        self._assert_follows_from_last(scans, plain)

    def _assert_follows_from_last(self, scans, outcome):
        """Assert what came out, reckoned by the last scan of each piece that was no slip."""
        last = {}
        for _number, piece, place, _minute, is_slip in sorted(scans, key=lambda scan: scan[3]):
            if not is_slip:
                last[piece] = place
        lots = (self.rings + self.strays).mapped("name")
        expected = set()
        for piece, name in enumerate(lots):
            booked = "Case" if piece < 3 else self.safe.name
            if piece not in last:
                expected |= {(name, "missing", booked, False)} if piece < 3 else set()
            elif piece >= 3 or last[piece] == 1:
                expected.add((name, "misplaced", booked, ["Case", "Tray"][last[piece]]))
        lines, _expected, found, number = outcome
        self.assertEqual(lines, expected)
        self.assertEqual((found, number), (len(last), len(scans)))
