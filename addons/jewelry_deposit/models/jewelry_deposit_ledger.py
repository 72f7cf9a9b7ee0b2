from odoo import Command, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL


class JewelryDepositLedger(models.AbstractModel):
    """The money of a deposit: the documents and entries that take it, use it and give it back."""

    _name = "jewelry.deposit.ledger"
    _description = "Money of a Customer Deposit"

    # === WHAT IS ASKED OF A DEPOSIT === #

    def _receive(self, amount, journal, *, payment_method_line=None, date=None, memo=None):
        """Take `amount` of the customer into a journal of the bank or of cash. What is more than
        the order comes to is kept to his credit.

        :return: the payment
        :rtype: `account.payment`
        :raises UserError: when the amount is not more than nothing
        """
        self._check_amount(amount)
        self._lock_deposits()
        receipt = self._post_receipt(amount, date=date)
        payment = self._pay(
            receipt, journal, payment_method_line=payment_method_line, date=date, memo=memo
        )
        self._keep_surplus(date=date)
        return payment

    def _use_credit(self, amount, *, date=None):
        """Take `amount` of what the customer has to his credit.

        :raises UserError: when he has not that much
        """
        credits = self._find_credits()
        (self | credits)._lock_deposits()
        self._check_amount(amount)
        self._check_within(amount, sum(credits.mapped("amount_refundable")))
        for credit in credits:
            part = min(amount, credit.amount_refundable)
            if self.currency_id.compare_amounts(part, 0) > 0:
                credit._move_to(self, part, date=date)
                amount = self.currency_id.round(amount - part)
        self._keep_surplus(date=date)

    def _keep_surplus(self, *, date=None):
        """Keep to the customer's credit what was paid beyond what the order comes to: the one rule
        on overpayment, whichever way the money came.

        It is kept once it is in the ledger. What a clerk takes is there at once. What a register
        took is when its session is closed: until then it stands to the deposit that the customer's
        receipt names, and whoever was paid too much refunds that order. What a provider took is
        shared out before it is entered (`_take_online`): by its receipts the provider pays it back.
        """
        self._lock_deposits()
        surplus = self._get_surplus()
        if self.currency_id.compare_amounts(surplus, 0) <= 0:
            return
        credit = self._get_credit()
        self._move_to(credit, surplus, date=date)
        self.message_post(
            body=self.env._(
                "%(amount)s was paid beyond what is to be paid: it is kept as %(credit)s.",
                amount=self.currency_id.format(surplus),
                credit=credit.name,
            )
        )

    def _refund(self, amount, journal, *, payment_method_line=None, date=None, memo=None):
        """Pay `amount` of what is refundable back to the customer.

        :return: the payment
        :rtype: `account.payment`
        :raises UserError: when more is asked than is refundable
        """
        credit_note = self._owe_back(amount, date=date)
        return self._pay(
            credit_note, journal, payment_method_line=payment_method_line, date=date, memo=memo
        )

    def _owe_back(self, amount, *, date=None):
        """Owe `amount` of what is refundable to the customer, to be paid by whatever way.

        :return: the credit note
        :rtype: `account.move`
        :raises UserError: when more is asked than is refundable
        """
        self._lock_deposits()
        self._check_amount(amount)
        self._check_within(amount, self.amount_refundable)
        return self._post_document("out_refund", "refunded", amount, date=date)

    def _forfeit(self, amount, *, date=None, memo=None):
        """Keep `amount` of what is held as income.

        :return: the entry, or where tax was paid on receipt the document that says what becomes of
            the tax
        :rtype: `account.move`
        """
        self._lock_deposits()
        self._check_amount(amount)
        self._check_within(amount, self.amount_held)
        held = self._get_held_base_lines()
        account = self.kind_id.forfeit_account_id
        if not held:
            lines = self._prepare_entry_lines("forfeited", amount, account, date=date)
            return self._post_entry(lines, date=date, memo=memo)
        kept = held if self.kind_id.tax_on_forfeit else []
        income = self._prepare_document_lines("forfeited", amount, kept)
        # No deposit owes it any more, and it is no turnover: it keeps the name of the act only.
        income = [line | {"account_id": account.id, "deposit_id": False} for line in income]
        return self._post_transfer("forfeited", amount, held, income, date=date, memo=memo)

    def _move_to(self, other, amount, *, date=None, memo=None):
        """Let `amount` stand to another deposit of the same customer.

        It leaves this deposit as if it were paid back, and comes to the other as if it were
        received: with the tax of either.

        :return: the entry, or where there is tax the document that shows it
        :rtype: `account.move`
        """
        (self | other)._lock_deposits()
        self._check_amount(amount)
        self._check_within(amount, self.amount_refundable)
        self._check_movable(other)
        held, wanted = self._get_held_base_lines(), other._get_order_base_lines()
        if held or wanted:
            lines = other._prepare_document_lines("moved", amount, wanted)
            return self._post_transfer("moved", amount, held, lines, date=date, memo=memo)
        lines = self._prepare_entry_lines("moved", amount, other.kind_id.account_id, date=date)
        lines[1] |= {"deposit_id": other.id, "deposit_act": "moved"}
        return self._post_entry(lines, date=date, memo=memo)

    def _apply_to(self, invoice):
        """Use what is held for a draft invoice, up to its total, and what no other draft uses."""
        for deposit in self.filtered(lambda deposit: deposit.state == "open"):
            free = deposit.amount_held - deposit._get_amount_in_drafts()
            amount = deposit.currency_id.round(min(free, invoice.amount_total))
            if invoice.move_type == "out_invoice" and amount > 0:
                deposit._deduct(amount, invoice)

    def _get_amount_in_drafts(self):
        """Return what invoices use that are not posted yet."""
        # In sudo: whoever may invoice may use what was paid ahead.
        items = self.sudo().line_ids.filtered(
            lambda line: line.parent_state == "draft" and line.deposit_act == "applied"
        )
        return -sum(items.mapped("deposit_amount"))

    def _deduct(self, amount, invoice):
        lines = self._prepare_document_lines("applied", amount, self._get_held_base_lines(), -1)
        # In sudo: whoever may invoice may use what was paid ahead.
        invoice.sudo().write({"invoice_line_ids": [Command.create(line) for line in lines]})

    # === DOCUMENTS AND ENTRIES === #

    def _post_receipt(self, amount, date=None):
        """Post and return the document by which the customer pays `amount` ahead."""
        return self._post_document("out_invoice", "received", amount, date=date)

    def _post_document(self, move_type, act, amount, date=None):
        base_lines = (
            self._get_order_base_lines() if act == "received" else self._get_held_base_lines()
        )
        lines = self._prepare_document_lines(act, amount, base_lines)
        return self._post_document_lines(move_type, lines, date=date)

    def _post_transfer(self, act, amount, held, lines, *, date=None, memo=None):
        """Post a document of 0 in all, by which `amount` leaves the deposit and becomes `lines`."""
        left = self._prepare_document_lines(act, amount, held, -1)
        move = self._post_document_lines("out_invoice", lines + left, date=date)
        move.ref = " ".join(filter(None, (self.name, memo)))
        return move

    def _post_document_lines(self, move_type, lines, date=None):
        vals = self._prepare_document_vals(move_type, date) | {
            "invoice_line_ids": [Command.create(line) for line in lines]
        }
        # In sudo: whoever may take a deposit does not need the rights of an accountant.
        move = self.env["account.move"].sudo().with_company(self.company_id).create(vals)
        move.action_post()
        return move

    def _prepare_document_vals(self, move_type, date=None):
        """Hook: values of a receipt or of what is paid back."""
        return {
            "move_type": move_type,
            "journal_id": self.kind_id.journal_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": date or fields.Date.context_today(self),
            "invoice_origin": self.name,
            "ref": self.name,
            "fiscal_position_id": self.sudo().order_id.fiscal_position_id.id,
            "invoice_payment_term_id": False,
        } | self._prepare_discretion_vals()

    def _prepare_document_lines(self, act, amount, base_lines, sign=1):
        """Return values of invoice lines that bring `amount`, tax included.

        :param base_lines: what the tax of the amount is shared over; none: there is no tax
        :param sign: -1 where the lines lower the document
        """
        common = {
            "product_id": self.kind_id.product_id.id,
            "account_id": self.kind_id.account_id.id,
            "deposit_id": self.id,
            "deposit_act": act,
            "name": self._get_line_name(),
            "quantity": sign,
        }
        if not base_lines:
            return [common | {"price_unit": amount, "tax_ids": [Command.clear()]}]
        taxes = self.env["account.tax"]
        shares = taxes._prepare_down_payment_lines(
            base_lines, self.company_id, "fixed", amount, computation_key=f"deposit,{self.id},{act}"
        )
        return [common | self._prepare_taxed_vals(share, sign) for share in shares]

    def _prepare_taxed_vals(self, share, sign):
        taxes = self.env["account.tax"]
        extra = taxes._export_base_line_extra_tax_data(share)
        if sign < 0:
            extra = taxes._reverse_quantity_base_line_extra_tax_data(extra)
        return {
            "price_unit": share["price_unit"],
            "tax_ids": [Command.set(share["tax_ids"].ids)],
            "extra_tax_data": extra,
        }

    def _get_order_base_lines(self):
        """Return the base lines of the order where receipts are taxed, rounded; else none."""
        if not self.kind_id.tax_on_receipt:
            return []
        # In sudo: whoever takes a deposit need not sell.
        lines = self.sudo().order_id.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )
        return self._round_base_lines(
            [line._prepare_base_line_for_taxes_computation() for line in lines]
        )

    def _get_held_base_lines(self):
        """Return the base lines of what is held where receipts were taxed, rounded; else none."""
        base_lines = self._prepare_held_base_lines()
        if not any(base_line["tax_ids"] for base_line in base_lines):
            return []
        return self._round_base_lines(base_lines)

    def _prepare_held_base_lines(self):
        """Hook: base lines of all that was received, used and given back, not rounded."""
        # In sudo: whoever gives money back need not read journal items.
        lines = self.sudo().line_ids.filtered(
            lambda line: line.parent_state == "posted" and line.display_type == "product"
        )
        return [self._prepare_held_base_line(line) for line in lines]

    def _prepare_held_base_line(self, line):
        """Hook: base line of an item, of more than nothing where it adds to what is held."""
        taxes, move = self.env["account.tax"], line.move_id
        if not move.is_invoice(include_receipts=True):
            return taxes._prepare_base_line_for_taxes_computation(
                line,
                price_unit=-line.amount_currency,
                quantity=1.0,
                rate=move._get_product_base_line_currency_rate(line),
                special_mode="total_excluded",
            )
        if move.is_inbound():
            return move._prepare_product_base_line_for_taxes_computation(line)
        return taxes._prepare_base_line_for_taxes_computation(
            line,
            quantity=-line.quantity,
            rate=move._get_product_base_line_currency_rate(line),
            extra_tax_data=taxes._reverse_quantity_base_line_extra_tax_data(line.extra_tax_data),
        )

    def _round_base_lines(self, base_lines):
        taxes = self.env["account.tax"]
        taxes._add_tax_details_in_base_lines(base_lines, self.company_id)
        taxes._round_base_lines_tax_details(base_lines, self.company_id)
        return base_lines

    def _get_line_name(self):
        """Return what documents call the deposit."""
        # In sudo: whoever takes a deposit need not sell.
        subject = self.sudo().order_id.name or self.kind_id.name
        return self.env._("Deposit %(number)s for %(subject)s", number=self.name, subject=subject)

    def _prepare_entry_lines(self, act, amount, account, date=None):
        """Return values of two items that take `amount` out of the deposit into an account."""
        balance = self.currency_id._convert(
            amount,
            self.company_id.currency_id,
            self.company_id,
            date or fields.Date.context_today(self),
        )
        common = {
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "name": self._get_line_name(),
        }
        return [
            common
            | {
                "account_id": self.kind_id.account_id.id,
                "deposit_id": self.id,
                "deposit_act": act,
                "amount_currency": amount,
                "balance": balance,
            },
            common | {"account_id": account.id, "amount_currency": -amount, "balance": -balance},
        ]

    def _post_entry(self, lines, date=None, memo=None):
        # In sudo: whoever may close a deposit does not need the rights of an accountant.
        moves = self.env["account.move"].sudo().with_company(self.company_id)
        move = moves.create(
            {
                "move_type": "entry",
                "journal_id": self.kind_id.entry_journal_id.id,
                "date": date or fields.Date.context_today(self),
                "ref": " ".join(filter(None, (self.name, memo))),
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        move.action_post()
        return move

    def _pay(self, document, journal, *, payment_method_line=None, date=None, memo=None):
        """Pay a document of the deposit in full, by a journal of the bank or of cash.

        :raises UserError: when no journal is chosen
        """
        if not journal:
            raise UserError(self.env._("Choose the journal by which the money is paid."))
        vals = {"journal_id": journal.id, "payment_date": date or document.invoice_date}
        if payment_method_line:
            vals["payment_method_line_id"] = payment_method_line.id
        if memo:
            vals["communication"] = memo
        # In sudo: whoever may take a deposit does not need the rights of an accountant.
        register = self.env["account.payment.register"].sudo().with_company(self.company_id)
        wizard = register.with_context(active_model="account.move", active_ids=document.ids).create(
            vals
        )
        return wizard._create_payments()

    # === CHECKS AND CONSEQUENCES === #

    def _lock_deposits(self):
        """Let one transaction at a time act on these deposits, in the order of their ids.

        :raises LockError: when somebody else is doing so
        """
        try:
            self.sorted("id").lock_for_update()
        except LockError as error:
            raise LockError(
                self.env._(
                    "Somebody else is entering money of %(deposits)s right now. Look at what is "
                    "paid, then try again.",
                    deposits=", ".join(self.mapped("name")),
                )
            ) from error
        self.invalidate_recordset(["amount_held", "amount_paid", "amount_refundable"])

    def _wait_for_deposits(self):
        """Let one transaction at a time act on these deposits, as `_lock_deposits`, and wait for
        whoever is doing so: money that was paid already is not refused because somebody else was
        at it.

        Whoever has waited is told by PostgreSQL to begin again, for what it knows is older than
        what was done meanwhile; the request then runs anew and sees that.
        """
        self.env.flush_all()
        if not self:
            return
        ids = tuple(self.ids)
        # First for whoever enters items of them: also who only names a deposit holds its row.
        self.env.cr.execute(
            SQL("SELECT id FROM jewelry_deposit WHERE id IN %s ORDER BY id FOR UPDATE", ids)
        )
        # Then for whoever waits here, too: only a row that was written makes it begin again.
        self.env.cr.execute(
            SQL("UPDATE jewelry_deposit SET write_date = write_date WHERE id IN %s", ids)
        )
        self.invalidate_recordset()

    def _follow_ledger(self):
        """Do what follows from new journal items: reconcile them, close what is delivered, and open
        again what holds money once more.
        """
        self._check_currency()
        self._check_covered()
        for deposit in self:
            deposit._reconcile_items()
        self._follow_amounts()

    def _follow_amounts(self):
        """Hook: do what follows from amounts that changed. Deposits with which nothing is left to
        be done are closed; those that hold money again, because what used it was reversed or more
        came in, are opened.
        """
        self.filtered(lambda deposit: deposit._is_over())._set_closed()
        self.filtered(
            lambda deposit: (
                deposit.state == "closed" and not deposit.currency_id.is_zero(deposit.amount_held)
            )
        )._set_open()

    def _reconcile_items(self):
        """Match what was paid ahead with what used it, so that the books show what is open and
        settle the difference of two rates.
        """
        items = self.sudo().line_ids.filtered(
            lambda line: (
                line.parent_state == "posted" and line.account_id.reconcile and not line.reconciled
            )
        )
        for account in items.account_id:
            matching = items.filtered(lambda line, account=account: line.account_id == account)
            if len({line.balance > 0 for line in matching}) > 1:
                matching.reconcile()

    def _is_over(self):
        """Hook: tell whether nothing is left to be done with the deposit."""
        return (
            self.state == "open"
            # In sudo: as above.
            and (self.sudo().line_ids or self.sudo().order_id.state == "cancel")
            and self.currency_id.is_zero(self.amount_held)
            and not self.currency_id.compare_amounts(self.amount_due, 0) > 0
        )

    def _set_closed(self):
        # In sudo: the state follows from the ledger, whoever posts there.
        self.sudo().state = "closed"

    def _set_open(self):
        # In sudo: as above.
        self.sudo().state = "open"

    def _check_covered(self):
        """Refuse that more is used than was paid.

        :raises UserError: naming the deposit
        """
        for deposit in self:
            if deposit.currency_id.compare_amounts(deposit.amount_held, 0) < 0:
                raise UserError(
                    self.env._(
                        "%(deposit)s does not hold that much: its money was used or paid back "
                        "meanwhile. Look at its journal items, then take what is left.",
                        deposit=deposit.name,
                    )
                )

    def _get_lock_notice(self, date):
        """Return what to tell whoever enters money on a day of which the books are closed: it is
        entered all the same, on the first day that is open.
        """
        # In sudo: whoever takes a deposit does not read the locks of the books.
        kind = self.kind_id.sudo()
        company = kind.company_id
        locks = date and company._get_violated_lock_dates(
            date, kind.tax_on_receipt, kind.journal_id
        )
        if not locks:
            return False
        return self.env._(
            "The books are closed for that day (%(locks)s): the receipt keeps its date, and the "
            "money is entered on the first day that is open.",
            locks=company._format_lock_dates(locks),
        )

    def _check_movable(self, other):
        """Refuse to move money to a deposit that cannot take it.

        :raises UserError: saying what to do instead
        """
        if self == other:
            raise UserError(self.env._("%(deposit)s has that money already.", deposit=self.name))
        if other.partner_id.commercial_partner_id != self.partner_id.commercial_partner_id:
            raise UserError(
                self.env._(
                    "%(other)s is of another customer than %(deposit)s. Pay the money back and "
                    "receive it there.",
                    other=other.name,
                    deposit=self.name,
                )
            )
        if other.currency_id != self.currency_id or other.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "%(other)s is in another currency or company than %(deposit)s. Pay the money "
                    "back and receive it there.",
                    other=other.name,
                    deposit=self.name,
                )
            )

    def _check_amount(self, amount):
        if self.currency_id.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("Enter an amount of more than nothing."))

    def _check_within(self, amount, limit):
        if self.currency_id.compare_amounts(amount, limit) > 0:
            raise UserError(
                self.env._(
                    "Of %(deposit)s, %(limit)s at most can be taken now.",
                    deposit=self.name,
                    limit=self.currency_id.format(limit),
                )
            )
