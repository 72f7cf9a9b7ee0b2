from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..const import BULK_KINDS, COST_GROUPS, PIECE_KINDS, WEIGHT_DIGITS
from .jewelry_piece_status import PIECE_STATUSES

STOCK_TYPES = [
    ("stock", "Stock"),
    ("memo", "Memo"),
    ("consignment", "Consignment"),
    ("sample", "Sample"),
    ("trade_in", "Trade-in"),
    ("assembled", "Assembled"),
    ("customer", "Customer's own"),
]

# The sequence that numbers come from, by kind.
NUMBER_CODES = {
    "piece": "jewelry.piece",
    "stone": "jewelry.piece",
    "parcel": "jewelry.parcel",
    "metal": "jewelry.metal.lot",
}

# Written by acts, moves and repricings.
GUARDED_FIELDS = {
    "void_reason",
    "received_date",
    "transformation_id",
    "price_floor",
    "price_breakdown",
}
ATTACHMENT_FIELDS = {"photo_ids", "document_ids"}


class StockLot(models.Model):
    """A piece: a serial number with its own make-up, cost and price."""

    _name = "stock.lot"
    _inherit = [
        "stock.lot",
        "image.mixin",
        "jewelry.bulk.mixin",
        "jewelry.guard.mixin",
        "jewelry.names.mixin",
        "jewelry.photo.mixin",
        "jewelry.piece.provenance",
        "jewelry.ring.size.mixin",
        "jewelry.piece.content",
        "jewelry.piece.status",
        "jewelry.piece.move",
        "jewelry.piece.costing",
        "jewelry.piece.price.mixin",
        "jewelry.piece.scan",
        "jewelry.piece.specification",
        "jewelry.piece.claim",
        "jewelry.piece.card",
        "jewelry.piece.label",
        "jewelry.piece.passport",
        "jewelry.piece.approval",
        "jewelry.piece.custody",
        "jewelry.material.mixin",
        "jewelry.parcel.mixin",
    ]
    _rec_names_search = [
        "name",
        "former_number",
        "ref",
        "inscription",
        "report_ids.number",
        "stone_ids.report_ids.number",
    ]

    # Identity
    product_tmpl_id = fields.Many2one(
        related="product_id.product_tmpl_id", string="Style", store=True, index=True
    )
    jewelry_kind = fields.Selection(related="product_tmpl_id.jewelry_kind", store=True)
    is_piece = fields.Boolean(compute="_compute_is_piece", store=True, precompute=True)
    former_number = fields.Char(
        index="trigram", copy=False, help="Number of the piece in a former system."
    )
    ref = fields.Char(index="trigram")
    stock_type = fields.Selection(
        selection=STOCK_TYPES, default="stock", required=True, tracking=True
    )
    vendor_id = fields.Many2one(comodel_name="res.partner", index="btree_not_null", tracking=True)
    vendor_ref = fields.Char(string="Vendor Number")
    void_reason = fields.Char(readonly=True, copy=False, tracking=True)
    import_id = fields.Many2one(
        comodel_name="jewelry.import",
        string="Intake File",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    photo_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="stock_lot_photo_rel",
        column1="lot_id",
        column2="attachment_id",
        string="Photos",
        help="More pictures of the piece. Clients see them.",
    )
    document_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Documents",
        help="Invoices, drawings and the like. Clients never see them.",
    )

    # Where it is
    piece_status = fields.Selection(
        selection=PIECE_STATUSES,
        string="Status",
        compute="_compute_piece_status",
        store=True,
        tracking=True,
    )
    received_date = fields.Date(
        readonly=True,
        copy=False,
        help="First receipt. The age of a piece counts from here, not from its last transfer.",
    )
    age_days = fields.Integer(string="Age (days)", compute="_compute_age_days")

    transformation_id = fields.Many2one(
        comodel_name="jewelry.transformation",
        string="Last Transformation",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    # Stones
    stone_ids = fields.One2many(
        comodel_name="jewelry.stone", inverse_name="holder_id", string="Stones"
    )
    stone_count = fields.Integer(compute="_compute_stones", store=True)
    carat_weight = fields.Float(
        string="Carats", digits=WEIGHT_DIGITS, compute="_compute_stones", store=True
    )
    main_stone_id = fields.Many2one(
        comodel_name="jewelry.stone",
        compute="_compute_stones",
        store=True,
        help="The heaviest stone. Pieces are searched by its grades.",
    )
    species_id = fields.Many2one(
        comodel_name="jewelry.gem.species", compute="_compute_stones", store=True
    )
    stone_origin = fields.Selection(
        selection=lambda self: self.env["jewelry.stone"]._fields["origin"].selection,
        compute="_compute_stones",
        store=True,
    )
    shape_id = fields.Many2one(comodel_name="jewelry.shape", compute="_compute_stones", store=True)
    color_grade_id = fields.Many2one(
        comodel_name="jewelry.grade", string="Colour", compute="_compute_stones", store=True
    )
    clarity_grade_id = fields.Many2one(
        comodel_name="jewelry.grade", string="Clarity", compute="_compute_stones", store=True
    )
    cut_grade_id = fields.Many2one(
        comodel_name="jewelry.grade", string="Cut", compute="_compute_stones", store=True
    )

    # Metal
    metal_line_ids = fields.One2many(
        comodel_name="jewelry.piece.metal", inverse_name="lot_id", string="Metals"
    )
    alloy_id = fields.Many2one(
        comodel_name="jewelry.alloy",
        string="Main Alloy",
        compute="_compute_metals",
        store=True,
    )
    metal_id = fields.Many2one(related="alloy_id.metal_id", store=True)
    fine_weight = fields.Float(
        string="Fine (g)", digits=WEIGHT_DIGITS, compute="_compute_metals", store=True
    )
    stone_weight = fields.Float(
        string="Stones (g)", digits=WEIGHT_DIGITS, compute="_compute_net_weight", store=True
    )
    net_weight = fields.Float(
        string="Net (g)",
        digits=WEIGHT_DIGITS,
        compute="_compute_net_weight",
        store=True,
        help="Gross less stones (0.2 g a carat) and other parts: the metal.",
    )
    report_ids = fields.One2many(
        comodel_name="jewelry.grading.report",
        inverse_name="piece_id",
        string="Reports",
        help="Reports on the piece as a whole. A stone's own reports are with the stone.",
    )
    weight_warning = fields.Char(compute="_compute_weight_warning")

    # Measurements
    gross_weight = fields.Float(string="Gross (g)", digits=WEIGHT_DIGITS, tracking=True)
    other_weight = fields.Float(
        string="Other Parts (g)",
        digits=WEIGHT_DIGITS,
        help="Weight of what is neither metal nor stone: springs, glass, leather.",
    )
    length = fields.Float(string="Length (mm)", digits=(16, 2))
    width = fields.Float(string="Width (mm)", digits=(16, 2))
    height = fields.Float(string="Height (mm)", digits=(16, 2))
    hallmark = fields.Char(help="Marks as struck: maker, fineness, assay office, date letter.")
    inscription = fields.Char(index="trigram", copy=False)
    sizeability = fields.Selection(
        selection=[("yes", "Sizeable"), ("limited", "By some sizes"), ("no", "Not sizeable")]
    )
    sizeable_steps = fields.Float(
        string="Sizeable By", digits=(16, 2), help="How many US sizes up or down."
    )

    # Money
    # Related, not computed: a sum of prices needs the currency in SQL.
    currency_id = fields.Many2one(related="company_id.currency_id", string="Price Currency")
    list_price = fields.Monetary(string="Price", tracking=True, index="btree_not_null")
    standard_price = fields.Float(groups=COST_GROUPS)
    avg_cost = fields.Monetary(groups=COST_GROUPS)
    total_value = fields.Monetary(groups=COST_GROUPS)
    # Core computes it together with the value, which costs a query for each lot that is written.
    company_currency_id = fields.Many2one(compute="_compute_company_currency_id")
    value_ids = fields.One2many(
        comodel_name="product.value",
        inverse_name="lot_id",
        string="Revaluations",
        groups=COST_GROUPS,
    )
    cost_change_ids = fields.One2many(
        comodel_name="jewelry.piece.cost",
        inverse_name="lot_id",
        string="Cost History",
        groups=COST_GROUPS,
    )

    # How the price comes about
    labour_amount = fields.Monetary(
        string="Labour", groups=COST_GROUPS, help="0: as the price policy says."
    )
    stone_price = fields.Monetary(
        string="Stone Value",
        groups=COST_GROUPS,
        help="What the stones are put into the price at. 0: at the first pricing, what they cost "
        "or were offered for when loose. No metal rate ever changes it.",
    )
    price_locked = fields.Boolean(
        tracking=True, copy=False, help="No policy changes the price, and only managers do."
    )
    price_floor = fields.Monetary(
        string="Lowest Price",
        readonly=True,
        copy=False,
        groups=COST_GROUPS,
        help="As of the last pricing. A price set by hand is compared with what it would be today.",
    )
    price_breakdown = fields.Json(
        readonly=True,
        copy=False,
        groups=COST_GROUPS,
        help="What the policy's price consists of, and the metal rates it rests on.",
    )
    price_breakdown_html = fields.Html(
        string="Calculation",
        compute="_compute_price_breakdown_html",
        sanitize=False,
        groups=COST_GROUPS,
    )
    price_date = fields.Datetime(string="Priced On", readonly=True, copy=False)
    price_warning = fields.Char(compute="_compute_price_warning", groups=COST_GROUPS)

    _piece_number_unique = models.UniqueIndex(
        "(name, COALESCE(company_id, 0)) WHERE is_piece",
        "This piece number is taken. Numbers are never used twice, not even after a void.",
    )
    _weights_positive = models.Constraint(
        "CHECK (gross_weight >= 0 AND other_weight >= 0)",
        "A weight cannot be negative. Enter grams as on the scale.",
    )
    _list_price_positive = models.Constraint(
        "CHECK (list_price >= 0)", "A price cannot be negative. Enter 0 or more."
    )
    _measurements_sane = models.Constraint(
        "CHECK (length >= 0 AND width >= 0 AND height >= 0 AND ring_circumference >= 0)",
        "A measurement cannot be negative. Enter millimetres, or 0 when not measured.",
    )

    # What a salesperson searches by, and the order in which a list shows it.
    _search_index = models.Index(
        "(piece_status, shape_id, color_grade_id, clarity_grade_id, cut_grade_id, list_price)"
        " WHERE is_piece"
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("name", "product_id", "company_id")
    def _check_unique_lot(self):
        """Override of `stock`: the unique index of the piece numbers says more, and at once."""
        return super(StockLot, self.filtered(lambda lot: not lot.is_piece))._check_unique_lot()

    @api.constrains("standard_price")
    def _check_cost(self):
        """Refuse a negative cost of a piece, whether it is typed, received or revalued."""
        # In sudo: it is compared, and shown to nobody.
        if wrong := self.sudo().filtered(lambda lot: lot.is_piece and lot.standard_price < 0):
            raise ValidationError(
                self.env._(
                    "The cost of %(pieces)s cannot be negative. Enter 0 or more.",
                    pieces=", ".join(wrong[:5].mapped("name")),
                )
            )

    @api.constrains("gross_weight", "net_weight", "metal_line_ids")
    def _check_net_weight(self):
        """Refuse a piece whose stones and parts leave no weight for its metal."""
        for lot in self:
            if lot.gross_weight and lot.metal_line_ids and lot.net_weight <= 0:
                raise ValidationError(
                    self.env._(
                        "%(piece)s: stones and other parts weigh %(parts).3f g, the whole piece "
                        "only %(gross).3f g. Weigh it again, or correct the stones.",
                        piece=lot.name,
                        parts=lot.stone_weight + lot.other_weight,
                        gross=lot.gross_weight,
                    )
                )

    @api.constrains("photo_ids")
    def _check_photos(self):
        """Refuse photos that cannot be shown to a client."""
        for photo in self.photo_ids:
            self._check_photo(photo.raw or b"")

    @api.constrains("product_id", "void_reason")
    def _check_unique_style(self):
        """Keep a unique style to its one piece; void pieces do not count."""
        self.product_tmpl_id._check_unique_style()

    # === COMPUTE METHODS === #

    @api.depends("product_id.product_tmpl_id.jewelry_kind")
    def _compute_is_piece(self):
        for lot in self:
            lot.is_piece = lot.product_id.product_tmpl_id.jewelry_kind in PIECE_KINDS

    @api.depends("product_id")
    def _compute_name(self):
        """Override of `stock`: jewelry takes its numbers from the store's own sequences."""
        for lot in self:
            code = NUMBER_CODES.get(lot.product_id.jewelry_kind)
            if code and not lot.name:
                company = lot.company_id or self.env.company
                lot.name = self.env["ir.sequence"].with_company(company).next_by_code(code)
        super()._compute_name()

    @api.depends("product_id.company_id", "is_piece")
    def _compute_company_id(self):
        """Override of `stock`: a piece belongs to a company even where its style is shared."""
        super()._compute_company_id()
        for lot in self:
            if not lot.company_id and lot.product_id.jewelry_kind:
                lot.company_id = self.env.company

    @api.depends_context("company")
    def _compute_company_currency_id(self):
        self.company_currency_id = self.env.company.currency_id

    @api.depends("product_id.lot_valuated", "product_id.product_tmpl_id.lot_valuated")
    @api.depends_context("to_date", "company", "warehouse_id")
    def _compute_value(self):
        """Override of `stock_account` to read the value of all pieces in one query."""
        specific = self._filter_specific()
        others = self - specific
        # Core sets the currency on the way, which here is computed on its own: not to be written.
        with self.env.protecting([self._fields["company_currency_id"]], others):
            super(StockLot, others)._compute_value()
        values = self.env["jewelry.piece.valuation"]._get_lot_values(specific)
        for lot in specific:
            lot.total_value = values.get(lot.id, (0.0, 0.0))[0]

    @api.depends("product_id.lot_valuated", "standard_price")
    @api.depends_context("to_date")
    def _compute_avg_cost(self):
        """Override of `stock_account`: the cost of one piece is its own cost."""
        specific = self._filter_specific()
        super(StockLot, self - specific)._compute_avg_cost()
        for lot in specific:
            lot.avg_cost = lot.standard_price

    def _read_group_location_id(self, locations, domain):
        """Override of `stock`: pieces are grouped by the places they are in, and no others."""
        names = {condition.field_expr for condition in Domain(domain).iter_conditions()}
        if "jewelry_kind" in names:
            return locations
        return super()._read_group_location_id(locations, domain)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `stock_account`, which gives a lot its style's cost: a piece whose cost is
        not known yet has none, so that its receipt can tell.
        """
        if any(vals.get("price_locked") for vals in vals_list):
            self._check_price_manager()
        lots = super().create(vals_list)
        unknown = self.browse(
            lot.id
            for lot, vals in zip(lots, vals_list, strict=True)
            if not vals.get("standard_price") and lot.sudo().standard_price
        )
        for lot in unknown._filter_specific().sudo():
            lot.with_context(disable_auto_revaluation=True).standard_price = 0.0
        if any(ATTACHMENT_FIELDS & vals.keys() for vals in vals_list):
            lots._adopt_attachments()
        lots._mirror_price()
        return lots

    def write(self, vals):
        """Override of `stock` to guard weights, numbers and prices and write down each new price,
        to price unique styles by their piece and to keep what is attached readable.

        A price below the floor needs the reason in the context key `change_reason`.
        """
        self._filter_reweighed(vals)._check_material()
        self._check_renamed(vals)
        self._check_typed_cost(vals)
        priced = self._check_price_vals(vals)
        old_prices = {lot: lot._get_price_text() for lot in priced}
        if priced:
            vals = vals | {"price_date": fields.Datetime.now()}
        res = super().write(vals)
        self.env["jewelry.piece.pricing"]._log_prices(
            {lot.id: (old_prices[lot], lot._get_price_text()) for lot in priced}, "manual"
        )
        if ATTACHMENT_FIELDS & vals.keys():
            self._adopt_attachments()
        if "list_price" in vals:
            self._mirror_price()
        return res

    def copy_data(self, default=None):
        """Override of `stock`: a copy of jewelry takes the next number of its kind."""
        vals_list = super().copy_data(default)
        for lot, vals in zip(self, vals_list, strict=True):
            if lot.jewelry_kind and "name" not in (default or {}):
                del vals["name"]
        return vals_list

    def _get_guarded_fields(self):
        """Override: they say what became of a piece."""
        return super()._get_guarded_fields() | GUARDED_FIELDS

    @api.ondelete(at_uninstall=False)
    def _unlink_except_piece(self):
        if pieces := self.filtered("is_piece"):
            raise UserError(
                self.env._(
                    "A piece is never deleted, because its number stays taken. Void %(pieces)s "
                    "instead.",
                    pieces=", ".join(pieces[:5].mapped("name")),
                )
            )
        if kept := self.filtered(lambda lot: lot.jewelry_kind and lot.quant_ids):
            raise UserError(
                self.env._(
                    "%(lots)s has been in stock, stays on record and cannot be deleted.",
                    lots=", ".join(kept[:5].mapped("name")),
                )
            )

    # === ACTION METHODS === #

    def get_formview_id(self, access_uid=None):
        """Override of `web` to open jewelry in its own form from wherever it is named."""
        if kind := self[:1].jewelry_kind:
            form = "bulk" if kind in BULK_KINDS else "piece"
            return self.env.ref(f"jewelry_inventory.stock_lot_view_form_{form}").id
        return super().get_formview_id(access_uid=access_uid)

    # === BUSINESS METHODS === #

    def _mail_get_partner_fields(self, introspect_fields=False):
        """Override of `mail`: what is written about a piece is not meant for those it went to."""
        return []

    def _adopt_attachments(self):
        """Let whoever may read a piece read its photos and documents: what was uploaded before
        the piece was saved belongs to nobody but its author.
        """
        for lot in self:
            files = (lot.photo_ids + lot.document_ids).sudo()
            files.filtered(lambda file: not file.res_id).write(
                {"res_model": lot._name, "res_id": lot.id}
            )

    # === COST METHODS === #

    def _check_typed_cost(self, vals):
        """Refuse another cost of pieces in the books, however it is written, and require a second
        person for another cost of metal or of a parcel.
        """
        field = self._fields["standard_price"]
        if field.name not in vals or self.env.su or not self._has_field_access(field, "write"):
            return  # whom costs are hidden from is refused by core
        known = self._filter_in_books()
        known._filter_specific()._refuse_typed_cost(vals["standard_price"])
        bulk = known - known._filter_specific()
        bulk._require_revaluation(dict.fromkeys(bulk, vals["standard_price"]), "correction")

    def _refuse_typed_cost(self, cost):
        """Refuse another cost than these pieces have.

        :raises UserError: saying how a cost is changed
        """
        for lot in self:
            if lot.sudo().standard_price != cost:
                raise UserError(
                    self.env._(
                        "The cost of %(piece)s is in the books. Change it with “Revalue”, "
                        "which asks for the reason.",
                        piece=lot.name,
                    )
                )

    def _change_standard_price(self, old_price):
        """Override of `stock_account`: a piece's cost changes with a reason, or before receipt.

        :raises UserError: when the piece is or was in our stock and no reason is given
        """
        specific = self._filter_specific()
        for lot in specific.filtered("received_date"):
            lot._refuse_typed_cost(old_price.get(lot))
        return super(StockLot, self - specific)._change_standard_price(old_price)

    def _update_standard_price(self):
        """Override of `stock_account`: nothing to average."""
        return super(StockLot, self - self._filter_specific())._update_standard_price()
