from odoo import api, fields, models

# Context key: id of the order line for which a piece is kept.
CLAIMED_LINE = "claimed_sale_line_id"


class JewelryPosClaim(models.Model):
    """Pieces that a register's open order keeps because it settles a quotation or an order."""

    _inherit = "jewelry.pos.claim"

    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Settles",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _claim(self, piece, config, order_uuid):
        """Override of `jewelry_pos` to note which order line is settled, if one is."""
        res = super()._claim(piece, config, order_uuid)
        # In sudo: claims are written through the methods of registers only.
        claim = self.sudo().search([("piece_id", "=", piece.id)])
        claim.sale_line_id = self.env.context.get(CLAIMED_LINE, False)
        return res

    @api.model
    def _claim_for(self, line, config, order_uuid):
        """Keep the piece of an order line for the register's open order that settles it."""
        claims = self.with_context(**{CLAIMED_LINE: line.id})
        claims._claim(line.piece_id, config, order_uuid)

    @api.model
    def _get_settling_claims(self, order_uuid):
        """Return the claims by which a register's open order settles order lines, in sudo."""
        # In sudo: the register keeps them, whoever asks.
        return self.sudo().search(
            [("order_uuid", "=", order_uuid or ""), ("sale_line_id", "!=", False)]
        )
