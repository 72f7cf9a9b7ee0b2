from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..const import BULK_KINDS, COST_GROUPS, JEWELRY_KINDS, PIECE_KINDS, SPECIFIC
from ..tools import claim

UNIT_BY_KIND = {
    "parcel": "jewelry_inventory.product_uom_carat",
    "metal": "uom.product_uom_gram",
}


class ProductTemplate(models.Model):
    """A style: what pieces have in common. The pieces are its serial numbers."""

    _name = "product.template"
    _inherit = ["product.template", "jewelry.style.claim"]

    # Style
    jewelry_kind = fields.Selection(
        selection=JEWELRY_KINDS,
        index="btree_not_null",
        help="Finished pieces and loose stones are one of a kind: each is a serial number with "
        "its own cost and price. A parcel is a lot of small stones counted in carats, metal is "
        "grain, wire, sheet or scrap of one alloy in grams.",
    )
    style_kind = fields.Selection(
        selection=[("series", "Series"), ("unique", "Unique")],
        default="series",
        help="A unique style has exactly one piece, and shows that piece's price.",
    )
    stone_species_id = fields.Many2one(
        comodel_name="jewelry.gem.species", index="btree_not_null", ondelete="restrict"
    )
    stone_origin = fields.Selection(
        selection=lambda self: self.env["jewelry.stone"]._fields["origin"].selection
    )
    stone_shape_id = fields.Many2one(comodel_name="jewelry.shape", ondelete="restrict")
    alloy_id = fields.Many2one(
        comodel_name="jewelry.alloy",
        index="btree_not_null",
        ondelete="restrict",
        help="What metal of this style is: its fineness counts when it is melted or cast.",
    )
    piece_ids = fields.One2many(
        comodel_name="stock.lot", inverse_name="product_tmpl_id", string="Pieces"
    )
    piece_count = fields.Integer(compute="_compute_piece_count")

    # Cost
    cost_method = fields.Selection(selection_add=[(SPECIFIC, "Specific identification")])
    standard_price = fields.Float(groups=COST_GROUPS)

    # === CONSTRAINTS === #

    @api.constrains("lot_valuated", "tracking", "categ_id", "jewelry_kind")
    def _check_specific_cost(self):
        for template in self:
            if template.cost_method == SPECIFIC and not template.lot_valuated:
                raise ValidationError(
                    self.env._(
                        "%(style)s is costed piece by piece. Keep “Valuation by Lot/Serial” "
                        "ticked, or choose a category with another costing method.",
                        style=template.display_name,
                    )
                )

    @api.constrains("jewelry_kind", "tracking", "is_storable")
    def _check_jewelry_tracking(self):
        for template in self.filtered("jewelry_kind"):
            if template.is_storable and template.tracking == template._get_jewelry_tracking():
                continue
            raise ValidationError(
                self.env._(
                    "%(style)s: finished pieces and loose stones are tracked by unique serial "
                    "number, parcels and metal by lot, and all are kept in stock.",
                    style=template.display_name,
                )
            )

    @api.constrains("jewelry_kind", "alloy_id")
    def _check_metal(self):
        """Refuse metal of no alloy: nobody could balance it."""
        for template in self.filtered(lambda template: template.jewelry_kind == "metal"):
            if not template.alloy_id:
                raise ValidationError(
                    self.env._(
                        "%(style)s: choose the alloy of the metal.", style=template.display_name
                    )
                )

    @api.constrains("jewelry_kind", "uom_id")
    def _check_unit(self):
        """Refuse other units than carats and grams: three decimals of them are what balances, of
        a kilogram they would hide half a gram.
        """
        for template in self.filtered(lambda template: template.jewelry_kind in UNIT_BY_KIND):
            unit = self.env.ref(UNIT_BY_KIND[template.jewelry_kind])
            if template.uom_id != unit:
                raise ValidationError(
                    self.env._(
                        "%(style)s is kept in stock in the unit %(unit)s. Buy and sell it in "
                        "another where you like.",
                        style=template.display_name,
                        unit=unit.name,
                    )
                )

    @api.constrains("style_kind")
    def _check_unique_style(self):
        """Refuse a second piece of a unique style; void pieces do not count."""
        unique = self.filtered(lambda template: template.style_kind == "unique")
        # In sudo: the piece may be in another company, where the user does not look.
        groups = (
            self.env["stock.lot"]
            .sudo()
            ._read_group(
                [("product_tmpl_id", "in", unique.ids), ("void_reason", "=", False)],
                ["product_tmpl_id"],
                having=[("__count", ">", 1)],
            )
        )
        if groups:
            raise ValidationError(
                self.env._(
                    "%(style)s is a unique style: it has one piece, and no other. Make it a "
                    "series, or give the new piece a style of its own.",
                    style=", ".join(style.display_name for (style,) in groups),
                )
            )

    # === COMPUTE METHODS === #

    @api.depends("jewelry_kind", "tracking")
    @api.depends_context("company")
    def _compute_cost_method(self):
        """Override of `stock_account`: specific identification is for serial numbers, and
        jewelry has its method by nature, whatever its category says.
        """
        super()._compute_cost_method()
        for template in self:
            if template.jewelry_kind in PIECE_KINDS:
                template.cost_method = SPECIFIC
            elif template.jewelry_kind in BULK_KINDS:
                template.cost_method = "average"
            elif template.cost_method == SPECIFIC and template.tracking != "serial":
                template.cost_method = "average"

    @api.depends("jewelry_kind", "categ_id")
    def _compute_lot_valuated(self):
        super()._compute_lot_valuated()
        for template in self:
            if template.jewelry_kind or template.cost_method == SPECIFIC:
                template.lot_valuated = template.tracking != "none"

    def _compute_piece_count(self):
        """Count the pieces of each style; every employee reads products, not every one stock."""
        lots, counts = self.env["stock.lot"], {}
        if lots.has_access("read"):
            domain = [("product_tmpl_id", "in", self.ids)]
            counts = dict(lots._read_group(domain, ["product_tmpl_id"], ["__count"]))
        for template in self:
            template.piece_count = counts.get(template, 0)

    # === ONCHANGE METHODS === #

    @api.onchange("jewelry_kind")
    def _onchange_jewelry_kind(self):
        for template in self.filtered("jewelry_kind"):
            template.update(template._prepare_jewelry_vals(template.jewelry_kind))
            if not template._origin and template.list_price == 1.0:
                template.list_price = 0.0

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Give each style what its jewelry kind implies, unless the values say otherwise."""
        return super().create(self._prepare_jewelry_vals_list(vals_list))

    def write(self, vals):
        """Give the styles what a new jewelry kind implies, unless the values say otherwise."""
        self._check_alloy_change(vals)
        if kind := vals.get("jewelry_kind"):
            vals = self._prepare_jewelry_vals(kind) | vals
        res = super().write(vals)
        if {"list_price", "style_kind"} & vals.keys():
            unique = self.filtered(lambda template: template.style_kind == "unique")
            unique.piece_ids._mirror_price()
        return res

    # === ACTION METHODS === #

    def action_view_pieces(self):
        """Open the pieces of these styles."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_inventory.stock_lot_action_pieces"
        )
        return action | {
            "domain": [("product_tmpl_id", "in", self.ids)],
            "context": {
                "default_product_id": self.product_variant_id.id if len(self) == 1 else False
            },
        }

    # === BUSINESS METHODS === #

    def _check_alloy_change(self, vals):
        """Refuse another alloy for metal that has been in stock: its fine grams are accounted for.

        :raises UserError: for anybody but a manager
        """
        if "alloy_id" in vals:
            changed = self.filtered(lambda template: template.alloy_id.id != vals["alloy_id"])
            metals = changed.filtered(lambda template: template.jewelry_kind == "metal")
            metals.piece_ids._check_material()

    def _get_jewelry_tracking(self):
        """Return the tracking that the style's kind asks for."""
        self.ensure_one()
        return "serial" if self.jewelry_kind in PIECE_KINDS else "lot"

    @api.model
    def _prepare_jewelry_vals_list(self, vals_list):
        """Return the values of new styles, with those that follow from their kind."""
        default = self.default_get(["jewelry_kind"]).get("jewelry_kind")
        return [
            # Core's own 1.00 would be the price of each piece that has none yet.
            {"list_price": 0.0} | self._prepare_jewelry_vals(kind) | vals
            if (kind := vals.get("jewelry_kind", default)) and not vals.get("product_tmpl_id")
            else vals
            for vals in vals_list
        ]

    @api.model
    def _prepare_jewelry_vals(self, kind):
        """Return the values of a style that follow from its kind."""
        vals = {
            "is_storable": True,
            "type": "consu",
            "tracking": "serial" if kind in PIECE_KINDS else "lot",
            "lot_valuated": True,
        }
        if unit := UNIT_BY_KIND.get(kind):
            vals["uom_id"] = self.env.ref(unit).id
        return vals

    @api.model
    def _get_stone_style(self, species_id, origin, shape_id, category=None, kind="stone"):
        """Return the style that stones of this material and shape share, made if missing.

        :param int species_id: id of the gem species
        :param str origin: natural, lab_grown, …
        :param int shape_id: id of the shape
        :param category: product category of a new style
        :param str kind: stone for loose stones, parcel for parcels of them
        """
        key = {
            "jewelry_kind": kind,
            "stone_species_id": species_id,
            "stone_origin": origin,
            "stone_shape_id": shape_id,
        }
        if style := self._find_style(key):
            return style
        stone = self.env["jewelry.stone"].new(
            {"species_id": species_id, "origin": origin, "shape_id": shape_id}
        )
        name = claim.name_stone(stone._get_claim_words())
        if kind == "parcel":
            name = self.env._("%(stones)s, parcel", stones=name)
        return self._create_style(name, key, category)

    @api.model
    def _get_piece_style(self, name, category=None):
        """Return the style of finished pieces called `name`, made if missing."""
        return self._get_named_style("piece", name, category)

    @api.model
    def _get_named_style(self, kind, name, category=None):
        """Return the style of this jewelry kind called `name`, made if missing."""
        style = self._find_style({"jewelry_kind": kind, "name": name})
        return style or self._create_style(name, {"jewelry_kind": kind}, category)

    @api.model
    def _find_style(self, key):
        """Return a style with these values that the current company may use; a style of another
        company would take the piece along.
        """
        domain = Domain(self._check_company_domain(self.env.company))
        for name, value in key.items():
            domain &= Domain(name, "=", value)
        return self.search(domain, limit=1)

    @api.model
    def _create_style(self, name, vals, category):
        if category:
            vals = vals | {"categ_id": category.id}
        return self.create({"name": name} | vals)
