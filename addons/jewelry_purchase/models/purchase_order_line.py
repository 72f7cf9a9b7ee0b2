from odoo import models

from odoo.addons.jewelry_inventory.const import SPECIFIC
from odoo.addons.jewelry_inventory.tools.spread import spread


class PurchaseOrderLine(models.Model):
    """A line may bring many pieces; its bills tell what they cost together."""

    _inherit = "purchase.order.line"

    def _settle_piece_costs(self):
        """Bring the cost of the received pieces to what the bills say.

        The bills of a line are for its first pieces, in the order of their receipt, and are
        spread over them by what each was received at; a piece that no bill is for goes back to
        that.
        """
        for line in self.filtered(lambda line: line.product_id.cost_method == SPECIFIC):
            costs = line._get_settled_costs()
            bills = line._get_posted_bill_lines().move_id
            lots = self.env["stock.lot"].concat(*costs)
            lots._set_cost(costs, "bill", ", ".join(bills.mapped("name")) or None)

    def _get_settled_costs(self):
        """Return {lot: cost} of the received pieces, company currency."""
        received = self._get_received_lines()
        settled = {line.lot_id: abs(line.piece_value) for line in received}
        billed, total = self._get_billed()
        covered = list(settled)[: min(len(received), round(billed))]
        target = total * len(covered) / billed if covered else 0
        currency = self.env.company.currency_id
        weights = [settled[lot] for lot in covered]
        parts = spread(currency.round(target), weights, currency.rounding)
        settled |= {lot: float(part) for lot, part in zip(covered, parts, strict=True)}
        return {
            line.lot_id: line.lot_id.sudo().standard_price
            + settled[line.lot_id]
            - line._get_purchase_cost()
            for line in received
        }

    def _get_received_lines(self):
        """Return the done receipt lines of pieces that were not sent back, first come first."""
        last = self._get_last_lines()
        kept = last.filtered(lambda line: line.location_dest_id.usage != "supplier")
        return kept.sorted(lambda line: (line.date, line.id))

    def _get_last_lines(self):
        """Return the line by which each piece of the order was received or sent back last."""
        done = self.move_ids.filtered(lambda move: move.state == "done").sudo()
        lines = (done.filtered("is_in") | done.filtered("is_out")).move_line_ids
        last = {line.lot_id: line for line in lines.sorted(lambda line: (line.date, line.id))}
        return lines.browse(line.id for lot, line in last.items() if lot)

    def _get_posted_bill_lines(self):
        return self.invoice_lines.filtered(lambda line: line.parent_state == "posted")

    def _get_billed(self):
        """Return (number of pieces, value in company currency) that the posted bills are for.

        A refund at a billed price takes back pieces, as does one after pieces were sent back.
        Any other lowers the price of pieces that stay.
        """
        lines = self._get_posted_bill_lines()
        refunds = lines.filtered(lambda line: line.move_type == "in_refund")
        prices = {line._get_net_price() for line in lines - refunds}
        taken_back = refunds.filtered(lambda line: line._get_net_price() in prices)
        sent_back = len(self._get_last_lines() - self._get_received_lines())
        credited = max(
            taken_back._get_total_quantity(), min(refunds._get_total_quantity(), sent_back)
        )
        billed = (lines - refunds)._get_total_quantity() - credited
        return billed, sum(lines.mapped("balance"))
