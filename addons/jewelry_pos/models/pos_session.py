from odoo import models


class PosSession(models.Model):
    """Sessions that expense what they sold wherever the stock is valued perpetually."""

    _inherit = "pos.session"

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
