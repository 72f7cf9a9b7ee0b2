from odoo import models

from odoo.addons.jewelry_inventory.const import SPECIFIC
from odoo.addons.jewelry_inventory.tools.spread import spread


class PurchaseOrderLine(models.Model):
    """A line may bring many pieces; its bills tell what they cost together."""

    _inherit = "purchase.order.line"

    def _settle_piece_costs(self):
        """Bring the cost of the received pieces to what the bills say.

        The bills of a line are for its first pieces, in the order of their receipt. What they
        cost together more or less than reckoned is spread by cost; a piece that no bill is for
        goes back to the cost of its receipt.
        """
        for line in self.filtered(lambda line: line.product_id.cost_method == SPECIFIC):
            costs = line._get_settled_costs()
            bills = line._get_posted_bill_lines().move_id
            lots = self.env["stock.lot"].concat(*costs)
            lots._set_cost(costs, "bill", ", ".join(bills.mapped("name")) or None)

    def _get_settled_costs(self):
        """Return {lot: cost} of the received pieces, company currency."""
        received = self._get_received_lines()
        reckoned = {line.lot_id: line._get_purchase_cost() for line in received}
        billed, total = self._get_billed()
        count = min(len(received), round(billed))
        covered = list(reckoned)[:count]
        target = total * count / billed if count else 0
        currency = self.env.company.currency_id
        parts = spread(
            currency.round(target), [reckoned[lot] for lot in covered], currency.rounding
        )
        settled = {line.lot_id: abs(line.piece_value) for line in received}
        settled |= {lot: float(part) for lot, part in zip(covered, parts, strict=True)}
        return {
            lot: lot.sudo().standard_price + settled[lot] - cost for lot, cost in reckoned.items()
        }

    def _get_received_lines(self):
        """Return the done receipt lines of pieces that were not sent back, first come first."""
        done = self.move_ids.filtered(lambda move: move.state == "done").sudo()
        returned = done.filtered("is_out").move_line_ids.lot_id
        lines = done.filtered("is_in").move_line_ids.filtered(
            lambda line: line.lot_id and line.lot_id not in returned
        )
        return lines.sorted(lambda line: (line.date, line.id))

    def _get_posted_bill_lines(self):
        return self.invoice_lines.filtered(lambda line: line.parent_state == "posted")

    def _get_billed(self):
        """Return (quantity, value in company currency) of the posted bills and refunds."""
        quantity = value = 0.0
        for line in self._get_posted_bill_lines():
            sign = -1 if line.move_type == "in_refund" else 1
            quantity += sign * line.product_uom_id._compute_quantity(
                line.quantity, self.product_id.uom_id
            )
            value += sign * line.currency_id._convert(
                line.price_subtotal, self.env.company.currency_id, date=line.date
            )
        return quantity, value
