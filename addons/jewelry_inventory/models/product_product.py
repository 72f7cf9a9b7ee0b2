from odoo import api, fields, models

from ..const import BULK_KINDS, COST_GROUPS, SPECIFIC


class ProductProduct(models.Model):
    """Value of a style: the sum of what its pieces cost."""

    _name = "product.product"
    _inherit = ["product.product", "jewelry.cost.guard"]

    standard_price = fields.Float(groups=COST_GROUPS)
    avg_cost = fields.Monetary(groups=COST_GROUPS)
    total_value = fields.Monetary(groups=COST_GROUPS)

    # === COMPUTE METHODS === #

    @api.depends_context("to_date", "company", "warehouse_id")
    @api.depends("cost_method", "stock_move_ids.value", "standard_price")
    def _compute_value(self):
        """Override of `stock_account` to read the value of all pieces in one query."""
        specific = self._filter_specific()
        super(ProductProduct, self - specific)._compute_value()
        if not specific:
            return
        values = self.env["jewelry.piece.valuation"]._get_product_values(specific)
        specific.company_currency_id = self.env.company.currency_id
        for product in specific:
            value, quantity = values.get(product.id, (0.0, 0.0))
            product.total_value = value
            product.avg_cost = value / quantity if quantity else 0.0

    # === ACTION METHODS === #

    def action_view_pieces(self):
        """Open the pieces of these styles; the form of a variant has the style's button."""
        return self.product_tmpl_id.action_view_pieces()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `product` to give a style that comes with its variant what its jewelry
        kind implies, before the defaults of other products are filled in.
        """
        styles = self.env["product.template"]
        return super().create(styles._prepare_jewelry_vals_list(vals_list))

    def write(self, vals):
        """Override of `product` to require a second person for another cost of metal or of a
        parcel, which counts for all on hand; also where the context tells core not to revalue.
        """
        field = self._fields["standard_price"]
        # Whom costs are hidden from is refused by core, without learning by what they are missed.
        if field.name in vals and not self.env.su and self._has_field_access(field, "write"):
            lots = (self - self._filter_specific())._get_bulk_lots()._filter_in_books()
            lots._require_revaluation(dict.fromkeys(lots, vals[field.name]), "correction")
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _prepare_sellers(self, params=False):
        """Override of `product`: an order that an associate confirms may be bought in."""
        return super(ProductProduct, self._with_costs("read"))._prepare_sellers(params)

    def _price_compute(self, price_type, uom=None, currency=None, company=None, date=False):
        """Override of `product`: under a pricelist, the piece named by the context key
        `priced_piece_id` stands for its style with its own price and its own cost.
        """
        prices = super()._price_compute(price_type, uom, currency, company, date)
        piece = self.env["stock.lot"].browse(self.env.context.get("priced_piece_id"))
        if piece.product_id.id in prices and price_type in ("list_price", "standard_price"):
            prices[piece.product_id.id] = piece._compute_price(
                price_type, uom, currency, company, date
            )
        return prices

    def _filter_specific(self):
        """Return the products whose pieces have each its own cost."""
        return self.filtered(lambda product: product.cost_method == SPECIFIC)

    def _change_standard_price(self, old_price):
        """Override of `stock_account`: a style's cost is only a hint, its pieces hold the truth."""
        others = self - self._filter_specific()
        return super(ProductProduct, others)._change_standard_price(old_price)

    def _get_bulk_lots(self):
        """Return the metal and the parcels of these products, whose cost may be told by product."""
        bulk = self.filtered(lambda product: product.jewelry_kind in BULK_KINDS)
        return self.env["stock.lot"].search([("product_id", "in", bulk.ids)])

    def _update_standard_price(self, extra_value=None, extra_quantity=None):
        """Override of `stock_account`: nothing to average."""
        return super(ProductProduct, self - self._filter_specific())._update_standard_price(
            extra_value, extra_quantity
        )

    def _get_remaining_moves(self):
        """Override of `stock_account`: what remains of a receipt are the very pieces that it
        brought and that are still here, not the last ones in.
        """
        specific = self._filter_specific()
        remaining = super(ProductProduct, self - specific)._get_remaining_moves()
        if specific:
            remaining |= self.env["jewelry.piece.valuation"]._get_remaining_moves(specific)
        return remaining
