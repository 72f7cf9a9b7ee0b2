from odoo import fields, models


class StockLot(models.Model):
    """Pieces that are put away for a customer."""

    _inherit = "stock.lot"

    layaway_id = fields.Many2one(
        comodel_name="jewelry.layaway",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The customer's layaway or special order that the piece is put away for.",
    )
    layaway_date = fields.Date(string="Put Away On", readonly=True, copy=False)
    layaway_origin_id = fields.Many2one(
        comodel_name="stock.location",
        string="Put Away From",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Where it goes back to when nothing comes of it.",
    )

    # === BUSINESS METHODS === #

    def _get_unavailability(self):
        """Override of `jewelry_sale` to name the layaway of a piece."""
        reasons = super()._get_unavailability()
        # In sudo: whose it is does not matter, and only its number is told.
        for piece in self.sudo().filtered("layaway_id"):
            reasons[piece.sudo(flag=self.env.su)] = self.env._(
                "On layaway %(layaway)s", layaway=piece.layaway_id.name
            )
        return reasons

    def _after_move(self, moves):
        """Override of `jewelry_sale` to tell of what has come for a special order."""
        res = super()._after_move(moves)
        arrived = moves.filtered("is_in").product_id
        if arrived:
            self.env["jewelry.layaway"].sudo()._tell_arrivals(arrived)
        return res
