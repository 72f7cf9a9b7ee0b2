from odoo import models


class AccountMove(models.Model):
    """Invoices that list the serial numbers they charge, and keep a surprise."""

    _name = "account.move"
    _inherit = ["jewelry.discretion.mixin", "account.move"]

    def _get_invoiced_lot_values(self):
        """Override of `sale_stock`, which lists serials in the order of their delivery: lines
        that name their pieces list these.
        """
        values = super()._get_invoiced_lot_values()
        lines = self.invoice_line_ids.filtered("piece_ids")
        if self.state == "draft" or not lines:
            return values
        lots = self.env["stock.lot"].sudo().browse(vals["lot_id"] for vals in values)
        others = lots.filtered(lambda lot: lot.product_id not in lines.product_id).ids
        kept = [vals for vals in values if vals["lot_id"] in others]
        return kept + [vals for line in lines for vals in line._prepare_lot_values_list()]
