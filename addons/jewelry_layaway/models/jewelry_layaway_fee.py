from odoo import models

from ..const import FEE_ONLY


class JewelryLayawayFee(models.AbstractModel):
    """The fee for opening a layaway: a line of the order, invoiced as income once the pieces are
    put away, out of the first payment.
    """

    _name = "jewelry.layaway.fee"
    _description = "Fee of a Layaway"

    # === BUSINESS METHODS === #

    def _book_fee(self):
        """Invoice the fee; the deposit pays for it."""
        order = self.order_id.sudo()
        if any(line.qty_to_invoice > 0 for line in order._get_fee_lines()):
            order.with_context(layaway_lines=FEE_ONLY)._create_invoices().action_post()

    def _give_fee_back(self):
        """Credit the fee: what paid for it is held again."""
        lines = self.order_id.sudo()._get_fee_lines()
        invoices = lines.invoice_lines.move_id.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.state == "posted"
                and not move.reversal_move_ids
            )
        )
        if invoices:
            reason = self.env._("Fee of %(layaway)s given back", layaway=self.name)
            invoices._reverse_moves([{"ref": reason}] * len(invoices), cancel=True)
        lines.product_uom_qty = 0
