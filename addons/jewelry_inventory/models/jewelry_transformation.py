from collections import defaultdict
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, LockError, UserError

from ..const import CHANGE_REASON, COST_GROUPS, TRANSFORMATION_KINDS
from ..tools import balance, weight
from ..tools.claim import TIMES
from .jewelry_transformation_line import SIGNS

PIECE, STONE = "piece", "stone"

OPPOSITES = {
    "set": "unset",
    "unset": "set",
    "assemble": "disassemble",
    "disassemble": "assemble",
    "mix": "split",
    "split": "mix",
}

# Written by the acts below and by nobody else.
GUARDED = {
    "state",
    "loss_approved_by_id",
    "loss_approved_date",
    "reversal_of_id",
    "entry_id",
    "company_id",
    "balance_rows",
}


def _of_lines(*names):
    """Return the paths of fields of the lines, for `api.depends`."""
    lists = ("input_ids", "output_ids", "loss_ids")
    return [f"{lines}.{name}" for lines in lists for name in names]


class JewelryTransformation(models.Model):
    """Material that changes its form: what goes in, what comes out, what is lost, what it cost.

    The one mechanism for setting and unsetting stones, for assembling, taking apart, melting
    and casting, and for mixing, splitting and re-grading parcels. It moves its inputs through
    a production place by ordinary stock moves and brings its outputs back with their new cost,
    so that the value flows in the ledger; and it must balance in grams, fine grams, carats and
    stones (`tools.balance`).
    """

    _name = "jewelry.transformation"
    _inherit = ["mail.thread", "jewelry.guard.mixin"]
    _description = "Transformation"
    _order = "date desc, id desc"
    _check_company_auto = True

    # Identity
    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    kind = fields.Selection(
        selection=TRANSFORMATION_KINDS, required=True, default="set", index=True
    )
    kind_help = fields.Char(compute="_compute_kind_help")
    state = fields.Selection(
        selection=[("draft", "Draft"), ("done", "Done"), ("cancelled", "Cancelled")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    date = fields.Datetime(
        required=True, readonly=True, copy=False, default=fields.Datetime.now, index=True
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    place_id = fields.Many2one(
        comodel_name="stock.location",
        check_company=True,
        compute="_compute_place_id",
        store=True,
        readonly=False,
        domain=[("usage", "in", ("internal", "transit"))],
        help="Where what comes out is put. Empty: where the piece came from.",
    )
    note = fields.Html()

    # Material
    line_ids = fields.One2many(
        comodel_name="jewelry.transformation.line", inverse_name="transformation_id", copy=True
    )
    input_ids = fields.One2many(
        comodel_name="jewelry.transformation.line",
        inverse_name="transformation_id",
        string="In",
        domain=[("direction", "=", "in")],
    )
    output_ids = fields.One2many(
        comodel_name="jewelry.transformation.line",
        inverse_name="transformation_id",
        string="Out",
        domain=[("direction", "=", "out")],
    )
    loss_ids = fields.One2many(
        comodel_name="jewelry.transformation.line",
        inverse_name="transformation_id",
        string="Losses and Gains",
        domain=[("direction", "in", ("loss", "gain"))],
    )
    held_lot_ids = fields.Many2many(
        comodel_name="stock.lot",
        compute="_compute_held_lot_ids",
        help="What goes in: stones that come out, and losses, are of these.",
    )
    input_text = fields.Char(string="Went In", compute="_compute_texts")
    output_text = fields.Char(string="Came Out", compute="_compute_texts")
    balance_text = fields.Text(compute="_compute_balance")
    balance_html = fields.Html(
        string="Balance",
        compute="_compute_balance_html",
        sanitize=False,
        help="What went in, came out and was lost, of each thing that is conserved.",
    )
    balance_rows = fields.Json(
        readonly=True, copy=False, help="The balance as of when it was done."
    )
    is_balanced = fields.Boolean(compute="_compute_balance")

    # Loss
    suspicion = fields.Char(
        compute="_compute_suspicion", help="What is strange about stones that come back."
    )
    needs_approval = fields.Boolean(compute="_compute_needs_approval")
    loss_reason = fields.Char(help="Why more was lost than usual, or why there is a gain.")
    loss_approved_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    loss_approved_date = fields.Datetime(readonly=True, copy=False)

    # Cost
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost_ids = fields.One2many(
        comodel_name="jewelry.transformation.cost",
        inverse_name="transformation_id",
        copy=True,
    )
    input_value = fields.Monetary(compute="_compute_values", groups=COST_GROUPS)
    cost_value = fields.Monetary(string="Added Cost", compute="_compute_values", groups=COST_GROUPS)
    loss_value = fields.Monetary(compute="_compute_values", groups=COST_GROUPS)
    output_value = fields.Monetary(compute="_compute_values", groups=COST_GROUPS)
    entry_id = fields.Many2one(
        comodel_name="account.move",
        string="Journal Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=COST_GROUPS,
    )

    # Undo
    reversal_of_id = fields.Many2one(
        comodel_name="jewelry.transformation",
        readonly=True,
        copy=False,
        index="btree_not_null",
        string="Undoes",
    )
    reversal_ids = fields.One2many(
        comodel_name="jewelry.transformation",
        inverse_name="reversal_of_id",
        string="Undone By",
    )

    _name_unique = models.UniqueIndex(
        "(name, company_id)",
        "Another transformation has this number already. Choose another number.",
    )
    _reversed_once = models.UniqueIndex(
        "(reversal_of_id) WHERE reversal_of_id IS NOT NULL AND state = 'done'",
        "This transformation has been undone already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_kind_help(self):
        """Say in a sentence what goes in and what comes out of each kind."""
        texts = {
            "set": self.env._("A piece and stones go in; the piece comes out."),
            "unset": self.env._("A piece goes in; it comes out with its stones beside it."),
            "assemble": self.env._("Pieces, stones and metal go in; one piece comes out."),
            "disassemble": self.env._("A piece goes in; its parts come out."),
            "melt": self.env._("Old pieces and metal go in; metal, and their stones, come out."),
            "cast": self.env._("Metal goes in; pieces come out, and the sprue as metal."),
            "mix": self.env._("Parcels of one kind of stone go in; one parcel comes out."),
            "split": self.env._("A parcel goes in; parcels of its stones come out."),
            "regrade": self.env._("A parcel goes in; a parcel for each grade comes out."),
            "return": self.env._("What is at a bench goes in; what is counted and weighed out."),
        }
        for transformation in self:
            transformation.kind_help = texts.get(transformation.kind)

    @api.depends("input_ids.lot_id")
    def _compute_held_lot_ids(self):
        for transformation in self:
            transformation.held_lot_ids = transformation.input_ids.lot_id

    @api.depends("input_ids.place_id")
    def _compute_place_id(self):
        for transformation in self:
            main = transformation._get_main_input()
            transformation.place_id = transformation.place_id or main.place_id

    @api.depends("input_ids.lot_id.name", "output_ids.lot_id.name", "output_ids.product_id.name")
    def _compute_texts(self):
        """Name what goes in and what comes out, for lists."""
        for transformation in self:
            inputs, outputs = transformation.input_ids, transformation.output_ids
            transformation.input_text = ", ".join(inputs.lot_id.mapped("name"))
            new = outputs.filtered(lambda line: not line.lot_id).product_id.mapped("name")
            transformation.output_text = ", ".join([*outputs.lot_id.mapped("name"), *new])

    @api.depends(
        *_of_lines("lot_id", "product_id", "stone_ids", "carat", "stone_count"),
        *_of_lines("alloy_id", "metal_weight", "gross_weight"),
    )
    def _compute_balance(self):
        for transformation in self:
            if transformation.state != "draft" or not transformation.output_ids:
                transformation.balance_text = False
                transformation.is_balanced = transformation.state == "done"
                continue
            missing = transformation._get_difference()
            transformation.is_balanced = not missing
            transformation.balance_text = transformation._describe_difference(missing)

    @api.depends("balance_text", "balance_rows", "state")
    def _compute_balance_html(self):
        for transformation in self:
            rows = transformation.balance_rows
            if transformation.state == "draft":
                rows = transformation._get_balance_rows()
            transformation.balance_html = rows and self.env["ir.qweb"]._render(
                "jewelry_inventory.transformation_balance", {"rows": rows}
            )

    @api.depends(*_of_lines("lot_id", "place_id", "carat", "stone_count"), "kind", "state")
    def _compute_suspicion(self):
        for transformation in self:
            lines = transformation._get_suspicious_lines()
            transformation.suspicion = "; ".join(map(transformation._describe_shift, lines))

    @api.depends(
        *_of_lines("lot_id", "stone_ids", "carat", "metal_weight", "loss_kind", "direction"),
        *_of_lines("stone_count"),
        "kind",
        "reversal_of_id",
        "suspicion",
    )
    def _compute_needs_approval(self):
        for transformation in self:
            transformation.needs_approval = not transformation.reversal_of_id and bool(
                transformation.suspicion or transformation._is_loss_unusual()
            )

    @api.depends(*_of_lines("value"), "cost_ids.amount")
    def _compute_values(self):
        for transformation in self:
            totals = transformation._get_totals()
            transformation.input_value = totals["in"]
            transformation.output_value = totals["out"]
            transformation.loss_value = totals["loss"] - totals["gain"]
            transformation.cost_value = sum(transformation.cost_ids.mapped("amount"))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to give each transformation its number."""
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
            sequence = self.env["ir.sequence"].with_company(company)
            vals["name"] = sequence.next_by_code("jewelry.transformation")
        return super().create(vals_list)

    def write(self, vals):
        """Override of `base`: an approval was for the kind and the reason that were given."""
        if vals.keys() & {"kind", "place_id", "loss_reason"}:
            self._touch()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(transformation.state == "done" for transformation in self):
            raise UserError(
                self.env._("A transformation that is done is never deleted. Use “Undo” instead.")
            )

    # === ACTION METHODS === #

    def action_done(self):
        """Do the transformations: move, cost and rebuild what they name, in one transaction.

        :raises UserError: saying what does not balance, or who or what is in the way
        """
        self.check_access("write")
        for transformation in self.sorted("id"):
            transformation._set_done()

    def action_cancel(self):
        """Give up drafts."""
        self.check_access("write")
        self._check_editable()
        self.sudo().state = "cancelled"

    def action_approve_loss(self):
        """Approve an unusual loss or a gain, as a second person.

        :raises UserError: without a reason, or by the person who entered it
        :raises AccessError: for anybody but a manager
        """
        self._check_editable()
        if not self.env.user.has_group("jewelry_inventory.group_manager"):
            raise AccessError(self.env._("Only a manager can approve a loss."))
        for transformation in self:
            if not (transformation.loss_reason or "").strip():
                raise UserError(self.env._("Enter the reason for the loss or gain first."))
            if self.env.user in transformation._get_authors():
                raise UserError(self.env._("You entered this loss. Somebody else must approve it."))
        self.sudo().write(
            {
                "loss_approved_by_id": self.env.uid,
                "loss_approved_date": fields.Datetime.now(),
            }
        )

    def action_reverse(self):
        """Undo a transformation by its opposite, as long as nothing happened to it since.

        :return: the action that shows the opposite transformation
        :raises UserError: naming what has moved or changed since
        """
        return self._reverse()._get_records_action()

    def action_view_moves(self):
        """Open the stock moves of the transformation."""
        moves = self._get_lines().move_ids
        return moves._get_records_action(name=self.env._("Moves"))

    # === BUSINESS METHODS === #

    def _set_done(self):
        """Do one transformation: the only way into the state “done”."""
        self.ensure_one()
        self._lock()
        self.env["jewelry.transformation.check"]._check(self)
        plan, suspicious = self._get_main_plan(), self._get_suspicious_lines()
        sources = self.env["jewelry.transformation.sourcing"]._plan(self)
        self.sudo().balance_rows = self._get_balance_rows()
        work = self.company_id._get_transformation_place()
        told = self.with_context(**{CHANGE_REASON: self._get_reason()})
        transformation = told.with_company(self.company_id).sudo()
        transformation.input_ids._consume(work)
        self.env["jewelry.transformation.costing"]._set_values(transformation)
        transformation._rebuild(plan)
        self.env["jewelry.transformation.sourcing"]._carry(transformation, sources)
        transformation.output_ids._produce(work, transformation._get_place())
        suspicious.sudo().move_ids.move_line_ids.is_suspicious = True
        transformation.loss_ids._write_off_stones(work)
        transformation._post_entry()
        self.sudo().write({"state": "done", "date": fields.Datetime.now()})
        self._log_provenance()

    def _get_reason(self):
        """Return why the goods move and weigh something else, as the audit trail tells it."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return ", ".join(filter(None, [self.name, kinds[self.kind], self.loss_reason]))

    def _get_authors(self):
        """Return who entered what is written in the document."""
        lines = self._get_lines()
        return self.create_uid | lines.create_uid | lines.write_uid

    def _log_provenance(self):
        """Write down, in the chain of each piece, what it became part of or came from."""
        lines = self.sudo()._get_lines()
        payload = {
            "document": self.name,
            "kind": self.kind,
            "in": lines._get("in").lot_id._filter_chained().mapped("chain_uuid"),
            "out": lines._get("out").lot_id._filter_chained().mapped("chain_uuid"),
            "lost": self._get_lost_amounts(),
        }
        lots = (lines._get("in") | lines._get("out")).lot_id._filter_chained()
        lots._log_event("transform", payload)

    def _get_lost_amounts(self):
        """Return how much was lost less gained, as text by dimension."""
        lost = defaultdict(Decimal)
        for line in self.sudo().loss_ids:
            for measure, amount in line._get_content().items():
                lost[measure.dimension] -= SIGNS[line.direction] * amount
        return {dimension: str(amount.normalize()) for dimension, amount in lost.items() if amount}

    def _lock(self):
        """Take the document and all its lots for this transaction alone.

        :raises UserError: when somebody else is handling one of them right now
        """
        try:
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on %(name)s right now. Try again in a moment.",
                    name=self.name,
                )
            ) from error
        lines = self._get_lines()
        (lines.lot_id | lines.stone_ids.home_lot_id)._lock_lots()

    def _post_entry(self):
        """Post what was added and lost beside the moves, so that the work place ends at 0."""
        costing = self.env["jewelry.transformation.costing"]
        entries = self.env["account.move"].with_company(self.company_id)
        self.sudo().entry_id = entries._post_stock_entry(
            costing._prepare_entry_lines(self), self.name
        )

    # === MATERIAL METHODS === #

    def _get_lines(self):
        """Return all lines; while a form is filled in, only the three lists are up to date."""
        return self.input_ids | self.output_ids | self.loss_ids

    def _get_main_input(self):
        """Return the input that decides place and owner: the first piece, else the first."""
        inputs = self.input_ids
        return (inputs.filtered(lambda line: line.content_kind == PIECE) or inputs)[:1]

    def _get_place(self):
        """Return where what comes out is put."""
        return self.place_id or self._get_main_input().place_id

    def _get_main(self):
        """Return the output that takes what no other line takes: a piece, or none.

        A piece that went in comes before a new one.
        """
        pieces = self.output_ids.filtered(lambda line: line.content_kind == PIECE)
        known = pieces.filtered(lambda line: line.lot_id & self.input_ids.lot_id)
        return (known or pieces)[:1]

    def _get_rest(self):
        """Return what the lines beside the main output leave for it, by measure."""
        contents = defaultdict(Decimal)
        for line in self._get_lines() - self._get_main():
            for measure, amount in line._get_content().items():
                contents[measure] += SIGNS[line.direction] * amount
        return dict(contents)

    def _get_main_plan(self):
        """Return what the main output will be made of.

        :return: metals ({alloy: grams}), other (grams), carats, gross (grams; 0: not known)
        :rtype: dict
        """
        metals, other = self._get_main_parts()
        rest = self._get_rest()
        carats = sum(
            (amount for measure, amount in rest.items() if measure.dimension == balance.CARATS),
            Decimal(),
        )
        metal = sum(metals.values())
        parts = metal + other + weight.stone_grams(carats)
        gross = weight.to_decimal(self._get_main().gross_weight) or (metal and parts)
        return {"metals": metals, "other": other, "carats": carats, "gross": gross}

    def _get_main_parts(self):
        """Return the metals ({alloy: grams}) and the grams of other parts left for the main
        output.
        """
        metals, other = defaultdict(Decimal), Decimal()
        for line in self._get_lines() - self._get_main():
            other += SIGNS[line.direction] * line._get_other_weight()
            for alloy, grams in line._get_metals().items():
                metals[alloy] += SIGNS[line.direction] * grams
        return {alloy: grams for alloy, grams in metals.items() if grams}, other

    def _get_difference(self):
        """Return what is missing (+) or too much (-), see `tools.balance.difference`."""
        return balance.difference(*self._get_contents().values())

    def _get_contents(self):
        """Return {direction: list of the contents of its lines}: in, out, loss and gain."""
        contents = {direction: [] for direction in ("in", "out", "loss", "gain")}
        for line in self._get_lines():
            contents[line.direction].append(line._get_content())
        return contents

    def _get_balance_rows(self):
        """Return a row of texts for each thing that is conserved, as the form shows it."""
        contents = self._get_contents()
        sides = [balance.add(contents[side]) for side in ("in", "out", "loss", "gain")]
        sides.append(balance.difference(*contents.values()))
        rows = [
            self._prepare_balance_row(measure, [side.get(measure, Decimal()) for side in sides])
            for measure in {key: None for side in sides for key, amount in side.items() if amount}
        ]
        return sorted(rows, key=lambda row: row["label"])

    def _prepare_balance_row(self, measure, amounts):
        """Return the texts of a row; amounts: in, out, lost, gained, missing."""
        given, found, lost, gained, missing = amounts
        label = self._get_measure_label(measure)
        return {
            "label": label[:1].upper() + label[1:],
            "in": self._format_amount(measure, given),
            "out": self._format_amount(measure, found),
            "lost": self._format_amount(measure, lost - gained) if lost or gained else "",
            "missing": self._format_amount(measure, missing) if missing else "",
        }

    def _describe_difference(self, missing):
        """Return one line of text for each thing that does not balance."""
        texts = {
            True: self.env._("%(amount)s of %(what)s is missing: it went in and did not come out."),
            False: self.env._("%(amount)s of %(what)s is too much: more comes out than went in."),
        }
        return "\n".join(
            texts[amount > 0]
            % {
                "amount": self._format_amount(measure, abs(amount)),
                "what": self._get_measure_label(measure),
            }
            for measure, amount in missing.items()
        )

    def _format_amount(self, measure, amount):
        unit = {balance.CARATS: "ct", balance.STONES: TIMES}.get(measure.dimension, "g")
        digits = 0 if measure.dimension == balance.STONES else 3
        return f"{amount:.{digits}f} {unit}"

    def _get_measure_label(self, measure):
        """Return what a measure counts, in the user's language."""
        if measure.dimension == balance.GRAMS:
            return self.env._("metal and other parts")
        if measure.dimension == balance.FINE:
            return self.env._("fine %(metal)s", metal=measure.key.name)
        if not measure.key:
            return self.env._("stones of no known kind")
        species, origin = measure.key
        origins = self.env["jewelry.stone"]._fields["origin"]._description_selection(self.env)
        return f"{species.name} ({dict(origins)[origin]})"

    def _is_loss_unusual(self):
        """Tell whether there is a gain, a declared loss above the norm, or stones that are
        missing although their weight is not.
        """
        self.ensure_one()
        declared = self.loss_ids.filtered(lambda line: line.loss_kind == "declared")
        if self.loss_ids._get("gain") or any(
            line.stone_count and not line.carat for line in declared
        ):
            return True
        shares = balance.loss_permille(
            [line._get_content() for line in declared],
            [line._get_content() for line in self.input_ids],
        )
        limits = self.env["jewelry.loss.norm"]._get_limits(self.kind, self.company_id)
        return any(shares.get(dimension, 0) > limit for dimension, limit in limits.items())

    def _get_suspicious_lines(self):
        """Return the lines of stones that come back with another average weight than they have
        in the books, by more than the company tolerates.
        """
        if self.kind != "return" or self.state != "draft" or self.reversal_of_id:
            return self.output_ids.browse()
        parcels = self.output_ids.filtered(lambda line: line.content_kind == "parcel")
        limit = self.company_id.parcel_tolerance
        return parcels.filtered(lambda line: abs(line._get_average_shift()) > limit)

    def _describe_shift(self, line):
        """Return how much the average stone of a line has changed, in words."""
        return self.env._(
            "%(parcel)s: the average stone weighs %(percent)+.1f %% against the books",
            parcel=line.lot_id.name,
            percent=line._get_average_shift(),
        )

    def _rebuild(self, plan):
        """Write what the outputs are made of now, and what became of each stone."""
        main, taken = self._get_main(), self._get_main_stones()
        self.output_ids._create_lots()
        (self.output_ids + self.loss_ids - main)._take_stones()
        if main:
            main._take_main_stones(taken)
            main._write_main(plan)
        (self.output_ids - main)._write_weights()
        self._get_lines().lot_id.transformation_id = self

    def _get_main_stones(self):
        """Return the stones, and the groups, that end in the main output."""
        held = self.input_ids.filtered(lambda line: line.content_kind in (PIECE, STONE))
        gone = self.env["jewelry.stone"]
        for line in self.output_ids - self._get_main() + self.loss_ids._get("loss"):
            gone |= line.stone_ids.filtered(line._is_whole)
        return (held.lot_id.stone_ids | self.loss_ids._get("gain").stone_ids) - gone

    # === UNDO METHODS === #

    def _reverse(self):
        """Do the opposite transformation, and return it."""
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._check_reversible()
        opposite = self.sudo().create(self._prepare_reversal_vals()).sudo(False)
        opposite._set_done()
        return opposite

    def _check_reversible(self):
        """Refuse to undo what is not done, or what went on to something else since.

        :raises UserError: naming what changed
        """
        if self.state != "done" or self.reversal_ids.filtered(lambda t: t.state == "done"):
            raise UserError(
                self.env._(
                    "%(name)s cannot be undone: it has not been done, or has been undone already.",
                    name=self.name,
                )
            )
        lots = self._get_lines().lot_id
        later = lots.filtered(lambda lot: lot.transformation_id != self)
        later |= self.sudo().output_ids.filtered(lambda line: line._is_revalued()).lot_id
        if later:
            raise UserError(
                self.env._(
                    "%(name)s cannot be undone: %(lots)s has been worked on or revalued since. "
                    "Undo the later transformation first; after a new cost, make another "
                    "transformation instead.",
                    name=self.name,
                    lots=", ".join(later.mapped("name")),
                )
            )

    def _prepare_reversal_vals(self):
        """Return the values of the opposite transformation: in is out, a loss is a gain."""
        swap = {"in": "out", "out": "in", "loss": "gain", "gain": "loss"}
        return {
            "kind": OPPOSITES.get(self.kind, self.kind),
            "company_id": self.company_id.id,
            "reversal_of_id": self.id,
            "place_id": self._get_main_input().place_id.id,
            "line_ids": [
                Command.create(line._prepare_reversal_vals(swap[line.direction]))
                for line in self._get_lines()
            ],
            "cost_ids": [
                Command.create(
                    {
                        "name": cost.name,
                        "amount": -cost.amount,
                        "account_id": cost.account_id.id,
                    }
                )
                for cost in self.cost_ids
            ],
        }

    # === GUARDS === #

    def _get_guarded_fields(self):
        """Override: state and approval change by their own acts; a company is chosen once."""
        guarded = super()._get_guarded_fields() | GUARDED
        return guarded if self else guarded - {"company_id"}

    def _check_editable(self):
        """Refuse to change what is done.

        :raises UserError: naming the transformations
        """
        if closed := self.filtered(lambda transformation: transformation.state != "draft"):
            raise UserError(
                self.env._(
                    "%(names)s is not a draft any more and cannot be changed. To correct it, "
                    "undo it and make another one.",
                    names=", ".join(closed.mapped("name")),
                )
            )

    def _touch(self):
        """Tell that these transformations change: an approval was for what they said before."""
        if self.env.su:
            return
        self._check_editable()
        approved = self.filtered("loss_approved_by_id")
        approved.sudo().write({"loss_approved_by_id": False, "loss_approved_date": False})

    def _get_totals(self):
        """Return the value of the lines by direction."""
        totals = dict.fromkeys(SIGNS, 0.0)
        for line in self._get_lines():
            totals[line.direction] += line.value
        return totals
