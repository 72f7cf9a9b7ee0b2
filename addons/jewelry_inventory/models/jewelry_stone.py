from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import groupby

from ..const import WEIGHT_DIGITS
from ..tools import balance, claim, claim_check
from ..tools import carat as carat_tools
from ..tools.weight import round_milli, to_decimal
from .jewelry_provenance_chain_mixin import BEGINNING

# Above these a figure was typed into the wrong field or with the wrong unit.
MAX_CARAT = 10_000
MAX_MILLIMETRES = 500
MAX_PERCENT = 100

# The scale that each grade field takes its grade from.
GRADE_SCALES = {
    "color_grade_id": "color",
    "color_to_grade_id": "color",
    "clarity_grade_id": "clarity",
    "clarity_to_grade_id": "clarity",
    "cut_grade_id": "cut",
    "polish_grade_id": "polish",
    "symmetry_grade_id": "symmetry",
    "fluorescence_grade_id": "fluorescence",
    "fluorescence_color_id": "fluorescence_color",
    "fancy_intensity_id": "fancy_intensity",
    "lab_grown_class_id": "lab_grown_class",
}

# What else a stone is: events tell each new value. Its measurements follow from its weight.
PROVEN_FIELDS = (
    "origin",
    "species_id",
    "variety_id",
    "treatment_ids",
    "color_origin",
    "carat",
    "count",
    "shape_id",
    "fancy_color",
)

# Kinds of event of a stone that comes into a holder, and that leaves it.
HOLDING_KINDS = {"piece": ("set", "unset"), "parcel": ("join", "leave")}

# Origins that a gem of this category can truthfully have.
ORIGINS_BY_CATEGORY = {
    "mineral": ("natural", "lab_grown", "unknown"),
    "synthetic": ("lab_grown",),
    "simulant": ("simulant", "lab_grown"),
    "composite": ("composite",),
}


def _grade(field, **values):
    """Return a many2one to the grades of the scale that belongs to a field's name."""
    return fields.Many2one(
        comodel_name="jewelry.grade",
        domain=[("scale", "=", GRADE_SCALES[field])],
        ondelete="restrict",
        **values,
    )


class JewelryStone(models.Model):
    """One graded stone, or a group of like stones that were set together.

    A stone is in one holder: its own serial number, a piece, a parcel; or it is gone. It keeps
    its number through all of them.
    """

    _name = "jewelry.stone"
    _inherit = ["jewelry.provenance.chain.mixin", "jewelry.bulk.mixin", "jewelry.names.mixin"]
    _description = "Stone"
    _order = "number desc, id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "report_ids.number"]
    _check_company_auto = True

    # Identity and place
    number = fields.Char(required=True, copy=False, readonly=True, index="trigram")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Stone Style",
        check_company=True,
        domain=[("jewelry_kind", "=", "stone")],
        compute="_compute_home",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    holder_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Held By",
        check_company=True,
        domain=[("jewelry_kind", "in", ("piece", "stone", "parcel"))],
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        help="The serial number, piece or parcel that the stone is in. Empty: it is gone.",
    )
    home_lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Own Serial Number",
        check_company=True,
        domain=[("jewelry_kind", "=", "stone")],
        compute="_compute_home",
        store=True,
        readonly=False,
        copy=False,
        ondelete="restrict",
        help="The serial number under which it is stocked when loose; it keeps it for life.",
    )
    state = fields.Selection(
        selection=[
            ("loose", "Loose"),
            ("set", "Set"),
            ("parcel", "In a parcel"),
            ("gone", "Gone"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
    )
    mate_id = fields.Many2one(
        comodel_name="jewelry.stone",
        string="Matched With",
        check_company=True,
        copy=False,
        index="btree_not_null",
        help="The other stone of a matched pair. Pairs are sold together.",
    )

    # Material
    origin = fields.Selection(
        selection=[
            ("natural", "Natural"),
            ("lab_grown", "Lab-grown"),
            ("simulant", "Simulant"),
            ("composite", "Composite"),
            ("unknown", "Unknown"),
        ],
        required=True,
        default="unknown",
        index=True,
    )
    species_id = fields.Many2one(
        comodel_name="jewelry.gem.species", required=True, index=True, ondelete="restrict"
    )
    variety_id = fields.Many2one(
        comodel_name="jewelry.gem.variety",
        domain="[('species_id', '=', species_id)]",
        index="btree_not_null",
        ondelete="restrict",
    )
    treatment_ids = fields.Many2many(comodel_name="jewelry.treatment", string="Treatments")
    color_origin = fields.Selection(
        selection=[
            ("natural", "Natural"),
            ("treated", "Treated"),
            ("undetermined", "Undetermined"),
        ],
        string="Colour Origin",
    )

    # Weight and measurements
    count = fields.Integer(string="Stones", required=True, default=1)
    is_group = fields.Boolean(string="Group", compute="_compute_is_group")
    carat = fields.Float(
        string="Carats", digits=WEIGHT_DIGITS, required=True, help="Of all stones together."
    )
    shape_id = fields.Many2one(comodel_name="jewelry.shape", required=True, ondelete="restrict")
    length = fields.Float(
        string="Length (mm)",
        digits=(16, 2),
        aggregator=None,
        help="Largest diameter of a round stone; 0 if not measured.",
    )
    width = fields.Float(
        string="Width (mm)",
        digits=(16, 2),
        aggregator=None,
        help="Smallest diameter of a round stone; 0 if not measured.",
    )
    depth = fields.Float(
        string="Depth (mm)", digits=(16, 2), aggregator=None, help="0 if not measured."
    )
    sieve = fields.Char(
        string="Sieve or Size", help="Of a parcel or group: +2 -6.5, or 1.1 to 1.3 mm."
    )
    depth_percent = fields.Float(string="Depth %", digits=(5, 1), aggregator=None)
    table_percent = fields.Float(string="Table %", digits=(5, 1), aggregator=None)
    is_measured = fields.Boolean(string="Measured", compute="_compute_is_measured", store=True)
    girdle = fields.Char(help="As reported, such as Medium to Slightly Thick.")
    culet = fields.Char(help="As reported, such as None or Very Small.")
    estimate_carat = fields.Float(
        string="Estimated Carats", digits=WEIGHT_DIGITS, compute="_compute_estimate"
    )
    estimate_low = fields.Float(
        string="Estimate from", digits=WEIGHT_DIGITS, compute="_compute_estimate"
    )
    estimate_high = fields.Float(
        string="Estimate to", digits=WEIGHT_DIGITS, compute="_compute_estimate"
    )
    estimate_basis = fields.Selection(
        selection=[
            ("measured", "Spread measured on real stones"),
            ("assumed", "Spread assumed"),
            ("doubtful", "Sources disagree"),
        ],
        compute="_compute_estimate",
    )

    # Grades
    color_grade_id = _grade("color_grade_id", string="Colour")
    color_to_grade_id = _grade("color_to_grade_id", string="Colour to")
    fancy_intensity_id = _grade("fancy_intensity_id", string="Fancy Intensity")
    fancy_color = fields.Char(string="Fancy Colour", help="Hue as reported: Orangy Yellow.")
    clarity_grade_id = _grade("clarity_grade_id", string="Clarity")
    clarity_to_grade_id = _grade("clarity_to_grade_id", string="Clarity to")
    cut_grade_id = _grade("cut_grade_id", string="Cut")
    polish_grade_id = _grade("polish_grade_id", string="Polish")
    symmetry_grade_id = _grade("symmetry_grade_id", string="Symmetry")
    fluorescence_grade_id = _grade("fluorescence_grade_id", string="Fluorescence")
    fluorescence_color_id = _grade("fluorescence_color_id", string="Fluorescence Colour")
    lab_grown_class_id = _grade("lab_grown_class_id", string="Lab-grown Class")

    # Papers and value
    report_ids = fields.One2many(
        comodel_name="jewelry.grading.report", inverse_name="stone_id", string="Reports"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    declared_value = fields.Monetary(help="What its owner states that it is worth.")
    comment = fields.Text()

    _number_unique = models.UniqueIndex(
        "(number, COALESCE(company_id, 0))",
        "This stone number is taken. Numbers are never used twice.",
    )
    _home_unique = models.UniqueIndex(
        "(home_lot_id) WHERE home_lot_id IS NOT NULL",
        "Another stone has this serial number already. Choose the serial number of this stone.",
    )
    _declared_value_positive = models.Constraint(
        "CHECK (declared_value >= 0)", "A declared value cannot be negative. Enter 0 or more."
    )
    # What a salesperson searches by, in the order in which customers decide.
    _search_index = models.Index(
        "(shape_id, color_grade_id, clarity_grade_id, cut_grade_id, carat)"
    )

    # === COMPUTE METHODS === #

    @api.depends("holder_id")
    def _compute_home(self):
        """Let the first serial number that holds the stone be its home for life."""
        for stone in self:
            loose = stone.holder_id.filtered(lambda lot: lot.jewelry_kind == "stone")
            stone.home_lot_id = stone.home_lot_id or loose
            stone.product_id = stone.product_id or loose.product_id

    @api.depends("holder_id.jewelry_kind", "home_lot_id")
    def _compute_state(self):
        for stone in self:
            if not stone.holder_id:
                stone.state = "gone"
            elif stone.holder_id == stone.home_lot_id:
                stone.state = "loose"
            else:
                stone.state = "parcel" if stone.holder_id.jewelry_kind == "parcel" else "set"

    @api.depends("count")
    def _compute_is_group(self):
        for stone in self:
            stone.is_group = stone.count > 1

    @api.depends("length", "width", "depth")
    def _compute_is_measured(self):
        for stone in self:
            stone.is_measured = min(stone.length, stone.width, stone.depth) > 0

    @api.depends("shape_id", "species_id", "variety_id", "count", "length", "width", "depth")
    def _compute_estimate(self):
        """Estimate carats from measurements; nothing where no formula applies."""
        for stone in self:
            estimate = stone.is_measured and stone._get_estimate()
            stone.estimate_carat = estimate and estimate.carat * stone.count
            stone.estimate_low = estimate and estimate.low * stone.count
            stone.estimate_high = estimate and estimate.high * stone.count
            stone.estimate_basis = estimate and estimate.basis

    @api.depends(
        "carat",
        "count",
        "origin",
        "fancy_color",
        "shape_id.name",
        "species_id.name",
        "variety_id.name",
        "color_grade_id.name",
        "fancy_intensity_id.name",
        "clarity_grade_id.name",
        "treatment_ids.name",
        "treatment_ids.needs_disclosure",
        "treatment_ids.special_care",
    )
    @api.depends_context("lang")
    def _compute_display_name(self):
        for stone in self:
            stone.display_name = stone._get_description()

    # === CONSTRAINT METHODS === #

    @api.constrains("carat", "count")
    def _check_weight(self):
        """Refuse a stone that weighs nothing, or more than any does; a parcel may be empty."""
        for stone in self:
            if stone.state == "parcel" and not (stone.carat or stone.count):
                continue
            if stone.count < 1:
                raise ValidationError(
                    self.env._("%(stone)s: enter at least one stone.", stone=stone.number)
                )
            if not 0 < stone.carat <= MAX_CARAT:
                raise ValidationError(
                    self.env._(
                        "%(stone)s: the weight must be above 0 and at most %(limit)s ct.",
                        stone=stone.number,
                        limit=MAX_CARAT,
                    )
                )

    @api.constrains("length", "width", "depth", "depth_percent", "table_percent")
    def _check_measurements(self):
        """Refuse measurements that are negative or beyond any stone's."""
        limits = dict.fromkeys(("length", "width", "depth"), MAX_MILLIMETRES)
        limits |= dict.fromkeys(("depth_percent", "table_percent"), MAX_PERCENT)
        for stone in self:
            for name, limit in limits.items():
                if not 0 <= stone[name] <= limit:
                    raise ValidationError(
                        self.env._(
                            "%(stone)s: %(field)s must be between 0 and %(limit)s.",
                            stone=stone.number,
                            field=self._fields[name].get_description(self.env)["string"],
                            limit=limit,
                        )
                    )

    @api.constrains(*GRADE_SCALES)
    def _check_grade_scales(self):
        """Refuse a grade of another scale, such as a clarity in the field of the colour."""
        for name, scale in GRADE_SCALES.items():
            for stone in self:
                if stone[name].scale not in (False, scale):
                    raise ValidationError(
                        self.env._(
                            "%(stone)s: %(grade)s is no grade of %(field)s. Choose another one.",
                            stone=stone.number,
                            grade=stone[name].name,
                            field=self._fields[name].get_description(self.env)["string"],
                        )
                    )

    @api.constrains("origin", "species_id", "variety_id")
    def _check_material(self):
        """Refuse a variety of another species, and an origin that the material cannot have."""
        for stone in self:
            if stone.variety_id.species_id not in (stone.species_id, stone.species_id.browse()):
                raise ValidationError(
                    self.env._(
                        "%(stone)s: %(variety)s is no variety of %(species)s. Choose another one.",
                        stone=stone.number,
                        variety=stone.variety_id.name,
                        species=stone.species_id.name,
                    )
                )
            material = stone._get_material()
            if stone.origin not in ORIGINS_BY_CATEGORY[material.category]:
                raise ValidationError(
                    self.env._(
                        "%(stone)s: %(material)s cannot have the origin %(origin)s. Choose "
                        "another one.",
                        stone=stone.number,
                        material=material.name,
                        origin=stone._get_origin_label(),
                    )
                )

    @api.constrains("holder_id")
    def _check_one_group(self):
        """Refuse a parcel of more than one kind of stone."""
        for parcel in self.holder_id._filter_parcels():
            if len(parcel.stone_ids) > 1:
                raise ValidationError(
                    self.env._(
                        "%(parcel)s: the stones of this parcel are described already. Create "
                        "another parcel for other stones.",
                        parcel=parcel.name,
                    )
                )

    @api.constrains("mate_id")
    def _check_mate(self):
        """Refuse a pair of one."""
        for stone in self:
            if stone.mate_id == stone:
                raise ValidationError(
                    self.env._(
                        "%(stone)s cannot be its own mate. Choose another stone.",
                        stone=stone.number,
                    )
                )

    # === ONCHANGE METHODS === #

    @api.onchange("species_id")
    def _onchange_species(self):
        """Drop a variety of another species."""
        if self.variety_id.species_id != self.species_id:
            self.variety_id = False

    @api.onchange("species_id", "variety_id")
    def _onchange_material(self):
        """Replace an origin that the material cannot have; natural is never assumed."""
        origins = ORIGINS_BY_CATEGORY.get(self._get_material().category)
        if origins and self.origin not in origins:
            self.origin = "unknown" if "unknown" in origins else origins[0]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override to give each stone the next number, to keep pairs mutual and to write down
        which pieces the stones are in.
        """
        stones = super().create(self._prepare_numbered(vals_list))
        stones.filtered("mate_id")._sync_mates(self.browse())
        if not self.env.context.get(BEGINNING):
            self._append_events(stones._prepare_held())
        return stones

    def write(self, vals):
        """Override to keep pairs mutual, to keep stones where transformations put them, and to
        write down which pieces they are in.
        """
        self._check_by_hand(vals)
        former = self.mate_id
        holders = {stone: stone.holder_id for stone in self} if "holder_id" in vals else {}
        result = super().write(vals)
        if "mate_id" in vals:
            self._sync_mates(former)
        self._append_events(
            [entry for stone in holders for entry in stone._prepare_moved(holders[stone])]
        )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_numbered(self):
        raise UserError(
            self.env._(
                "A stone is never deleted, because its number stays taken. Take it out "
                "of its piece instead."
            )
        )

    # === ACTION METHODS === #

    def action_break_pair(self, reason):
        """Let the stones of a pair go separate ways.

        :param str reason: why; kept with both stones
        :raises UserError: without a reason
        :raises AccessError: for anybody but a manager
        """
        if not self.env.user.has_group("jewelry_inventory.group_manager"):
            raise AccessError(self.env._("Only a manager can break a matched pair."))
        if not (reason or "").strip():
            raise UserError(self.env._("Enter the reason for breaking the pair."))
        for stone in self.filtered("mate_id"):
            pair = stone | stone.mate_id
            text = self.env._(
                "Pair %(stones)s broken: %(reason)s",
                stones=" + ".join(pair.mapped("number")),
                reason=reason.strip(),
            )
            stone.sudo().mate_id = False
            for lot in pair.holder_id | pair.home_lot_id:
                lot.message_post(body=text)

    # === BUSINESS METHODS === #

    def _check_by_hand(self, vals):
        """Refuse to move or weigh a stone that is in stock, to count those of a parcel, or to
        break a pair, by writing a field.

        :raises UserError: saying how it is done instead
        """
        if self.env.su:
            return
        if "holder_id" in vals and (self.holder_id.quant_ids or self._was_worked_on()):
            raise UserError(
                self.env._(
                    "A stone cannot be put elsewhere by hand, because its weight and its "
                    "cost go with it. Set, unset or sell the stone instead."
                )
            )
        number, home = vals.get("number"), vals.get("home_lot_id")
        if any(
            ("number" in vals and stone.number != number)
            or ("home_lot_id" in vals and stone.home_lot_id and stone.home_lot_id.id != home)
            for stone in self
        ):
            raise UserError(self.env._("A stone keeps its number for life: it cannot be changed."))
        if {"carat", "count"} & vals.keys() and self.holder_id._filter_parcels().quant_ids:
            raise UserError(
                self.env._(
                    "Carats and stones of a parcel follow its moves and cannot be changed by "
                    "hand. Take in, hand out, take back or re-grade: there you enter what is "
                    "missing or found, with its reason."
                )
            )
        self._filter_reweighed(vals).holder_id._check_material()
        if "mate_id" in vals and self.mate_id - self.browse(vals["mate_id"]):
            raise UserError(
                self.env._(
                    "A matched pair cannot be changed here. A manager can "
                    "break it with “Break the Pair”."
                )
            )

    def _filter_reweighed(self, vals):
        """Return the stones that would get another weight or count by `vals`."""
        carat, count = vals.get("carat"), vals.get("count")
        return self.filtered(
            lambda stone: (
                ("carat" in vals and round_milli(stone.carat) != round_milli(carat or 0))
                or ("count" in vals and stone.count != count)
            )
        )

    def _was_worked_on(self):
        """Tell whether a transformation has set, unset or lost one of these stones."""
        # In sudo: it is known where a stone went, whoever may see the document.
        lines = self.env["jewelry.transformation.line"].sudo()
        domain = [("stone_ids", "in", self.ids), ("state", "=", "done")]
        return bool(lines.search_count(domain, limit=1))

    def _get_kind(self):
        """Return what no other stone may stand in for: the species, and how it came to be."""
        self.ensure_one()
        return self.species_id, self.origin

    def _get_content(self):
        """Return the stone, or the group, as `tools.balance` counts it."""
        self.ensure_one()
        return balance.stone_content(self._get_kind(), self.carat, self.count)

    def _get_material(self):
        """Return the variety if it is known, else the species."""
        return self.variety_id or self.species_id

    def _get_origin_label(self):
        return dict(self._fields["origin"]._description_selection(self.env))[self.origin]

    def _get_estimate(self):
        """Return the `tools.carat.Estimate` of one stone of these measurements, or None."""
        key = self.shape_id.estimate_key
        size = (self.length, self.width, self.depth)
        if self.species_id.code == "diamond":
            return carat_tools.estimate_diamond(key, *size)
        density = self._get_material()._get_density()
        return carat_tools.estimate_gem(key, *size, density) if density else None

    def _get_description(self):
        """Describe a stone as at the counter: 0.52 ct Round E VS1 Diamond."""
        if not self.species_id:
            return self.number or self.env._("New Stone")
        return claim.describe_stone(self._get_claim_words())

    def _get_setting_lines(self):
        """Return {stone: line by which it was set where it is}; those bought there are absent."""
        domain = [
            ("stone_ids", "in", self.ids),
            ("direction", "=", "in"),
            ("state", "=", "done"),
            # A piece that was taken apart names its stones, too.
            ("lot_id.jewelry_kind", "!=", "piece"),
        ]
        # In sudo: it is known how a stone came there, whoever may see the document.
        lines = self.env["jewelry.transformation.line"].sudo().search(domain, order="id")
        last = {stone.id: line for line in lines for stone in line.stone_ids}
        return {stone: last[stone._origin.id] for stone in self if stone._origin.id in last}

    def _get_set_costs(self):
        """Return {stone: what it, or the group, brought into the piece that it is set in}, in
        company currency; 0 if it was bought inside it, or belongs to somebody else.
        """
        lines = self._get_setting_lines()
        return {
            stone: stone._get_cost_by(lines[stone]) if stone in lines else 0.0 for stone in self
        }

    def _get_cost_by(self, line):
        """Return what the stone brought into its piece by the line that set it."""
        if not line._is_ours():
            return 0.0
        if line.content_kind == "stone":
            # A bill that came later has changed it since.
            return line.lot_id.with_company(self.company_id).standard_price
        return self.currency_id.round(line.value * self.carat / line.carat) if line.carat else 0.0

    def _put_into(self, lot):
        """Move stones to a lot, or to none: they are gone."""
        self.filtered(lambda stone: stone.holder_id != lot).sudo().holder_id = lot

    def _reduce(self, carat, count):
        """Take a part out of a group, in carats and stones."""
        self.ensure_one()
        left = to_decimal(self.carat) - to_decimal(carat)
        self.sudo().write({"carat": float(left), "count": self.count - count})

    def _split_into(self, lot, carat, count):
        """Return a new group of these stones in another lot, described alike."""
        self.ensure_one()
        return self.sudo().copy({"holder_id": lot.id, "carat": carat, "count": count})

    def _get_claim_words(self):
        """Return the words that describe the stone, as `tools.claim.Stone`.

        What was grown is called so wherever the stone is named, as clearly as its species.
        """
        material = self._get_material()
        grown = self.origin == "lab_grown" and material.category != "synthetic"
        fancy = " ".join(filter(None, [self.fancy_intensity_id.name, self.fancy_color]))
        told = self.treatment_ids._filter_told()
        return claim.Stone(
            material=material.name or "",
            grown=self._get_origin_label() if grown else "",
            carat=self.carat,
            count=self.count,
            shape=self.shape_id.name or "",
            color=fancy or self.color_grade_id.name or "",
            clarity=self.clarity_grade_id.name or "",
            told=tuple(told.mapped("name")),
            codes=tuple(told.mapped("code")),
        )

    def _get_specification(self):
        """Describe the stone to a customer: words, cut, treatments and current reports.

        :rtype: str
        """
        self.ensure_one()
        cut, reports = self.cut_grade_id.name, self.report_ids.filtered("is_current")
        words = self._get_claim_words()._replace(
            cut=self.env._("%(grade)s cut", grade=cut) if cut else "",
            treatments=tuple(self.treatment_ids.mapped("name")),
            reports=tuple(reports.mapped("display_name")),
        )
        return claim.specify_stone(words)

    def _get_claim_facts(self):
        """Return what is known of the stone, as `tools.claim_check.Stone`."""
        self.ensure_one()
        treatments = tuple(
            claim_check.Treatment(
                treatment.code,
                treatment._get_all_names(),
                treatment.needs_disclosure,
                treatment.special_care,
            )
            for treatment in self.treatment_ids._filter_told()
        )
        return claim_check.Stone(
            names=(*self.species_id._get_all_names(), *self.variety_id._get_all_names()),
            is_diamond=self.species_id.code == "diamond",
            is_grown=self.origin == "lab_grown",
            carat=round_milli(self.carat) if self.carat else None,
            count=self.count or 1,
            clarity=self.clarity_grade_id.code or "",
            treatments=treatments,
            kind=(self.species_id.id, self.variety_id.id, self.origin, treatments),
        )

    @api.model
    def _get_claim_vocabulary(self):
        """Return what diamonds are called in all languages of the database, and metals in the
        user's own, as `tools.claim_check.Words`: gold is a small word in French.
        """
        # In sudo: the words of the law do not depend on who writes.
        metals = self.env["jewelry.metal"].sudo()._get_all().grouped("code")
        diamond = self.env["jewelry.gem.species"].sudo().search([("code", "=", "diamond")])
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        origins = [
            dict(self._fields["origin"]._description_selection(self.with_context(lang=lang).env))
            for lang in languages
        ]
        names = {
            code: (code, *metals[code].mapped("name")) if code in metals else (code,)
            for code in ("gold", "silver", "platinum")
        }
        return claim_check.Words(
            diamond=("diamond", *diamond._get_all_names()),
            grown=tuple(labels["lab_grown"] for labels in origins),
            simulant=tuple(labels["simulant"] for labels in origins),
            **names,
        )

    # === PROVENANCE METHODS === #

    @api.model
    def _get_provenance_fields(self):
        """Override: what a stone is; where it is has events of its own kinds."""
        return dict.fromkeys(("number", *PROVEN_FIELDS, *GRADE_SCALES), "content")

    def _prepare_beginning(self):
        """Override: a new stone is somewhere."""
        entries = super()._prepare_beginning()
        return [
            (stone, kind, payload | {"holder": stone.holder_id.chain_uuid})
            for stone, kind, payload in entries
        ]

    def _prepare_held(self):
        """Return the entries that tell the holders of these stones that they came."""
        return [entry for stone in self.sudo() for entry in stone._prepare_holding(0)]

    def _prepare_moved(self, former):
        """Return the entries of the stone, of `former`, its holder before, and of the one now."""
        stone, former = self.sudo(), former.sudo()
        if stone.holder_id == former:
            return []
        here, there = stone._get_holding_kinds(stone.holder_id), stone._get_holding_kinds(former)
        kind = here[0] if here else there[1] if there else "content"
        way = {"from": former.chain_uuid, "to": stone.holder_id.chain_uuid}
        return [
            (stone, kind, way),
            *stone._prepare_holding(1, former),
            *stone._prepare_holding(0),
        ]

    def _prepare_holding(self, side, holder=None):
        """Return the entry of a holder that the stone came into (`side` 0) or left (1), if any."""
        holder = self.holder_id if holder is None else holder
        kinds = self._get_holding_kinds(holder)
        payload = {"stone": self.chain_uuid, "number": self.number}
        return [(holder, kinds[side], payload)] if kinds else []

    def _get_holding_kinds(self, holder):
        """Return the kinds of coming into a holder and leaving it; none for the own serial."""
        return HOLDING_KINDS.get(holder.jewelry_kind, ()) if holder != self.home_lot_id else ()

    # === TOOLING === #

    @api.model
    def _prepare_numbered(self, vals_list):
        """Return copies of values with the next numbers of their companies, where they lack one."""
        vals_list = [dict(vals) for vals in vals_list]
        missing = [vals for vals in vals_list if not vals.get("number")]
        by_company = groupby(missing, lambda vals: vals.get("company_id") or self.env.company.id)
        for company_id, rows in by_company:
            sequence = self.env["ir.sequence"].with_company(company_id)
            numbers = sequence._next_by_code_many("jewelry.stone", len(rows))
            for vals, number in zip(rows, numbers, strict=False):
                vals["number"] = number
        return vals_list

    def _sync_mates(self, former):
        """Let the mates of these stones be mated with them, and free who is left over.

        :param former: stones that were the mates before
        """
        # New mates first: until they point back, their own look like left over.
        for stone in self.filtered("mate_id"):
            if stone.mate_id.mate_id != stone:
                stone.mate_id.mate_id = stone
        if left := former.filtered(lambda stone: stone.mate_id.mate_id != stone):
            left.mate_id = False
