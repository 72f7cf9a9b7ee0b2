from odoo import fields, models

from ..const import SPECIFIC


class AccountMoveLine(models.Model):
    """Invoice lines of pieces: cost of goods sold is what those very pieces cost."""

    _name = "account.move.line"
    _inherit = ["account.move.line", "jewelry.cost.guard"]

    piece_ids = fields.Many2many(
        comodel_name="stock.lot",
        relation="account_move_line_piece_rel",
        column1="line_id",
        column2="piece_id",
        string="Pieces",
        help="The pieces that this line invoices or credits.",
    )

    # === COGS METHODS === #

    def _get_cogs_value(self):
        """Override of `stock_account`: the own cost of the line's pieces minus what the line has
        posted already; a credit note takes back what its invoice has posted for them.

        :return: cost per unit, company currency
        :rtype: float
        """
        self.ensure_one()
        if self.product_id.cost_method != SPECIFIC:
            return super(AccountMoveLine, self._with_costs())._get_cogs_value()
        if self.move_id.move_type == "out_refund" and (origin := self._get_credited_line()):
            return self._get_credited_cost(origin) / (self.quantity or 1)
        pieces = self._get_cogs_pieces()
        if not pieces:
            return self.product_id.sudo().standard_price
        return (pieces._get_cost() - self._get_posted_cost()) / (self.quantity or 1)

    def _get_cogs_pieces(self):
        """Return the pieces that the line invoices. Rooms that know better extend it."""
        self.ensure_one()
        return self.piece_ids

    def _get_credited_line(self):
        """Return the invoice line that this credit line takes back."""
        pieces = self._get_cogs_pieces()
        lines = pieces._get_invoice_lines()
        return (lines & self.move_id.reversed_entry_id.invoice_line_ids)[:1] or lines[:1]

    def _get_credited_cost(self, origin):
        """Return what `origin` has posted for this line's pieces, company currency."""
        posted, pieces = origin._get_posted_cost(), origin._get_cogs_pieces()
        if pieces == self._get_cogs_pieces():
            return posted
        shares = pieces._spread_total(posted)
        return sum(shares[piece] for piece in self._get_cogs_pieces() & pieces)

    def _get_posted_cost(self):
        """Return the cost of goods sold that these invoice lines have posted so far."""
        entries = self.env["account.move.line"].search(
            [("cogs_origin_id", "in", self.ids), ("parent_state", "=", "posted")]
        )
        expenses = entries.filtered(lambda line: line.account_id != line._get_stock_account())
        return sum(expenses.mapped("balance"))

    def _get_stock_account(self):
        return self.product_id._get_product_accounts()["stock_valuation"]

    def _post_cost_difference(self):
        """Post, in the open period, what invoiced pieces turned out to cost more or less."""
        entries = []
        for line in self.filtered(lambda line: line.product_id.valuation == "real_time"):
            difference = line._get_cogs_pieces()._get_cost() - line._get_posted_cost()
            if not line.company_currency_id.is_zero(difference):
                entries += line._prepare_cost_difference_lines(difference)
        return self.env["account.move"]._post_stock_entry(entries)

    def _prepare_cost_difference_lines(self, difference):
        """Return debit of the expense and credit of the stock for `difference`."""
        accounts = self.product_id.product_tmpl_id.get_product_accounts(
            fiscal_pos=self.move_id.fiscal_position_id
        )
        vals = {
            "name": self.env._("Cost difference: %(line)s", line=self.name or ""),
            "partner_id": self.partner_id.id,
            "product_id": self.product_id.id,
            "cogs_origin_id": self.id,
        }
        return [
            vals | {"account_id": accounts["expense"].id, "balance": difference},
            vals | {"account_id": accounts["stock_valuation"].id, "balance": -difference},
        ]
