from odoo import api, fields, models
from odoo.tools import SQL, format_date

# What the queries read.
QUERIED = [
    "account_id",
    "balance",
    "company_id",
    "date",
    "deposit_amount",
    "deposit_id",
    "parent_state",
]


class JewelryDepositDatedMixin(models.AbstractModel):
    """Queries of what deposits were on a day: journal items up to it, by account and deposit."""

    _name = "jewelry.deposit.dated.mixin"
    _description = "Deposits on a Day"
    _depends = {
        "account.move.line": QUERIED,
        "jewelry.deposit": ["kind_id", "partner_id", "order_id", "currency_id"],
        "jewelry.deposit.kind": ["account_id", "company_id", "former_account_ids"],
    }

    # === QUERY === #

    @api.model
    def _get_date(self):
        """Return the day that is asked for: of the context, or today."""
        day = fields.Date.to_date(self.env.context.get("deposit_date"))
        return day or fields.Date.context_today(self)

    @api.model
    def _format_date(self):
        return format_date(self.env, self._get_date())

    @api.model
    def _get_tied_query(self):
        """Return the query of the accounts that hold deposits now or did."""
        return SQL(
            """
            SELECT DISTINCT company_id, account_id, TRUE AS is_tied FROM (
                SELECT company_id, account_id FROM jewelry_deposit_kind
                 UNION ALL
                SELECT kind.company_id, former.account_account_id
                  FROM jewelry_deposit_kind_former_account_rel former
                  JOIN jewelry_deposit_kind kind ON kind.id = former.jewelry_deposit_kind_id
            ) AS held
             WHERE company_id = ANY(%s)
            """,
            self.env.companies.ids,
        )

    @api.model
    def _get_item_query(self, *more):
        """Return the query of what each deposit, or none, is owed on each account: `owed` in the
        company's currency, `held` with tax in the deposit's.

        :param more: SQL of other columns
        """
        return SQL(
            """
            SELECT line.company_id, line.account_id, line.deposit_id,
                   -SUM(line.balance) AS owed, SUM(line.deposit_amount) AS held, %(more)s
              FROM account_move_line line
             WHERE line.parent_state = 'posted' AND line.date <= %(date)s
               AND line.company_id = ANY(%(companies)s)
               AND (line.deposit_id IS NOT NULL OR line.account_id = ANY(%(accounts)s))
             GROUP BY line.company_id, line.account_id, line.deposit_id
            """,
            more=SQL(", ").join(more),
            date=self._get_date(),
            companies=self.env.companies.ids,
            accounts=self._get_tied_account_ids(),
        )

    @api.model
    def _get_tied_account_ids(self):
        """Return the ids of all accounts that hold deposits; asked first, so that the items of
        these are found by their index.
        """
        # In sudo: who may see the rows need not set up the kinds.
        kinds = self.env["jewelry.deposit.kind"].sudo().with_context(active_test=False)
        kinds = kinds.search([("company_id", "!=", False)])
        return (kinds.account_id | kinds.former_account_ids).ids
