from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .counter_common import CounterCommon


@tagged("post_install", "-at_install")
class TestPosReturn(CounterCommon):
    """What customers bring back: the same piece, once, with its cost and its owner."""

    def _take_in(self, conflict, reason="Known client"):
        wizard = self.env["jewelry.sale.conflict.settle"].with_user(self.manager)
        return wizard.create(
            {"conflict_id": conflict.id, "act": "take_back", "reason": reason}
        ).action_settle()

    # === WITH A RECEIPT === #

    def test_an_exchange_on_one_ticket_takes_one_piece_in_and_hands_one_out(self):
        sale = self._sell(self.low)
        back = self._prepare_line(self.low, -1, refunded_orderline_id=sale.lines.id)
        order = self._sell(back, self.high)
        self.assertFalse(order.conflict_ids)
        self.assertEqual(self.low.piece_status, "available")
        self.assertEqual(self.high.piece_status, "sold")
        self._close()
        self.assertEqual(self._get_books(), (0, -2000, 900))

    def test_an_even_exchange_moves_both_pieces(self):
        other = self._stock_piece(cost=120, list_price=300)
        sale = self._sell(self.low)
        back = self._prepare_line(self.low, -1, refunded_orderline_id=sale.lines.id)
        order = self._sell(back, other)
        self.assertEqual(order.amount_total, 0)
        self.assertEqual((self.low.piece_status, other.piece_status), ("available", "sold"))
        self._close()
        self.assertEqual(self._get_books(), (0, -300, 120))

    def test_a_refund_may_be_taken_back_by_selling_the_piece_again(self):
        back = self._bring(self.high, self._sell(self.high))
        again = self._sell(self._prepare_line(self.high, refunded_orderline_id=back.lines.id))
        self.assertFalse(again.conflict_ids)
        self.assertEqual(self.high.piece_status, "sold")
        self._close()
        self.assertEqual(self._get_books(), (0, -2000, 900))

    def test_a_receipt_takes_its_piece_back_once(self):
        sale = self._sell(self.high)
        self._bring(self.high, sale)
        again = self._sell(self.high)
        second = self._bring(self.high, sale)
        self._assert_conflict(second, "unknown", "took it back already")
        self.assertEqual((self.high.piece_status, again.conflict_ids.ids), ("sold", []))

    def test_a_piece_that_is_in_stock_is_not_taken_back(self):
        self._sell(self.low)
        self._assert_conflict(self._bring(self.high), "unknown", "Available")

    def test_a_receipt_for_one_piece_brings_no_other_back(self):
        sale = self._sell(self.low)
        self._sell(self.high)
        self._assert_conflict(self._bring(self.high, sale), "unknown", "sold another piece")
        self.assertEqual(self.high.piece_status, "sold")

    def test_what_was_paid_back_for_a_conflict_is_not_paid_back_twice_unseen(self):
        self._sell(self.high)
        sale = self._sell(self.high)
        self._bring(self.high, sale)
        self.assertEqual(sale.conflict_ids.state, "refunded")
        second = self._bring(self.high, sale)
        self._assert_conflict(second, "unknown", "Taken back, but")
        self.assertEqual(self.high.piece_status, "sold")

    # === WITHOUT ONE === #

    def test_a_manager_takes_a_piece_back_without_a_receipt(self):
        self._sell(self.high)
        back = self._bring(self.high, user=self.manager)
        self.assertFalse(back.conflict_ids)
        self.assertEqual((self.high.piece_status, self.high.standard_price), ("available", 900))
        self._close()
        self.assertEqual(self._get_books(), (0, 0, 0))

    def test_an_associate_needs_a_receipt(self):
        sale = self._sell(self.high)
        back = self._bring(self.high, user=self.associate)
        self._assert_conflict(back, "unknown", "without a receipt")
        self.assertEqual(self.high.piece_status, "sold")
        with_receipt = self._bring(self.high, sale, user=self.associate)
        self.assertFalse(with_receipt.conflict_ids)
        self.assertEqual(self.high.piece_status, "available")

    def test_goods_of_an_owner_come_back_to_that_owner_without_a_receipt(self):
        owner = self._create_partner(name="Owner")
        piece = self._create_piece(list_price=500)
        self._move(piece, self.supplier_location, self.stock_location, owner=owner)
        self._sell(piece)
        self._bring(piece, user=self.manager)
        quant = piece.quant_ids.filtered(lambda q: q.quantity > 0)
        self.assertEqual((quant.owner_id, quant.location_id), (owner, self.stock_location))

    def test_what_was_sold_by_quotation_comes_back_at_the_register(self):
        self._move(self.high, self.stock_location, self.customer_location)
        self.assertFalse(self._bring(self.high, user=self.manager).conflict_ids)
        self.assertEqual((self.high.piece_status, self.high.standard_price), ("available", 900))

    # === WHAT A MANAGER DECIDES === #

    def test_a_manager_takes_in_what_was_brought_without_a_receipt(self):
        self._sell(self.high)
        back = self._bring(self.high, user=self.associate)
        self._close()
        self.assertEqual(self._get_books(), (2000, -2000, 900))
        self._take_in(back.conflict_ids)
        self.assertEqual(back.conflict_ids.state, "settled")
        self.assertEqual((self.high.piece_status, self.high.standard_price), ("available", 900))
        self.assertEqual(self._get_books(), (0, 0, 0))

    def test_what_is_taken_in_before_closing_ends_in_the_same_ledger(self):
        self._sell(self.high)
        back = self._bring(self.high, user=self.associate)
        self._take_in(back.conflict_ids)
        self._close()
        self.assertEqual(self._get_books(), (0, 0, 0))
        self.assertEqual(self._ledger(self.stock_account), 0)

    def test_the_money_of_a_return_that_is_not_accepted_is_taken_back(self):
        self._sell(self.high)
        back = self._bring(self.high, user=self.associate)
        self._sell(self._prepare_line(self.high, refunded_orderline_id=back.lines.id))
        self.assertEqual(back.conflict_ids.state, "refunded")
        self.assertEqual(self.high.piece_status, "sold")
        self._close()
        self.assertEqual(self._get_books(), (0, -2000, 900))

    def test_what_no_customer_has_is_not_taken_in(self):
        back = self._bring(self.high)
        with self.assertRaisesRegex(UserError, "cannot be taken back: Available"):
            self._take_in(back.conflict_ids)
        self.assertEqual(back.conflict_ids.state, "open")

    def test_an_associate_takes_nothing_in(self):
        self._sell(self.high)
        back = self._bring(self.high, user=self.associate)
        with self.assertRaises(AccessError):
            back.conflict_ids.with_user(self.associate).action_take_back("I know her")
