from odoo.tests import tagged

from odoo.addons.jewelry_deposit.tests.race_common import (
    MoneyRaceCase,
    find_bank,
    get_owed,
    make_order,
)

from .race_common import LONG_AGO, make_late, make_term, open_one, sign

BUSY = "right now"


@tagged("post_install", "-at_install")
class TestLayawayRace(MoneyRaceCase):
    """One pays while another, or the night, does something else with the same layaway."""

    def _prepare(self, env):
        super()._prepare(env)
        self.layaway_id = open_one(env, 1000).id

    # === WORKS === #

    def _on(self, act, layaway_id=None):
        """Return the work that does `act` with a layaway."""
        number = layaway_id or self.layaway_id
        return lambda env: act(env["jewelry.layaway"].browse(number))

    def _pay(self, amount, layaway_id=None):
        return self._on(
            lambda layaway: layaway.deposit_id._receive(amount, find_bank(layaway.env)), layaway_id
        )

    def _night(self, env):
        """Do the night's work, in one transaction and of this test's layaways alone."""
        layaways = env["jewelry.layaway"]
        ids = [self.layaway_id]
        layaways._remind(
            {number: rows for number, rows in layaways._get_reminders() if number in ids}
        )
        layaways.browse(set(ids) & set(layaways._get_late_ids("open")))._lock_free()._give_notice()
        layaways._end_batch(set(ids) & set(layaways._get_late_ids("notice")))

    def _look(self, env, layaway_id=None):
        """Return the layaway once its money was seen to be right."""
        layaway = env["jewelry.layaway"].browse(layaway_id or self.layaway_id)
        deposit = layaway.deposit_id
        self.assertEqual(get_owed(deposit), deposit.amount_held)
        credit = self._get_credit(layaway)
        self.assertEqual(get_owed(credit), sum(credit.mapped("amount_held")))
        return layaway

    def _get_credit(self, layaway):
        return layaway.env["jewelry.deposit"].search(
            [("partner_id", "=", layaway.partner_id.id), ("order_id", "=", False)]
        )

    def _get_money(self, layaway):
        """Return what is held, to the customer's credit, and kept by the store."""
        kept = layaway.deposit_id.line_ids.filtered(lambda line: line.deposit_act == "forfeited")
        return (
            layaway.amount_held,
            sum(self._get_credit(layaway).mapped("amount_held")),
            -sum(kept.mapped("deposit_amount")),
        )

    # === TESTS === #

    def test_one_pays_while_the_other_cancels(self):
        cancel = self._on(lambda layaway: layaway._cancel("credit", 0))
        refusals = self._race(self._pay(800), cancel)
        self._assert_refused_or_done(refusals, BUSY, "cannot become", "only while")
        with self._commit() as env:
            layaway = self._look(env)
            paid = 200 + (800 if not refusals[0] else 0)
            held, credit, kept = self._get_money(layaway)
            self.assertEqual((held + credit, kept), (paid, 0))
            piece = layaway.order_id.order_line.piece_id
            if refusals[1]:
                self.assertEqual((layaway.state, piece.layaway_id), ("paid", layaway))
            else:
                self.assertEqual((layaway.state, piece.piece_status), ("cancelled", "available"))

    def test_one_pays_while_the_night_ends_it(self):
        with self._commit() as env:
            layaway = self._look(env)
            make_late(layaway)
            layaway._set_state("notice")
            layaway.date_notice = LONG_AGO
        refusals = self._race(self._pay(800), self._night)
        self._assert_refused_or_done(refusals, BUSY)
        with self._commit() as env:
            layaway = self._look(env)
            paid = 200 + (0 if refusals[0] else 800)
            held, credit, kept = self._get_money(layaway)
            self.assertEqual(held + credit + kept, paid)
            if layaway.state == "credited":
                # What came after the end is held, and somebody is told.
                self.assertEqual((held, credit, kept), (paid - 200, 150, 50))
                told = "Money after the end" in layaway.activity_ids.mapped("summary")
                self.assertEqual(told, not refusals[0])
            else:
                self.assertEqual((layaway.state, held), ("paid", 1000))

    def test_one_pays_what_is_late_while_the_night_gives_notice(self):
        with self._commit() as env:
            make_late(self._look(env))
        refusals = self._race(self._pay(800), self._night)
        self._assert_refused_or_done(refusals, BUSY)
        with self._commit() as env:
            layaway = self._look(env)
            # Nobody who has paid has a notice that still runs.
            self.assertEqual(layaway.state, "notice" if refusals[0] else "paid")

    def test_the_night_twice_at_once_tells_and_ends_once(self):
        with self._commit() as env:
            make_late(self._look(env))
        refusals = self._race(self._night, self._night)
        self._assert_refused_or_done(refusals, BUSY)
        with self._commit() as env:
            layaway = self._look(env)
            self.assertEqual(layaway.state, "notice")
            mails = env["mail.mail"].search(
                [("model", "=", layaway._name), ("res_id", "=", layaway.id)]
            )
            # One that it is late, one that it will end.
            self.assertEqual(len(mails), 2)
            layaway.date_notice = LONG_AGO
        self._race(self._night, self._night)
        with self._commit() as env:
            layaway = self._look(env)
            self.assertEqual((layaway.state, self._get_money(layaway)), ("credited", (0, 150, 50)))

    def test_two_layaways_on_one_piece_keep_it_for_one_and_the_money_of_both(self):
        with self._commit() as env:
            term = make_term(env)
            first = make_order(env, 500)
            second = first.copy({"partner_id": env["res.partner"].create({"name": "Other"}).id})
            piece = first.order_line.piece_id
            second.order_line.piece_id = piece
            ids = [sign(env, order, term).id for order in (first, second)]
            piece_id = piece.id
        refusals = self._race(*(self._pay(100, number) for number in ids))
        self.assertEqual(refusals, [None, None])
        with self._commit() as env:
            layaways = [self._look(env, number) for number in ids]
            piece = env["stock.lot"].browse(piece_id)
            self.assertEqual(sorted(one.state for one in layaways), ["open", "signed"])
            self.assertEqual([one.amount_held for one in layaways], [100, 100])
            self.assertEqual(piece.layaway_id.state, "open")
            waiting = next(one for one in layaways if one.state == "signed")
            self.assertEqual(waiting.order_id.state, "draft")
            self.assertEqual(waiting.activity_ids.mapped("summary"), ["Not put away"])

    def test_two_hand_it_over_at_once_and_it_leaves_once(self):
        with self._commit() as env:
            self._pay(800)(env)
        hand_over = self._on(lambda layaway: layaway.action_hand_over())
        refusals = self._race(hand_over, hand_over)
        self.assertEqual(self._assert_refused_or_done(refusals, BUSY, "only while"), 1)
        with self._commit() as env:
            layaway = self._look(env)
            self.assertEqual((layaway.state, self._get_money(layaway)), ("delivered", (0, 0, 0)))
            self.assertEqual(layaway.order_id.order_line.qty_delivered, 1)
            self.assertEqual(len(layaway.order_id.invoice_ids), 1)

    def test_one_hands_it_over_while_the_other_pays_the_money_back(self):
        with self._commit() as env:
            self._pay(800)(env)
        refund = self._on(lambda layaway: layaway.deposit_id._refund(1000, find_bank(layaway.env)))
        refusals = self._race(self._on(lambda layaway: layaway.action_hand_over()), refund)
        done = self._assert_refused_or_done(
            refusals, BUSY, "only while", "at most", "to be paid before"
        )
        self.assertEqual(done, 1)
        with self._commit() as env:
            layaway = self._look(env)
            self.assertEqual(layaway.amount_held, 0)
            self.assertEqual(layaway.state, "open" if refusals[0] else "delivered")
            self.assertEqual(layaway.order_id.order_line.qty_delivered, 0 if refusals[0] else 1)
