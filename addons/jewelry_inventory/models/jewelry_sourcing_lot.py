from collections import defaultdict
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import sourcing
from ..tools.balance import FINE
from ..tools.weight import to_decimal
from .jewelry_metal_source import METAL_SOURCE_SELECTION
from .jewelry_sourcing_document import DIAMOND_KINDS, WARRANTY
from .jewelry_sourcing_mixin import CARRIED, PARTIAL_FIELDS

# Goods that somebody has worn.
WORN_TYPES = ("trade_in", "customer")


class StockLot(models.Model):
    """Pieces and lots of metal, with the source of their metal; their stones have their own.

    The percentage of recycled metal is of the grams of fine metal. What is of unknown source
    counts as not recycled. What a paper shows, and what came out of worn pieces, is told apart from
    what somebody only states.
    """

    _name = "stock.lot"
    _inherit = ["stock.lot", "jewelry.sourcing.mixin"]

    material_source = fields.Selection(
        selection=[*METAL_SOURCE_SELECTION, (sourcing.MIXED, "Mixed")],
        string="Source of Metal",
        default=sourcing.UNKNOWN,
        copy=False,
        help="Recycled: metal of products that came back, and was melted.",
    )
    metal_source_ids = fields.One2many(
        comodel_name="jewelry.metal.source", inverse_name="lot_id", string="Metal by Source"
    )
    recycled_percent = fields.Float(
        string="Recycled (%)",
        digits=(5, 2),
        compute="_compute_recycled_percent",
        store=True,
        aggregator="avg",
        help="Of the fine metal, by weight, with and without evidence. Metal of unknown source "
        "counts as not recycled.",
    )
    proven_percent = fields.Float(
        string="Recycled, With Evidence (%)",
        digits=(5, 2),
        compute="_compute_recycled_percent",
        store=True,
        aggregator="avg",
        help="A declaration is on the metal, or it was melted here from pieces that somebody had.",
    )
    recycled_note = fields.Char(compute="_compute_recycled_note")
    has_metal = fields.Boolean(compute="_compute_has_metal")
    paper_ids = fields.Many2many(
        comodel_name="jewelry.sourcing.document",
        string="Documents of Metal and Stones",
        compute="_compute_paper_ids",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "material_source",
        "metal_source_ids.source",
        "metal_source_ids.fine_weight",
        "sourcing_ids.kind",
    )
    def _compute_recycled_percent(self):
        recycled = sourcing.RECYCLED
        for lot in self:
            mix = lot._get_whole_mix()
            lot.proven_percent = float(sourcing.percent(mix, recycled))
            lot.recycled_percent = float(sourcing.percent(mix, recycled, sourcing.state(recycled)))

    @api.depends("recycled_percent", "proven_percent", "metal_source_ids.fine_weight")
    @api.depends_context("lang")
    def _compute_recycled_note(self):
        for lot in self:
            mix = lot._get_whole_mix()
            unknown = sourcing.percent(mix, sourcing.UNKNOWN)
            stated = sourcing.percent(mix, sourcing.state(sourcing.RECYCLED))
            notes = [
                stated
                and self.env._(
                    "%(percent)s %% of the metal is stated to be recycled, without evidence. "
                    "Attach the declaration of the supplier.",
                    percent=f"{stated:.2f}",
                ),
                unknown
                and self.env._(
                    "%(percent)s %% of the metal is of unknown source and counts as not recycled.",
                    percent=f"{unknown:.2f}",
                ),
            ]
            lot.recycled_note = " ".join(filter(None, notes))

    @api.depends("jewelry_kind")
    def _compute_has_metal(self):
        for lot in self:
            lot.has_metal = bool(lot._filter_metal())

    @api.depends("sourcing_ids", "stone_ids.sourcing_ids")
    def _compute_paper_ids(self):
        for lot in self:
            lot.paper_ids = lot.sourcing_ids | lot.stone_ids.sourcing_ids

    # === CONSTRAINT METHODS === #

    @api.constrains("material_source")
    def _check_material_source(self):
        """Refuse a mix of which nobody knows the weights."""
        for lot in self:
            if lot.material_source == sourcing.MIXED and not lot.metal_source_ids:
                raise ValidationError(
                    self.env._(
                        "%(lot)s: metal is mixed by melting and casting. State what you know of "
                        "it, or leave it unknown.",
                        lot=lot.name,
                    )
                )

    @api.constrains("sourcing_ids")
    def _check_sourcing(self):
        """Refuse papers on diamonds for metal."""
        for lot in self:
            papers = lot.sudo().sourcing_ids.filtered(lambda paper: paper.kind in DIAMOND_KINDS)
            if papers:
                raise ValidationError(
                    self.env._(
                        "%(paper)s is for diamonds: put it on the stones of %(lot)s, not on its "
                        "metal.",
                        paper=papers[0].display_name,
                        lot=lot.name,
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        """Override: what a transformation has made is of what went in.

        :raises UserError: naming the lots
        """
        if not {"material_source", "sourcing_ids"} & vals.keys() or self._is_sourcing_carried():
            return super().write(vals)
        before = {lot: lot.sudo().sourcing_ids for lot in self}
        changed = self.filtered(
            lambda lot: lot.material_source != vals.get("material_source", lot.material_source)
        )
        changed._check_not_made()
        result = super().write(vals)
        # In sudo: the rows are the program's.
        changed.sudo().metal_source_ids.unlink()
        if "sourcing_ids" in vals:
            (self - changed)._follow_papers(before)
        return result

    def _follow_papers(self, before):
        """Prove what was stated of metal that a paper came for after it was mixed.

        :param dict before: {lot: its papers until now}
        :raises UserError: where a paper is taken off what it proves
        """
        for lot in self.filtered("metal_source_ids"):
            papers = lot.sudo().sourcing_ids
            if before[lot]._get_proven() - papers._get_proven():
                lot._check_not_made()
            mixes = lot._get_stored_mixes()
            for source in (papers - before[lot])._get_proven():
                mixes = {metal: sourcing.prove(mix, source) for metal, mix in mixes.items()}
            if papers - before[lot]:
                lot._set_metal_mixes(mixes)

    def _get_guarded_fields(self):
        """Override: what was mixed is found out, not typed."""
        return super()._get_guarded_fields() | (PARTIAL_FIELDS & self._fields.keys())

    def _check_not_made(self):
        """Refuse to state another source for what a transformation has made.

        :raises UserError: for anybody but a manager
        """
        made = self.filtered("metal_source_ids")
        if made and not (self.env.su or self.env.user.has_group("jewelry_inventory.group_manager")):
            raise UserError(
                self.env._(
                    "%(lots)s was made here: its source follows from the weights of what went in. "
                    "Only a manager can state another one.",
                    lots=", ".join(made[:5].mapped("name")),
                )
            )

    # === ACTION METHODS === #

    def action_attach_sourcing(self):
        """Open the wizard that puts a paper on these lots and their stones."""
        return self.env["jewelry.sourcing.attach"]._open({"lot_ids": self.ids})

    # === METAL METHODS === #

    def _filter_metal(self):
        """Return what has metal that comes from somewhere."""
        return self.filtered(lambda lot: lot.jewelry_kind in ("piece", "metal"))

    def _get_stored_mixes(self):
        """Return {metal: mix} of what transformations have written."""
        self.ensure_one()
        mixes = defaultdict(dict)
        for row in self.metal_source_ids:
            mixes[row.metal_id][row.source] = to_decimal(row.fine_weight)
        return mixes

    def _get_whole_mix(self):
        """Return the mix of all metals together; of what is of one source, a gram of that."""
        self.ensure_one()
        rows = sourcing.add(self._get_stored_mixes().values())
        return rows or {self._get_stated_source(): Decimal(1)}

    def _get_stated_source(self):
        """Return of what source the metal is that nobody has mixed here, proven or only stated."""
        source = self.material_source
        if source not in sourcing.METAL_SOURCES:
            return sourcing.UNKNOWN
        # In sudo: it is proven, whoever may read the papers.
        return (
            source if source in self.sudo().sourcing_ids._get_proven() else sourcing.state(source)
        )

    def _get_metal_mix(self, metal, grams):
        """Return what these fine grams of a metal of the lot are of: {source: grams}."""
        self.ensure_one()
        stored = self._get_stored_mixes()
        if metal in stored:
            return sourcing.apportion(grams, stored[metal])
        # A metal that came later, by hand, into what was mixed is of unknown source.
        source = sourcing.UNKNOWN if stored else self._get_stated_source()
        return {source: grams}

    def _get_fine_on_hand(self):
        """Return {metal: fine grams} of a lot of metal that are in the store."""
        self.ensure_one()
        # In sudo: it is there, whoever may see the place.
        quants = self.sudo()._get_stock_quants()
        return self._get_fine(sum(map(to_decimal, quants.mapped("quantity")), Decimal()))

    def _get_fine(self, grams):
        """Return {metal: fine grams} of so many grams of a lot of metal."""
        content = self.product_id.alloy_id._get_content(grams)
        return {
            measure.key: sourcing.round_micro(fine)
            for measure, fine in content.items()
            if measure.dimension == FINE and fine
        }

    def _set_metal_mixes(self, mixes):
        """Write what the metal of the lot is of.

        :param dict mixes: {metal: {source: fine grams}}
        """
        self.ensure_one()
        rows = [
            {"metal_id": metal.id, "source": source, "fine_weight": float(grams)}
            for metal, mix in mixes.items()
            for source, grams in mix.items()
        ]
        lot = self.sudo().with_context(sourcing_carried=CARRIED)
        source = sourcing.main_source(sourcing.add(mixes.values()))
        commands = [Command.clear(), *map(Command.create, rows)]
        lot.write({"metal_source_ids": commands, "material_source": source})

    def _is_worn(self):
        """Hook: tell whether somebody had the piece before it came here, so that its metal is
        recycled once it is melted: a trade-in, a client's own, or a piece that was sold.
        """
        self.ensure_one()
        if self.stock_type in WORN_TYPES:
            return True
        domain = [
            ("lot_id", "=", self.id),
            ("state", "=", "done"),
            ("location_id.usage", "=", "customer"),
        ]
        # In sudo: it came back, whoever may see the move.
        return bool(self.env["stock.move.line"].sudo().search_count(domain, limit=1))

    def _after_move(self, moves):
        """Override: metal that is bought into a mixed lot, and stones that are bought into a
        parcel, are of unknown source.
        """
        result = super()._after_move(moves)
        for lot in self.filtered(lambda lot: lot.jewelry_kind == "metal"):
            source = lot._get_bought_source()
            if source and (grams := lot._get_bought(moves)):
                lot._add_bought_metal(grams, source)
        for parcel in self._filter_parcels():
            group, bought = parcel.sudo()._get_group(), parcel._get_bought(moves)
            if bought and to_decimal(group.carat) > bought:
                group._add_unknown_stones()
        return result

    def _get_bought(self, moves):
        """Return how much of the lot moves have brought that no transformation has made."""
        self.ensure_one()
        bought = moves.filtered("is_in").move_line_ids.filtered(
            lambda line: line.lot_id == self and not line.move_id.transformation_line_id
        )
        return sum(map(to_decimal, bought.mapped("quantity")), Decimal())

    def _get_bought_source(self):
        """Return of what source metal is that is bought into the lot, where that differs from what
        is there: the papers of the lot came before it, and are no evidence of it.
        """
        if self.metal_source_ids:
            return sourcing.UNKNOWN
        source = self._get_stated_source()
        return source in sourcing.CLAIMED and sourcing.state(source)

    def _add_bought_metal(self, grams, source):
        mixes, bought = {}, self._get_fine(grams)
        for metal, fine in self._get_fine_on_hand().items():
            new = min(bought[metal], fine)
            known = self._get_metal_mix(metal, fine - new)
            mixes[metal] = sourcing.add([known, {source: new}])
        # What comes into an empty lot is what the papers are for.
        if self.metal_source_ids or any(len(mix) > 1 for mix in mixes.values()):
            self._set_metal_mixes(mixes)

    # === BUSINESS METHODS === #

    def _filter_sold(self):
        """Override: pieces a customer has, and parcels and metal that are sold out."""
        return self.filtered(lambda lot: lot._is_sold())

    def _is_sold(self):
        if self.is_piece:
            return self.piece_status == "sold"
        # In sudo: it is somewhere, whoever may see the place.
        quants = self.sudo().quant_ids.filtered(lambda quant: quant.quantity > 0)
        places = set(quants.location_id.mapped("usage"))
        return "customer" in places and not places & {"internal", "transit"}

    def _get_sourcing(self):
        """Override to tell how much of the metal is recycled, and how much is only said to be."""
        lot, sourced = self.sudo(), super()._get_sourcing()
        sourced |= {"recycled": f"{lot.proven_percent:.2f}"}
        stated = lot.recycled_percent - lot.proven_percent
        return sourced | ({"stated": f"{stated:.2f}"} if stated else {})

    def _prepare_beginning(self):
        """Override: a piece may have a source from the start."""
        return [*super()._prepare_beginning(), *self._prepare_sourced_beginning()]

    # === WHAT A CLIENT SEES === #

    def _get_client_facts(self):
        """Override to tell where the stones and the metal come from."""
        facts = self._get_sourcing_facts().items()
        return [
            *super()._get_client_facts(),
            *({"label": label, "value": value} for label, value in facts if value),
        ]

    def _get_sourcing_facts(self):
        """Return {label: what is known of the source}: no value, no partner."""
        # In sudo: the papers are named by kind and number alone.
        lot = self.sudo()
        stones = self._unite_origins(lot.stone_ids)
        proven, stated = lot._get_told_recycled(lot.proven_percent, lot.recycled_percent)
        return {
            self.env._("Origin of stones"): self._get_origin_text(
                stones["country_ids"], stones["is_partly_unknown"]
            ),
            self.env._("Origin of metal"): lot.origin_text,
            self.env._("Recycled metal"): proven and f"{proven} %",
            self.env._("Recycled metal (stated, no evidence)"): stated and f"{stated} %",
            self.env._("Sourcing"): ", ".join(lot.paper_ids._get_names()),
        }

    def _get_told_recycled(self, proven, recycled):
        """Return the percentages that clients read: what is proven, and what is only stated. Of a
        store that stands for what it states there is but one.
        """
        company = (self.company_id or self.env.company).sudo()
        if company.tells_stated_recycled:
            proven = recycled
        parts = (proven, recycled - proven)
        return tuple(f"{part:.2f}".rstrip("0").rstrip(".") if part else "" for part in parts)

    def _get_story_sentence(self, kind, payload, is_own):
        """Override to tell what was said of the source."""
        if kind != "source":
            return super()._get_story_sentence(kind, payload, is_own)
        if not (words := self._get_source_words(payload)):
            return ""
        said = ", ".join(words)
        if is_own:
            return self.env._("Source of the metal: %s.", said)
        return self.env._("Source of a stone: %s.", said)

    def _get_source_words(self, payload):
        """Return what an event says of a source: countries, the recycled share and papers."""
        # In sudo: whoever reads a passport may read the names of countries.
        countries = self.env["res.country"].sudo()
        countries = countries.search([("code", "in", payload.get("countries", []))])
        kinds = dict(
            self.env["jewelry.sourcing.document"]._fields["kind"]._description_selection(self.env)
        )
        papers = [paper.partition(" ")[::2] for paper in payload.get("papers", [])]
        proven = float(payload.get("recycled", 0))
        proven, stated = self._get_told_recycled(proven, proven + float(payload.get("stated", 0)))
        return [
            *sorted(countries.mapped("name")),
            *([self.env._("%s %% recycled", proven)] if proven else []),
            *([self.env._("%s %% recycled (stated, no evidence)", stated)] if stated else []),
            # Old events hold the number of a warranty, which is that of a supplier's invoice.
            *(
                kinds.get(kind, kind) if kind == WARRANTY else f"{kinds.get(kind, kind)} {number}"
                for kind, number in papers
            ),
        ]
