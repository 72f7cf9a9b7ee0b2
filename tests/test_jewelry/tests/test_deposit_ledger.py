from datetime import date, timedelta

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.jewelry_deposit.tests.common import DepositCommon, analyze_ledger

START = date(2026, 1, 5)
# The day on which the foreign currency gains a quarter.
NEW_RATE = START + timedelta(days=5)
DEPOSITS = ("plain", "taxed", "mixed", "foreign", "foreign taxed")
# Acts that move an amount, and acts on what was posted.
AMOUNTS = ("receive", "receive", "receive", "refund", "forfeit", "move", "credit")
ACTS = ("apply", "uninvoice", "credit_invoice", "cancel", "reverse", "retax", "part")
CENTS = st.integers(min_value=1, max_value=90_000)
STEPS = st.one_of(
    st.tuples(
        st.sampled_from(AMOUNTS), st.sampled_from(DEPOSITS), st.sampled_from(DEPOSITS), CENTS
    ),
    st.tuples(st.sampled_from(ACTS), st.sampled_from(DEPOSITS), st.just(""), st.just(0)),
)
# A life of each deposit, with every act at least once: also where hypothesis draws none of it.
LIVES = [
    ("receive", "taxed", "", 33333),
    ("receive", "mixed", "", 70001),
    ("receive", "foreign", "", 50000),
    ("receive", "foreign taxed", "", 12345),
    ("refund", "taxed", "", 11111),
    ("retax", "mixed", "", 0),
    ("receive", "mixed", "", 10007),
    ("forfeit", "mixed", "", 4999),
    ("receive", "foreign", "", 25000),
    ("refund", "foreign taxed", "", 2345),
    ("part", "foreign", "", 0),
    ("apply", "foreign", "", 0),
    ("credit", "mixed", "", 20000),
    ("credit", "foreign taxed", "", 1000),
    ("move", "taxed", "mixed", 7777),
    ("apply", "mixed", "", 0),
    ("credit_invoice", "mixed", "", 0),
    ("receive", "plain", "", 60000),
    ("receive", "plain", "", 10),
    ("cancel", "plain", "", 0),
    ("move", "plain", "taxed", 30001),
    ("reverse", "plain", "", 0),
    ("apply", "taxed", "", 0),
    ("uninvoice", "taxed", "", 0),
    ("forfeit", "taxed", "", 44444),
    ("refund", "foreign taxed", "", 10000),
]


class Till:
    """What an honest cashier writes into a notebook: day, deposit, amount with tax."""

    def __init__(self):
        self.entries, self.documents = [], {}

    def book(self, day, deposit, amount, document=None):
        """Write an amount down; a document that is struck out takes its entry with it."""
        entry = (day, deposit, amount)
        self.entries.append(entry)
        if document:
            self.documents.setdefault(deposit, []).append((document, entry))

    def strike_out(self, deposit):
        """Take the last document of a deposit out of the notebook; return it and its amount."""
        document, entry = self.documents[deposit].pop()
        self.entries.remove(entry)
        return document, entry[2]

    def last(self, deposit):
        """Return the last document of a deposit and its amount, or none."""
        document, entry = (self.documents.get(deposit) or [(None, (0, "", 0))])[-1]
        return document, entry[2]

    def held(self, deposit, day=None):
        return round(
            sum(
                amount
                for when, whose, amount in self.entries
                if whose == deposit and (day is None or when <= day)
            ),
            2,
        )


@tagged("post_install", "-at_install")
class TestDepositLedger(DepositCommon):
    """Per account, open documents are what the general ledger owes, on any day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(START - timedelta(days=1)):
            cls._set_up_deposits()

    @classmethod
    def _set_up_deposits(cls):
        cls.taxed_kind = cls.kind.copy(
            {
                "code": "taxed",
                "name": "Taxed",
                "tax_on_receipt": True,
                "account_id": cls.kind._create_account(
                    "Taxed Deposits", "liability_current", "255000", reconcile=True
                ).id,
            }
        )
        cls.goods = cls.env["product.product"].create(
            {"name": "Goods", "type": "service", "invoice_policy": "order", "taxes_id": False}
        )
        cls.taxes = cls._create_tax(21) | cls._create_tax(6)
        cls.foreign = cls._create_currency(d1990_01_01=2.0, **{f"d{NEW_RATE:%Y_%m_%d}": 1.5})
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "Q", "currency_id": cls.foreign.id, "company_id": cls.company.id}
        )
        one, none = cls.taxes[:1], cls.taxes.browse()
        cls.deposits = {
            "plain": cls._open_goods(cls.kind, none, none),
            "taxed": cls._open_goods(cls.taxed_kind, one, one),
            "mixed": cls._open_goods(cls.taxed_kind, one, cls.taxes[1:]),
            "foreign": cls._open_goods(cls.kind, none, none, pricelist_id=cls.pricelist.id),
            "foreign taxed": cls._open_goods(
                cls.taxed_kind, one, cls.taxes[1:], pricelist_id=cls.pricelist.id
            ),
        }

    @classmethod
    def _open_goods(cls, kind, *taxes, **values):
        """Return the deposit of an order of two lines, 666.66 and 333.33, without their tax."""
        lines = [
            Command.create(
                {
                    "product_id": cls.goods.id,
                    "price_unit": price,
                    "tax_ids": [Command.set(tax.ids)],
                }
            )
            for price, tax in zip((666.66, 333.33), taxes, strict=True)
        ]
        order = cls._quote(order_line=lines, **values)
        deposit = order._ensure_deposit()
        deposit.kind_id = kind
        return deposit

    # === THE PROPERTY === #

    # Without shrinking: a history takes seconds to play, and is short as it is.
    @settings(
        max_examples=6,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(steps=st.lists(STEPS, min_size=6, max_size=14))
    @example(steps=LIVES)
    def test_open_deposits_are_what_the_ledger_owes_on_any_day(self, steps):
        savepoint = self.cr.savepoint(flush=True)
        try:
            self._play(steps)
        finally:
            savepoint.rollback()
            savepoint.close()
            self.env.invalidate_all(flush=False)

    def _play(self, steps):
        self.till, self.invoices, self.credits = Till(), {}, {}
        for day, (act, name, other, cents) in enumerate(steps):
            self.day = day
            with freeze_time(START + timedelta(days=day)):
                getattr(self, f"_do_{act}")(name, other or name, cents / 100)
                analyze_ledger(self.env)
                self._compare_now()
        for day in range(len(steps)):
            self._compare(day)

    def _try(self, allowed, act):
        """Act, and assert that it is refused exactly where the notebook says so."""
        try:
            with self.env.cr.savepoint():
                result = act()
        except UserError as error:
            self.env.invalidate_all()
            self.assertFalse(allowed, error)
            return None
        self.assertTrue(allowed)
        return result

    # === ACTS === #

    def _do_receive(self, name, _other, amount):
        deposit, surplus = self.deposits[name], self._get_surplus(name, amount)
        receipt = self._pay(deposit, amount).reconciled_invoice_ids
        self.till.book(self.day, name, amount, receipt)
        if surplus:
            credit = deposit._get_credit()
            self.credits[credit] = credit.name
            self.till.book(self.day, name, -surplus)
            self.till.book(self.day, credit.name, surplus)

    def _get_surplus(self, name, amount):
        """Return what a payment brings beyond the order, by the notebook alone."""
        used = self.invoices[name][2] if self.invoices.get(name) else 0
        held = self.till.held(name) + amount
        beyond = round(held + used - self.deposits[name].order_id.amount_total, 2)
        return max(min(beyond, round(held, 2)), 0)

    def _do_refund(self, name, _other, amount):
        allowed = amount <= self.till.held(name)
        if self._try(allowed, lambda: self.deposits[name]._refund(amount, self.bank)):
            self.till.book(self.day, name, -amount)

    def _do_forfeit(self, name, _other, amount):
        allowed = amount <= self.till.held(name)
        if self._try(allowed, lambda: self.deposits[name]._forfeit(amount)):
            self.till.book(self.day, name, -amount)

    def _do_move(self, name, other, amount):
        source, target = self.deposits[name], self.deposits[other]
        allowed = (
            name != other
            and source.currency_id == target.currency_id
            and amount <= self.till.held(name)
        )
        if self._try(allowed, lambda: source._move_to(target, amount)):
            self.till.book(self.day, name, -amount)
            self.till.book(self.day, other, amount)

    def _do_credit(self, name, _other, amount):
        deposit = self.deposits[name]
        credit = deposit._get_credit()
        allowed = amount <= self.till.held(name)
        if self._try(allowed, lambda: deposit._move_to(credit, amount)):
            self.till.book(self.day, name, -amount)
            self.credits[credit] = credit.name
            self.till.book(self.day, credit.name, amount)

    def _do_apply(self, name, _other, _amount):
        if self.invoices.get(name):
            return
        order = self.deposits[name].order_id
        if order.state != "sale":
            order.action_confirm()
        used = round(min(self.till.held(name), order.amount_total), 2)
        invoice = self._invoice(order)
        self.assertAlmostEqual(invoice.amount_total, order.amount_total - used, 2)
        self.invoices[name] = (invoice, self.day, used)
        self.till.book(self.day, name, -used)

    def _do_uninvoice(self, name, _other, _amount):
        invoice, day, used = self.invoices.pop(name, (None, 0, 0))
        if invoice:
            invoice.button_draft()
            invoice.button_cancel()
            self.till.entries.remove((day, name, -used))

    def _do_credit_invoice(self, name, _other, _amount):
        invoice, _day, used = self.invoices.pop(name, (None, 0, 0))
        if invoice:
            self._reverse(invoice)
            self.till.book(self.day, name, used)

    def _do_cancel(self, name, _other, _amount):
        receipt, amount = self.till.last(name)
        if receipt and self._try(amount <= self.till.held(name), lambda: self._set_back(receipt)):
            self.till.strike_out(name)

    def _set_back(self, receipt):
        receipt.button_draft()
        receipt.button_cancel()
        return True

    def _do_reverse(self, name, _other, _amount):
        receipt, amount = self.till.last(name)
        if receipt and self._try(amount <= self.till.held(name), lambda: self._reverse(receipt)):
            self.till.documents[name].pop()
            self.till.book(self.day, name, -amount)

    def _do_retax(self, name, _other, _amount):
        """The law changes the rates: the next receipts carry the others."""
        if not self.invoices.get(name):
            for line in self.deposits[name].order_id.order_line:
                line.tax_ids = self.taxes - line.tax_ids if line.tax_ids else line.tax_ids

    def _do_part(self, name, _other, _amount):
        """A part of the order is cancelled."""
        if not self.invoices.get(name):
            self.deposits[name].order_id.order_line[1:].product_uom_qty = 0

    # === COMPARING === #

    def _get_names(self):
        """Return {deposit: what the notebook calls it}."""
        return {deposit: name for name, deposit in self.deposits.items()} | self.credits

    def _compare_now(self):
        for deposit, name in self._get_names().items():
            held = self.till.held(name)
            self.assertAlmostEqual(deposit.amount_held, held, 2, msg=name)
            if held:
                self.assertEqual(deposit.state, "open")

    def _compare(self, day):
        today = START + timedelta(days=day)
        context = {"deposit_date": today, "allowed_company_ids": self.company.ids}
        for model in ("jewelry.deposit.tie.out", "jewelry.deposit.balance"):
            self.env[model].invalidate_model()
        rows = self.env["jewelry.deposit.tie.out"].with_context(**context).search([])
        balances = self.env["jewelry.deposit.balance"].with_context(**context).search([])
        for row in rows:
            where = (day, row.account_id.name)
            self.assertEqual((row.difference, row.amount_left_over), (0, 0), where)
            ledger = self._read_ledger(row, today)
            self.assertAlmostEqual(row.amount_ledger, ledger, 2, where)
            owed = balances.filtered(lambda b, row=row: b.account_id == row.account_id)
            owed = sum(owed.mapped("amount_owed"))
            self.assertAlmostEqual(owed, row.amount_documents, 2, where)
        self._compare_deposits(day, {balance.deposit_id: balance for balance in balances})

    def _read_ledger(self, row, today):
        """Return what core's own journal items owe."""
        items = self.env["account.move.line"].search(
            [
                ("account_id", "=", row.account_id.id),
                ("parent_state", "=", "posted"),
                ("date", "<=", today),
            ]
        )
        return -sum(items.mapped("balance"))

    def _compare_deposits(self, day, balances):
        for deposit, name in self._get_names().items():
            held = self.till.held(name, day)
            balance = balances.get(deposit)
            where = (day, name)
            if balance is None:
                self.assertEqual(held, 0, where)
                continue
            self.assertAlmostEqual(balance.amount_held, held, 2, where)
            if deposit.currency_id == self.company.currency_id:
                # Between no tax and all of it.
                self.assertLessEqual(balance.amount_owed, held + 0.005, where)
                self.assertGreaterEqual(balance.amount_owed, held / 1.21 - 0.05, where)
            if name == "plain":
                self.assertAlmostEqual(balance.amount_owed, held, 2, where)
