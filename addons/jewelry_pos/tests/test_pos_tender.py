from datetime import timedelta
from uuid import uuid4

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .counter_common import CounterCommon


@tagged("post_install", "-at_install")
class TestPosTender(CounterCommon):
    """What a ticket is paid with, and in which currency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("base.USD", "base.EUR")
        currencies = [cls.env.ref(name) for name in names]
        cls.foreign = next(c for c in currencies if c != cls.company.currency_id)
        cls.foreign.active = True
        cls._set_rate(2, -2)

    # === FACTORIES === #

    @classmethod
    def _set_rate(cls, rate, days):
        """Let a unit of the company's currency be `rate` foreign ones from some days from now."""
        day = fields.Date.today() + timedelta(days=days)
        values = {"name": day, "rate": rate, "company_id": cls.company.id}
        domain = [("currency_id", "=", cls.foreign.id), ("name", "=", day)]
        rates = cls.env["res.currency.rate"]
        rates.search([*domain, ("company_id", "=", cls.company.id)]).unlink()
        rates.create(values | {"currency_id": cls.foreign.id})

    @classmethod
    def _create_foreign_register(cls):
        """Return a register that takes and books the foreign currency."""
        sales, bank = cls.env["account.journal"].create(
            [
                {
                    "name": f"Foreign {kind}",
                    "code": f"F{kind[:3].upper()}",
                    "type": kind,
                    "currency_id": cls.foreign.id,
                    "company_id": cls.company.id,
                }
                for kind in ("sale", "bank")
            ]
        )
        method = cls.env["pos.payment.method"].create(
            {"name": "Foreign card", "journal_id": bank.id, "company_id": cls.company.id}
        )
        return cls.env["pos.config"].create(
            {
                "name": "Foreign register",
                "company_id": cls.company.id,
                "journal_id": sales.id,
                "invoice_journal_id": sales.id,
                "use_pricelist": False,
                "payment_method_ids": [Command.set(method.ids)],
            }
        )

    def _sell_abroad(self, config, *lines, **values):
        session = self._open_session(config)
        method = config.payment_method_ids
        return self._sell(*lines, session=session, method=method, **values)

    def _pay(self, *tenders):
        """Return the commands of payments, of (method, amount)."""
        now = fields.Datetime.to_string(fields.Datetime.now())
        return [
            Command.create(
                {
                    "uuid": str(uuid4()),
                    "name": now,
                    "payment_method_id": method.id,
                    "amount": amount,
                }
            )
            for method, amount in tenders
        ]

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
