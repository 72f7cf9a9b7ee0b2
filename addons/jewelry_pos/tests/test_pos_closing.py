from odoo.tests import tagged

from .counter_common import CounterCommon

# What core and we ask of the database for one more piece on a ticket, at most.
QUERIES_OF_A_LINE = 30


@tagged("post_install", "-at_install")
class TestPosClosing(CounterCommon):
    """The end of the day: books that balance, whatever the day left open."""

    def _assert_balanced(self, session):
        self.assertTrue(session.move_id)
        self.assertEqual(session.move_id.state, "posted")
        self.assertAlmostEqual(sum(session.move_id.line_ids.mapped("balance")), 0)

    def test_a_day_without_a_sale_closes(self):
        self.assertFalse(self._close().order_ids)
        self.assertEqual(self._get_books(), (0, 0, 0))

    def test_open_conflicts_of_every_kind_close_balanced(self):
        self._sell(self.high)
        self._sell(self.high)
        self._sell(self._prepare_line(self.low, pack_lot_ids=[(0, 0, {"lot_name": "NO-SUCH"})]))
        self._bring(self.high, user=self.associate)
        conflicts = self.env["jewelry.sale.conflict"]
        self.assertEqual(conflicts.search_count([("config_id", "=", self.config.id)]), 3)
        self._assert_balanced(self._close())
        self.assertEqual(self._get_books(), (-300, -2000, 900))

    def test_an_order_that_is_not_paid_yet_does_not_keep_a_piece_or_enter_the_books(self):
        draft = self._sell(self.high, state="draft", payment_ids=[], amount_paid=0)
        self.assertEqual((draft.state, self.high.piece_status), ("draft", "available"))
        self.assertFalse(draft.picking_ids)
        self._sell(self.low)
        draft.action_pos_order_cancel()
        self._assert_balanced(self._close())
        self.assertEqual(self._get_books(), (0, -300, 100))

    def test_what_is_missing_in_the_drawer_is_core_s_own_difference(self):
        session = self._open_session()
        self._sell(self.high, method=self.cash)
        self._sell(self.high, method=self.cash)
        session.post_closing_cash_details(3990)
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, "closed")
        self.assertEqual(session.cash_register_difference, -10)
        self.assertEqual(self._get_books(), (-2000, -2000, 900))

    def test_a_day_that_paid_more_back_by_card_than_it_took_leaves_nothing_open(self):
        order = self._sell(self.high)
        self._close()
        self._take_back(order)
        session = self._close()
        self._assert_balanced(session)
        payment = self.env["account.payment"].search([("pos_session_id", "=", session.id)])
        self.assertEqual((payment.payment_type, payment.amount), ("outbound", 2000))
        receivable = session._get_receivable_account(self.bank)
        self.assertEqual(payment.destination_account_id, receivable)
        self.assertEqual(self._ledger(receivable), 0)
        items = (session.move_id | payment.move_id).line_ids
        owed = items.filtered(lambda item: item.account_id == receivable)
        self.assertEqual(owed.mapped("amount_residual"), [0, 0])
        self.assertEqual(self._ledger(payment.outstanding_account_id), -2000)

    def test_what_was_counted_of_a_card_machine_that_paid_back_is_booked(self):
        order = self._sell(self.high)
        self._close()
        self._take_back(order)
        session = self._open_session()
        session.close_session_from_ui([(self.bank.id, -10)])
        self.assertEqual(session.state, "closed")
        receivable = session._get_receivable_account(self.bank)
        self.assertEqual(self._ledger(receivable), 0)
        payment = self.env["account.payment"].search([("pos_session_id", "=", session.id)])
        self.assertEqual(self._ledger(payment.outstanding_account_id), -2010)

    def test_each_piece_of_a_ticket_takes_the_same_number_of_queries(self):
        self._sell(self.low)
        counts = []
        for number in (1, 4, 7):
            pieces = [self._stock_piece(cost=10, list_price=20) for _each in range(number)]
            order = self._prepare_order(*pieces)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._sync(order)
            counts.append(self.env.cr.sql_log_count - start)
        first, second = counts[1] - counts[0], counts[2] - counts[1]
        self.assertLessEqual(second, first * 1.1 + 3, counts)
        self.assertLessEqual(second / 3, QUERIES_OF_A_LINE, counts)
