"""Flows of customers' money before delivery."""

from odoo import Command

from .accounting_flow import flow
from .accounting_steps_deposit import DepositSteps


class DepositFlows(DepositSteps):
    """Deposits from the first payment to delivery, refund, forfeit or credit."""

    @flow(
        "Rings that customers pay ahead for",
        "Eight rings are received and billed, 50.00 each.",
    )
    def deposit_stock(self):
        purchase = self._receive(*[50] * 8)
        self._bill(purchase)
        self.ahead = list(purchase.picking_ids.move_line_ids.lot_id.sorted("id"))

    @flow(
        "Deposit received",
        "A customer pays 300.00 for a ring of 1,000.00 before tax. It is owed to the customer and "
        "no revenue (IFRS 15.106). In the European Union the tax of the order is due on it at once "
        "(directive 2006/112/EC, article 65), so the account owes the rest; in the United States "
        "no tax is due before the goods are handed over.",
    )
    def deposit_received(self):
        self.deposit = self._order_ahead((self.ahead[0], 1000))
        self._pay_ahead(self.deposit, 300)

    @flow(
        "Second instalment",
        "The customer pays all that is left to pay. Each receipt has its own share of the tax, and "
        "the last one the cents that are left.",
    )
    def deposit_instalment(self):
        self._pay_ahead(self.deposit)

    @flow(
        "Deposit used at delivery",
        "The ring (cost 50.00) is handed over. Its invoice shows the whole price with its tax, and "
        "takes off what was paid ahead with the tax that was paid then: nothing is left to pay, "
        "and the account owes nothing any more.",
    )
    def deposit_used(self):
        self._deliver_paid(self.deposit)

    @flow(
        "Deposit paid back",
        "Another customer pays 200.00 ahead and has it paid back before delivery: a credit note "
        "takes back the receipt, with its tax.",
    )
    def deposit_refunded(self):
        deposit = self._order_ahead((self.ahead[1], 500))
        self._pay_ahead(deposit, 200)
        self._pay_back(deposit, 200)

    @flow(
        "Deposit partly consumed, the rest paid back",
        "Of 300.00 paid ahead the store has spent 100.00 for the customer, and writes down what "
        "for. 200.00 are paid back. The 100.00 are kept as a compensation: income, without tax in "
        "the European Union, where the tax of the receipt is taken back (Court of Justice, "
        "C-277/05; a kind of deposit may say otherwise).",
    )
    def deposit_consumed(self):
        deposit = self._order_ahead((self.ahead[1], 500))
        self._pay_ahead(deposit, 300)
        deposit.consumption_ids = [Command.create({"name": "Stone ordered", "amount": 100})]
        self._pay_back(deposit, 200)
        deposit._forfeit(100)

    @flow(
        "Deposit forfeited",
        "A customer who paid 250.00 ahead never comes: by the terms it is forfeited.",
    )
    def deposit_forfeited(self):
        deposit = self._order_ahead((self.ahead[1], 500))
        self._pay_ahead(deposit, 250)
        deposit._forfeit(250)

    @flow(
        "Deposit moved to store credit",
        "A customer gives up an order with 400.00 paid, and keeps them to his credit. What they "
        "will be used for is not known yet, so there is no tax on them: where the receipt was "
        "taxed, the tax is taken back.",
    )
    def deposit_to_credit(self):
        deposit = self._order_ahead((self.ahead[1], 500))
        self._pay_ahead(deposit, 400)
        self.credit = deposit._get_credit()
        deposit._move_to(self.credit, 400)

    @flow(
        "Store credit used",
        "The credit is used for a ring of 500.00 before tax (cost 50.00): it becomes a deposit of "
        "that order, taxed where receipts are. The customer pays the rest and takes the ring.",
    )
    def credit_used(self):
        deposit = self._order_ahead((self.ahead[2], 500))
        self.credit._move_to(deposit, 400)
        self._pay_ahead(deposit)
        self._deliver_paid(deposit)

    @flow(
        "Partial delivery",
        "Two rings (cost 50.00 each) of 400.00 and 600.00 before tax are ordered and 700.00 paid "
        "ahead. The first is handed over and invoiced: its invoice uses no more than its total. "
        "The second invoice uses the rest, and what it leaves is owed by the customer.",
    )
    def deposit_partial_delivery(self):
        first, second = self.ahead[3:5]
        self.book.style.invoice_policy = "delivery"
        deposit = self._order_ahead((first, 400), (second, 600))
        self._pay_ahead(deposit, 700)
        self._deliver_paid(deposit, first)
        self._deliver_paid(deposit, second)
        self.book.style.invoice_policy = "order"

    @flow(
        "Partial cancellation",
        "Of two rings of 300.00 each before tax, paid ahead in full, one is cancelled: what is "
        "held for it is paid back. The other (cost 50.00) is handed over.",
    )
    def deposit_partial_cancellation(self):
        kept, cancelled = self.ahead[5:7]
        deposit = self._order_ahead((kept, 300), (cancelled, 300))
        self._pay_ahead(deposit)
        deposit.order_id.order_line.filtered(lambda line: line.piece_id == cancelled).unlink()
        self._pay_back(deposit, deposit.amount_held - deposit.amount_total)
        self._deliver_paid(deposit)

    @flow(
        "The other rule for tax",
        "The same as the first deposit, where the kind is set to the other rule: in the United "
        "States taxed on receipt, in Belgium taxed on delivery only, such as for money that is a "
        "security and no payment. 300.00 are paid for a ring of 1,000.00 before tax, then all of "
        "the rest, and the ring (cost 50.00) is handed over.",
    )
    def deposit_other_rule(self):
        kind = self.deposit_kind
        kind.tax_on_receipt = not kind.tax_on_receipt
        deposit = self._order_ahead((self.ahead[6], 1000))
        self._pay_ahead(deposit, 300)
        self._pay_ahead(deposit)
        self._deliver_paid(deposit)
        kind.tax_on_receipt = not kind.tax_on_receipt

    @flow(
        "Deposit in another currency",
        "A customer abroad pays 1,000.00 in a foreign currency, 500.00 in ours, for an export "
        "without tax.",
        date="2025-06-02",
    )
    def deposit_foreign(self):
        self.foreign_deposit = self._order_ahead(
            (self.ahead[7], 1000), taxed=False, pricelist_id=self._get_foreign_pricelist().id
        )
        self._pay_ahead(self.foreign_deposit)

    @flow(
        "Delivered at another rate",
        "At delivery (cost 50.00) the same amount is 625.00 in ours. The invoice is entered at its "
        "own rate, and the reconciliation of the account posts the 125.00 between the two rates as "
        "an exchange difference: together the 500.00 that were received. IFRIC 22 asks for the "
        "rate of the receipt in the revenue itself; the profit is the same, and who reports under "
        "IFRS reclassifies the difference to revenue.",
    )
    def deposit_foreign_used(self):
        self._deliver_paid(self.foreign_deposit)
