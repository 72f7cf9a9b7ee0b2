import math

from odoo import fields, models
from odoo.exceptions import ConcurrencyError, LockError, RedirectWarning, UserError
from odoo.fields import Domain

from ..const import PAGE

# Money that is on its way: the provider has it, or has promised it, and no receipt says so yet.
ON_ITS_WAY = Domain("operation", "!=", "refund") & (
    Domain("state", "in", ("pending", "authorized"))
    | (Domain("state", "=", "done") & Domain("is_post_processed", "=", False))
)


class JewelryDepositOnline(models.AbstractModel):
    """What the customer sees of a deposit and pays into it without coming to the store."""

    _name = "jewelry.deposit.online"
    _description = "Paying a Deposit Online"

    transaction_ids = fields.One2many(
        comodel_name="payment.transaction", inverse_name="deposit_id", string="Online Payments"
    )

    # === ACTION METHODS === #

    def action_share_link(self):
        """Make a link to the page of the deposit, and show it this once.

        :return: window action
        :rtype: dict
        :raises UserError: when the customer must not learn of it yet
        """
        self.ensure_one()
        self._check_tellable("mail")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment Link of %(deposit)s", deposit=self.name),
            "res_model": "jewelry.deposit.link",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_deposit_id": self.id, "deposit_url": self._issue_link()},
        }

    def action_view_links(self):
        """Open the links to the deposit, to revoke them.

        :return: window action
        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_inventory.jewelry_link_action"
        )
        return action | {"domain": [("res_model", "=", self._name), ("res_id", "=", self.id)]}

    # === LINKS === #

    def _issue_link(self):
        """Return a new address by which the customer sees the deposit and pays into it.

        Nobody can find it out later; it ends after the days that the kind says, or when revoked.
        """
        self.ensure_one()
        return self._issue_links()[self]

    def _issue_links(self):
        """Return {deposit: new address} of several, as of `_issue_link`."""
        links = self.env["jewelry.link"]
        vals_list = [
            {
                "partner_id": deposit.partner_id.id,
                "expires_on": links._get_expiry(deposit.kind_id.link_days),
            }
            for deposit in self
        ]
        issued = links._issue_each(self, vals_list, purpose="decide")
        return {
            deposit: f"{deposit.get_base_url()}{PAGE}/{token}"
            for deposit, (_link, token) in zip(self, issued, strict=True)
        }

    def _check_tellable(self, channel):
        """Refuse to tell the customer of a surprise that is for him.

        :raises UserError: saying so
        """
        if not self._filter_tellable(self.partner_id, channel):
            raise UserError(
                self.env._("This is a surprise, and the customer must not learn of it yet.")
            )

    # === WHAT THE PAGE SHOWS === #

    def _get_sold_lines(self):
        """Return the lines of the order that the customer pays for."""
        return self.order_id.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )

    def _get_receipts(self):
        """Hook: return [(entry, day, amount)] of what the customer paid and was paid back, by day;
        what has no document of its own has no entry.
        """
        rows = [
            (move, move.invoice_date or move.date, sum(lines.mapped("deposit_amount")))
            for move, lines in self._get_receipt_items().grouped("move_id").items()
        ]
        return sorted(rows, key=lambda row: (row[1], row[0].id))

    def _get_receipt_items(self):
        """Hook: return the items by which the customer paid and was paid back."""
        return self.line_ids.filtered(
            lambda line: (
                line.parent_state == "posted" and line.deposit_act in ("received", "refunded")
            )
        )

    def _get_amount_on_its_way(self):
        """Return what was paid online and has no receipt yet."""
        domain = Domain("deposit_id", "in", self.ids) & ON_ITS_WAY
        # In sudo: a salesperson sees no transactions.
        groups = self.env["payment.transaction"].sudo()._read_group(domain, [], ["amount:sum"])
        return self.currency_id.round(groups[0][0] or 0.0)

    # === WHAT MAY BE PAID === #

    def _is_payable_online(self):
        """Hook: tell whether the customer may pay into it by himself."""
        return self.state == "open" and self.order_id.state != "cancel"

    def _filter_payable_online(self):
        """Return the deposits that customers may pay into, and that a provider takes money for.

        Providers are asked once for all customers of a country, with the smallest balance.
        """
        payable = self.filtered(lambda deposit: deposit._is_payable_online())
        groups = payable.grouped(
            lambda deposit: (deposit.company_id, deposit.currency_id, deposit.partner_id.country_id)
        )
        ways = [
            (deposits, min(deposits, key=lambda deposit: deposit.amount_due))
            for deposits in groups.values()
        ]
        return self.browse().union(
            *(deposits for deposits, least in ways if least._get_online_ways(least.amount_due)[1])
        )

    def _get_payable(self):
        """Return how much the customer may pay online now: nothing is paid twice."""
        self.ensure_one()
        if not self._is_payable_online():
            return 0.0
        left = self.amount_due - self._get_amount_on_its_way()
        return max(self.currency_id.round(left), 0.0)

    def _get_smallest(self):
        """Hook: the smallest amount that is worth a payment, or all that is left."""
        company = self.company_id
        smallest = company.currency_id._convert(
            self.kind_id.online_minimum,
            self.currency_id,
            company,
            fields.Date.context_today(self),
        )
        return min(max(smallest, self.currency_id.rounding), self._get_payable())

    def _get_choices(self):
        """Return [(name, amount)] of what the page proposes to pay."""
        payable = self._get_payable()
        upcoming = max(min(self._get_next_amount(), payable), self._get_smallest())
        choices = [(self.env._("All that is left"), payable)]
        if self.currency_id.compare_amounts(upcoming, payable) < 0:
            choices.insert(0, (self.env._("Next payment"), upcoming))
        return choices

    def _check_online_amount(self, amount):
        """Return an amount as it can be paid.

        :param amount: what a browser sent
        :raises UserError: saying what can be paid
        """
        is_number = isinstance(amount, int | float) and math.isfinite(amount)
        amount = self.currency_id.round(amount) if is_number else 0.0
        payable, smallest = self._get_payable(), self._get_smallest()
        compare = self.currency_id.compare_amounts
        if compare(payable, 0) <= 0:
            raise UserError(
                self.env._("Nothing is to be paid now. Ask the store if you think otherwise.")
            )
        if compare(amount, smallest) < 0 or compare(amount, payable) > 0:
            raise UserError(
                self.env._(
                    "Choose an amount from %(smallest)s to %(payable)s.",
                    smallest=self.currency_id.format(smallest),
                    payable=self.currency_id.format(payable),
                )
            )
        return amount

    def _get_online_ways(self, amount, report=None):
        """Return the providers and methods by which an amount can be paid, in sudo.

        :param dict report: where core writes down why others cannot
        """
        # In sudo: core does not show providers to customers.
        providers = (
            self.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                self.company_id.id,
                self.partner_id.id,
                amount,
                currency_id=self.currency_id.id,
                report=report,
            )
        )
        methods = (
            self.env["payment.method"]
            .sudo()
            ._get_compatible_payment_methods(
                providers.ids, self.partner_id.id, currency_id=self.currency_id.id, report=report
            )
        )
        return providers, methods

    def _get_attempt(self, key):
        """Return the payment that a page has begun, unless it failed: then it may be tried again.

        :param str key: see `deposit_attempt`
        """
        # In sudo: customers see no transactions.
        attempt = self.sudo().transaction_ids.filtered(lambda tx: tx.deposit_attempt == key)
        failed = attempt.filtered(lambda tx: tx.state in ("cancel", "error"))
        failed.deposit_attempt = False
        failed.flush_recordset(["deposit_attempt"])
        return attempt - failed

    # === MONEY THAT CAME OR WENT ONLINE === #

    def _take_online(self, amount, currency):
        """Post the receipts of money that a provider has, and return them. It never raises.

        What is no longer to be paid, because it came late or twice, is the customer's credit.
        """
        self._wait_for_deposits()
        due = min(self.amount_due, amount) if self.currency_id == currency else 0.0
        receipts = self._receive_or_tell(due)
        rest = currency.round(amount - sum(receipts.mapped("amount_total")))
        if currency.compare_amounts(rest, 0) > 0:
            receipts |= self._keep_rest(rest, currency)
        return receipts

    def _keep_rest(self, amount, currency):
        """Keep to the customer's credit what the deposit does not take, and say so."""
        credit = self._get_credit_of(self.partner_id, self.company_id, currency)
        receipt = credit._receive_or_tell(amount)
        self._tell(
            self.env._("Money to look at"),
            self.env._(
                "%(amount)s was paid online for %(deposit)s and is more than was to be paid: it is "
                "on %(credit)s. Use it for something else, or pay it back.",
                amount=currency.format(amount),
                deposit=self.name,
                credit=credit.name,
            ),
        )
        return receipt

    def _receive_or_tell(self, amount):
        """Return the receipt of an amount; none where it is refused, and a manager is told."""
        if self.currency_id.compare_amounts(amount, 0) <= 0:
            return self.env["account.move"]
        return self._try_online("_post_receipt", amount)

    def _give_back_online(self, source, amount):
        """Return the credit notes of `amount` that a provider has paid back of a transaction.

        What was too much is given back first. It never raises.
        """
        notes = self.env["account.move"]
        taken = source.invoice_ids.line_ids.deposit_id or self
        for deposit in (taken - self) | (taken & self):
            deposit._wait_for_deposits()
            part = min(amount, deposit.amount_refundable)
            if deposit.currency_id.compare_amounts(part, 0) > 0:
                note = deposit._try_online("_owe_back", part)
                notes |= note
                amount = deposit.currency_id.round(amount - sum(note.mapped("amount_total")))
        if self.currency_id.compare_amounts(amount, 0) > 0:
            self._tell(
                self.env._("Money to look at"),
                self.env._(
                    "%(amount)s more was paid back online than could be taken off %(deposit)s. "
                    "Match the payment by hand.",
                    amount=self.currency_id.format(amount),
                    deposit=self.name,
                ),
            )
        return notes

    def _try_online(self, act, amount):
        """Return the document that a method posts; none where it is refused, and a manager is told.

        :param str act: name of the method
        """
        try:
            with self.env.cr.savepoint():
                return getattr(self, act)(amount)
        except LockError as error:
            # Somebody else is at it: it is tried again, and what the provider has stays.
            raise ConcurrencyError(str(error)) from error
        except (UserError, RedirectWarning) as error:
            self._tell(
                self.env._("Paid online, not entered"),
                self.env._(
                    "%(amount)s of %(deposit)s could not be entered: %(reason)s",
                    amount=self.currency_id.format(amount),
                    deposit=self.name,
                    reason=error.args[0],
                ),
            )
            return self.env["account.move"]
