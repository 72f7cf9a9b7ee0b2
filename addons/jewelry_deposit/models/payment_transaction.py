from odoo import Command, fields, models


class PaymentTransaction(models.Model):
    """Online payments into deposits: none confirms an order or invoices it."""

    _inherit = "payment.transaction"

    deposit_id = fields.Many2one(
        comodel_name="jewelry.deposit", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    deposit_attempt = fields.Char(
        readonly=True,
        copy=False,
        help="What the page was asked for: whoever clicks twice gets the same payment twice.",
    )

    _deposit_attempt_once = models.UniqueIndex(
        "(deposit_id, deposit_attempt) WHERE deposit_attempt IS NOT NULL",
        "This payment was begun already.",
    )

    # === BUSINESS METHODS - PAYMENT FLOW === #

    def _compute_reference_prefix(self, separator, **values):
        """Override of `payment` to call a payment by the number of its deposit."""
        if deposit := self.env["jewelry.deposit"].sudo().browse(values.get("deposit_id")).exists():
            return deposit.name
        return super()._compute_reference_prefix(separator, **values)

    def _create_child_transaction(self, amount, is_refund=False, **custom_create_values):
        """Override of `payment`: what is captured in parts or paid back is of the same deposit."""
        values = {"deposit_id": self.deposit_id.id} | custom_create_values
        return super()._create_child_transaction(amount, is_refund=is_refund, **values)

    # === BUSINESS METHODS - STATES === #

    def _set_error(self, state_message, extra_allowed_states=()):
        """Override of `payment` to tell of a card that takes no money back."""
        txs = super()._set_error(state_message, extra_allowed_states=extra_allowed_states)
        txs._tell_not_paid_back(state_message)
        return txs

    def _set_canceled(self, state_message=None, extra_allowed_states=()):
        """Override of `payment` to tell of a card that takes no money back."""
        txs = super()._set_canceled(state_message, extra_allowed_states=extra_allowed_states)
        txs._tell_not_paid_back(state_message)
        return txs

    def _tell_not_paid_back(self, reason):
        for tx in self.filtered(lambda tx: tx.deposit_id and tx.operation == "refund"):
            tx.deposit_id._tell(
                self.env._("Not paid back"),
                self.env._(
                    "%(amount)s could not be paid back to the customer's card, and is still held: "
                    "%(reason)s. Pay it back in another way.",
                    amount=tx.currency_id.format(abs(tx.amount)),
                    reason=reason or "",
                ),
            )

    # === BUSINESS METHODS - POST-PROCESSING === #

    def _post_process(self):
        """Override of `sale`: what is paid for an order that has a deposit is paid into it, and
        confirms and invoices nothing.
        """
        self.filtered(lambda tx: tx.state in ("authorized", "done"))._divert_to_deposits()
        return super()._post_process()

    def _divert_to_deposits(self):
        """Take payments of orders that have an open deposit for payments into it, by whatever
        door of core they came.
        """
        for tx in self.filtered(lambda tx: not tx.deposit_id and not tx.invoice_ids):
            deposit = tx.sale_order_ids._get_open_deposit() if len(tx.sale_order_ids) == 1 else None
            if deposit and not tx.payment_id:
                tx.write({"deposit_id": deposit.id, "sale_order_ids": [Command.clear()]})

    def _create_payment(self, **extra_create_values):
        """Override of `account_payment`: what is paid for a deposit has a receipt, which the
        payment pays; what is paid back has a credit note.
        """
        if not self.deposit_id or self.invoice_ids:
            return super()._create_payment(**extra_create_values)
        documents = self._post_deposit_documents()
        self.invoice_ids = documents
        payment = super()._create_payment(**extra_create_values)
        self._match_documents(payment, documents)
        return payment

    def _post_deposit_documents(self):
        deposit = self.deposit_id.with_company(self.company_id)
        if self.amount < 0:
            return deposit._give_back_online(self.source_transaction_id, -self.amount)
        return deposit._take_online(self.amount, self.currency_id)

    def _match_documents(self, payment, documents):
        """Reconcile what core does not: of a capture in parts it looks at the whole only."""
        items = (payment.move_id | documents).line_ids.filtered(
            lambda line: line.account_id == payment.destination_account_id and not line.reconciled
        )
        if documents and payment.move_id & items.move_id and len(items.move_id) > 1:
            items.reconcile()

    def _send_invoice(self):
        """Override of `sale`: the receipt of a deposit is not mailed like an invoice."""
        return super(
            PaymentTransaction, self.filtered(lambda tx: not tx.deposit_id)
        )._send_invoice()

    # === BUSINESS METHODS - LOGGING === #

    def _log_message_on_linked_documents(self, message):
        """Override of `account_payment` to tell the deposit what happened, too."""
        res = super()._log_message_on_linked_documents(message)
        for tx in self.filtered("deposit_id"):
            # In the store's name: whoever pays need not be known.
            tx.deposit_id.sudo().message_post(
                body=message, author_id=self.env.ref("base.partner_root").id
            )
        return res
