from odoo import api, fields, models
from odoo.fields import Domain

from ..const import HIDDEN_MARKER, SPECIFIC

# Written by moves.
GUARDED_FIELDS = {"quantity", "reserved_quantity"}
# What a quant is of, and where.
KEY_FIELDS = {"product_id", "lot_id", "location_id"}


class StockQuant(models.Model):
    """Stock on hand of pieces, at their own cost."""

    _name = "stock.quant"
    _inherit = ["stock.quant", "jewelry.guard.mixin"]

    # As in `stock_account`, but never for those that costs are hidden from.
    value = fields.Monetary(groups=f"stock.group_stock_manager,{HIDDEN_MARKER}")
    cost_method = fields.Selection(selection_add=[(SPECIFIC, "Specific identification")])

    stone_count = fields.Integer(
        string="Stones", compute="_compute_stone_count", help="Of a parcel, in this place."
    )

    @api.depends("lot_id", "location_id", "quantity")
    def _compute_stone_count(self):
        parcels = self.lot_id._filter_parcels()
        counts = parcels._get_counts() if parcels else {}
        for quant in self:
            quant.stone_count = max(counts.get((quant.lot_id, quant.location_id), 0), 0)

    @api.depends("product_id.cost_method")
    @api.depends_context("company")
    def _compute_cost_method(self):
        """Override of `stock_account`: the method is the product's, not always its category's."""
        super()._compute_cost_method()
        for quant in self.filtered("product_id"):
            company = quant.company_id or self.env.company
            quant.cost_method = quant.product_id.with_company(company).cost_method

    @api.depends("company_id", "location_id", "owner_id", "product_id", "quantity", "lot_id")
    def _compute_value(self):
        """Override of `stock_account`: a piece's quant is worth what the piece cost."""
        specific = self.filtered(lambda quant: quant.cost_method == SPECIFIC)
        super(StockQuant, self - specific)._compute_value()
        for quant in specific:
            quant.value = quant._get_piece_value()

    def write(self, vals):
        """Override of `stock` to write down a change of owner that no move tells of."""
        result = super().write(vals)
        if "owner_id" in vals:
            held = self.sudo().filtered(lambda quant: quant.quantity > 0)
            held.lot_id._check_single_owner()
            self.env["jewelry.provenance.event"]._append(
                [
                    (quant.lot_id, "owner", {"owner": quant.owner_id.chain_uuid})
                    for quant in held
                    if quant.lot_id._filter_chained()
                ]
            )
        return result

    @api.model
    def _create_at_once(self, vals_list):
        """Create quants in one INSERT: `create` of `stock` takes them one by one, because some
        may come from an inventory count, which these do not.
        """
        return models.Model.create(self, vals_list)

    @api.model
    def _get_gather_domain(
        self, product_id, location_id, lot_id=None, package_id=None, owner_id=None, strict=False
    ):
        """Override of `stock`: a move for one piece finds that piece only."""
        domain = super()._get_gather_domain(
            product_id, location_id, lot_id, package_id, owner_id, strict
        )
        piece_id = self.env.context.get("only_piece_id")
        return domain & Domain("lot_id", "=", piece_id) if piece_id else domain

    def _get_guarded_fields(self):
        """Override: what is on hand follows from moves; a manager may correct whose it is. What is
        no jewelry stays as open as it is in core.
        """
        guarded = super()._get_guarded_fields()
        if self and not self.product_id.filtered("jewelry_kind"):
            return guarded
        guarded |= GUARDED_FIELDS
        if not self:
            return guarded
        if self.env.user.has_group("jewelry_inventory.group_manager"):
            return guarded | KEY_FIELDS
        return guarded | KEY_FIELDS | {"owner_id"}

    def _get_piece_value(self):
        """Return the value of a piece's quant in our books; goods of others are worth 0."""
        self.ensure_one()
        if not self.location_id._should_be_valued() or self._should_exclude_for_valuation():
            return 0.0
        lot = self.lot_id.with_company(self.company_id).sudo()
        return self.quantity * lot.standard_price
