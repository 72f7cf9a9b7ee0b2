from odoo import api, models
from odoo.tools import SQL

from odoo.addons.jewelry_pos.models.jewelry_pos_line_return import PAID_STATES


class JewelryDepositTieOut(models.Model):
    """The tie-out tells what is in open registers beside what is in the ledger."""

    _inherit = "jewelry.deposit.tie.out"

    @api.model
    def _get_pending_by_account(self, date):
        """Override of `jewelry_deposit` to add what registers took up to a day, as far as it was
        posted after it, or was not yet.
        """
        pending = dict(super()._get_pending_by_account(date))
        self.env.flush_all()
        for company_id, account_id, amount in self.env.execute_query(self._get_pending_query(date)):
            key = company_id, account_id
            currency = self.env["res.company"].browse(company_id).currency_id
            pending[key] = currency.round(pending.get(key, 0.0) + float(amount))
        return pending

    @api.model
    def _get_pending_query(self, date):
        """Return the query of (company, account, amount without tax in the company's currency)."""
        return SQL(
            """
            SELECT deposit.company_id, kind.account_id,
                   SUM(line.price_subtotal / COALESCE(NULLIF(pos.currency_rate, 0), 1))
              FROM pos_order_line line
              JOIN pos_order pos ON pos.id = line.order_id
              JOIN jewelry_deposit deposit ON deposit.id = line.deposit_id
              JOIN jewelry_deposit_kind kind ON kind.id = deposit.kind_id
              LEFT JOIN account_move_line item ON item.id = line.deposit_item_id
             WHERE pos.state IN %(states)s AND pos.date_order::date <= %(date)s
               AND (item.id IS NULL OR item.parent_state <> 'posted' OR item.date > %(date)s)
               AND deposit.company_id = ANY(%(companies)s)
             GROUP BY deposit.company_id, kind.account_id
            """,
            states=PAID_STATES,
            date=date,
            companies=self.env.companies.ids,
        )
