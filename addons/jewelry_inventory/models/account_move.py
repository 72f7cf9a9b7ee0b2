from odoo import Command, api, fields, models
from odoo.tools.misc import clean_context


class AccountMove(models.Model):
    """Journal entries of the stock, and invoices of pieces."""

    _name = "account.move"
    _inherit = ["account.move", "jewelry.cost.guard"]

    def _post(self, soft=True):
        """Override of `stock_account` to add the cost of goods sold for an associate, too, and to
        refuse invoices that name more pieces than they charge, or pieces charged already.
        """
        lines = self.invoice_line_ids.filtered("piece_ids")
        lines._check_piece_count()
        lines._check_charged_once()
        if not self.env.user.has_group("account.group_account_invoice"):
            return super()._post(soft)
        return super(AccountMove, self._with_costs())._post(soft).with_env(self.env)

    def button_draft(self):
        """Override of `stock_account` to take back a cost of goods sold that is out of sight, and
        what was posted later because the pieces turned out to cost more or less.
        """
        res = super(AccountMove, self._with_costs()).button_draft()
        self._with_costs().invoice_line_ids._reverse_cost_difference()
        return res

    def button_cancel(self):
        """Override of `stock_account` to take back a cost of goods sold that is out of sight, and
        what was posted later because the pieces turned out to cost more or less.
        """
        res = super(AccountMove, self._with_costs()).button_cancel()
        self._with_costs().invoice_line_ids._reverse_cost_difference()
        return res

    @api.model
    def _post_stock_entry(self, lines, ref=False):
        """Post journal items in the company's stock journal.

        :param list lines: values of the journal items; nothing is posted for an empty list
        :param str ref: reference of the entry
        :return: the posted entry, or an empty recordset
        """
        if not lines:
            return self.browse()
        # The defaults of whoever pressed the button are those of an invoice.
        cleaned = self.sudo().env(context=clean_context(self.env.context))
        entry = cleaned["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.env.company.account_stock_journal_id.id,
                "date": self.env.context.get("force_period_date")
                or fields.Date.context_today(self),
                "ref": ref,
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        entry._post()
        return entry
