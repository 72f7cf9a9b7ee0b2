"""What staff do with money that is paid ahead, step by step."""

from odoo import Command

from odoo.addons.jewelry_deposit.tests.common import analyze_ledger

from .accounting_steps import Steps


class DepositSteps(Steps):
    """The steps of deposits, on one book."""

    @property
    def deposit_kind(self):
        """The kind that orders use, as the setup of the book made it."""
        return self.env["jewelry.deposit.kind"]._get_kind("deposit", self.book.company)

    def _order_ahead(self, *pieces, **values):
        """Quote pieces, each (piece, price), and return the open deposit of that quotation."""
        return self._quote_ahead(*pieces, **values)._ensure_deposit()

    def _quote_ahead(self, *pieces, taxed=True, **values):
        """Return a quotation of pieces, each (piece, price)."""
        taxes = self.book.company.account_sale_tax_id if taxed else self.env["account.tax"]
        lines = [
            Command.create({"piece_id": piece.id, "tax_ids": [Command.set(taxes.ids)]})
            for piece, _price in pieces
        ]
        order = self.env["sale.order"].create(
            # In the currency of the books, unless told otherwise.
            {"partner_id": self.partner.id, "order_line": lines, "pricelist_id": False} | values
        )
        for line, (_piece, price) in zip(order.order_line, pieces, strict=True):
            line.price_unit = price
        return order

    def _pay_ahead(self, deposit, amount=None):
        """Take an amount, or all that is due, into the bank."""
        deposit._receive(amount or deposit.amount_due, self._get_bank())

    def _pay_back(self, deposit, amount):
        deposit._refund(amount, self._get_bank())

    def _deliver_paid(self, deposit, pieces=None):
        """Deliver the order, or some of its pieces, and invoice what was delivered."""
        order = deposit.order_id
        if order.state != "sale":
            order.action_confirm()
        moves = order.picking_ids.move_ids.filtered(lambda move: move.state != "done")
        moves.filtered(lambda move: not pieces or move.piece_id in pieces).picked = True
        picking = moves.picking_id
        picking.with_context(skip_backorder=True)._action_done()
        order._create_invoices().action_post()

    def _get_bank(self):
        """Return the bank, whose payments are entered at once."""
        analyze_ledger(self.env)
        domain = [("company_id", "=", self.book.company.id), ("type", "=", "bank")]
        bank = self.env["account.journal"].search(domain, limit=1)
        methods = bank.inbound_payment_method_line_ids | bank.outbound_payment_method_line_ids
        methods.payment_account_id = bank.default_account_id
        return bank

    def _get_foreign_pricelist(self):
        """Return a pricelist in a currency that gains between two days."""
        # One currency for all books, with rates in each.
        currencies = self.env["res.currency"]
        currency = currencies.search([("name", "=", "FCY")]) or currencies.create(
            {"name": "FCY", "symbol": "F"}
        )
        for day, rate in (("2025-01-01", 2.0), ("2025-06-10", 1.6)):
            self.env["res.currency.rate"].create(
                {
                    "currency_id": currency.id,
                    "company_id": self.book.company.id,
                    "name": day,
                    "rate": rate,
                }
            )
        return self.env["product.pricelist"].create(
            {"name": "FCY", "currency_id": currency.id, "company_id": self.book.company.id}
        )
