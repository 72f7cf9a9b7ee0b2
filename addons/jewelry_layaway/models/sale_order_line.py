from odoo import api, fields, models

# What a customer is bound to on a line.
BOUND_FIELDS = {
    "product_id",
    "piece_id",
    "name",
    "price_unit",
    "discount",
    "product_uom_qty",
    "product_uom_id",
    "tax_ids",
    "order_id",
}


class SaleOrderLine(models.Model):
    """Lines of orders that are signed: the price stays, and only what is delivered is invoiced."""

    _inherit = "sale.order.line"

    is_layaway_fee = fields.Boolean(
        string="Fee of the Layaway", help="For opening the layaway, by its terms."
    )

    # === COMPUTE METHODS === #

    def _compute_price_unit(self):
        """Override of `jewelry_sale`: the price that was signed stays, whatever the metal does."""
        bound = self._filter_bound()
        return super(SaleOrderLine, self - bound)._compute_price_unit()

    def _compute_discount(self):
        """Override of `jewelry_sale`: so does the discount."""
        bound = self._filter_bound()
        return super(SaleOrderLine, self - bound)._compute_discount()

    @api.depends("order_id.layaway_ids.state")
    def _compute_qty_to_invoice(self):
        """Override of `sale`: what is put away is not sold yet, whatever the product's policy."""
        super()._compute_qty_to_invoice()
        for line in self.filtered(lambda line: line._is_put_away()):
            line.qty_to_invoice = line.qty_delivered - line.qty_invoiced

    def _filter_bound(self):
        """Return the lines whose price a customer has signed: not new ones that take the place
        of others.
        """
        return self.filtered(
            lambda line: line._origin.id and line.order_id._origin._get_bound_layaway()
        )

    def _is_put_away(self):
        layaway = self.order_id._get_live_layaway()
        return self.state == "sale" and self.product_id.type == "consu" and layaway

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `jewelry_sale` to add nothing to what a customer has signed."""
        lines = super().create(vals_list)
        lines.order_id._check_unbound()
        return lines

    def write(self, vals):
        """Override of `jewelry_sale` to keep what a customer has signed."""
        if BOUND_FIELDS & vals.keys():
            self.order_id._check_unbound()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_bound(self):
        self.order_id._check_unbound()
