from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, float_repr
from odoo.tools.misc import formatLang

from ..const import BULK_KINDS, COST_GROUPS, PIECE_KINDS, SPECIFIC, WEIGHT_DIGITS
from ..tools import weight
from ..tools.spread import spread
from .jewelry_provenance_chain_mixin import BEGINNING

STOCK_TYPES = [
    ("stock", "Stock"),
    ("memo", "Memo"),
    ("consignment", "Consignment"),
    ("sample", "Sample"),
    ("trade_in", "Trade-in"),
    ("assembled", "Assembled"),
    ("customer", "Customer's own"),
]

PIECE_STATUSES = [
    ("expected", "Expected"),
    ("available", "Available"),
    ("reserved", "Reserved"),
    ("memo_out", "Memo out"),
    ("bench", "At the bench"),
    ("layaway", "Layaway"),
    ("hold", "On hold"),
    ("transit", "In transit"),
    ("gone", "Gone"),
    ("sold", "Sold"),
    ("returned", "Returned to vendor"),
    ("used", "Used in another piece"),
    ("lost", "Lost"),
    ("void", "Void"),
]

# What a place outside the company says of a piece in it.
STATUS_BY_USAGE = {
    "customer": "sold",
    "supplier": "returned",
    "production": "used",
    "inventory": "lost",
}

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
# What GS1 codes put before a serial number.
SERIAL_AI = "21"


class StockLot(models.Model):
    """A piece: a serial number with its own make-up, cost and price."""

    _name = "stock.lot"
    _inherit = [
        "stock.lot",
        "image.mixin",
        "jewelry.bulk.mixin",
        "jewelry.guard.mixin",
        "jewelry.photo.mixin",
        "jewelry.provenance.chain.mixin",
        "jewelry.ring.size.mixin",
        "jewelry.piece.card",
        "jewelry.piece.label",
        "jewelry.piece.passport",
        "jewelry.material.mixin",
        "jewelry.parcel.mixin",
    ]
    _rec_names_search = ["name", "former_number"]

    # Identity
    product_tmpl_id = fields.Many2one(
        related="product_id.product_tmpl_id", string="Style", store=True, index=True
    )
    jewelry_kind = fields.Selection(related="product_tmpl_id.jewelry_kind", store=True)
    is_piece = fields.Boolean(compute="_compute_is_piece", store=True, precompute=True)
    former_number = fields.Char(
        index="trigram", copy=False, help="Number of the piece in a former system."
    )
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
        "CHECK (list_price >= 0)", "A price cannot be negative."
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

    @api.depends(
        "stone_ids.carat",
        "stone_ids.count",
        "stone_ids.species_id",
        "stone_ids.origin",
        "stone_ids.shape_id",
        "stone_ids.color_grade_id",
        "stone_ids.clarity_grade_id",
        "stone_ids.cut_grade_id",
    )
    def _compute_stones(self):
        for lot in self:
            stones = lot.stone_ids
            main = stones.sorted(lambda stone: (-stone.carat / (stone.count or 1), stone.id))[:1]
            lot.main_stone_id = main
            lot.stone_count = sum(stones.mapped("count"))
            lot.carat_weight = sum(stones.mapped("carat"))
            lot.species_id, lot.stone_origin = main.species_id, main.origin
            lot.shape_id, lot.cut_grade_id = main.shape_id, main.cut_grade_id
            lot.color_grade_id = main.color_grade_id
            lot.clarity_grade_id = main.clarity_grade_id

    @api.depends("gross_weight", "other_weight", "stone_ids.carat")
    def _compute_net_weight(self):
        for lot in self:
            carats = sum(lot.stone_ids.mapped("carat"))
            lot.stone_weight = float(weight.round_milli(weight.stone_grams(carats)))
            lot.net_weight = (
                float(weight.net_weight(lot.gross_weight, carats, lot.other_weight))
                if lot.gross_weight
                else 0.0
            )

    @api.depends(
        "metal_line_ids.alloy_id",
        "metal_line_ids.weight",
        "metal_line_ids.fine_weight",
        "product_tmpl_id.alloy_id",
    )
    def _compute_metals(self):
        for lot in self:
            lines = lot.metal_line_ids.sorted(lambda line: -line.weight)
            lot.alloy_id = lines[:1].alloy_id or lot.product_tmpl_id.alloy_id
            lot.fine_weight = sum(lines.mapped("fine_weight"))

    @api.depends("gross_weight", "other_weight", "stone_weight", "metal_line_ids.weight")
    def _compute_weight_warning(self):
        for lot in self:
            metal = sum(lot.metal_line_ids.mapped("weight"))
            off = bool(
                lot.gross_weight
                and metal
                and weight.is_weighing_off(
                    lot.gross_weight, metal, lot.carat_weight, lot.other_weight
                )
            )
            lot.weight_warning = off and self.env._(
                "Gross weight and parts differ by %(grams).3f g, more than a scale may err.",
                grams=lot.gross_weight - metal - lot.stone_weight - lot.other_weight,
            )

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

    @api.depends(
        "void_reason",
        "transformation_id",
        "quant_ids.quantity",
        "quant_ids.reserved_quantity",
        "quant_ids.location_id.usage",
        "quant_ids.location_id.jewelry_role",
    )
    def _compute_piece_status(self):
        for lot in self:
            lot.piece_status = lot._get_piece_status() if lot.is_piece else False

    @api.depends("received_date")
    def _compute_age_days(self):
        today = fields.Date.context_today(self)
        for lot in self:
            lot.age_days = (today - lot.received_date).days if lot.received_date else 0

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

    @api.depends("price_breakdown", "list_price")
    def _compute_price_breakdown_html(self):
        pricing = self.env["jewelry.piece.pricing"]
        for lot in self:
            lot.price_breakdown_html = pricing._render_breakdown(
                lot.price_breakdown, lot.currency_id, lot.list_price
            )

    @api.depends("list_price", "standard_price", "stone_price", "labour_amount", "fine_weight")
    def _compute_price_warning(self):
        """Tell when a piece is offered below its lowest price: a stone was set, a rate moved."""
        floors = self._get_price_floors()
        for lot in self:
            price, floor = lot.list_price, floors[lot]
            low = bool(price) and lot.currency_id.compare_amounts(price, floor) < 0
            lot.price_warning = low and self.env._(
                "The price is below the lowest price of today. Price the piece again."
            )

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
        """Override of `stock` to guard prices and write down each new one, to price unique
        styles by their piece and to keep what is attached readable.

        A price below the floor needs the reason in the context key `price_reason`.
        """
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
                    "A piece is never deleted, its number stays taken. Void %(pieces)s instead.",
                    pieces=", ".join(pieces[:5].mapped("name")),
                )
            )
        if kept := self.filtered(lambda lot: lot.jewelry_kind and lot.quant_ids):
            raise UserError(
                self.env._(
                    "%(lots)s has been in stock and stays on record.",
                    lots=", ".join(kept[:5].mapped("name")),
                )
            )

    # === ACTION METHODS === #

    def action_void(self, reason):
        """Void pieces entered by mistake, before they were labelled, moved on or sold.

        :param str reason: why; kept with the piece
        :raises UserError: when the reason is missing, or the piece is in stock, sold or labelled
        """
        self.check_access("write")
        self._lock_pieces()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the piece is void."))
        if blocked := self.filtered(lambda lot: lot.piece_status not in ("expected", "lost")):
            raise UserError(
                self.env._(
                    "%(pieces)s cannot be void: take the piece out of stock first.",
                    pieces=", ".join(blocked.mapped("name")),
                )
            )
        self._check_not_labelled()
        self.sudo().void_reason = reason.strip()
        # Without the reason: people write names into it.
        self._log_event("void", {})

    @api.model
    @api.readonly
    def open_by_scan(self, code):
        """Return the action that opens the piece a scanned code names.

        :param str code: what the scanner read
        :return: an action, or False when no piece or more than one is meant
        """
        piece = self._get_piece_by_scan(code)
        return piece.get_formview_action() if piece else False

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

    def _mirror_price(self):
        """Give unique styles the price of their piece, which is the truth."""
        for piece in self.filtered(lambda lot: lot._is_unique() and not lot.void_reason):
            style = piece.product_tmpl_id
            if style.list_price != piece.list_price:
                # Who may price a piece need not be allowed to change products.
                style.sudo().list_price = piece.list_price

    def _is_unique(self):
        """Tell whether the piece is the only one of its style by intention."""
        self.ensure_one()
        return self.is_piece and self.product_tmpl_id.style_kind == "unique"

    def _adopt_attachments(self):
        """Let whoever may read a piece read its photos and documents: what was uploaded before
        the piece was saved belongs to nobody but its author.
        """
        for lot in self:
            files = (lot.photo_ids + lot.document_ids).sudo()
            files.filtered(lambda file: not file.res_id).write(
                {"res_model": lot._name, "res_id": lot.id}
            )

    def _filter_specific(self):
        """Return the lots that are costed one by one in the current company."""
        return self.filtered(lambda lot: lot.product_id.cost_method == SPECIFIC)

    def _get_piece_status(self):
        """Return the status that the piece's place gives it."""
        self.ensure_one()
        if self.void_reason:
            return "void"
        quants = self.sudo().quant_ids.filtered(lambda quant: quant.quantity > 0)
        quant = quants.sorted(lambda q: q.location_id.usage in STATUS_BY_USAGE)[:1]
        if not quant:
            # What came new out of the work place leaves nothing behind when it goes in again.
            return "used" if self.transformation_id else "expected"
        if status := STATUS_BY_USAGE.get(quant.location_id.usage):
            return status
        role = quant.location_id.jewelry_role
        if role and role not in ("sale", "safe"):
            return role
        return "reserved" if quant.reserved_quantity > 0 else "available"

    def _get_unavailability(self):
        """Tell why pieces cannot be sold now. Rooms extend it.

        :return: {piece: reason in the user's language}; pieces that can be sold are absent
        :rtype: dict
        """
        labels = dict(self._fields["piece_status"]._description_selection(self.env))
        reasons = {}
        for lot in self:
            if lot.stock_type == "customer":
                reasons[lot] = self.env._("Belongs to a customer")
            elif lot.piece_status != "available":
                reasons[lot] = labels.get(lot.piece_status, lot.piece_status)
            elif mate := lot._get_absent_mate():
                reasons[lot] = self.env._("Its mate %(mate)s is not loose", mate=mate.number)
        return reasons

    @api.model
    def _get_piece_by_scan(self, code):
        """Return the piece that a scanned code names, or an empty recordset. Rooms extend it.

        :param str code: piece number, number in a former system or inscription, or a GS1 code
            that has one of them as its serial number
        """
        code = (code or "").strip()
        return self._find_by_code(code) or self._find_by_code(self._get_gs1_serial(code))

    @api.model
    def _find_by_code(self, code):
        """Return the piece of a number or inscription; none where more than one has it."""
        for name in self._get_scan_fields():
            if code and (piece := self.search(self._get_scan_domain(name, code), limit=2)):
                return piece if len(piece) == 1 else self.browse()
        return self.browse()

    @api.model
    def _get_gs1_serial(self, code):
        """Return the serial number, application identifier 21, of a GS1 code; "" for others."""
        nomenclature = self.env.ref("barcodes_gs1_nomenclature.default_gs1_nomenclature")
        try:
            parts = nomenclature.gs1_decompose_extended(code) or []
        except ValidationError:  # no date where one should be
            return ""
        return next((part["value"] for part in parts if part["ai"] == SERIAL_AI), "")

    @api.model
    def _get_scan_fields(self):
        """Hook: names of the fields a scanned code is looked up in, most specific first."""
        return ["name", "former_number", "inscription"]

    @api.model
    def _get_scan_domain(self, name, code):
        return Domain("jewelry_kind", "!=", False) & Domain(name, "=", code)

    def _take_in(self, source, place, owner=None):
        """Bring new pieces into stock by ordinary moves, one for each style.

        :param source: place the pieces come from, such as the opening stock
        :param place: place they are put in
        :param owner: partner whose goods they are; none for our own
        :return: the done moves
        :raises UserError: when a piece has been in stock before
        """
        if known := self.filtered("quant_ids"):
            raise UserError(
                self.env._(
                    "%(pieces)s has been taken into stock already.",
                    pieces=", ".join(known[:5].mapped("name")),
                )
            )
        moves = self.env["stock.move"].create(
            [
                pieces._prepare_intake_vals(product, source, place, owner)
                for product, pieces in self.grouped("product_id").items()
            ]
        )
        return moves.with_context(new_pieces=True)._action_done()

    def _prepare_intake_vals(self, product, source, place, owner):
        """Return the values of the move that takes in these pieces of one style."""
        common = {
            "product_id": product.id,
            "location_id": source.id,
            "location_dest_id": place.id,
        }
        each = common | {
            "product_uom_id": product.uom_id.id,
            "quantity": 1,
            "owner_id": owner.id if owner else False,
        }
        lines = [each | {"lot_id": lot.id} for lot in self]
        return common | {
            "product_uom_qty": len(self),
            "company_id": place.company_id.id,
            "inventory_name": self.env._("Taken into stock"),
            "move_line_ids": [Command.create(line) for line in lines],
            "picked": True,
        }

    def _compute_price(self, price_type, uom=None, currency=None, company=None, date=False):
        """Return the piece's price or cost as the pricelists want it.

        :param str price_type: list_price or standard_price
        :param currency: currency to return, the style's own by default
        :rtype: float
        """
        self.ensure_one()
        company = company or self.env.company
        # An associate never reads the cost, but a pricelist may start from it.
        lot = self.sudo().with_company(company)
        product = lot.product_id
        own = product.cost_currency_id if price_type == "standard_price" else lot.currency_id
        wanted = currency or (own if price_type == "standard_price" else product.currency_id)
        date = date or fields.Date.context_today(self)
        price = own._convert(lot[price_type], wanted, company, date, round=False)
        return product.uom_id._compute_price(price, uom) if uom else price

    def _get_specification(self):
        """Describe the piece to a customer: number, metal, stones, weights, marks and reports of
        laboratories; never its cost.

        :return: one fact per line, in the language of the context
        :rtype: str
        """
        self.ensure_one()
        # Whoever may offer the piece may say what it is, also without access to the vocabulary.
        return "\n".join(filter(None, self.sudo()._get_specification_lines()))

    def _get_specification_lines(self):
        """Hook: the facts of the piece, most telling first; empty ones are left out."""
        stones = self.stone_ids.sorted(lambda stone: (-stone.carat, stone.id))
        return [
            self.env._("No. %(number)s", number=self.name),
            ", ".join(self.metal_line_ids.alloy_id.mapped("name")),
            *(stone._get_specification() for stone in stones),
            *self._get_measured_lines(),
            ", ".join(self._get_own_reports().mapped("display_name")),
        ]

    def _get_measured_lines(self):
        """Return what was weighed, measured and read on the piece, in words."""
        grams = formatLang(self.env, self.gross_weight, digits=3)
        circumference = formatLang(self.env, self.ring_circumference, digits=1)
        return [
            self.gross_weight and self.env._("Weight: %(grams)s g", grams=grams),
            self.ring_circumference
            and self.env._("Inside circumference: %(size)s mm", size=circumference),
            self.hallmark and self.env._("Hallmark: %(marks)s", marks=self.hallmark),
        ]

    def _get_own_reports(self):
        """Return the current laboratory reports on the piece as a whole."""
        return self.env["jewelry.grading.report"].search(
            [("piece_id", "=", self.id), ("is_current", "=", True)]
        )

    def _lock_pieces(self):
        """Take the pieces for this transaction alone, in id order.

        :raises UserError: when somebody else is handling one of them right now
        """
        self._filter_specific()._lock_lots()

    def _lock_lots(self):
        """Take these lots for this transaction alone, in id order, whatever they hold.

        :raises UserError: when somebody else is handling one of them right now
        """
        lots = self.sorted("id")
        try:
            lots.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is handling %(pieces)s right now. Try again in a moment.",
                    pieces=", ".join(lots[:5].mapped("name")),
                )
            ) from error

    def _check_single_place(self):
        """Refuse a piece in two places, or taken from where it is not.

        :raises UserError: naming the pieces
        """
        if wrong := self._get_misplaced():
            raise UserError(
                self.env._(
                    "%(pieces)s cannot move: the piece is not where it would be taken from. "
                    "Look up where it is now.",
                    pieces=", ".join(wrong.mapped("name")),
                )
            )

    def _get_misplaced(self):
        """Return the pieces that are in more than one place, or in less than none. One that was
        used up is in production, and nowhere else.
        """
        pieces = self.filtered("is_piece")
        if not pieces:
            return pieces
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lot_id
                  FROM (SELECT quant.lot_id, place.usage, SUM(quant.quantity) AS quantity
                          FROM stock_quant quant
                          JOIN stock_location place ON place.id = quant.location_id
                         WHERE quant.lot_id IN %s
                           AND place.usage NOT IN ('inventory', 'supplier')
                         GROUP BY quant.lot_id, quant.location_id, place.usage) spot
                 GROUP BY lot_id
                HAVING MIN(quantity) FILTER (WHERE usage != 'production') < 0
                    OR SUM(quantity) FILTER (WHERE quantity > 0) > 1
                """,
                tuple(pieces.ids),
            )
        )
        return self.browse(row[0] for row in rows)

    def _after_move(self, moves):
        """Hook: pieces and parcels have moved with `moves` (done)."""
        self._sync_parcels(moves.move_line_ids)
        new = self.filtered(lambda lot: lot.is_piece and not lot.received_date)
        arrived = moves.filtered("is_in").move_line_ids.lot_id & new
        arrived.sudo().received_date = fields.Date.context_today(self)
        leaving = moves.filtered("is_out").move_line_ids.lot_id
        leaving.sudo()._get_invoice_lines()._post_cost_difference()

    # === PROVENANCE METHODS === #

    def _filter_chained(self):
        """Override: other goods with lots have no provenance."""
        return self.filtered("jewelry_kind")

    @api.model
    def _get_provenance_fields(self):
        """Override: what a piece is called and weighs, and on what terms it is here."""
        return {
            "name": "content",
            "gross_weight": "content",
            "other_weight": "content",
            "stock_type": "owner",
        }

    def _prepare_beginning(self):
        """Override: new pieces have a price, metals and stones from the start."""
        priced = self.filtered("list_price")
        return [
            *super()._prepare_beginning(),
            *((lot, "price", {"new": lot._get_price_text(), "why": "new"}) for lot in priced),
            *(entry for entry in self._prepare_metals() if entry[2]["metals"]),
            *self._get_held_stones()._prepare_held(),
        ]

    def _get_held_stones(self):
        return self.env["jewelry.stone"].sudo().search([("holder_id", "in", self.ids)], order="id")

    def _get_price_text(self):
        self.ensure_one()
        return float_repr(self.list_price, self.currency_id.decimal_places or 2)

    def _log_metals(self):
        """Append what pieces consist of now, unless their beginning is going to tell."""
        if not self.env.context.get(BEGINNING):
            self._append_events(self._filter_chained()._prepare_metals())

    def _prepare_metals(self):
        """Return an entry for each piece with the grams of each alloy in it."""
        lines = self.env["jewelry.piece.metal"].sudo().search([("lot_id", "in", self.ids)])
        by_lot = lines.grouped("lot_id")
        return [
            (lot, "content", {"metals": by_lot.get(lot, lines.browse())._get_evidence()})
            for lot in self.sudo()
        ]

    # === COST METHODS === #

    def _change_standard_price(self, old_price):
        """Override of `stock_account`: a piece's cost changes with a reason, or before receipt.

        :raises UserError: when the piece is or was in our stock and no reason is given
        """
        specific = self._filter_specific()
        known = specific.filtered(lambda lot: lot.received_date)
        for lot in known:
            if lot.standard_price != old_price.get(lot):
                raise UserError(
                    self.env._(
                        "The cost of %(piece)s is in the books. Change it with “Revalue”, "
                        "which asks for the reason.",
                        piece=lot.name,
                    )
                )
        return super(StockLot, self - specific)._change_standard_price(old_price)

    def _update_standard_price(self):
        """Override of `stock_account`: nothing to average."""
        return super(StockLot, self - self._filter_specific())._update_standard_price()

    def _mirror_cost(self, cost):
        """Write what the books say a piece costs, company currency."""
        lots = self.sudo().filtered(lambda lot: lot.standard_price != cost)
        lots.with_context(disable_auto_revaluation=True).standard_price = cost

    def _set_cost(self, costs, reason, note=None):
        """Change what pieces cost, from now on, and keep why.

        :param dict costs: {lot: new cost in company currency}
        :param str reason: a reason of `product.value`
        :param str note: free text for the accountant
        :return: the new rows of the cost history
        :raises UserError: for a negative cost
        """
        self._lock_pieces()
        currency = self.env.company.currency_id
        if any(currency.compare_amounts(cost, 0) < 0 for cost in costs.values()):
            raise UserError(self.env._("A piece cannot cost less than nothing."))
        return (
            self.env["product.value"]
            .sudo()
            .create(
                [
                    {
                        "product_id": lot.product_id.id,
                        "lot_id": lot.id,
                        "value": currency.round(cost),
                        "company_id": self.env.company.id,
                        "reason": reason,
                        "description": note,
                        "user_id": self.env.user.id,
                    }
                    for lot, cost in costs.items()
                    if currency.compare_amounts(cost, lot.sudo().standard_price)
                ]
            )
        )

    def _spread_total(self, total):
        """Spread a total over the pieces in proportion to their cost.

        The cents that rounding leaves go to the most expensive piece.

        :param float total: what all pieces together cost, company currency
        :return: {lot: cost}
        :rtype: dict
        """
        costs = self.sudo().mapped("standard_price")
        parts = spread(total, costs, self.env.company.currency_id.rounding)
        return {lot: float(part) for lot, part in zip(self, parts, strict=True)}

    def _get_cost(self):
        """Return what these pieces cost together, company currency; goods of others cost us
        nothing, whatever is known of their cost.
        """
        own = self.sudo().filtered(lambda lot: not lot._is_of_others())
        return sum(own.mapped("standard_price"))

    def _is_of_others(self):
        """Tell whether the piece is somebody else's, here or where it was delivered to."""
        self.ensure_one()
        held = self.quant_ids.filtered(lambda quant: quant.quantity > 0)
        return bool(held.owner_id - self.env.company.partner_id)

    def _get_invoice_lines(self):
        """Return the posted invoice lines by which these pieces are sold and not credited."""
        lines = self.env["account.move.line"].search(
            [
                ("piece_ids", "in", self.ids),
                ("move_type", "in", ("out_invoice", "out_receipt", "out_refund")),
                ("parent_state", "=", "posted"),
                ("display_type", "=", "product"),
            ],
            order="date DESC, id DESC",
        )
        last = {}
        for line in lines:
            for piece in line.piece_ids & self:
                last.setdefault(piece, line)
        return lines.filtered(lambda line: line in last.values() and not line._takes_pieces_back())

    def _get_cost_and_quantity(self):
        """Cost of each lot and how much of it is on hand and ours.

        :return: {lot id: (cost, quantity)}
        :rtype: dict
        """
        values = self.env["jewelry.piece.valuation"]._get_lot_values(self)
        return {lot.id: (lot.standard_price, values.get(lot.id, (0, 0.0))[1]) for lot in self}

    def _get_book_values(self):
        """Return {lot: cost} as the books have it under the present method."""
        return {
            lot: lot.total_value / lot.product_qty if lot.product_qty else lot.standard_price
            for lot in self.sudo()
        }

    @api.model
    def _open_cost_history(self, costs):
        """Start the history of pieces that change to specific identification.

        :param dict costs: {lot: cost in the books until now}
        """
        self.env["product.value"].sudo().create(
            [
                {
                    "product_id": lot.product_id.id,
                    "lot_id": lot.id,
                    "value": cost,
                    "previous_value": cost,
                    "delta": cost * lot.product_qty,
                    "company_id": self.env.company.id,
                    "reason": "opening",
                }
                for lot, cost in costs.items()
            ]
        )

    # === PRICE METHODS === #

    def action_reprice(self):
        """Price these pieces by their policies, at the newest metal rates.

        :return: what to show: how many prices changed, and why others have none
        :raises UserError: when none of the pieces has a policy, a rate and something that costs
        """
        self.check_access("write")
        quotes = self._reprice()
        return self.env["jewelry.piece.pricing"]._get_summary_action(quotes)

    def _compute_base_price(self):
        """Return what each piece is offered for, before pricelist, loyalty and tax. Rooms extend
        it; counter, quotation and web ask it.

        :return: {piece: amount in the company's currency, taxed like the style's price}; a piece
            without a price of its own has its style's
        :rtype: dict
        """
        return {lot: lot.list_price or lot.product_id.lst_price for lot in self}

    def _reprice(self, rates=None):
        """Price pieces by the policy of their category, in a constant number of queries.

        Locked, sold and gone pieces keep their price, as do those without policy, rate or value.

        :param dict rates: {metal id: `jewelry.metal.rate`}; the newest of each metal by default
        :return: list of `tools.reprice.PriceQuote`, what became of each piece
        """
        return self.env["jewelry.piece.pricing"]._reprice(self, rates)

    def _check_price_vals(self, vals):
        """Refuse values that touch prices without the right to; return the pieces they reprice.

        :raises AccessError: for staff who do not set prices, or for a locked one
        :raises UserError: below the floor, unless a manager says why
        """
        if "price_locked" in vals and any(lot.price_locked != vals["price_locked"] for lot in self):
            self._check_price_manager()
        if "list_price" not in vals:
            return self.browse()
        amount = vals["list_price"]
        priced = self.filtered(
            lambda lot: lot.is_piece and lot.currency_id.compare_amounts(lot.list_price, amount)
        )
        priced._check_price_change(amount)
        return priced

    def _check_price_change(self, amount):
        """Refuse a price by hand that takes other rights, or a reason.

        :raises AccessError: for staff who do not set prices, or a locked price
        :raises UserError: below the floor, unless a manager says why
        """
        if self.env.su or not self:
            return
        if not self.env.user.has_group("jewelry_inventory.group_keeper"):
            raise AccessError(self.env._("Inventory keepers and managers set prices."))
        if any(lot.price_locked for lot in self):
            self._check_price_manager()
        self._check_price_floor(amount)

    def _get_price_floors(self):
        """Return {piece: lowest price}, as cost and metal rates are now; where nothing can be
        priced, as of the last pricing.
        """
        quotes = self.env["jewelry.piece.pricing"]._get_quotes(self)
        today = {quote.piece_id: float(quote.result.floor) for quote in quotes if quote.result}
        return {lot: today.get(lot.id, lot.price_floor) for lot in self}

    def _check_price_floor(self, amount):
        # In sudo: who may set a price learns that it is too low, even if the cost is hidden.
        floors = self.sudo()._get_price_floors()
        below = self.filtered(lambda lot: lot.currency_id.compare_amounts(floors[lot], amount) > 0)
        if not below:
            return
        reason = (self.env.context.get("price_reason") or "").strip()
        manager = self.env.user.has_group("jewelry_inventory.group_manager")
        if not (manager and reason):
            raise UserError(
                self.env._(
                    "%(price)s is below the lowest price of %(pieces)s. A manager can set it with "
                    "“Set Price”, which asks for the reason.",
                    price=below[0].currency_id.format(amount),
                    pieces=", ".join(below[:5].mapped("name")),
                )
            )
        below.sudo()._track_set_log_message(reason)

    def _check_price_manager(self):
        """Refuse what only managers do with prices.

        :raises AccessError: for anybody else
        """
        if not (self.env.su or self.env.user.has_group("jewelry_inventory.group_manager")):
            raise AccessError(self.env._("Only managers lock prices and change locked ones."))
