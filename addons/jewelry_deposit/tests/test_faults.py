from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestFaults(DepositCommon):
    """Whatever goes wrong around a deposit, its money is right to the cent and nothing is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.deposit = cls._open()
        cls.order = cls.deposit.order_id
        cls.clerk = cls._create_user("associate")

    # === STEPS AND READERS === #

    def _dialog(self, kind="receive", **values):
        defaults = {"deposit_id": self.deposit.id}
        if kind == "receive":
            defaults["journal_id"] = self.bank.id
        return self.env[f"jewelry.deposit.{kind}"].create(defaults | values)

    def _credit(self, deposit=None):
        """Return the customer's credit, where there is any."""
        partner = (deposit or self.deposit).partner_id
        return self.env["jewelry.deposit"].search(
            [("partner_id", "=", partner.id), ("order_id", "=", False)]
        )

    def _owed_as_credit(self):
        return self._owed(self._credit().kind_id.account_id) if self._credit() else 0

    def _tax(self, percent, deposit=None):
        """Tax the order of a deposit on receipt; return the tax's account."""
        self.kind.tax_on_receipt = True
        tax = self._create_tax(percent)
        (deposit or self.deposit).order_id.order_line.tax_ids = [Command.set(tax.ids)]
        return tax.invoice_repartition_line_ids.account_id

    def _tie(self, days=0):
        """Return what documents and ledger have on the account, so many days ago."""
        rows = self.env["jewelry.deposit.tie.out"].with_context(
            deposit_date=self.today - timedelta(days=days)
        )
        rows.invalidate_model()
        row = rows.search([("account_id", "=", self.kind.account_id.id)])
        return row.amount_documents, row.amount_ledger, row.difference

    # === OVERPAYMENT === #

    def test_what_is_paid_beyond_the_balance_is_kept_as_credit(self):
        self._pay(self.deposit, 500)
        payment = self._pay(self.deposit, 1600)
        self.assertEqual(payment.amount, 1600)
        self.assertEqual((self.deposit.amount_held, self.deposit.amount_due), (2000, 0))
        self.assertEqual(self._credit().amount_held, 100)
        self.assertEqual((self._owed(), self._owed_as_credit()), (2000, 100))
        self.assertIn(self._credit().name, self.deposit.message_ids[0].preview)

    def test_what_is_paid_beyond_the_balance_takes_its_tax_back(self):
        tax = self._tax(21)
        self._pay(self.deposit, 3630)
        self.assertEqual(
            (self.deposit.amount_held, self._owed(), self._owed(tax)), (2420, 2000, 420)
        )
        self.assertEqual((self._credit().amount_held, self._owed_as_credit()), (1210, 1210))

    def test_an_associate_who_takes_too_much_is_told_before_and_needs_no_more_rights(self):
        dialog = self._dialog(amount=2000.01).with_user(self.clerk)
        self.assertEqual(dialog.amount_surplus, 0.01)
        dialog.action_receive()
        self.assertEqual((self.deposit.amount_held, self._credit().amount_held), (2000, 0.01))

    def test_to_the_balance_and_for_credit_nothing_is_beyond(self):
        self.assertEqual(self._dialog(amount=2000).amount_surplus, 0)
        self._pay(self.deposit, 500)
        credit = self.deposit._get_credit()
        self.assertEqual(self._dialog(deposit_id=credit.id, amount=70).amount_surplus, 0)
        self._pay(credit, 70)
        self.assertEqual(credit.amount_held, 70)

    def test_what_was_consumed_is_not_given_away_as_credit(self):
        self.deposit.consumption_ids = [Command.create({"name": "Stone", "amount": 1990})]
        self._pay(self.deposit, 2100)
        self.assertEqual((self.deposit.amount_held, self._credit().amount_held), (2000, 100))
        self.assertEqual(self.deposit.amount_refundable, 10)

    def test_what_was_consumed_beyond_the_order_is_held_for_what_was_spent(self):
        self.deposit.consumption_ids = [Command.create({"name": "Stone", "amount": 2050})]
        self._pay(self.deposit, 2100)
        self.assertEqual((self.deposit.amount_held, self._credit().amount_held), (2050, 50))
        self.assertEqual(self.deposit.amount_refundable, 0)

    def test_a_dialog_is_entered_once(self):
        dialog = self._dialog(amount=100)
        dialog.action_receive()
        with self._refused("entered already"):
            dialog.action_receive()
        back = self._dialog("return", amount=10, journal_id=self.bank.id, reason="Less")
        back.action_return()
        with self._refused("entered already"):
            back.action_return()
        self.assertEqual((self.deposit.amount_held, self._owed()), (90, 90))

    def test_nothing_or_less_is_not_taken(self):
        for amount in (0, -5, 0.001):
            with self.subTest(amount=amount), self._refused("more than nothing"):
                self._pay(self.deposit, amount)
        self.assertFalse(self.deposit.line_ids)

    # === CREDIT === #

    def test_credit_pays_for_another_order_from_the_dialog(self):
        self._pay(self.deposit, 500)
        self.deposit._move_to(self.deposit._get_credit(), 500)
        other = self._open(self.low)
        dialog = self._dialog(deposit_id=other.id).with_user(self.clerk)
        self.assertEqual((dialog.amount_credit, dialog.amount), (500, 300))
        dialog.is_from_credit = True
        dialog.action_receive()
        self.assertEqual((other.amount_held, self._credit().amount_held), (300, 200))
        self.assertEqual((self._owed(), self._owed_as_credit()), (300, 200))

    def test_more_than_there_is_to_his_credit_is_refused(self):
        self._pay(self.deposit, 100)
        self.deposit._move_to(self.deposit._get_credit(), 100)
        with self._refused("100.00 at most"):
            self.deposit._use_credit(100.01)
        with self.env.cr.savepoint(), self._refused("more than nothing"):
            self.deposit._use_credit(0)
        self.assertEqual((self.deposit.amount_held, self._credit().amount_held), (0, 100))

    def test_credit_in_parts_is_used_the_oldest_first(self):
        self._pay(self.deposit, 100)
        credit = self.deposit._get_credit()
        self.deposit._move_to(credit, 60)
        second = credit.copy()
        self.deposit._move_to(second, 40)
        other = self._open(self.low)
        other._use_credit(70)
        self.assertEqual((credit.amount_held, second.amount_held, other.amount_held), (0, 30, 70))

    def test_a_customer_without_credit_is_offered_none_and_a_credit_none_of_itself(self):
        self.assertEqual(self._dialog().amount_credit, 0)
        self._pay(self.deposit, 100)
        credit = self.deposit._get_credit()
        self.deposit._move_to(credit, 60)
        self.assertEqual(self._dialog(deposit_id=credit.id, amount=1).amount_credit, 0)
        with self._refused("0.00 at most"):
            credit._use_credit(5)

    def test_money_is_not_moved_to_another_customer(self):
        self._pay(self.deposit, 100)
        other = self._open(self.low, partner_id=self._create_partner(name="Other").id)
        with self._refused("of another customer"):
            self.deposit._move_to(other, 50)
        employee = self._create_partner(name="Of the client", parent_id=self.client.id)
        mine = self._open(self.low, partner_id=employee.id)
        self.deposit._move_to(mine, 50)
        self.assertEqual(mine.amount_held, 50)

    # === FORFEITS === #

    def test_what_is_forfeited_pays_for_the_order_no_more(self):
        self._pay(self.deposit, 500)
        self.deposit._forfeit(200)
        self.assertEqual((self.deposit.amount_paid, self.deposit.amount_due), (300, 1700))
        self._pay(self.deposit, 1700)
        self.order.action_confirm()
        self._deliver(self.order)
        invoice = self._invoice(self.order)
        self.assertEqual((invoice.amount_residual, self._owed()), (0, 0))
        self.assertEqual((self.deposit.state, self.deposit.amount_paid), ("closed", 2000))

    def test_an_instalment_that_was_forfeited_is_to_be_paid_again(self):
        self.deposit.instalment_ids = [
            Command.create({"date": self.today + timedelta(days=days), "amount": 1000})
            for days in (0, 30)
        ]
        self._pay(self.deposit, 1000)
        self.assertEqual(self.deposit.instalment_ids.mapped("amount_open"), [0, 1000])
        self.deposit._forfeit(400)
        self.assertEqual(self.deposit.instalment_ids.mapped("amount_open"), [400, 1000])
        self.assertEqual(self.deposit._get_next_amount(), 400)

    # === CANCELLED ORDERS === #

    def test_an_order_with_a_part_that_left_uninvoiced_is_not_cancelled(self):
        self.style.invoice_policy = "delivery"
        deposit = self._open(self.low, self._stock_piece(cost=10, list_price=700))
        order = deposit.order_id
        self._pay(deposit, 1000)
        order.action_confirm()
        self._deliver(order, self.low)
        with self._refused("Invoice it first"):
            order._action_cancel()
        self._invoice(order)
        order._action_cancel()
        self.assertEqual((order.state, deposit.amount_held, self._owed()), ("cancel", 700, 700))
        deposit._refund(700, self.bank)
        self.assertEqual((deposit.state, self._owed()), ("closed", 0))
        paid = order.invoice_ids.filtered(lambda move: move.state == "posted")
        self.assertEqual((paid.amount_residual, paid.payment_state), (0, "paid"))

    def test_an_order_that_holds_no_money_is_cancelled_as_ever(self):
        self.style.invoice_policy = "delivery"
        order = self._sell(self.low)
        self._deliver(order)
        order._action_cancel()
        self.assertEqual(order.state, "cancel")

    def test_money_that_comes_after_the_cancellation_is_held_and_given_back(self):
        self._pay(self.deposit, 500)
        self.order._action_cancel()
        self.deposit._refund(500, self.bank)
        self.assertEqual(self.deposit.state, "closed")
        self._pay(self.deposit, 300)
        self.assertEqual((self.deposit.state, self.deposit.amount_held), ("open", 300))
        self.assertFalse(self._credit())
        self.deposit._refund(300, self.bank)
        self.assertEqual((self.deposit.state, self._owed()), ("closed", 0))

    def test_a_part_that_is_taken_off_makes_the_rest_refundable(self):
        deposit = self._open(self.low, self.high)
        self._pay(deposit, 2300)
        order = deposit.order_id
        order.action_confirm()
        order.order_line.filtered(lambda line: line.piece_id == self.high).product_uom_qty = 0
        self.assertEqual((deposit.amount_total, deposit._get_surplus()), (300, 2000))
        deposit._refund(2000, self.bank)
        self._deliver(order)
        invoice = self._invoice(order)
        self.assertEqual((invoice.amount_residual, deposit.state, self._owed()), (0, "closed", 0))

    # === TAX === #

    def test_a_rate_that_changes_is_old_on_the_receipt_and_new_on_the_goods(self):
        old = self._tax(21)
        self._pay(self.deposit, 1210)
        self.assertEqual((self._owed(), self._owed(old)), (1000, 210))
        new = self._tax(6)
        self.assertEqual((self.deposit.amount_total, self.deposit.amount_due), (2120, 910))
        self._pay(self.deposit, 910)
        self.order.action_confirm()
        self._deliver(self.order)
        invoice = self._invoice(self.order)
        # What was taxed at the old rate comes back at the old rate.
        self.assertEqual((self._owed(), self._owed(old), self._owed(new)), (0, 0, 120))
        self.assertEqual((invoice.amount_total, invoice.amount_residual), (0, 0))
        self.assertEqual((self.deposit.state, self.deposit.amount_held), ("closed", 0))

    def test_a_rate_that_falls_after_all_is_paid_leaves_the_difference_to_the_customer(self):
        self._tax(21)
        self._pay(self.deposit, 2420)
        self._tax(6)
        self.order.action_confirm()
        self._deliver(self.order)
        self._invoice(self.order)
        self.assertEqual((self.deposit.state, self.deposit.amount_held), ("open", 300))
        self.deposit._refund(300, self.bank)
        self.assertEqual((self.deposit.state, self._owed()), ("closed", 0))

    def test_a_country_that_begins_to_tax_receipts_leaves_those_before_as_they_were(self):
        self._pay(self.deposit, 500)
        tax = self._tax(21)
        self._pay(self.deposit, 1920)
        self.assertEqual(self.deposit.amount_due, 0)
        self.order.action_confirm()
        self._deliver(self.order)
        invoice = self._invoice(self.order)
        self.assertEqual((invoice.amount_residual, self._owed(), self._owed(tax)), (0, 0, 420))
        self.assertEqual(self.deposit.state, "closed")

    # === CURRENCY === #

    def test_the_currency_of_an_order_stays_while_money_is_held_in_it(self):
        pricelist = self._open_foreign(self._create_currency(), self.low).order_id.pricelist_id
        self.order.pricelist_id = pricelist
        self.order.pricelist_id = False
        self._pay(self.deposit, 500)
        with self._refused("stays in that currency"):
            self.order.pricelist_id = pricelist
        self.assertEqual(self.deposit.currency_id, self.company.currency_id)
        self.assertEqual((self.deposit.amount_held, self._owed()), (500, 500))

    def test_a_customer_with_another_pricelist_does_not_change_the_currency_of_what_is_held(self):
        pricelist = self._open_foreign(self._create_currency(), self.low).order_id.pricelist_id
        self._pay(self.deposit, 500)
        other = self._create_partner(name="Other", property_product_pricelist=pricelist.id)
        with self._refused("stays in that currency"):
            self.order.write({"partner_id": other.id, "pricelist_id": pricelist.id})

    def test_the_currency_of_a_credit_stays_as_well(self):
        self._pay(self.deposit, 500)
        credit = self.deposit._get_credit()
        self.deposit._move_to(credit, 500)
        with self._refused("stays in that currency"):
            credit.currency_id = self._create_currency()

    def test_an_entry_in_another_currency_is_not_posted_for_a_deposit(self):
        self._pay(self.deposit, 500)
        currency = self._create_currency()
        item = {"currency_id": currency.id, "amount_currency": -20, "credit": 10}
        entry = self.env["account.move"].create(
            {
                "journal_id": self.kind.entry_journal_id.id,
                "line_ids": [
                    Command.create(
                        item
                        | {
                            "account_id": self.kind.account_id.id,
                            "deposit_id": self.deposit.id,
                            "deposit_act": "received",
                        }
                    ),
                    Command.create({"account_id": self.bank.default_account_id.id, "debit": 10}),
                ],
            }
        )
        with self._refused("stays in that currency"):
            entry.action_post()

    # === MERGED CUSTOMERS === #

    def test_customers_who_are_merged_keep_deposits_and_credit(self):
        other = self._create_partner(name="Client, again")
        second = self._open(self.low, partner_id=other.id)
        for deposit, amount in ((self.deposit, 500), (second, 100)):
            self._pay(deposit, amount)
            deposit._move_to(deposit._get_credit(), 40)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            [self.client.id, other.id], self.client
        )
        self.env.invalidate_all()
        self.assertEqual((self.deposit | second).partner_id, self.client)
        self.assertEqual(sum(self._credit().mapped("amount_held")), 80)
        self.assertEqual(self._tie(), (520, 520, 0))
        self.assertEqual(self.deposit.line_ids.partner_id, self.client)
        # New credit joins what is there.
        self.deposit._move_to(self.deposit._get_credit(), 10)
        self.assertEqual((len(self._credit()), self._owed_as_credit()), (2, 90))
        self.deposit._refund(450, self.bank)
        self.assertEqual(self._tie(), (60, 60, 0))

    # === CLOSED PERIODS === #

    def _lock(self, name, days=40):
        self.env["res.company"].flush_model()
        self.company[name] = self.today - timedelta(days=days)

    def _test_lock(self, name):
        """Enter money of each kind on a day of which the books are closed."""
        self._pay(self.deposit, 500, date=self.today - timedelta(days=80))
        before = self._tie(60)
        self._lock(name)
        day = self.today - timedelta(days=70)
        self._pay(self.deposit, 300, date=day)
        self.deposit._refund(100, self.bank, date=day)
        self.deposit._forfeit(50, date=day)
        self.deposit._move_to(self.deposit._get_credit(), 20, date=day)
        closed = self.company[name]
        made = self.deposit.line_ids.move_id.sorted("id")[1:]
        self.assertEqual(len(made), 4)
        self.assertGreater(min(made.mapped("date")), closed)
        self.assertEqual((self._tie(60), before), ((500, 500, 0), (500, 500, 0)))
        self.assertEqual(self._tie(), (630, 630, 0))

    def test_a_closed_year_takes_no_entry_of_a_deposit(self):
        self._test_lock("fiscalyear_lock_date")

    def test_books_that_are_closed_for_good_take_no_entry_of_a_deposit(self):
        self._test_lock("hard_lock_date")

    def test_closed_sales_take_no_receipt(self):
        self._pay(self.deposit, 500, date=self.today - timedelta(days=80))
        self._lock("sale_lock_date")
        receipt = self._pay(
            self.deposit, 300, date=self.today - timedelta(days=70)
        ).reconciled_invoice_ids
        self.assertGreater(receipt.date, self.company.sale_lock_date)
        self.assertEqual((self._tie(60), self._tie()), ((500, 500, 0), (800, 800, 0)))

    def test_a_closed_tax_return_takes_no_taxed_receipt(self):
        tax = self._tax(21)
        self._lock("tax_lock_date")
        day = self.today - timedelta(days=70)
        receipt = self._pay(self.deposit, 1210, date=day).reconciled_invoice_ids
        self.assertGreater(receipt.date, self.company.tax_lock_date)
        self.assertEqual((self._owed(), self._owed(tax)), (1000, 210))
        self.assertEqual((self._tie(41), self._tie()), ((0, 0, 0), (1000, 1000, 0)))

    # === MONEY BACK === #

    def test_money_is_paid_back_another_way_where_the_card_is_closed(self):
        card = self.bank.copy({"name": "Cards", "code": "CRD1"})
        self.deposit._receive(500, card)
        dialog = self._dialog(
            "return", amount=500, journal_id=self.bank.id, reason="Card closed, by transfer"
        )
        dialog.action_return()
        payments = self.env["account.payment"].search([("partner_id", "=", self.client.id)])
        by_journal = {payment.journal_id: payment for payment in payments}
        self.assertEqual(by_journal[card].payment_type, "inbound")
        self.assertEqual(by_journal[self.bank].payment_type, "outbound")
        self.assertEqual(by_journal[self.bank].memo, "Card closed, by transfer")
        self.assertIn("Card closed", self.deposit.message_ids[0].preview)
        self.assertEqual((self.deposit.amount_held, self._owed()), (0, 0))

    def test_money_is_not_paid_back_from_nowhere(self):
        self._pay(self.deposit, 500)
        dialog = self._dialog("return", amount=500, reason="No journal")
        with self._refused("Choose"):
            dialog.action_return()
        self.assertEqual((self.deposit.amount_held, self._owed()), (500, 500))

    def test_more_than_is_refundable_is_neither_paid_back_nor_kept_as_credit(self):
        self._pay(self.deposit, 500)
        for outcome in ("refund", "credit", "forfeit"):
            dialog = self._dialog(
                "return",
                amount=500.01,
                outcome=outcome,
                journal_id=self.bank.id,
                reason="Too much",
            )
            with self.subTest(outcome=outcome), self._refused("500.00 at most"):
                dialog.action_return()
        self.assertEqual((self.deposit.amount_held, self._owed()), (500, 500))
