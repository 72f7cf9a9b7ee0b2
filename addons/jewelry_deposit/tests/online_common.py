"""What the tests of online payments share: a provider, and what it tells the store."""

from odoo import Command

from .common import DepositCommon


class OnlineMixin:
    """A provider of payments whose money comes to the bank; for classes that have one."""

    @classmethod
    def _create_provider(cls, **values):
        """Return a provider that sends customers elsewhere to pay, and its payment method."""
        method = cls.env.ref("payment.payment_method_unknown")
        form = cls.env["ir.ui.view"].create(
            {
                "name": "Form of the provider",
                "type": "qweb",
                "arch": '<form action="https://provider.invalid" method="post"/>',
            }
        )
        defaults = {
            "name": "Provider",
            "code": "none",
            "state": "test",
            "is_published": True,
            "company_id": cls.company.id,
            "payment_method_ids": [Command.set(method.ids)],
            "redirect_form_view_id": form.id,
        }
        provider = cls.env["payment.provider"].create(defaults | values)
        # Only a method that some provider has can be shown.
        method.active = True
        cls.env["account.payment.method.line"].create(
            {
                "name": provider.name,
                "payment_method_id": cls.env.ref("account.account_payment_method_manual_in").id,
                "journal_id": cls.bank.id,
                "payment_provider_id": provider.id,
            }
        )
        provider.invalidate_recordset(["journal_id"])
        return provider, method

    @classmethod
    def _transact(cls, deposit, amount, **values):
        """Return a payment that the customer has begun on the page of a deposit."""
        transactions = cls.env["payment.transaction"]
        links = values if "sale_order_ids" in values else {"deposit_id": deposit.id}
        defaults = {
            "provider_id": cls.provider.id,
            "payment_method_id": cls.way.id,
            "reference": transactions._compute_reference("none", **links),
            "amount": amount,
            "currency_id": deposit.currency_id.id,
            "partner_id": deposit.partner_id.id,
            "operation": "online_redirect",
        }
        return transactions.create(defaults | links | values)

    @classmethod
    def _settle(cls, transaction, state="done"):
        """Let the provider say what became of a payment, and the store do what follows."""
        if state == "authorized":
            # What the modules of providers say of themselves.
            transaction.provider_id.support_manual_capture = "partial"
        getattr(transaction, f"_set_{state}")()
        transaction._post_process()
        return transaction

    @classmethod
    def _pay_online(cls, deposit, amount, **values):
        return cls._settle(cls._transact(deposit, amount, **values))

    @classmethod
    def _pay_back_online(cls, transaction, amount):
        """Let the provider pay back a part of a payment."""
        return cls._settle(transaction._create_child_transaction(amount, is_refund=True))


class OnlineCommon(OnlineMixin, DepositCommon):
    """A store whose customers pay ahead online."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider, cls.way = cls._create_provider()
        cls.manager = cls._create_user("manager", "sales_team.group_sale_manager")

    # === READERS === #

    def _tasks(self, deposit):
        """Return the summaries of what somebody is asked to do."""
        return deposit.activity_ids.mapped("summary")

    def _credit(self, deposit, currency=None):
        """Return what the customer has to his credit."""
        domain = [
            ("kind_id.code", "=", "credit"),
            ("partner_id", "=", deposit.partner_id.id),
            ("currency_id", "=", (currency or deposit.currency_id).id),
        ]
        return sum(self.env["jewelry.deposit"].search(domain).mapped("amount_held"))

    def _assert_matched(self, transaction):
        """Expect the payment to pay its documents to the cent."""
        items = transaction.payment_id.move_id.line_ids | transaction.invoice_ids.line_ids
        open_items = items.filtered(
            lambda line: line.account_id == transaction.payment_id.destination_account_id
        )
        self.assertTrue(open_items)
        self.assertEqual(set(open_items.mapped("amount_residual_currency")), {0.0})
