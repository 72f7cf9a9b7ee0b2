from odoo.tests import tagged

from .common import RegisterLayawayCommon


@tagged("post_install", "-at_install")
class TestPay(RegisterLayawayCommon):
    """Layaways are paid at any register, from the first payment to the last."""

    def _begin(self, *lines, **values):
        """Return a layaway that is begun, signed and paid for the first time at the register."""
        layaway = self._start(*(lines or [self.high]), **values)
        self._sign(layaway)
        self._take(layaway.deposit_id, layaway.amount_first, user=self.cashier)
        return layaway

    def _facts(self, layaway):
        """Return what a register tells of a layaway before money is taken."""
        answer = self.register.get_deposits(query=layaway.deposit_id.name)
        return answer["deposits"][0]

    def _notices(self, layaway):
        return "\n".join(self._facts(layaway)["notices"]).replace("\xa0", " ")

    def test_the_first_payment_at_the_register_puts_the_pieces_away_at_once(self):
        layaway = self._begin()
        self.assertEqual((layaway.state, layaway.amount_paid), ("open", 400))
        self.assertEqual((self.high.piece_status, self.high.layaway_id), ("layaway", layaway))
        self.assertEqual(layaway.deposit_id.amount_pending, 400)
        self._close()
        self.assertEqual((layaway.deposit_id.amount_pending, layaway.amount_held), (0, 400))
        self.assertEqual(self._laid(), 400)

    def test_a_part_of_the_first_payment_puts_nothing_away_yet(self):
        layaway = self._start(self.high)
        self._sign(layaway)
        self._take(layaway.deposit_id, 399.99, user=self.cashier)
        self.assertEqual((layaway.state, self.high.piece_status), ("signed", "available"))
        self.assertEqual(self.high.layaway_id, layaway)
        self._take(layaway.deposit_id, 0.01, user=self.cashier)
        self.assertEqual((layaway.state, self.high.piece_status), ("open", "layaway"))

    def test_the_last_payment_at_another_register_hands_it_over(self):
        layaway = self._begin()
        self._take(layaway.deposit_id, 600, config=self.other, user=self.cashier)
        self.assertEqual((layaway.state, layaway.amount_due), ("open", 1000))
        self._take(layaway.deposit_id, 1000, config=self.other, user=self.cashier, handed=True)
        self.assertEqual((layaway.state, self.high.piece_status), ("delivered", "sold"))
        self.assertFalse(self.high.layaway_id)
        self._close()
        self._close(self.other)
        self.assertEqual((self._laid(), layaway.deposit_id.state), (0, "closed"))

    def test_the_last_payment_leaves_it_put_away_for_whoever_comes_later(self):
        layaway = self._begin()
        self._take(layaway.deposit_id, 1600, user=self.cashier)
        self.assertEqual((layaway.state, self.high.piece_status), ("paid", "layaway"))
        self.assertTrue(self._facts(layaway)["can_hand_over"])
        layaway.action_hand_over()
        self.assertEqual((layaway.state, self.high.piece_status), ("delivered", "sold"))

    def test_a_special_order_is_not_handed_over_before_it_has_come(self):
        layaway = self._begin(self._cart_line(self.high, is_made=True))
        self._take(layaway.deposit_id, layaway.amount_due, user=self.cashier, handed=True)
        self.assertEqual((layaway.state, layaway.amount_held), ("paid", 2000))
        self.assertIn(
            "Paid, and not handed over", layaway.deposit_id.activity_ids.mapped("summary")
        )
        self._swap(layaway, layaway.order_id.order_line, self.high)
        layaway.action_hand_over()
        self.assertEqual((layaway.state, self.high.piece_status), ("delivered", "sold"))

    def test_what_is_paid_after_the_end_is_held_for_the_customer(self):
        layaway = self._begin()
        rows = self._rows(layaway.deposit_id, 320, user=self.cashier)
        self._cancel(layaway, journal_id=self.journal_bank.id)
        order = self._prepare_order(*rows, partner_id=self.client.id)
        paid = self._sync(order, user=self.cashier)
        self.assertEqual((paid.state, layaway.state), ("paid", "cancelled"))
        self.assertEqual(self.high.piece_status, "available")
        held = self.env["jewelry.deposit"].search([("partner_id", "=", self.client.id)])
        self.assertEqual(sum(held.mapped("amount_held")), 320)

    def test_a_paid_layaway_is_not_given_up_with_its_order(self):
        layaway = self._begin()
        self.register.give_up_layaway(layaway.cart_uuid)
        self.assertEqual(layaway.state, "open")

    # === WHAT THE CASHIER IS TOLD === #

    def test_it_is_told_what_is_missing_before_the_pieces_are_put_away(self):
        layaway = self._start(self.high)
        self.assertIn("not signed", self._notices(layaway))
        self.assertTrue(self._facts(layaway)["layaway"]["can_sign"])
        self.assertFalse(self._facts(layaway)["can_hand_over"])
        self._sign(layaway)
        self.assertIn("400.00", self._notices(layaway))
        self.assertFalse(self._facts(layaway)["layaway"]["can_sign"])

    def test_the_schedule_is_told_with_what_is_due(self):
        facts = self._facts(self._begin())
        self.assertEqual([part["open"] for part in facts["instalments"]], [0] + [320] * 5)
        self.assertEqual((facts["next_amount"], facts["layaway"]["state"]), (320, "Open"))
        self.assertEqual(facts["notices"], [])

    def test_what_is_late_is_told_and_so_is_the_notice_and_what_was_paid(self):
        layaway = self._begin()
        with self._days(33):
            self.assertIn("late since 12/10/2026", self._notices(layaway))
        with self._days(38):
            layaway.action_give_notice()
            told = self._notices(layaway)
            self.assertIn("Notice was given on 12/18/2026", told)
            self.assertIn("01/01/2027", told)
        self._take(layaway.deposit_id, 1600, user=self.cashier)
        self.assertIn("All is paid", self._notices(layaway))

    def test_a_deposit_that_is_no_layaway_is_told_as_before(self):
        (facts,) = self.register.get_deposits(query=self.deposit.name)["deposits"]
        self.assertNotIn("layaway", facts)
        self.assertEqual(facts["notices"], [])
