from odoo import models


class PosOrderLine(models.Model):
    """Lines of a register that were paid for an order which has a deposit: by one that was
    offline, or that had the order open when the deposit was made.
    """

    _inherit = "pos.order.line"

    # === SETTLEMENT === #

    def _may_settle(self, settled):
        """Override of `jewelry_pos_sale`: what is paid in part is kept, and is no down payment
        beside the deposit; the salesperson is told to move it.
        """
        order = self._get_settled_order()
        refusal = order._get_other_way_refusal()
        if not refusal:
            return super()._may_settle(settled)
        order._tell_unconfirmed(
            self.env._(
                "%(amount)s was paid at a register for it (%(receipt)s). %(refusal)s",
                amount=self.currency_id.format(self.price_subtotal_incl),
                receipt=self.order_id.sudo().name,
                refusal=refusal,
            )
        )
        return False
