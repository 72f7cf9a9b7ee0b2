from odoo import Command
from odoo.tests import tagged

from .common import LayawayCommon


@tagged("post_install", "-at_install")
class TestParts(LayawayCommon):
    """Several pieces in one layaway: parts that are cancelled, exchanged and delivered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third = cls._stock_piece(cost=70, list_price=700)

    # === STEPS AND READERS === #

    def _three(self, **values):
        """Return an open layaway of pieces for 300, 700 and 2,000; 600 is paid."""
        return self._opened(self.low, self.third, self.high, **values)

    def _drop(self, layaway, *pieces, **values):
        """Cancel pieces after the days to cancel for nothing."""
        lines = layaway.order_id.order_line.filtered(lambda line: line.piece_id in pieces)
        with self._days(8):
            self._cancel(layaway, lines, **({"outcome": "credit"} | values))

    def _kept(self):
        return self._owed(self.laid.forfeit_account_id)

    def _credit(self, layaway):
        return layaway.deposit_id._get_credit().amount_held

    def _residual(self, layaway):
        return sum(layaway.order_id.invoice_ids.mapped("amount_residual"))

    # === CANCELLED PARTS === #

    def test_two_parts_one_after_the_other_leave_the_third_to_be_paid(self):
        layaway = self._three()
        self._drop(layaway, self.high)
        self.assertEqual((layaway.amount_total, layaway.amount_held), (1000, 600))
        self._drop(layaway, self.third)
        # 300 is too much now; of the 50 that were agreed, the share of 700 in 1,000 is kept.
        self.assertEqual((layaway.amount_total, layaway.state), (300, "paid"))
        self.assertEqual((self._kept(), self._credit(layaway)), (35, 265))
        self.assertEqual((layaway.amount_held, self._laid()), (300, 300))
        layaway.action_hand_over()
        self.assertEqual(
            (layaway.state, self._laid(), self._residual(layaway)), ("delivered", 0, 0)
        )

    def test_what_was_kept_for_one_part_does_not_pay_for_another(self):
        layaway = self._three()
        self._pay(layaway.deposit_id, 2400)
        self._drop(layaway, self.high)
        self.assertEqual(self._kept(), 33.33)
        self.assertEqual((layaway.amount_paid, layaway.amount_total), (1000, 1000))
        self.assertEqual(self._credit(layaway), 1966.67)
        dearer = self._stock_piece(cost=10, list_price=720)
        self._swap(layaway, self._line(layaway, self.third), dearer)
        # The 20 more are to be paid, although more than 20 was kept.
        self.assertEqual((layaway.state, layaway.amount_due), ("open", 20))
        with self._refused("only while it is “Paid”"):
            layaway.action_hand_over()
        self._pay(layaway.deposit_id, 20)
        layaway.action_hand_over()
        self.assertEqual(
            (layaway.state, self._laid(), self._residual(layaway)), ("delivered", 0, 0)
        )

    def test_what_was_kept_is_not_given_back_at_the_next_change(self):
        layaway = self._three()
        self._pay(layaway.deposit_id, 2400)
        self._drop(layaway, self.high)
        before = self._credit(layaway)
        same = self._stock_piece(cost=10, list_price=700)
        self._swap(layaway, self._line(layaway, self.third), same)
        self.assertEqual((self._credit(layaway), layaway.amount_held), (before, 1000))
        self.assertEqual((layaway.state, self._laid()), ("paid", 1000))

    def test_a_part_is_paid_back_by_a_journal(self):
        layaway = self._three()
        self._pay(layaway.deposit_id, 2400)
        self._drop(layaway, self.high, outcome="refund")
        payment = self.env["account.payment"].search(
            [("partner_id", "=", self.client.id), ("payment_type", "=", "outbound")]
        )
        self.assertEqual((payment.amount, payment.journal_id), (1966.67, self.bank))
        self.assertEqual((layaway.amount_held, self._laid(), self._kept()), (1000, 1000, 33.33))

    def test_within_the_days_nothing_is_kept_of_a_part(self):
        layaway = self._three()
        self._pay(layaway.deposit_id, 2400)
        self._cancel(layaway, self._line(layaway, self.high), outcome="credit")
        self.assertEqual((self._kept(), self._credit(layaway)), (0, 2000))

    def test_tax_of_a_cancelled_part_comes_back(self):
        self.laid.tax_on_receipt = True
        tax = self._create_tax(21)
        account = tax.invoice_repartition_line_ids.account_id
        layaway = self._draft(self.low, self.third, self.high)
        layaway.order_id.order_line.tax_ids = [Command.set(tax.ids)]
        layaway.action_propose()
        layaway._sign("Client", signature=self.pen)
        self._pay(layaway.deposit_id, 3630)
        self.assertEqual((self._laid(), self._owed(account)), (3000, 630))
        self._cancel(layaway, self._line(layaway, self.high), outcome="credit")
        self.assertEqual((self._laid(), self._owed(account)), (1000, 210))
        self.assertEqual(self._credit(layaway), 2420)
        layaway.action_hand_over()
        self.assertEqual((self._laid(), self._owed(account)), (0, 210))
        self.assertEqual(self._residual(layaway), 0)

    def test_a_part_may_be_cancelled_during_the_notice_and_pays_what_is_late(self):
        layaway = self._three()
        self._pay(layaway.deposit_id, 100)
        self._night(38)
        self.assertEqual(layaway.state, "notice")
        with self._days(39):
            self._cancel(layaway, self._line(layaway, self.high), outcome="credit")
            # 700 of 1,000 is paid: the first payment and some of the next one, which is late.
            self.assertEqual((layaway.amount_total, layaway.amount_held), (1000, 700))
            self.assertEqual(sum(layaway.instalment_ids.mapped("amount")), 1000)
            due = layaway.deposit_id._get_next_amount()
            self._pay(layaway.deposit_id, due)
            self.assertIn(layaway.state, ("open", "paid"))

    def test_nothing_chosen_cancels_nothing(self):
        layaway = self._three()
        wizard = self.env["jewelry.layaway.cancel"].create(
            {"layaway_id": layaway.id, "reason": "Nothing"}
        )
        wizard.line_ids = False
        with self._refused("Choose what"):
            wizard.action_cancel_layaway()

    # === DELIVERED PARTS === #

    def test_one_leaves_one_is_cancelled_and_one_is_handed_over(self):
        layaway = self._three()
        self._deliver(layaway.order_id, self.low)
        layaway.deposit_id._invoice_delivered()
        self.assertEqual((layaway.amount_held, self._laid()), (300, 300))
        self._drop(layaway, self.high)
        self.assertEqual((layaway.amount_total, layaway.amount_due), (1000, 400))
        self._pay(layaway.deposit_id, 400)
        layaway.action_hand_over()
        self.assertEqual(
            (layaway.state, self._laid(), self._residual(layaway)), ("delivered", 0, 0)
        )
        self.assertEqual(
            [piece.piece_status for piece in (self.low, self.third, self.high)],
            ["sold", "sold", "available"],
        )

    def test_what_has_left_is_not_cancelled(self):
        layaway = self._three()
        self._deliver(layaway.order_id, self.low)
        with self._refused("Only what was not handed over"):
            layaway._cancel_part(self._line(layaway, self.low), "credit", 0)

    def test_the_end_after_a_part_has_left_gives_back_the_rest_only(self):
        layaway = self._three()
        self._deliver(layaway.order_id, self.low)
        self._night(38)
        self._night(53)
        self.assertEqual((layaway.state, self._laid(), self._residual(layaway)), ("credited", 0, 0))
        self.assertEqual((self._kept(), self._credit(layaway)), (50, 250))
        self.assertEqual(
            [piece.piece_status for piece in (self.low, self.third, self.high)],
            ["sold", "available", "available"],
        )
        self.assertEqual(layaway.deposit_id.state, "closed")

    def test_money_that_comes_after_such_an_end_is_held_whole_and_told(self):
        layaway = self._three()
        self._deliver(layaway.order_id, self.low)
        self._night(38)
        self._night(53)
        self._pay(layaway.deposit_id, 480)
        self.assertEqual((layaway.amount_held, self._laid()), (480, 480))
        self.assertIn("480.00", layaway.activity_ids.note)
        layaway.deposit_id._refund(480, self.bank)
        self.assertEqual((self._laid(), layaway.deposit_id.state), (0, "closed"))

    def test_what_was_spent_is_kept_when_a_part_has_left(self):
        layaway = self._three()
        self.env["jewelry.deposit.consumption"].create(
            {"deposit_id": layaway.deposit_id.id, "name": "Engraved", "amount": 90}
        )
        self._deliver(layaway.order_id, self.low)
        self._night(38)
        self._night(53)
        self.assertEqual((self._kept(), self._credit(layaway)), (140, 160))

    # === OVERPAYMENT === #

    def test_more_than_the_balance_of_a_layaway_is_credit_and_it_is_paid(self):
        layaway = self._signed(self.high)
        self._pay(layaway.deposit_id, 2500)
        self.assertEqual((layaway.state, layaway.amount_held), ("paid", 2000))
        self.assertEqual((self._credit(layaway), self._laid()), (500, 2000))
        layaway.action_hand_over()
        self.assertEqual((layaway.state, self._laid()), ("delivered", 0))

    def test_credit_of_one_layaway_opens_the_next(self):
        first = self._opened(self.high)
        self._cancel(first, outcome="credit")
        second = self._signed(self.low)
        second.deposit_id._use_credit(60)
        self.assertEqual((second.state, self._credit(second)), ("open", 340))
        self.assertEqual(self._laid(), 60)

    # === CURRENCY === #

    def test_the_currency_of_a_draft_stays_once_something_was_paid(self):
        layaway = self._draft(self.high)
        pricelist = self.env["product.pricelist"].create(
            {"name": "QQQ", "currency_id": self._create_currency().id}
        )
        self._pay(layaway.deposit_id, 100)
        with self._refused("stays in that currency"):
            layaway.order_id.pricelist_id = pricelist
        self.assertEqual(
            (layaway.currency_id, layaway.amount_held), (self.company.currency_id, 100)
        )

    def test_a_layaway_in_another_currency_ends_to_the_cent(self):
        currency = self._create_currency()
        pricelist = self.env["product.pricelist"].create(
            {"name": "QQQ", "currency_id": currency.id, "company_id": self.company.id}
        )
        layaway = self._opened(order=self._quote(self.high, pricelist_id=pricelist.id))
        self.assertEqual((layaway.amount_total, layaway.amount_first), (4000, 800))
        self.assertEqual((layaway.amount_held, self._laid()), (800, 400))
        self._night(38)
        self._night(53)
        self.assertEqual((layaway.state, self._laid()), ("credited", 0))
        # 50 of the company's are 100 of these.
        self.assertEqual((self._kept(), self._credit(layaway)), (50, 700))
