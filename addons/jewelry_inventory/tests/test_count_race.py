from psycopg2.errors import SerializationFailure

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ROLES, RaceCase


@tagged("post_install", "-at_install")
class TestCountRace(RaceCase):
    """Two people count, and others move and sell, in transactions that commit."""

    def setUp(self):
        super().setUp()
        with self._commit() as env:
            self._prepare(env)

    def _prepare(self, env):
        """Leave a case of 20 rings, two people who count, and a count that both have joined."""
        groups = [Command.link(env.ref(ROLES[role]).id) for role in ("keeper", "manager")]
        users = env["res.users"].create(
            [{"name": f"Racer {n}", "login": f"racer{n}", "group_ids": groups} for n in range(2)]
        )
        style = env["product.template"].create({"name": "Race", "jewelry_kind": "piece"})
        stock = env.company._get_stock_place()
        case, safe = env["stock.location"].create(
            [
                {"name": name, "location_id": stock.id, "company_id": env.company.id}
                for name in ("Race case", "Race safe")
            ]
        )
        product = style.product_variant_id
        vals = {"product_id": product.id, "company_id": env.company.id}
        rings = env["stock.lot"].create([vals] * 20)
        rings._take_in(env.company._get_opening_place(), case)
        # They came long before the count.
        env["stock.move.line"].search([("lot_id", "in", rings.ids)]).date = "2020-01-01"
        count = env["jewelry.count"].create({"kind": "closing", "place_ids": case.ids})
        for user in users:
            count.with_user(user).get_screen()
        self.company_limit = env.company.approval_limit
        env.company.approval_limit = 1_000_000
        self.product_id, self.user_ids, self.count_id = product.id, users.ids, count.id
        self.case_id, self.safe_id, self.ring_ids = case.id, safe.id, rings.ids
        self.names = rings.mapped("name")
        self.chains = [
            *rings.mapped("chain_uuid"),
            *users.mapped("chain_uuid"),
            *(case + safe).mapped("chain_uuid"),
        ]

    def _clean(self):
        with self._commit() as env:
            env.company.approval_limit = self.company_limit
            params = {
                "count": self.count_id,
                "product": self.product_id,
                "places": [self.case_id, self.safe_id],
            }
            env.cr.execute("DELETE FROM jewelry_count_scan WHERE count_id = %(count)s", params)
            moves = "SELECT id FROM stock_move WHERE product_id = %(product)s"
            for query in (
                f"DELETE FROM product_value WHERE move_id IN ({moves})",
                f"DELETE FROM stock_move_line WHERE move_id IN ({moves})",
                "DELETE FROM stock_move WHERE product_id = %(product)s",
                "DELETE FROM jewelry_count WHERE id = %(count)s",
                "DELETE FROM stock_quant WHERE product_id = %(product)s",
                "DELETE FROM stock_lot WHERE product_id = %(product)s",
                "DELETE FROM stock_location WHERE id = ANY(%(places)s)",
            ):
                env.cr.execute(query, params)
            messages = [("model", "=", "jewelry.count"), ("res_id", "=", self.count_id)]
            env["mail.message"].search(messages).unlink()
            env["product.product"].browse(self.product_id).product_tmpl_id.unlink()
            users = env["res.users"].browse(self.user_ids)
            partners = users.partner_id
            users.unlink()
            partners.unlink()
        return super()._clean()

    # === WORKS === #

    def _as(self, number, work):
        """Return a racer that does `work` with the count, as one of the two people."""
        return lambda env: work(
            env(user=self.user_ids[number])["jewelry.count"].browse(self.count_id)
        )

    def _prepare_scans(self, prefix, names):
        place = {"place_id": self.case_id, "age": 0}
        return [place | {"uuid": f"{prefix}-{name}", "code": name} for name in names]

    def _scan(self, number, names, prefix=None):
        scans = self._prepare_scans(prefix or f"race{number}", names)
        return self._as(number, lambda count: count.register_scans(scans))

    def _sign(self, number):
        return self._as(number, lambda count: count.action_sign())

    def _sell(self, ring_id):
        def work(env):
            ring = env["stock.lot"].browse(ring_id)
            case = env["stock.location"].browse(self.case_id)
            client = env.ref("stock.stock_location_customers")
            vals = ring._prepare_intake_vals(ring.product_id, case, client, owner=None)
            move = env["stock.move"].create(vals | {"company_id": env.company.id})
            move._action_done()

        return work

    # === TESTS === #

    def test_two_counters_at_once_lose_nothing_and_count_each_piece_once(self):
        refusals = self._race(self._scan(0, self.names[:15]), self._scan(1, self.names[5:]))
        self.assertEqual(refusals, [None, None])
        for number in range(2):
            with self._commit() as env:
                self._sign(number)(env)
        with self._commit() as env:
            count = env["jewelry.count"].browse(self.count_id)
            self.assertEqual(len(count.scan_ids), 30)
            self.assertEqual((count.state, count.found_quantity), ("counted", 20))
            self.assertFalse(count.line_ids)

    def test_the_same_scans_sent_twice_at_once_are_kept_once(self):
        scan = self._scan(0, self.names, prefix="twice")
        self._race(scan, scan)
        with self._commit() as env:
            count = env["jewelry.count"].browse(self.count_id)
            self.assertEqual(len(count.scan_ids), 20)
            part = count.part_ids.filtered(lambda part: part.user_id.id == self.user_ids[0])
            self.assertEqual(part.scan_count, 20)

    def test_a_scan_at_the_moment_of_the_close_counts_or_is_late_but_is_never_lost(self):
        with self._commit() as env:
            self._scan(0, self.names[:19])(env)
            self._sign(0)(env)
        last = self.names[19:]
        self._race(self._scan(0, last, prefix="last"), self._sign(1))
        with self._commit() as env:
            count = env["jewelry.count"].browse(self.count_id)
            if count.state == "open":
                # The scan came first, and whoever signed was told to try again.
                self._sign(1)(env)
            scan = count.scan_ids.filtered(lambda scan: scan.uuid.startswith("last"))
            self.assertEqual(len(scan), 1)
            missing = count.line_ids.filtered(lambda line: line.kind == "missing").lot_id
            self.assertEqual(missing, scan.lot_id if scan.is_late else env["stock.lot"])

    def test_a_slip_taken_back_at_the_moment_of_the_close_is_in_time_or_told_to_be_late(self):
        with self._commit() as env:
            self._scan(0, self.names)(env)
            self._sign(0)(env)
        slip = self._prepare_scans("race0", self.names[:1])[0] | {"undone": True}
        answers = []

        def undo(count):
            answers[:] = count.register_scans([slip])

        self._race(self._as(0, undo), self._sign(1))
        with self._commit() as env:
            count = env["jewelry.count"].browse(self.count_id)
            if count.state == "open":
                # The slip came first: whoever took it back signs again.
                for number in range(2):
                    self._sign(number)(env)
            self.assertEqual(count.state, "counted")
            missing = count.line_ids.filtered(lambda line: line.kind == "missing").lot_id
            scan = count.scan_ids.filtered("undo_date")
            self.assertEqual(len(scan), 1)
            in_time = answers[0]["state"] == "undone"
            self.assertEqual(answers[0]["state"], "undone" if in_time else "undo_late")
            self.assertEqual(scan.is_undo_late, not in_time)
            self.assertEqual(missing, scan.lot_id if in_time else env["stock.lot"])

    def test_a_batch_that_a_browser_sends_twice_at_once_is_there_once(self):
        scans = self._prepare_scans("twice", self.names)
        send = self._as(0, lambda count: count.register_scans(scans))
        refusals = self._race(send, send, send)
        self.assertIn(None, refusals)
        for why in filter(None, refusals):
            # The browser keeps them and sends them again.
            self.assertRegex(why, "come in already")
        with self._commit() as env:
            send(env)
            count = env["jewelry.count"].browse(self.count_id)
            self.assertEqual(sorted(count.scan_ids.mapped("code")), sorted(self.names))
            part = count.part_ids.filtered(lambda part: part.user_id.id == self.user_ids[0])
            self.assertEqual(part.scan_count, len(self.names))

    def test_two_browsers_in_batches_at_once_find_all_that_is_there(self):
        """Each scans every other ring, in batches of three, and takes one of them back."""
        halves = [self.names[number::2] for number in range(2)]
        for start in range(0, 10, 3):
            works = [
                self._scan(number, half[start : start + 3], prefix=f"half{number}")
                for number, half in enumerate(halves)
            ]
            self.assertEqual(self._race(*works), [None, None])
        slips = [
            self._prepare_scans(f"half{number}", half[:1])[0] | {"undone": True}
            for number, half in enumerate(halves)
        ]
        works = [
            self._as(number, lambda count, slip=slip: count.register_scans([slip]))
            for number, slip in enumerate(slips)
        ]
        self.assertEqual(self._race(*works), [None, None])
        with self._commit() as env:
            for number in range(2):
                self._sign(number)(env)
            count = env["jewelry.count"].browse(self.count_id)
            self.assertEqual((count.state, count.found_quantity), ("counted", 18))
            self.assertEqual(count.line_ids.lot_id.mapped("name"), sorted(self.names[:2]))
            self.assertEqual(set(count.line_ids.mapped("kind")), {"missing"})
            self.assertEqual(count.part_ids.mapped("scan_count"), [10, 10])

    def _assert_tried_again(self, first, second):
        """Assert that `second`, which began before `first` wrote and goes on after it has
        committed, does not go on with what it knew.
        """
        with self._commit() as env, mute_logger("odoo.sql_db"):
            env.cr.execute("SELECT count(*) FROM jewelry_count")
            with self._commit() as other:
                first(other)
            with self.assertRaises(SerializationFailure):
                second(env)
                env.flush_all()
            env.cr.rollback()

    def test_a_scan_that_began_before_the_close_is_tried_again_and_late(self):
        with self._commit() as env:
            self._sign(0)(env)
        scan = self._scan(0, self.names[:1], prefix="slow")
        self._assert_tried_again(self._sign(1), scan)
        with self._commit() as env:
            scan(env)
            count = env["jewelry.count"].browse(self.count_id)
            self.assertTrue(count.scan_ids.is_late)

    def test_a_close_that_began_before_a_scan_is_tried_again_and_knows_it(self):
        with self._commit() as env:
            self._sign(0)(env)
        self._assert_tried_again(self._scan(0, self.names), self._sign(1))
        with self._commit() as env:
            self._sign(1)(env)
            # Who scanned has to sign again.
            self._sign(0)(env)
            count = env["jewelry.count"].browse(self.count_id)
            self.assertEqual((count.found_quantity, len(count.line_ids)), (20, 0))

    def test_a_sale_at_the_moment_of_the_close_is_no_difference(self):
        with self._commit() as env:
            self._scan(0, self.names)(env)
            self._sign(0)(env)
        self._race(self._sell(self.ring_ids[0]), self._sign(1))
        with self._commit() as env:
            count = env["jewelry.count"].browse(self.count_id)
            self.assertEqual(count.state, "counted")
            self.assertFalse(count.line_ids)
            ring = env["stock.lot"].browse(self.ring_ids[0])
            self.assertEqual(ring.piece_status, "sold")

    def test_a_piece_is_sold_or_written_off_but_not_both(self):
        with self._commit() as env:
            self._scan(0, self.names[1:])(env)
            self._sign(0)(env)
            self._sign(1)(env)
        with self._commit() as env:
            count = env["jewelry.count"].browse(self.count_id)
            self.assertEqual(count.line_ids.lot_id.id, self.ring_ids[0])
            count.line_ids.reason = "unknown"
        apply = lambda env: env["jewelry.count"].browse(self.count_id).action_apply()  # noqa: E731
        refusals = self._race(self._sell(self.ring_ids[0]), apply)
        self.assertEqual(len([why for why in refusals if why]), 1, refusals)
        with self._commit() as env:
            ring = env["stock.lot"].browse(self.ring_ids[0])
            sold = refusals[0] is None
            self.assertEqual(ring.piece_status, "sold" if sold else "lost")
            state = env["jewelry.count"].browse(self.count_id).state
            self.assertEqual(state, "counted" if sold else "done")

    def test_a_count_is_applied_once(self):
        with self._commit() as env:
            self._scan(0, self.names[1:])(env)
            self._sign(0)(env)
            self._sign(1)(env)
            env["jewelry.count"].browse(self.count_id).line_ids.reason = "unknown"
        apply = lambda env: env["jewelry.count"].browse(self.count_id).action_apply()  # noqa: E731
        refusals = self._race(apply, apply)
        self.assertEqual(len([why for why in refusals if why]), 1, refusals)
        with self._commit() as env:
            count = env["jewelry.count"].browse(self.count_id)
            self.assertEqual(len(count.move_ids), 1)
            self.assertLessEqual(count.done_date, fields.Datetime.now())

    def test_two_people_who_sign_at_once_close_it_once(self):
        refusals = self._race(self._sign(0), self._sign(1))
        with self._commit() as env:
            count = env["jewelry.count"].browse(self.count_id)
            for number, why in enumerate(refusals):
                if why:
                    self.assertRegex(why, "Try again")
                    self._sign(number)(env)
            self.assertEqual(count.state, "counted")
            self.assertEqual(len(count.line_ids), 20)
