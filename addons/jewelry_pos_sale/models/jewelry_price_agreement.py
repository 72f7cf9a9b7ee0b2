from odoo import api, models

from ..const import ASKING


class JewelryPriceAgreement(models.Model):
    """Prices that need no manager's word at the register: an order has granted them."""

    _inherit = "jewelry.price.agreement"

    # === BUSINESS METHODS === #

    @api.model
    def _get_agreed_prices(self, order_uuid, pieces):
        """Override of `jewelry_pos` to add what the settled quotation or order says."""
        agreed = super()._get_agreed_prices(order_uuid, pieces)
        for line, config in self._get_granting_lines(order_uuid):
            piece = line.piece_id.with_env(pieces.env)
            price = line._get_granted_price(config)
            agreed[piece] = min(price, agreed.get(piece, price))
        return agreed

    @api.model
    def _get_granting_lines(self, order_uuid):
        """Return (order line, register) for each order line that a register's order settles, in
        sudo: what it keeps while it is open, what it says once it is paid and was checked.
        """
        if self.env.context.get(ASKING):
            claims = self.env["jewelry.pos.claim"]._get_settling_claims(order_uuid)
            return [(claim.sale_line_id, claim.config_id) for claim in claims]
        # In sudo: the order is priced, whoever may see what it settles.
        lines = (
            self.env["pos.order.line"]
            .sudo()
            .search(
                [
                    ("order_id.uuid", "=", order_uuid),
                    ("sale_order_line_id.piece_id", "!=", False),
                    ("qty", ">", 0),
                ]
            )
        )
        return [(line.sale_order_line_id, line.order_id.config_id) for line in lines]
