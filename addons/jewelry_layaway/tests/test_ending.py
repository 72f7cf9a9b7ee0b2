from odoo.tests import tagged

from .common import LayawayCommon


@tagged("post_install", "-at_install")
class TestEnding(LayawayCommon):
    """Who does not pay gets a reminder, grace, notice, and what the terms say."""

    def _defaulted(self, **term):
        """Return a layaway whose second instalment was never paid, after all nights."""
        layaway = self._opened(self.high, term=self._create_term(**term))
        # Due on 10 December, grace until the 17th, notice until 1 January.
        self._night(38)
        self.assertEqual(layaway.state, "notice")
        self._night(53)
        return layaway

    # === NOTICE === #

    def test_grace_passes_before_notice_is_given(self):
        layaway = self._opened(self.high)
        self._night(37)
        self.assertEqual(layaway.state, "open")
        self._night(38)
        self.assertEqual((layaway.state, str(layaway.date_notice)), ("notice", "2026-12-18"))

    def test_notice_passes_before_the_end(self):
        layaway = self._opened(self.high)
        self._night(38)
        self._night(52)
        self.assertEqual(layaway.state, "notice")
        self._night(53)
        self.assertEqual(layaway.state, "credited")

    def test_a_payment_during_the_notice_takes_it_back(self):
        layaway = self._opened(self.high)
        self._night(38)
        self._pay(layaway.deposit_id, 320)
        self.assertEqual((layaway.state, layaway.date_notice), ("open", False))

    def test_less_than_what_is_late_does_not_take_it_back(self):
        layaway = self._opened(self.high)
        self._night(38)
        with self._days(39):
            self._pay(layaway.deposit_id, 319.99)
            self.assertEqual(layaway.state, "notice")
            self._pay(layaway.deposit_id, 0.01)
        self.assertEqual(layaway.state, "open")

    def test_a_manager_ends_nothing_before_its_time(self):
        layaway = self._opened(self.high)
        with self._refused("late, days of grace included"):
            layaway.action_give_notice()
        layaway._set_state("notice")
        with self._refused("runs until"):
            layaway.action_end()

    # === OUTCOMES === #

    def test_credit_keeps_the_agreed_amount_and_gives_the_customer_the_rest(self):
        layaway = self._defaulted(outcome="credit")
        credit = layaway.deposit_id._get_credit()
        self.assertEqual((layaway.state, credit.amount_held), ("credited", 350))
        self.assertEqual(self._owed(credit.kind_id.account_id), 350)
        self.assertEqual(self._owed(self.laid.forfeit_account_id), 50)
        self.assertEqual((self._laid(), layaway.deposit_id.state), (0, "closed"))

    def test_forfeit_keeps_all(self):
        layaway = self._defaulted(outcome="forfeit")
        self.assertEqual((layaway.state, self._laid()), ("forfeited", 0))
        self.assertEqual(self._owed(self.laid.forfeit_account_id), 400)

    def test_refund_owes_the_rest_until_somebody_pays_it(self):
        layaway = self._defaulted(outcome="refund")
        self.assertEqual((layaway.state, self._laid()), ("refunded", 0))
        credit_note = layaway.deposit_id.line_ids.move_id.filtered(
            lambda move: move.move_type == "out_refund"
        )
        self.assertEqual((credit_note.amount_residual, credit_note.state), (350, "posted"))
        self.assertIn(credit_note.name, layaway.activity_ids.note)

    def test_what_was_spent_for_the_customer_is_kept_on_top(self):
        layaway = self._opened(self.high)
        self.env["jewelry.deposit.consumption"].create(
            {"deposit_id": layaway.deposit_id.id, "name": "Engraved", "amount": 120}
        )
        self._night(38)
        self._night(53)
        self.assertEqual(layaway.deposit_id._get_credit().amount_held, 230)
        self.assertEqual(self._owed(self.laid.forfeit_account_id), 170)

    def test_no_more_is_kept_than_is_held(self):
        layaway = self._defaulted(outcome="credit", kept_amount=1000, first_percent=10)
        self.assertEqual((layaway.state, self._laid()), ("credited", 0))
        self.assertEqual(self._owed(self.laid.forfeit_account_id), 200)

    def test_the_piece_goes_back_for_sale_where_it_was_taken_from(self):
        piece = self._stock_piece(cost=100, place=self.safe, list_price=2000)
        layaway = self._opened(piece)
        self.assertEqual(piece.location_id.jewelry_role, "layaway")
        self._night(38)
        self._night(53)
        self.assertEqual((piece.location_id, piece.piece_status), (self.safe, "available"))
        self.assertEqual((piece.layaway_id.id, layaway.order_id.state), (False, "cancel"))
        self._sell(piece)

    def test_a_payment_after_the_end_is_kept_and_told(self):
        layaway = self._defaulted(outcome="forfeit")
        self._pay(layaway.deposit_id, 320)
        self.assertEqual(
            (layaway.state, layaway.amount_held, self._laid()), ("forfeited", 320, 320)
        )
        self.assertEqual(layaway.deposit_id.state, "open")
        self.assertIn("320.00", layaway.activity_ids[:1].note)
        layaway.deposit_id._refund(320, self.bank)
        self.assertEqual((self._laid(), layaway.deposit_id.state), (0, "closed"))

    def test_an_entry_in_a_locked_period_is_dated_in_the_open_one(self):
        layaway = self._opened(self.high)
        self.company.fiscalyear_lock_date = "2026-10-31"
        entry = layaway.deposit_id._forfeit(10, date="2026-10-05")
        self.assertGreater(str(entry.date), "2026-10-31")
        self.assertEqual((layaway.amount_held, self._laid()), (390, 390))

    def test_on_a_day_of_which_the_books_are_closed_nothing_is_ended_and_somebody_is_told(self):
        layaway = self._opened(self.high)
        self._night(38)
        # Pieces cannot move on such a day.
        self.company.fiscalyear_lock_date = "2027-01-31"
        self._night(53)
        self.assertEqual((layaway.state, layaway.amount_held), ("notice", 400))
        self.assertEqual(layaway.activity_ids.mapped("summary"), ["Not ended"])
        self.assertEqual((self.high.layaway_id, self._laid()), (layaway, 400))

    def test_one_that_cannot_be_ended_stops_no_other(self):
        bad, good = self._opened(self.high), self._opened(self.low)
        self._night(38)
        with self._failing(bad):
            self._night(53)
        self.assertEqual((bad.state, good.state), ("notice", "credited"))
        self.assertEqual((bad.amount_held, good.amount_held), (400, 0))
        self.assertIn("Not ended", bad.activity_ids.mapped("summary"))

    # === CANCELLATION === #

    def test_within_the_days_everything_is_paid_back(self):
        layaway = self._opened(self.high)
        self.env["jewelry.deposit.consumption"].create(
            {"deposit_id": layaway.deposit_id.id, "name": "Engraved", "amount": 120}
        )
        self._cancel(layaway)
        self.assertEqual((layaway.state, layaway.amount_held, self._laid()), ("cancelled", 0, 0))
        self.assertEqual(self._owed(self.laid.forfeit_account_id), 0)
        self.assertEqual(
            (self.high.piece_status, layaway.deposit_id.state), ("available", "closed")
        )

    def test_later_the_agreed_amount_is_kept(self):
        layaway = self._opened(self.high, term=self._create_term(cancel_days=0, kept_percent=5))
        with self._days(1):
            self._cancel(layaway)
        self.assertEqual(layaway.amount_kept, 150)
        self.assertEqual(self._owed(self.laid.forfeit_account_id), 150)
        self.assertEqual(self._laid(), 0)

    def test_no_more_is_kept_than_was_agreed(self):
        layaway = self._opened(self.high)
        with self._days(8), self._refused("50.00 at most"):
            self._cancel(layaway, amount_kept=51)

    def test_the_money_may_stay_as_credit(self):
        layaway = self._opened(self.high)
        self._cancel(layaway, outcome="credit")
        self.assertEqual(layaway.deposit_id._get_credit().amount_held, 400)
        self.assertEqual(self._laid(), 0)

    def test_without_a_journal_the_money_is_owed(self):
        layaway = self._opened(self.high)
        self._cancel(layaway, journal_id=False)
        self.assertEqual(layaway.activity_ids.mapped("summary"), ["Pay back"])
        self.assertEqual(self._laid(), 0)

    def test_one_of_two_pieces_is_cancelled_and_the_schedule_fits(self):
        layaway = self._opened(self.low, self.high)
        with self._days(8):
            self._cancel(layaway, self._line(layaway, self.low))
        self.assertEqual((layaway.state, layaway.amount_total), ("open", 2000))
        self.assertEqual(sum(layaway.instalment_ids.mapped("amount")), 2000)
        self.assertEqual((self.low.piece_status, self.high.piece_status), ("available", "layaway"))
        # Nothing is paid beyond the rest: nothing is given back or kept.
        self.assertEqual((layaway.amount_held, self._laid()), (460, 460))

    def test_what_is_paid_beyond_the_rest_is_given_back_less_what_is_kept(self):
        layaway = self._opened(self.low, self.high)
        self._pay(layaway.deposit_id, 1000)
        with self._days(8):
            self._cancel(layaway, self._line(layaway, self.high))
        kept = self._owed(self.laid.forfeit_account_id)
        self.assertEqual(kept, 43.48)
        self.assertEqual((layaway.amount_held, layaway.amount_due, self._laid()), (300, 0, 300))
        self.assertEqual(layaway.state, "paid")
        layaway.action_hand_over()
        self.assertEqual((layaway.state, self._laid()), ("delivered", 0))

    def test_with_a_part_delivered_the_rest_is_cancelled_and_the_part_stays_sold(self):
        layaway = self._opened(self.low, self.high)
        self._deliver(layaway.order_id, self.low)
        self._cancel(layaway)
        invoice = layaway.order_id.invoice_ids.filtered(lambda m: m.state == "posted")
        self.assertEqual((layaway.state, layaway.order_id.state), ("cancelled", "sale"))
        self.assertEqual(invoice.invoice_line_ids.piece_ids, self.low)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual((layaway.amount_held, self._laid()), (0, 0))
        self.assertEqual((self.low.piece_status, self.high.piece_status), ("sold", "available"))
        self.assertEqual(layaway.deposit_id.state, "closed")

    def test_one_that_is_signed_but_not_open_gives_its_money_back(self):
        layaway = self._signed(self.high)
        self._pay(layaway.deposit_id, 100)
        self._cancel(layaway)
        self.assertEqual((layaway.state, layaway.amount_held, self._laid()), ("cancelled", 0, 0))

    # === EXCHANGE === #

    def test_a_dearer_piece_makes_the_last_instalment_larger(self):
        layaway = self._opened(self.low)
        self._swap(layaway, layaway.order_id.order_line, self.high)
        self.assertEqual((layaway.amount_total, layaway.amount_due), (2000, 1940))
        self.assertEqual(sum(layaway.instalment_ids.mapped("amount")), 2000)
        self.assertEqual((self.low.piece_status, self.high.layaway_id), ("available", layaway))

    def test_a_cheaper_piece_leaves_what_is_too_much_as_credit(self):
        layaway = self._opened(self.high)
        self._swap(layaway, layaway.order_id.order_line, self.low)
        self.assertEqual((layaway.amount_total, layaway.amount_held), (300, 300))
        self.assertEqual(layaway.deposit_id._get_credit().amount_held, 100)
        self.assertEqual((layaway.state, self._laid()), ("paid", 300))
        layaway.action_hand_over()
        self.assertEqual(self.low.piece_status, "sold")

    def test_a_piece_that_is_not_free_takes_no_place(self):
        layaway = self._opened(self.low)
        self._sell(self.high)
        with self._refused(self.high.name):
            self._swap(layaway, layaway.order_id.order_line, self.high)
        self.assertEqual(self.low.layaway_id, layaway)
