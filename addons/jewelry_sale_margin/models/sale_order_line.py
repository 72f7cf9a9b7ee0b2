from odoo import api, fields, models

from odoo.addons.jewelry_inventory.const import COST_GROUPS


class SaleOrderLine(models.Model):
    """Margins of pieces: each from what the piece itself costs."""

    _inherit = "sale.order.line"

    # Computed after the line is created: before, it would be as whoever creates it, and an
    # associate may not read them.
    margin = fields.Float(groups=COST_GROUPS, precompute=False)
    margin_percent = fields.Float(groups=COST_GROUPS, precompute=False)
    purchase_price = fields.Float(groups=COST_GROUPS, precompute=False)

    @api.depends("piece_id.standard_price")
    def _compute_purchase_price(self):
        """Override of `sale_stock_margin`: its style does not cost what the piece does. A late
        bill of a sold piece changes the margin, too.
        """
        of_pieces = self.filtered("piece_id")
        super(SaleOrderLine, self - of_pieces)._compute_purchase_price()
        for line in of_pieces:
            piece = line.piece_id.with_company(line.company_id)
            line.purchase_price = line._convert_to_sol_currency(
                piece.standard_price, line.company_id.currency_id
            )
