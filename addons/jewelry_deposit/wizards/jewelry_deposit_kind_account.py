from odoo import Command, fields, models
from odoo.exceptions import UserError


class JewelryDepositKindAccount(models.TransientModel):
    """Move what the deposits of a kind are owed to another account, by an entry."""

    _name = "jewelry.deposit.kind.account"
    _description = "Move Deposits to Another Account"
    _check_company_auto = True

    kind_id = fields.Many2one(comodel_name="jewelry.deposit.kind", required=True)
    company_id = fields.Many2one(related="kind_id.company_id")
    former_account_id = fields.Many2one(related="kind_id.account_id", string="From")
    account_id = fields.Many2one(
        comodel_name="account.account",
        string="To",
        required=True,
        check_company=True,
        domain=[("account_type", "=", "liability_current"), ("reconcile", "=", True)],
    )
    date = fields.Date(required=True, default=fields.Date.context_today)

    # === ACTION METHODS === #

    def action_move(self):
        """Enter the money of each deposit on the other account, and let the kind use it from now.

        :return: window action of the entry, where there was money to move
        :raises UserError: when it is the account of the kind already
        """
        self.ensure_one()
        kind, account = self.kind_id, self.account_id
        if account == kind.account_id:
            raise UserError(
                self.env._("%(account)s is its account already.", account=account.display_name)
            )
        entry = self._post_entry(self._get_owed(kind))
        kind.former_account_ids = [Command.link(kind.account_id.id)]
        kind.account_id = account
        # In sudo: the product only names the deposits of this kind on documents.
        kind.product_id.sudo().with_company(kind.company_id).property_account_income_id = account
        return entry._get_records_action() if entry else {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _get_owed(self, kind):
        """Return [(deposit, currency, balance, amount in currency)] of the account so far."""
        return self.env["account.move.line"]._read_group(
            [
                ("deposit_id.kind_id", "=", kind.id),
                ("account_id", "=", kind.account_id.id),
                ("parent_state", "=", "posted"),
            ],
            ["deposit_id", "currency_id"],
            ["balance:sum", "amount_currency:sum"],
            having=[("balance:sum", "!=", 0)],
        )

    def _post_entry(self, owed):
        kind = self.kind_id
        moves = self.env["account.move"].with_company(kind.company_id)
        if not owed:
            return moves
        lines = [
            Command.create(self._prepare_item(account, sign, *row))
            for row in owed
            for account, sign in ((kind.account_id, -1), (self.account_id, 1))
        ]
        entry = moves.create(
            {
                "move_type": "entry",
                "journal_id": kind.entry_journal_id.id,
                "date": self.date,
                "ref": self.env._("%(kind)s: moved to another account", kind=kind.name),
                "line_ids": lines,
            }
        )
        entry.action_post()
        return entry

    def _prepare_item(self, account, sign, deposit, currency, balance, amount):
        return {
            "account_id": account.id,
            "partner_id": deposit.partner_id.id,
            "currency_id": currency.id,
            "name": deposit.name,
            "balance": sign * balance,
            "amount_currency": sign * amount,
            "deposit_id": deposit.id,
            "deposit_act": "moved",
        }
