from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .counter_common import CounterCommon


@tagged("post_install", "-at_install")
class TestSaleConflict(CounterCommon):
    """What was paid and not handed over: owed, until a manager settles it."""

    def setUp(self):
        super().setUp()
        self._sell(self.high)
        self.order = self._sell(self.high, partner_id=self.client.id)
        self.conflict = self.order.conflict_ids.with_user(self.manager)

    def _settle(self, **values):
        wizard = self.env["jewelry.sale.conflict.settle"].with_user(self.manager)
        return wizard.create(
            {"conflict_id": self.conflict.id, "reason": "Agreed by phone"} | values
        ).action_settle()

    # === MONEY === #

    def test_the_session_closes_balanced_and_owes_what_was_not_handed_over(self):
        self._close()
        self.assertEqual(self._ledger(self.deposits), -2000)
        self.assertEqual(self._ledger(self.income), -2000)
        self.assertEqual(self._ledger(self.expense), 900)

    def test_what_is_handed_over_later_becomes_income_with_its_cost(self):
        self._close()
        self._settle(piece_id=self.low.id)
        self.assertEqual(self.low.piece_status, "sold")
        self.assertEqual(self._ledger(self.deposits), 0)
        self.assertEqual(self._ledger(self.income), -4000)
        self.assertEqual(self._ledger(self.expense), 1000)
        self.assertEqual(self.conflict.state, "settled")
        self.assertEqual(self.conflict.handed_piece_id, self.low)
        self.assertFalse(self.conflict.activity_ids)

    def test_what_is_handed_over_before_closing_ends_in_the_same_ledger(self):
        self._settle(piece_id=self.low.id)
        self._close()
        self.assertEqual(self._ledger(self.deposits), 0)
        self.assertEqual(self._ledger(self.income), -4000)
        self.assertEqual(self._ledger(self.expense), 1000)

    def test_what_is_paid_back_is_owed_no_more_and_moves_no_stock(self):
        back = self._take_back(self.order)
        self.assertEqual(self.conflict.state, "refunded")
        self.assertFalse(back.picking_ids)
        self.assertFalse(back.conflict_ids)
        self.assertEqual(self.high.piece_status, "sold")
        self._close()
        self.assertEqual(self._ledger(self.deposits), 0)
        self.assertEqual(self._ledger(self.income), -2000)

    def test_what_is_paid_back_after_closing_is_owed_no_more_either(self):
        self._close()
        self._take_back(self.order)
        self._close()
        self.assertEqual(self._ledger(self.deposits), 0)
        self.assertEqual(self._ledger(self.income), -2000)

    def test_what_was_handed_over_late_comes_back_as_any_other_sale(self):
        self._close()
        self._settle(piece_id=self.low.id)
        line = self.order.lines
        back = self._sell(
            self._prepare_line(self.low, -1, price_unit=2000, refunded_orderline_id=line.id),
            is_refund=True,
        )
        self.assertFalse(back.conflict_ids)
        self._close()
        self.assertEqual(self._ledger(self.deposits), 0)
        self.assertEqual(self._ledger(self.income), -2000)
        self.assertEqual(self.low.piece_status, "available")
        self.assertEqual(self._ledger(self.expense), 900)

    def test_an_invoiced_order_owes_it_too(self):
        order = self._sell(self.high, self.low, partner_id=self.client.id, to_invoice=True)
        self.assertEqual(self._ledger(self.deposits), -2000)
        self.assertEqual(self._ledger(self.income), -300)
        self.assertEqual(self._ledger(self.expense), 100)
        third = self._stock_piece(cost=50, list_price=70)
        order.conflict_ids.with_user(self.manager).action_hand_over(third, "Swapped")
        self.assertEqual(self._ledger(self.deposits), 0)
        self.assertEqual(self._ledger(self.income), -2300)
        self.assertEqual(self._ledger(self.expense), 150)

    def test_goods_of_others_cost_nothing_when_handed_over(self):
        owner = self._create_partner(name="Owner")
        memo = self._create_piece(list_price=500)
        self._move(memo, self.supplier_location, self.stock_location, owner=owner)
        self._close()
        self._settle(piece_id=memo.id)
        self.assertEqual(self._ledger(self.expense), 900)
        moved = self.order.picking_ids.move_line_ids
        self.assertEqual((moved.lot_id, moved.owner_id), (memo, owner))

    # === WHO IS ASKED === #

    def _create_manager(self, login, **values):
        return self._create_user(
            "manager", "point_of_sale.group_pos_manager", login=login, **values
        )

    def _conflict(self, user=None, **values):
        """Return a new conflict about the high piece."""
        return self._sell(self.high, user=user or self.associate, **values).conflict_ids

    def test_a_manager_of_the_store_is_asked_and_not_who_keeps_the_program(self):
        self.assertTrue(self.env.ref("base.user_admin").has_group("base.group_system"))
        self.assertEqual(self._conflict().activity_ids.user_id, self.manager)

    def test_a_manager_who_opened_the_register_is_asked_first(self):
        opener = self._create_manager("opener")
        self._open_session().user_id = opener
        self.assertEqual(self._conflict().activity_ids.user_id, opener)

    def test_a_manager_who_sold_it_comes_before_those_who_are_elsewhere(self):
        seller = self._create_manager("seller")
        order = self._prepare_order(self.high, user_id=seller.id)
        self.assertEqual(self._sync(order).conflict_ids.activity_ids.user_id, seller)

    def test_a_manager_of_another_store_is_asked_where_there_is_no_other(self):
        elsewhere = self.env["res.company"].create({"name": "Head office"})
        companies = [(6, 0, (self.company | elsewhere).ids)]
        visitor = self._create_manager("visitor", company_id=elsewhere.id, company_ids=companies)
        self.assertEqual(self._conflict().activity_ids.user_id, self.manager)
        self.manager.active = False
        self.assertEqual(self._conflict().activity_ids.user_id, visitor)

    def test_who_may_not_see_the_store_is_not_asked(self):
        elsewhere = self.env["res.company"].create({"name": "Other store"})
        stranger = self._create_manager(
            "stranger", company_id=elsewhere.id, company_ids=[(6, 0, elsewhere.ids)]
        )
        self._open_session().user_id = stranger
        self.assertEqual(self._conflict().activity_ids.user_id, self.manager)

    # === WHO AND WHEN === #

    def test_an_associate_sees_conflicts_and_settles_none(self):
        conflict = self.conflict.with_user(self.associate)
        self.assertEqual(conflict.state, "open")
        with self.assertRaises(AccessError):
            conflict.action_hand_over(self.low, "I know better")
        with self.assertRaises(AccessError):
            conflict.action_refund()

    def test_nothing_is_settled_without_a_reason_or_twice(self):
        with self.assertRaisesRegex(UserError, "what was agreed"):
            self.conflict.action_hand_over(self.low, " ")
        self._settle(piece_id=self.low.id)
        with self.assertRaisesRegex(UserError, "settled already"):
            self._settle(piece_id=self.low.id)

    def test_a_piece_that_cannot_be_sold_is_not_handed_over(self):
        with self.assertRaisesRegex(UserError, "cannot be handed over: Sold"):
            self._settle(piece_id=self.high.id)
        self.assertEqual(self.conflict.state, "open")

    def test_a_customer_may_wait_for_a_piece(self):
        self._settle(act="order")
        self.assertEqual((self.conflict.state, self.conflict.is_pending), ("ordered", True))
        self._settle(piece_id=self.low.id)
        self.assertEqual(self.conflict.state, "settled")

    def test_the_program_writes_conflicts_and_nobody_else(self):
        with self.assertRaises(AccessError):
            self.conflict.write({"state": "refunded"})
        with self.assertRaises(UserError):
            self.conflict.sudo().unlink()

    def test_the_back_office_pays_back_the_line_alone(self):
        order = self._sell(self.high, self.low)
        action = order.conflict_ids.with_user(self.manager).action_refund()
        refund = self.env["pos.order"].browse(action["res_id"])
        self.assertEqual(refund.lines.refunded_orderline_id, order.conflict_ids.line_id)
        self.assertEqual(refund.amount_total, -2000)
        self.env["pos.make.payment"].with_context(active_id=refund.id).create(
            {"amount": -2000, "payment_method_id": self.bank.id}
        ).check()
        self.assertEqual(order.conflict_ids.state, "refunded")
