from uuid import uuid4

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .counter_common import CounterCommon


@tagged("post_install", "-at_install")
class TestPosTransfer(CounterCommon):
    """Pieces of another shop of the company: seen, asked for, sent, and sold for later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls._create_shop()
        cls.far = cls._stock_piece(cost=400, list_price=800, place=cls.shop.lot_stock_id)
        cls.uuid = str(uuid4())

    def _request(self, user=None):
        config = self.config.with_user(user or self.associate)
        return config.request_piece(self.far.id, self.uuid)

    def _get_transfers(self):
        """Return what the other shop sends, and what this one receives."""
        return (
            self.env["stock.picking"]
            .search([("pos_request_uuid", "=", self.uuid)])
            .sorted(lambda picking: picking.location_id != self.shop.lot_stock_id)
        )

    def _sell_for_pickup(self, **values):
        today = fields.Date.to_string(fields.Date.context_today(self.env.user))
        defaults = {"partner_id": self.client.id, "shipping_date": today, "uuid": self.uuid}
        return self._sell(self.far, **(defaults | values))

    def test_a_piece_of_another_shop_is_shown_with_its_place(self):
        self.assertEqual(self.config.read_piece(self.far.id)["reason"], "At Shop 2")
        columns = self.config.load_piece_catalog()["columns"]
        reasons = dict(zip(columns["id"], columns["reason"], strict=True))
        self.assertEqual(reasons[self.far.id], "At Shop 2")
        self.assertFalse(reasons[self.high.id])

    def test_a_piece_that_is_free_in_another_shop_can_be_asked_for(self):
        held = self._stock_piece(place=self.shop.lot_stock_id)
        self._reserve(held)
        columns = self.config.load_piece_catalog()["columns"]
        can_ask = dict(zip(columns["id"], columns["can_ask"], strict=True))
        self.assertEqual(
            [can_ask[piece.id] for piece in (self.far, self.high, held)], [True, False, False]
        )
        self.assertTrue(self.config.read_piece(self.far.id)["row"]["can_ask"])
        other = self._create_register("Counter 2", picking_type_id=self.shop.pos_type_id.id)
        self.assertFalse(other.read_piece(self.far.id)["row"]["can_ask"])
        other.claim_piece(self.far.id, "theirs")
        self.assertFalse(self.config.read_piece(self.far.id)["row"]["can_ask"])

    def _reserve(self, piece):
        move = self.env["stock.move"].create(
            {
                "product_id": piece.product_id.id,
                "product_uom_qty": 1,
                "location_id": self.shop.lot_stock_id.id,
                "location_dest_id": self.customer_location.id,
                "piece_id": piece.id,
                "company_id": self.company.id,
            }
        )
        move._action_confirm()
        move._action_assign()

    def test_a_place_of_the_own_shop_is_named_itself(self):
        vault = self._create_place(
            "Vault", location_id=self.config.warehouse_id.view_location_id.id
        )
        piece = self._stock_piece(place=vault)
        self.assertEqual(self.config.read_piece(piece.id)["reason"], f"At {vault.display_name}")

    def test_a_piece_of_another_shop_is_not_handed_over_here(self):
        order = self._sell(self.far)
        self._assert_conflict(order, "double", "not in the place")
        self.assertEqual(self.far.location_id, self.shop.lot_stock_id)

    def test_the_other_shop_is_asked_to_send_it(self):
        answer = self._request()
        sending, receiving = self._get_transfers()
        asked = {"shop": "Shop 2", "transfer": sending.name, "is_sent": False}
        self.assertEqual(answer["request"], asked)
        self.assertFalse(answer["reason"])
        self.assertEqual((sending.state, receiving.state), ("assigned", "waiting"))
        self.assertEqual((sending | receiving).move_ids.piece_id, self.far)
        self.assertEqual(sending.move_line_ids.lot_id, self.far)
        self.assertEqual(receiving.location_dest_id, self.stock_location)
        self.assertEqual(self.far.piece_status, "reserved")

    def test_it_is_kept_for_the_order_that_asked(self):
        self._request()
        self.assertFalse(self.config.claim_piece(self.far.id, self.uuid)["reason"])
        mine = self.config.warehouse_id.name
        reason = self.config.read_piece(self.far.id, "other")["reason"]
        self.assertEqual(reason, f"Asked for by {mine}")
        other = self._create_register("Shop 2", picking_type_id=self.shop.pos_type_id.id)
        order = self._sell(self.far, session=self._open_session(other))
        self._assert_conflict(order, "double", f"Asked for by {mine}")

    def test_the_register_that_asked_is_told_how_far_it_is(self):
        self._request()
        sending, receiving = self._get_transfers()
        for transfers, is_sent in ((self.env["stock.picking"], False), (sending, True)):
            self._deliver(transfers)
            answer = self.config.read_piece(self.far.id, self.uuid)
            self.assertEqual(answer["request"]["is_sent"], is_sent)
            self.assertEqual(answer["request"]["shop"], "Shop 2")
            self.assertFalse(answer["reason"])
        mine = self.config.warehouse_id.name
        self.assertEqual(self.config.read_piece(self.far.id)["reason"], f"On its way to {mine}")
        self._deliver(receiving)
        answer = self.config.read_piece(self.far.id, self.uuid)
        self.assertEqual((answer["request"], answer["reason"]), (False, False))

    # === GIVEN UP === #

    def test_what_leaves_the_order_before_it_is_sent_is_asked_for_no_more(self):
        self._request()
        self.config.with_user(self.associate).release_pieces(self.uuid, self.high.ids)
        self.assertEqual(self._get_states(), ["assigned", "waiting"])
        self.config.with_user(self.associate).release_pieces(self.uuid, self.far.ids)
        self.assertEqual(self._get_states(), ["cancel", "cancel"])
        self.assertEqual(self.far.piece_status, "available")
        self._request()

    def _get_states(self):
        return self._get_transfers().mapped("state")

    def test_what_is_sent_already_comes(self):
        self._request()
        sending, receiving = self._get_transfers()
        self._deliver(sending)
        self.config.release_pieces(self.uuid)
        self.assertEqual(self._get_states(), ["done", "assigned"])
        self._deliver(receiving)
        self.assertEqual(self.far.piece_status, "available")

    def test_a_cancelled_order_asks_for_nothing(self):
        self._request()
        draft = self._prepare_order(self.far, uuid=self.uuid, state="draft", payment_ids=[])
        self._sync(draft | {"amount_paid": 0}).action_pos_order_cancel()
        self.assertEqual(self._get_states(), ["cancel", "cancel"])

    def test_nobody_gives_up_what_is_paid_or_what_others_asked_for(self):
        self._request()
        for uuid in ("", False, "other"):
            self.config.release_pieces(uuid)
        self.assertEqual(self._get_states(), ["assigned", "waiting"])
        self._sell_for_pickup()
        self.config.with_user(self.associate).release_pieces(self.uuid)
        self.assertEqual(self._get_states(), ["assigned", "waiting"])

    def test_a_register_is_told_when_the_other_shop_sends_nothing(self):
        self._request()
        self.assertEqual(self.config.renew_claims({self.uuid: self.far.ids}), [])
        self._get_transfers().action_cancel()
        (lost,) = self.config.renew_claims({self.uuid: self.far.ids})
        self.assertEqual((lost["number"], lost["reason"]), (self.far.name, "At Shop 2"))

    # === ON ITS WAY === #

    def test_on_its_way_it_is_in_transit_and_in_custody(self):
        self._request()
        sending, receiving = self._get_transfers()
        self._deliver(sending)
        self.assertEqual(self.far.piece_status, "transit")
        self.assertEqual(self.far.location_id.jewelry_role, "transit")
        self.assertEqual(self._value(self.far), 400)
        transit = self.env["jewelry.shipment"]._get_transit_places(self.company)
        self.assertIn(self.far.location_id, transit)
        self.assertEqual(receiving.state, "assigned")
        self._deliver(receiving)
        self.assertEqual(self.far.piece_status, "available")
        self.assertEqual(self.far.location_id, self.stock_location)
        self.assertFalse(self.config.read_piece(self.far.id)["reason"])

    def test_it_is_sold_for_later_pickup_while_it_is_asked_for(self):
        self._request()
        order = self._sell_for_pickup()
        self.assertFalse(order.conflict_ids)
        sending, receiving = self._get_transfers()
        delivery = order.picking_ids
        self.assertEqual(delivery.move_ids.move_orig_ids, receiving.move_ids)
        self.assertEqual(delivery.state, "waiting")
        self._deliver(sending)
        self._deliver(receiving)
        self.assertEqual((delivery.state, self.far.piece_status), ("assigned", "reserved"))
        self._deliver(delivery)
        self._close()
        self.assertEqual(self.far.piece_status, "sold")
        self.assertEqual(self._get_books(), (0, -800, 400))

    def test_it_is_asked_for_when_it_is_sold_for_later_pickup(self):
        order = self._sell_for_pickup()
        self.assertFalse(order.conflict_ids)
        self.assertEqual(len(self._get_transfers()), 2)
        for picking in [*self._get_transfers(), order.picking_ids]:
            self._deliver(picking)
        self.assertEqual(self.far.piece_status, "sold")

    def test_it_is_not_sold_twice_meanwhile(self):
        self._sell_for_pickup()
        second = self._sell_for_pickup(uuid=str(uuid4()))
        self._assert_conflict(second, "double", "Asked for by")
        self._deliver(self._get_transfers()[0])
        third = self._sell_for_pickup(uuid=str(uuid4()))
        self._assert_conflict(third, "double", "On its way to")

    def test_what_was_sold_in_the_other_shop_meanwhile_is_a_conflict(self):
        self._move(self.far, self.shop.lot_stock_id, self.customer_location)
        self._assert_conflict(self._sell_for_pickup(), "double", "Sold")
        self.assertFalse(self._get_transfers())

    def test_only_what_is_free_and_elsewhere_is_asked_for(self):
        with self.assertRaisesRegex(UserError, "in this shop"):
            self.config.request_piece(self.high.id, self.uuid)
        self._request()
        with self.assertRaisesRegex(UserError, "asked for already"):
            self._request()
        with self.assertRaisesRegex(UserError, "Asked for by"):
            self.config.request_piece(self.far.id, "other")
        self.assertEqual(len(self._get_transfers()), 2)

    # === WHAT THE INSURER COVERS === #

    def _limit(self, amount, place=None):
        """Let the insurer cover so much on the way, or in a place, at retail prices."""
        self.company.write({"custody_basis": "price", "custody_opening": 0, "custody_closing": 0})
        target = {"place_id": place.id} if place else {"role": "transit"}
        return self.env["jewelry.custody.limit"].create(
            {"name": "Policy 7", "company_id": self.company.id, "amount": amount} | target
        )

    def test_what_may_not_be_sent_is_not_asked_for(self):
        self._limit(799)
        with self.assertRaisesRegex(UserError, "more than is insured.*\n.*Policy 7"):
            self._request()
        self.assertFalse(self._get_transfers())
        self.assertEqual(self.far.piece_status, "available")

    def test_up_to_the_limit_it_is_asked_for(self):
        self._limit(800)
        self.assertTrue(self._request()["request"])

    def test_what_is_asked_for_and_not_sent_yet_counts(self):
        self._limit(1000)
        other = self._stock_piece(cost=1, list_price=300, place=self.shop.lot_stock_id)
        self._request()
        with self.assertRaisesRegex(UserError, "more than is insured"):
            self.config.with_user(self.associate).request_piece(other.id, "other")
        self._deliver(self._get_transfers()[0])
        with self.assertRaisesRegex(UserError, "more than is insured"):
            self.config.with_user(self.associate).request_piece(other.id, "other")
        self._deliver(self._get_transfers()[1])
        self.assertTrue(
            self.config.with_user(self.associate).request_piece(other.id, "other")["request"]
        )

    def test_what_this_shop_may_not_hold_is_not_asked_for(self):
        limit = self._limit(3099, self.stock_location)
        with self.assertRaisesRegex(UserError, "more than is insured"):
            self._request()
        limit.amount = 3100
        self.assertTrue(self._request()["request"])

    def test_what_is_only_moved_within_a_role_adds_nothing(self):
        self.stock_location.jewelry_role = self.shop.lot_stock_id.jewelry_role = "sale"
        self._limit(1).write({"role": "sale"})
        self.assertTrue(self._request()["request"])

    def test_a_limit_of_costs_tells_no_cost(self):
        self._limit(399)
        self.company.custody_basis = "cost"
        with self.assertRaises(UserError) as raised:
            self._request()
        self.assertNotIn("400", str(raised.exception))

    def test_a_manager_asks_for_it_and_says_why_when_it_is_sent(self):
        self._limit(799)
        self.assertTrue(self._request(self.manager)["request"])
        sending = self._get_transfers()[0].with_user(self.manager)
        sending.move_ids.picked = True
        self.assertEqual(sending.button_validate()["res_model"], "jewelry.custody.confirm")
        self.assertEqual(self.far.piece_status, "reserved")

    def test_what_is_paid_is_asked_for_whatever_the_insurer_covers(self):
        self._limit(1)
        order = self._sell_for_pickup(user=self.associate)
        self.assertFalse(order.conflict_ids)
        self.assertEqual(len(self._get_transfers()), 2)

    # === OPEN ORDERS === #

    def test_what_is_in_an_open_order_of_the_other_shop_is_not_asked_for(self):
        other = self._create_register("Counter 2", picking_type_id=self.shop.pos_type_id.id)
        other.claim_piece(self.far.id, "theirs")
        with self.assertRaisesRegex(UserError, "open order at Counter 2"):
            self._request()
