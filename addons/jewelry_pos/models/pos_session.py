from odoo import models


class PosSession(models.Model):
    """Sessions that expense what they sold wherever the stock is valued perpetually, owe each
    customer what was not handed over by an item of its own, and close whatever rates did.
    """

    _inherit = "pos.session"

    # === DEPOSITS === #

    def _get_sale_key(self, base_line):
        """Override of `point_of_sale`: what is owed for a conflict is not lumped with others'."""
        key = super()._get_sale_key(base_line)
        conflict = base_line["record"]._get_parking_conflict()
        return key | {"sale_conflict_id": conflict.id} if conflict else key

    def _get_sale_vals(self, key, sale_vals):
        """Override of `point_of_sale` to say whom it is owed, and for what."""
        values = super()._get_sale_vals(key, sale_vals)
        conflict = self.env["jewelry.sale.conflict"].browse(key.get("sale_conflict_id") or [])
        return values | (conflict._prepare_deposit_vals() if conflict else {})

    def _reconcile_account_move_lines(self, data):
        """Override of `point_of_sale` to match deposits with what settled them."""
        res = super()._reconcile_account_move_lines(data)
        self.move_id.line_ids.sale_conflict_id._reconcile_deposits()
        return res

    # === PAYMENTS === #

    def _create_combine_account_payment(self, payment_method, amounts, diff_amount):
        """Override of `point_of_sale`, which loses an account where more was paid back than taken
        by a bank's method: that much goes out by it, and nothing stays open.
        """
        if self.currency_id.compare_amounts(amounts["amount"], 0) >= 0:
            return super()._create_combine_account_payment(payment_method, amounts, diff_amount)
        payment = (
            self.env["account.payment"]
            .with_context(pos_payment=True)
            .create(self._prepare_outbound_payment_vals(payment_method, -amounts["amount"]))
        )
        payment.action_post()
        if self.currency_id.compare_amounts(diff_amount, 0) != 0:
            self._apply_diff_on_account_payment_move(payment, payment_method, diff_amount)
        account = self._get_receivable_account(payment_method)
        return payment.move_id.line_ids.filtered(lambda line: line.account_id == account)

    def _prepare_outbound_payment_vals(self, payment_method, amount):
        return {
            "amount": amount,
            "payment_type": "outbound",
            "journal_id": payment_method.journal_id.id,
            "force_outstanding_account_id": payment_method.outstanding_account_id.id,
            "destination_account_id": self._get_receivable_account(payment_method).id,
            "memo": self.env._(
                "Paid back by %(payment_method)s in %(session)s",
                payment_method=payment_method.name,
                session=self.name,
            ),
            "pos_payment_method_id": payment_method.id,
            "pos_session_id": self.id,
            "company_id": self.company_id.id,
        }

    # === CURRENCIES === #

    def _create_account_move(
        self, balancing_account=False, amount_to_balance=0, bank_payment_method_diffs=None
    ):
        """Override of `point_of_sale`, which converts each line as of the day of its order and each
        payment as of its own: what cents and rates make of that is no reason not to close.
        """
        data = super()._create_account_move(
            balancing_account, amount_to_balance, bank_payment_method_diffs
        )
        self._balance_conversion(data)
        return data

    def _balance_conversion(self, data):
        """Post what is left in the company's currency of amounts that balance in the session's: an
        exchange difference. Amounts that do not balance are core's to refuse.
        """
        items = self.move_id.line_ids
        own = items.filtered(lambda item: item.currency_id == self.currency_id)
        company = self.company_id
        left = company.currency_id.round(sum(items.mapped("balance")))
        account = (
            company.income_currency_exchange_account_id
            if left > 0
            else company.expense_currency_exchange_account_id
        )
        is_even = self.currency_id.is_zero(sum(own.mapped("amount_currency")))
        if not self.is_in_company_currency and left and is_even and account:
            data["MoveLine"].create(
                {
                    "move_id": self.move_id.id,
                    "account_id": account.id,
                    "name": self.env._("Exchange difference of the day's orders and payments"),
                    "currency_id": self.currency_id.id,
                    "amount_currency": 0,
                    "balance": -left,
                }
            )

    # === COSTS === #

    def _accumulate_amounts(self, data):
        """Override of `point_of_sale`, which expenses goods only where perpetual valuation is the
        company's own default; a category may ask for it, too.
        """
        data = super()._accumulate_amounts(data)
        if self.company_id.inventory_valuation != "real_time":
            self._accumulate_costs(data)
        return data

    def _accumulate_costs(self, data):
        """Add the costs of what left and came back, as core does."""
        orders = self.order_ids.filtered(
            lambda order: not order.is_invoiced and not order.shipping_date
        )
        # In sudo: the session posts costs that the cashier does not see.
        moves = orders.sudo().picking_ids.move_ids.filtered(
            lambda move: move.state == "done" and move.product_id.valuation == "real_time"
        )
        for move in moves:
            accounts = move.product_id._get_product_accounts()
            credited = data["stock_return" if move._is_in() else "stock_valuation"]
            for amounts, account in (
                (data["stock_expense"], accounts["expense"]),
                (credited, accounts["stock_valuation"]),
            ):
                amounts[account] = self._update_amounts(
                    amounts[account],
                    {"amount": move._get_expense()},
                    move.picking_id.date_done,
                    force_company_currency=True,
                )
