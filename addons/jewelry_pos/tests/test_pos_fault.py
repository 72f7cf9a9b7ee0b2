from copy import deepcopy
from datetime import timedelta
from uuid import uuid4

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .counter_common import CounterCommon

SYNC_LOG = "odoo.addons.jewelry_pos.models.jewelry_pos_order_sync"


@tagged("post_install", "-at_install")
class TestPosFault(CounterCommon):
    """What registers send that is late, wrong or twice: nothing lost, nothing sold twice."""

    # === ONE BAD ORDER AMONG GOOD ONES === #

    def _sync_all(self, *orders):
        with mute_logger(SYNC_LOG, "odoo.sql_db"):
            return self.env["pos.order"].sync_from_ui(list(orders))

    def test_good_orders_of_a_call_are_kept_and_the_bad_one_is_named(self):
        bad = self._prepare_order(self.low)
        bad["payment_ids"] = []
        good, other = self._prepare_order(self.high), self._prepare_order(self._stock_piece())
        answer = self._sync_all(good, bad, other)
        self.assertEqual(
            [row["uuid"] for row in answer["pos.order"]], [good["uuid"], other["uuid"]]
        )
        (refused,) = answer["refused"]
        self.assertEqual(refused["uuid"], bad["uuid"])
        self.assertIn("not fully paid", refused["reason"])
        self.assertEqual(self.high.piece_status, "sold")
        self.assertEqual(self.low.piece_status, "available")
        self.assertFalse(self.env["pos.order"].search([("uuid", "=", bad["uuid"])]))

    def test_malformed_orders_take_no_other_with_them(self):
        unlined = self._prepare_order(self.low)
        del unlined["lines"]
        unknown = self._prepare_order(self._prepare_line(self.low, product_id=False))
        good = self._prepare_order(self.high)
        answer = self._sync_all(unlined, unknown, good)
        self.assertEqual([row["uuid"] for row in answer["pos.order"]], [good["uuid"]])
        self.assertEqual(
            [row["uuid"] for row in answer["refused"]], [unlined["uuid"], unknown["uuid"]]
        )

    def test_a_call_of_bad_orders_only_is_refused_with_the_reason(self):
        orders = [self._prepare_order(self.low), self._prepare_order(self.high)]
        for order in orders:
            order["payment_ids"] = []
        with self.assertRaisesRegex(UserError, "not fully paid"):
            self._sync_all(*orders)
        with self.assertRaisesRegex(UserError, "not fully paid"):
            self._sync_all(orders[0])

    def test_a_call_of_good_orders_answers_as_core_does(self):
        orders = [self._prepare_order(self.low), self._prepare_order(self.high)]
        answer = self._sync_all(*orders)
        self.assertNotIn("refused", answer)
        self.assertEqual(len(answer["pos.order.line"]), 2)
        single = self._sync_all(self._prepare_order(self._stock_piece()))
        self.assertEqual(set(answer), set(single))

    def test_what_the_browser_sent_stays_as_it_was_for_another_try(self):
        draft = self._prepare_order(self.low, state="draft", payment_ids=[], amount_paid=0)
        self._sync_all(draft)
        more = self._prepare_order(self.high, uuid=draft["uuid"], relations_uuid_mapping={})
        before = deepcopy(more)
        self.env["pos.order"].search([("uuid", "=", draft["uuid"])]).lines.unlink()
        self._sync_all(more)
        self.assertEqual(more, before)
        self.assertEqual(self.high.piece_status, "sold")

    # === CLOCKS === #

    def test_an_order_of_a_wrong_clock_is_kept_and_booked_when_it_is_closed(self):
        today = fields.Date.context_today(self.env.user)
        for days in (-400, 400):
            with self.subTest(days=days):
                piece = self._stock_piece(cost=10, list_price=20)
                moment = fields.Datetime.now() + timedelta(days=days)
                order = self._sell(piece, date_order=fields.Datetime.to_string(moment))
                self.assertEqual(order.date_order, moment.replace(microsecond=0))
                self.assertFalse(order.conflict_ids)
                move = order.picking_ids.move_ids
                self.assertEqual(move.date.date(), fields.Datetime.now().date())
                entry = self._close().move_id
                self.assertEqual(entry.date, today)

    def test_a_wrong_clock_does_not_keep_a_claim_longer(self):
        self.config.claim_piece(self.high.id, "open-order")
        claim = self.env["jewelry.pos.claim"].search([("piece_id", "=", self.high.id)])
        self.assertLess(abs(fields.Datetime.now() - claim.seen_date), timedelta(minutes=1))
        self._sell(self.high, date_order="2020-01-01 00:00:00")
        self.assertEqual(self.high.piece_status, "sold")

    # === A PIECE THAT CHANGED WHILE IN THE CART === #

    def test_a_piece_that_was_moved_to_the_bench_meanwhile_is_a_conflict(self):
        order = self._prepare_order(self.high)
        self._move(self.high, self.stock_location, self.bench)
        self._assert_conflict(self._sync(order), "double", "At the bench")

    def test_a_piece_that_was_moved_within_the_shop_is_sold(self):
        order = self._prepare_order(self.high)
        self._move(self.high, self.stock_location, self.safe)
        self.assertFalse(self._sync(order).conflict_ids)
        self.assertEqual(self.high.piece_status, "sold")

    def test_a_piece_that_was_voided_meanwhile_is_a_conflict(self):
        piece = self._create_piece(list_price=70)
        order = self._prepare_order(piece)
        piece.sudo().void_reason = "Entered twice"
        self._assert_conflict(self._sync(order), "double", "Void")

    def test_a_piece_that_was_edited_meanwhile_is_sold_as_it_is(self):
        order = self._prepare_order(self.high)
        self.high._set_cost({self.high: 950}, "correction")
        self.high.inscription = "For ever"
        order = self._sync(order)
        self.assertFalse(order.conflict_ids)
        self.assertEqual(order.picking_ids.move_ids.value, 950)

    def test_a_style_that_was_archived_meanwhile_is_sold_all_the_same(self):
        order = self._prepare_order(self.high)
        self.style.product_tmpl_id.action_archive()
        order = self._sync(order)
        self.assertFalse(order.conflict_ids)
        self.assertEqual(self.high.piece_status, "sold")

    # === NUMBERS === #

    def test_a_line_with_two_numbers_sells_neither(self):
        names = [Command.create({"lot_name": piece.name}) for piece in (self.low, self.high)]
        order = self._sell(self._prepare_line(self.low, 2, pack_lot_ids=names))
        self._assert_conflict(order, "unknown", self.high.name)

    def test_two_of_one_number_are_not_sold(self):
        order = self._sell(self._prepare_line(self.low, 2))
        self._assert_conflict(order, "unknown", self.low.name)

    def test_a_number_that_is_sent_twice_is_one_number(self):
        lots = [Command.create({"lot_name": self.low.name})] * 2
        order = self._sell(self._prepare_line(self.low, pack_lot_ids=lots))
        self.assertFalse(order.conflict_ids)
        self.assertEqual((order.lines.piece_id, self.low.piece_status), (self.low, "sold"))

    def test_a_line_without_a_number_sells_no_piece(self):
        order = self._sell(self._prepare_line(self.low, pack_lot_ids=[]))
        self._assert_conflict(order, "unknown", "no number")
        self.assertEqual(set((self.low | self.high).mapped("piece_status")), {"available"})

    # === SESSIONS === #

    def test_an_order_of_a_session_that_was_closed_comes_into_the_open_one(self):
        order = self._prepare_order(self.high)
        closed = self._close()
        session = self._open_session()
        with mute_logger("odoo.addons.point_of_sale.models.pos_order"):
            kept = self._sync(order)
        self.assertNotEqual(closed, session)
        self.assertEqual((kept.session_id, self.high.piece_status), (session, "sold"))
        self._close()
        self.assertEqual(self._get_books(), (0, -2000, 900))

    def test_an_order_without_any_open_session_is_refused_and_can_be_sent_again(self):
        order = self._prepare_order(self.high)
        self._close()
        with (
            mute_logger("odoo.addons.point_of_sale.models.pos_order"),
            self._refuse_sync("No open session"),
        ):
            self.env["pos.order"].sync_from_ui([order])
        self.assertEqual(self.high.piece_status, "available")
        self._open_session()
        with mute_logger("odoo.addons.point_of_sale.models.pos_order"):
            self.assertEqual(self._sync(order).state, "paid")

    def _refuse_sync(self, message):
        return self.assertRaisesRegex(UserError, message)

    def test_the_same_order_under_another_name_is_two_payments_and_one_piece(self):
        first = self._prepare_order(self.high)
        second = self._prepare_order(self.high, uuid=str(uuid4()))
        self._sync(first)
        self._assert_conflict(self._sync(second), "double", "Sold")
