from odoo import api, models

from ..const import ASKING, SETTLED_LINES, SETTLING

# Fields of a line that say what it settles, and the models that they name records of.
LINKS = {"sale_order_origin_id": "sale.order", "sale_order_line_id": "sale.order.line"}


class PosOrder(models.Model):
    """Orders of registers that settle quotations: nothing in Sales refuses what is paid."""

    _inherit = "pos.order"

    # === BUSINESS METHODS === #

    @api.model
    def sync_from_ui(self, orders):
        """Override of `pos_sale`, which confirms quotations and takes off their deliveries."""
        return super(PosOrder, self.with_context(**{SETTLING: True})).sync_from_ui(orders)

    @api.model
    def _process_order(self, order, existing_order):
        """Override of `point_of_sale`: a quotation that was deleted meanwhile refuses no order."""
        rows = [line[2] for line in order.get("lines", []) if len(line) == 3]
        for name, model in LINKS.items():
            named = [row for row in rows if isinstance(row, dict) and row.get(name)]
            known = self.env[model].browse(row[name] for row in named).exists()
            for row in named:
                if row[name] not in known.ids:
                    row[name] = False
        return super()._process_order(order, existing_order)

    def _process_saved_order(self, draft):
        """Override of `point_of_sale`: what a line says that it settles is looked at first, and
        nothing that a browser puts into the context is believed.
        """
        order = self.with_context(**{ASKING: False, SETTLED_LINES: ()})
        order.lines._forget_hidden_sales()
        if not draft and order.state != "cancel":
            order.lines._settle_sales()
        return super(PosOrder, order)._process_saved_order(draft)
