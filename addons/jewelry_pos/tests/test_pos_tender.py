from odoo.exceptions import UserError
from odoo.tests import tagged

from .currency_common import CurrencyCommon


@tagged("post_install", "-at_install")
class TestPosTender(CurrencyCommon):
    """What a ticket is paid with, and in which currency."""

    # === SEVERAL TENDERS === #

    def test_several_tenders_pay_one_ticket_and_change_is_given(self):
        payments = self._pay((self.bank, 100), (self.cash, 250))
        order = self._sell(self.low, payment_ids=payments, amount_return=-50)
        self.assertEqual((order.state, order.amount_paid), ("paid", 300))
        self.assertEqual(sorted(order.payment_ids.mapped("amount")), [-50, 100, 250])
        session = self._close()
        self.assertEqual(session.cash_register_balance_end, 200)
        self.assertEqual(self._get_books(), (0, -300, 100))

    def test_a_ticket_that_is_not_paid_in_full_is_refused(self):
        payments = self._pay((self.bank, 100), (self.cash, 199))
        with self.assertRaisesRegex(UserError, "not fully paid"):
            self._sell(self.low, payment_ids=payments)
        self.assertEqual(self.low.piece_status, "available")

    def test_cash_is_rounded_and_the_closing_stays_balanced(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "Five cents",
                "rounding": 0.05,
                "rounding_method": "HALF-UP",
                "strategy": "add_invoice_line",
                "profit_account_id": self.income.copy({"code": "CRGAIN"}).id,
                "loss_account_id": self.expense.copy({"code": "CRLOSS"}).id,
            }
        )
        self.config.write({"cash_rounding": True, "rounding_method": rounding.id})
        line = self._prepare_line(self.low, price_unit=300.02)
        order = self._sell(line, payment_ids=self._pay((self.cash, 300)), amount_paid=300)
        self.assertEqual((order.state, order.amount_paid), ("paid", 300))
        self._close()
        self.assertEqual(self._get_books(), (0, -300.02, 100))
        self.assertEqual(self._ledger(rounding.loss_account_id), 0.02)

    # === ANOTHER CURRENCY === #

    def test_a_foreign_register_asks_the_price_in_its_currency(self):
        config = self._create_foreign_register()
        self.assertEqual(config.currency_id, self.foreign)
        self.assertEqual(config.read_piece(self.high.id)["row"]["price"], 4000)

    def test_a_foreign_sale_is_booked_at_its_rate_and_costs_what_the_piece_does(self):
        config = self._create_foreign_register()
        order = self._sell_abroad(config, self._prepare_line(self.high, price_unit=4000))
        self.assertFalse(order.conflict_ids)
        self._close(config)
        self.assertEqual(self._get_books(), (0, -2000, 900))

    def test_a_foreign_conflict_is_settled_to_zero_in_both_currencies(self):
        config = self._create_foreign_register()
        self._sell(self.high)
        order = self._sell_abroad(
            config,
            self._prepare_line(self.high, price_unit=4000),
        )
        self._close(config)
        order.conflict_ids.with_user(self.manager).action_hand_over(self.low, "Swapped")
        items = self.env["account.move.line"].search([("account_id", "=", self.deposits.id)])
        self.assertEqual(len(items), 2)
        self.assertEqual(items.currency_id, self.foreign)
        self.assertEqual(sum(items.mapped("amount_currency")), 0)
        self.assertEqual(sorted(items.mapped("amount_currency")), [-4000, 4000])
        self.assertEqual(self._ledger(self.deposits), 0)
        self.assertEqual(self._ledger(self.income), -2000)
