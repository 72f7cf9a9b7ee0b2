from odoo import Command
from odoo.tests import tagged

from .online_common import OnlineCommon


@tagged("post_install", "-at_install")
class TestOnline(OnlineCommon):
    """What is paid online is in the deposit, once and to the cent, whatever happened meanwhile."""

    # === COMING IN === #

    def test_what_is_paid_online_has_a_receipt_that_the_payment_pays(self):
        deposit = self._open()
        transaction = self._pay_online(deposit, 500)
        self.assertEqual((deposit.amount_held, deposit.amount_due), (500, 1500))
        self.assertEqual(self._owed(), 500)
        self.assertEqual(transaction.invoice_ids.line_ids.deposit_id, deposit)
        self.assertEqual(transaction.payment_id.amount, 500)
        self._assert_matched(transaction)
        self.assertFalse(deposit.activity_ids)

    def test_a_payment_is_named_by_its_deposit(self):
        deposit = self._open()
        first, second = self._transact(deposit, 100), self._transact(deposit, 100)
        self.assertEqual(first.reference, deposit.name)
        self.assertNotEqual(first.reference, second.reference)
        self.assertIn(deposit.name, second.reference)

    def test_what_is_processed_twice_is_entered_once(self):
        deposit = self._open()
        transaction = self._pay_online(deposit, 500)
        payment = transaction.payment_id
        for _again in range(2):
            transaction._post_process()
        self._settle(transaction)
        self.assertEqual(transaction.payment_id, payment)
        self.assertEqual((deposit.amount_held, self._owed()), (500, 500))
        self.assertEqual(len(transaction.invoice_ids), 1)

    def test_what_is_pending_is_no_money_yet(self):
        deposit = self._open()
        transaction = self._settle(self._transact(deposit, 500), "pending")
        self.assertEqual((deposit.amount_held, deposit.amount_due), (0, 2000))
        self.assertEqual((deposit._get_amount_on_its_way(), deposit._get_payable()), (500, 1500))
        self._settle(transaction)
        self.assertEqual((deposit.amount_held, deposit._get_payable()), (500, 1500))
        self.assertEqual(deposit._get_amount_on_its_way(), 0)

    def test_what_failed_is_no_money(self):
        deposit = self._open()
        self._settle(self._transact(deposit, 500), "canceled")
        self.assertEqual((deposit.amount_held, deposit._get_payable()), (0, 2000))
        self.assertFalse(deposit.activity_ids)

    def test_a_payment_confirms_and_invoices_nothing(self):
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
        deposit = self._open(require_payment=True, prepayment_percent=0.1)
        transaction = self._pay_online(deposit, 2000)
        self.assertEqual(deposit.order_id.state, "draft")
        self.assertEqual(deposit.amount_held, 2000)
        self.assertFalse(deposit.order_id.invoice_ids)
        self.assertFalse(transaction.invoice_ids.is_move_sent)

    def test_a_capture_in_parts_has_a_receipt_for_each(self):
        deposit = self._open()
        whole = self._settle(self._transact(deposit, 500), "authorized")
        self.assertEqual(deposit.amount_held, 0)
        for amount in (200, 300):
            part = self._settle(whole._create_child_transaction(amount))
            self.assertEqual(part.deposit_id, deposit)
            self._assert_matched(part)
        whole._post_process()
        self.assertEqual((deposit.amount_held, self._owed()), (500, 500))
        self.assertFalse(whole.payment_id)

    def test_instalments_and_goods_follow_what_was_paid_online(self):
        deposit = self._open()
        deposit.instalment_ids = [
            Command.create({"date": f"2099-0{month}-01", "amount": 1000}) for month in (1, 2)
        ]
        self._pay_online(deposit, 1200)
        self.assertEqual(deposit.instalment_ids.mapped("amount_open"), [0, 800])
        self._pay_online(deposit, 800)
        deposit.order_id.action_confirm()
        self._deliver(deposit.order_id)
        invoice = self._invoice(deposit.order_id)
        self.assertEqual((invoice.amount_total, deposit.state), (0, "closed"))
        self.assertEqual(self._owed(), 0)

    # === MEANWHILE === #

    def test_the_same_amount_paid_at_the_store_meanwhile_is_kept_to_the_credit(self):
        deposit = self._open()
        transaction = self._transact(deposit, 2000)
        self._pay(deposit, 2000)
        self._settle(transaction)
        self.assertEqual((deposit.amount_held, self._credit(deposit)), (2000, 2000))
        self.assertEqual(self._tasks(deposit), ["Money to look at"])
        self._assert_matched(transaction)

    def test_of_a_payment_that_is_too_much_only_the_rest_is_kept_to_the_credit(self):
        deposit = self._open()
        transaction = self._transact(deposit, 2000)
        self._pay(deposit, 1500)
        self._settle(transaction)
        self.assertEqual((deposit.amount_held, self._credit(deposit)), (2000, 1500))
        self.assertEqual(len(transaction.invoice_ids), 2)
        self._assert_matched(transaction)

    def test_what_comes_after_the_end_is_kept_to_the_credit(self):
        deposit = self._open()
        transaction = self._transact(deposit, 500)
        deposit.order_id._action_cancel()
        self.assertEqual(deposit.state, "closed")
        self._settle(transaction)
        self.assertEqual((deposit.amount_held, self._credit(deposit)), (0, 500))
        self.assertEqual((deposit.state, self._tasks(deposit)), ("closed", ["Money to look at"]))

    def test_another_currency_is_kept_to_a_credit_in_this_currency(self):
        currency = self._create_currency()
        deposit = self._open()
        transaction = self._pay_online(deposit, 500, currency_id=currency.id)
        self.assertEqual((deposit.amount_held, deposit.amount_due), (0, 2000))
        self.assertEqual(self._credit(deposit, currency), 500)
        self._assert_matched(transaction)

    def test_a_foreign_deposit_is_paid_in_its_currency(self):
        deposit = self._open_foreign(self._create_currency())
        transaction = self._pay_online(deposit, 1000)
        self.assertEqual((deposit.amount_held, self._owed()), (1000, 500))
        self._assert_matched(transaction)

    def test_a_tax_that_changes_in_between_leaves_nothing_over(self):
        self.kind.tax_on_receipt = True
        deposit = self._open()
        line = deposit.order_id.order_line
        line.tax_ids = [Command.set(self._create_tax(21).ids)]
        self._pay_online(deposit, 1210)
        self.assertEqual(self._owed(), 1000)
        line.tax_ids = [Command.set(self.env["account.tax"].create({"name": "6", "amount": 6}).ids)]
        self.assertEqual(deposit._get_payable(), 910)
        self._pay_online(deposit, 910)
        self.assertEqual((deposit.amount_held, deposit.amount_due), (2120, 0))
        deposit.order_id.action_confirm()
        self._deliver(deposit.order_id)
        self._invoice(deposit.order_id)
        self.assertEqual((deposit.state, self._owed()), ("closed", 0))

    def test_what_is_refused_is_kept_to_the_credit_and_told(self):
        deposit = self._open()
        self.kind.account_id.active = False
        transaction = self._pay_online(deposit, 500)
        self.assertEqual((deposit.amount_held, self._credit(deposit)), (0, 500))
        self.assertIn("Paid online, not entered", self._tasks(deposit))
        self._assert_matched(transaction)

    def test_what_is_refused_everywhere_is_still_the_customers(self):
        deposit = self._open()
        credit = deposit._get_credit()
        (self.kind | credit.kind_id).account_id.active = False
        transaction = self._pay_online(deposit, 500)
        self.assertTrue(transaction.is_post_processed)
        self.assertEqual(transaction.payment_id.amount, 500)
        self.assertEqual(deposit.partner_id.credit, -500)
        self.assertEqual(self._tasks(credit), ["Paid online, not entered"])

    def test_a_customer_who_was_merged_pays_as_before(self):
        deposit = self._open()
        deposit._get_credit()
        self._pay_online(deposit, 500)
        begun = self._transact(deposit, 700)
        twin = self._create_partner(name="Client, again")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.client | twin).ids, twin)
        self.env.invalidate_all()
        self.assertEqual((deposit.partner_id, begun.partner_id), (twin, twin))
        self._settle(begun)
        self.assertEqual((deposit.amount_held, self._owed()), (1200, 1200))
        self._assert_matched(begun)
        self._pay_online(deposit, 900)
        self.assertEqual(self._credit(deposit), 100)

    # === GOING BACK === #

    def test_what_a_provider_pays_back_leaves_the_deposit(self):
        deposit = self._open()
        paid = self._pay_online(deposit, 500)
        back = self._pay_back_online(paid, 200)
        self.assertEqual(back.deposit_id, deposit)
        self.assertEqual((deposit.amount_held, deposit.amount_due), (300, 1700))
        self.assertEqual(self._owed(), 300)
        self.assertEqual(back.payment_id.payment_type, "outbound")
        self._assert_matched(back)
        back._post_process()
        self.assertEqual(self._owed(), 300)

    def test_what_was_too_much_is_paid_back_first(self):
        deposit = self._open()
        paid = self._transact(deposit, 2000)
        self._pay(deposit, 1500)
        self._settle(paid)
        back = self._pay_back_online(paid, 1600)
        self.assertEqual((deposit.amount_held, self._credit(deposit)), (1900, 0))
        self._assert_matched(back)

    def test_what_is_paid_back_beyond_what_may_be_is_told(self):
        deposit = self._open()
        paid = self._pay_online(deposit, 500)
        deposit.consumption_ids = [Command.create({"name": "Stone ordered", "amount": 400})]
        back = self._pay_back_online(paid, 500)
        self.assertEqual((deposit.amount_held, deposit.amount_refundable), (400, 0))
        self.assertEqual(back.payment_id.amount, 500)
        self.assertEqual(self._tasks(deposit), ["Money to look at"])

    def test_a_card_that_is_closed_leaves_the_money_held_to_pay_back_otherwise(self):
        deposit = self._open()
        paid = self._pay_online(deposit, 500)
        back = paid._create_child_transaction(500, is_refund=True)
        back._set_error("The card is closed")
        back._post_process()
        self.assertEqual((deposit.amount_held, self._owed()), (500, 500))
        self.assertFalse(back.payment_id)
        self.assertEqual(self._tasks(deposit), ["Not paid back"])
        self.assertIn("The card is closed", deposit.activity_ids.note)
        wizard = self.env["jewelry.deposit.return"].with_user(self.manager)
        wizard.create(
            {"deposit_id": deposit.id, "journal_id": self.bank.id, "reason": "Card is closed"}
        ).action_return()
        self.assertEqual((deposit.amount_held, self._owed()), (0, 0))

    # === BY WHATEVER DOOR === #

    def _pay_order(self, deposit, amount, state="done"):
        """Pay in core's way, as by a link that was sent before there was a deposit."""
        order = deposit.order_id
        links = {"sale_order_ids": [Command.set(order.ids)]}
        return self._settle(self._transact(deposit, amount, **links), state)

    def test_what_is_paid_for_the_order_is_paid_into_its_deposit(self):
        deposit = self._open(require_payment=True, prepayment_percent=0.1)
        transaction = self._pay_order(deposit, 500)
        self.assertEqual(transaction.deposit_id, deposit)
        self.assertEqual((deposit.amount_held, self._owed()), (500, 500))
        self.assertEqual((deposit.order_id.state, deposit.order_id.amount_paid), ("draft", 0))
        self._assert_matched(transaction)

    def test_what_is_promised_for_the_order_does_not_confirm_it(self):
        deposit = self._open(require_payment=True)
        transaction = self._pay_order(deposit, 2000, "authorized")
        self.assertEqual((transaction.deposit_id, deposit.order_id.state), (deposit, "draft"))
        self._settle(transaction)
        self.assertEqual((deposit.amount_held, deposit.order_id.state), (2000, "draft"))

    def test_an_order_without_a_deposit_is_paid_as_core_does(self):
        order = self._quote(self.low, require_payment=True)
        transactions = self.env["payment.transaction"]
        transaction = transactions.create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.way.id,
                "reference": order.name,
                "amount": 300,
                "currency_id": order.currency_id.id,
                "partner_id": self.client.id,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        self._settle(transaction)
        self.assertEqual((order.state, order.amount_paid), ("sale", 300))
        self.assertFalse(transaction.deposit_id or transaction.invoice_ids)
