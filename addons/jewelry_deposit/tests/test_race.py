import time

from odoo.tests import tagged

from .race_common import MoneyRaceCase, find_bank, get_owed, make_order

BUSY = "right now"


@tagged("post_install", "-at_install")
class TestMoneyRace(MoneyRaceCase):
    """Two people at once enter money of one deposit, or of two: to the cent, nothing lost."""

    def _prepare(self, env):
        super()._prepare(env)
        deposit = make_order(env, 1000)._ensure_deposit()
        deposit._receive(400, find_bank(env))
        self.deposit_id = deposit.id

    # === WORKS === #

    def _receive(self, amount, deposit_id=None):
        def work(env):
            deposit = env["jewelry.deposit"].browse(deposit_id or self.deposit_id)
            deposit._receive(amount, find_bank(env))

        return work

    def _refund(self, amount):
        def work(env):
            env["jewelry.deposit"].browse(self.deposit_id)._refund(amount, find_bank(env))

        return work

    def _look(self, env):
        """Return the deposit, what it holds, and what the customer has to his credit."""
        deposit = env["jewelry.deposit"].browse(self.deposit_id)
        credits = env["jewelry.deposit"].search(
            [("partner_id", "=", deposit.partner_id.id), ("order_id", "=", False)]
        )
        self.assertEqual(get_owed(deposit), deposit.amount_held)
        self.assertEqual(get_owed(credits), sum(credits.mapped("amount_held")))
        return deposit, deposit.amount_held, sum(credits.mapped("amount_held"))

    # === TESTS === #

    def test_two_clerks_who_take_the_last_instalment_at_once_leave_the_second_as_credit(self):
        refusals = self._race(self._receive(600), self._receive(600))
        taken = self._assert_refused_or_done(refusals, BUSY)
        with self._commit() as env:
            deposit, held, credit = self._look(env)
            self.assertEqual((held, credit), (1000, 600 * (taken - 1)))
            self.assertEqual((deposit.amount_paid, deposit.amount_due), (1000, 0))

    def test_a_double_click_is_one_payment(self):
        with self._commit() as env:
            values = {"deposit_id": self.deposit_id, "amount": 100, "journal_id": find_bank(env).id}
            wizard_id = env["jewelry.deposit.receive"].create(values).id

        def click(env):
            env["jewelry.deposit.receive"].browse(wizard_id).action_receive()

        refusals = self._race(click, click, click)
        self.assertEqual(self._assert_refused_or_done(refusals, "entered already"), 1)
        with self._commit() as env:
            self.assertEqual(self._look(env)[1:], (500, 0))

    def test_what_is_held_is_paid_back_once(self):
        refusals = self._race(self._refund(400), self._refund(400))
        self.assertEqual(self._assert_refused_or_done(refusals, BUSY, "at most"), 1)
        with self._commit() as env:
            self.assertEqual(self._look(env)[1:], (0, 0))

    def test_one_takes_while_the_other_gives_back(self):
        refusals = self._race(self._receive(100), self._refund(400))
        self._assert_refused_or_done(refusals, BUSY)
        expected = 400 + sum(
            amount for amount, why in zip((100, -400), refusals, strict=True) if not why
        )
        with self._commit() as env:
            self.assertEqual(self._look(env)[1], expected)

    def test_two_customers_pay_at_once_and_neither_waits_for_the_other_in_vain(self):
        with self._commit() as env:
            other_id = make_order(env, 700)._ensure_deposit().id
        refusals = self._race(self._receive(600), self._receive(700, other_id))
        self.assertEqual(refusals, [None, None])
        with self._commit() as env:
            self.assertEqual(self._look(env)[1:], (1000, 0))
            other = env["jewelry.deposit"].browse(other_id)
            self.assertEqual((other.amount_held, get_owed(other)), (700, 700))
            numbers = (self._look(env)[0] | other).line_ids.move_id.mapped("name")
            self.assertEqual(len(numbers), len(set(numbers)))

    def test_who_waits_for_a_deposit_sees_what_was_done_before(self):
        name = "made once"

        def make_once(env):
            env["jewelry.deposit"].browse(self.deposit_id)._wait_for_deposits()
            # Nothing that is written on the deposit itself: the lock alone tells them apart.
            attachments = env["ir.attachment"]
            if not attachments.search_count([("name", "=", name)]):
                time.sleep(0.2)
                attachments.create({"name": name, "raw": b"x"})

        self.assertEqual(self._race(*[make_once] * 3), [None] * 3)
        with self._commit() as env:
            self.assertEqual(env["ir.attachment"].search_count([("name", "=", name)]), 1)

    def test_those_who_need_a_kind_for_the_first_time_at_once_make_it_once(self):
        with self._commit() as env:
            env["jewelry.deposit.kind"]._get_kind("credit", env.company).unlink()

        def get(env):
            env["jewelry.deposit.kind"]._get_kind("credit", env.company)

        self.assertEqual(self._race(*[get] * 3), [None] * 3)
        with self._commit() as env:
            kind = env["jewelry.deposit.kind"]._get_kind("credit", env.company)
            named = env["account.account"].search_count([("name", "=", kind.account_id.name)])
            # The account of the kind that was taken away before, and one.
            self.assertEqual(named, 2)

    def _hurry(self, work):
        """Return a work that does not wait for others for long."""

        def hurried(env):
            env.cr.execute("SET LOCAL lock_timeout = '1s'")
            work(env)

        return hurried

    def test_whoever_comes_second_is_told_at_once_and_does_not_wait(self):
        with self._commit() as env:
            env["jewelry.deposit"].browse(self.deposit_id)._lock_deposits()
            for work in (self._receive(100), self._refund(100)):
                (refusal,) = self._race(self._hurry(work))
                self.assertIn(BUSY, refusal or "")

    def test_an_invoice_and_a_refund_at_once_use_the_money_once(self):
        with self._commit() as env:
            deposit = env["jewelry.deposit"].browse(self.deposit_id)
            deposit._receive(600, find_bank(env))
            order = deposit.order_id
            order.action_confirm()
            order.picking_ids.move_ids.picked = True
            order.picking_ids._action_done()
            invoice_id = order._create_invoices(final=True).id

        def post(env):
            env["account.move"].browse(invoice_id).action_post()

        refusals = self._race(post, self._refund(1000))
        self.assertEqual(
            self._assert_refused_or_done(refusals, BUSY, "at most", "does not hold"), 1
        )
        with self._commit() as env:
            self.assertEqual(self._look(env)[1:], (0, 0))
            invoice = env["account.move"].browse(invoice_id)
            self.assertEqual(invoice.state, "draft" if refusals[0] else "posted")
