"""What the tests of money share: a register that takes and books another currency."""

from datetime import timedelta
from uuid import uuid4

from odoo import Command, fields

from .counter_common import CounterCommon


class CurrencyCommon(CounterCommon):
    """A unit of the company's currency is two foreign ones since the day before yesterday."""

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
