from odoo import models
from odoo.fields import Domain


class StockLot(models.Model):
    """Pieces that a register has sold."""

    _inherit = "stock.lot"

    def _get_exit_reasons(self):
        """Override of `jewelry_rfid`: a piece that is paid for may leave, though its delivery may
        be made when the register closes.
        """
        reasons = super()._get_exit_reasons()
        rest = self - self.browse().union(*reasons)
        return reasons | {
            piece: self.env._("Sold at %(register)s", register=config.name)
            for piece, config in rest._get_selling_registers().items()
        }

    def _get_selling_registers(self):
        """Return {piece: the register whose open session has sold it, and not taken it back}."""
        sold = Domain("piece_id", "in", self.ids) & Domain("order_id.state", "in", ("paid", "done"))
        # In sudo: who asks is a device, or somebody who may not see that register.
        groups = (
            self.env["pos.order.line"]
            .sudo()
            ._read_group(
                sold & Domain("order_id.session_id.state", "!=", "closed"),
                ["piece_id"],
                ["qty:sum", "order_id:recordset"],
            )
            if self
            else ()
        )
        return {piece: orders[-1:].config_id for piece, count, orders in groups if count > 0}
