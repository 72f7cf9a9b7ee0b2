from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import CHANGE_REASON, COST_GROUPS
from ..tools.weight import round_milli

# Found out by the program.
GUARDED_FIELDS = {"piece_value", "is_suspicious"}

# Editing these on a done line changes which piece moved, or whose it is.
VALUATION_FIELDS = {"quantity", "lot_id", "location_id", "location_dest_id", "owner_id"}


class StockMoveLine(models.Model):
    """A line of a move of pieces: which piece, and what it was worth when it moved."""

    _name = "stock.move.line"
    _inherit = ["stock.move.line", "jewelry.bulk.mixin", "jewelry.guard.mixin"]

    company_currency_id = fields.Many2one(related="company_id.currency_id")
    cost_unit = fields.Monetary(
        string="Unit Cost",
        currency_field="company_currency_id",
        copy=False,
        groups=COST_GROUPS,
        help="What this very piece costs, when the delivery brings pieces of different cost.",
    )
    piece_value = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        groups=COST_GROUPS,
        help="What the piece added to our stock (+) or took out of it (-) in this move.",
    )

    stone_count = fields.Integer(
        copy=False,
        help="How many stones of a parcel move. Empty: estimated by its average stone.",
    )
    is_suspicious = fields.Boolean(
        readonly=True,
        copy=False,
        help="The average stone that came back weighed something else than in the parcel.",
    )

    _stone_count_positive = models.Constraint(
        "CHECK (stone_count >= 0)", "The number of stones cannot be negative. Enter 0 or more."
    )

    # What has moved a piece, for the history of its cost.
    _lot_index = models.Index("(lot_id) WHERE lot_id IS NOT NULL")

    # === CONSTRAINTS === #

    @api.constrains("lot_id", "move_id")
    def _check_promised_piece(self):
        for line in self:
            promised = line.move_id.piece_id
            if promised and line.lot_id and line.lot_id != promised:
                raise ValidationError(
                    self.env._(
                        "%(document)s is for %(promised)s, not for %(piece)s. To hand over another "
                        "piece, change it in the order first.",
                        document=line.move_id.reference or line.move_id.origin,
                        promised=promised.name,
                        piece=line.lot_id.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `stock_account` to value pieces in lines added to a done move."""
        lines = super().create(vals_list)
        lines._set_done_piece_values()
        lines._follow_edit({})
        lines._check_edited(lines.browse().lot_id)
        lines._log_moves()
        return lines

    def write(self, vals):
        """Override of `stock_account` to value again the pieces in an edited done line, and to
        write down that the move was another than had been written down.
        """
        self._check_entered(vals)
        if not VALUATION_FIELDS & vals.keys():
            return super().write(vals)
        events = self.env["jewelry.provenance.event"]
        undone, counts = events._prepare_move_entries(self), self._get_parcel_counts()
        lots = self.lot_id
        res = super().write(vals)
        self._set_done_piece_values()
        self._follow_edit(counts)
        self._check_edited(lots)
        if undone and undone != events._prepare_move_entries(self):
            events._append([(lot, "undo", {"undone": kind}) for lot, kind, _payload in undone])
            self._log_moves()
        return res

    # === BUSINESS METHODS === #

    def _get_guarded_fields(self):
        """Override: what a piece was worth when it moved follows from its cost."""
        return super()._get_guarded_fields() | GUARDED_FIELDS

    def _check_entered(self, vals):
        """Refuse to count stones otherwise, or to state another cost, after they moved.

        :raises UserError: saying what to do
        """
        done = self.filtered(lambda line: line.state == "done" and not self.env.su)
        if "cost_unit" in vals and (costed := done.lot_id.filtered("is_piece")):
            raise UserError(
                self.env._(
                    "The cost of %(pieces)s is in the books. Change it with “Revalue”, which asks "
                    "for the reason.",
                    pieces=", ".join(costed[:5].mapped("name")),
                )
            )
        if "stone_count" in vals and done.lot_id._filter_parcels():
            raise UserError(
                self.env._(
                    "These stones have moved already, so their number cannot be changed here. "
                    "Take them back, and enter there what is missing or found."
                )
            )

    def _check_edited(self, lots):
        """Refuse edits of done lines that lead to what moves may not lead to.

        :param lots: those that the lines named before
        :raises UserError: saying why
        """
        if done := self.filtered(lambda line: line.state == "done"):
            done._check_written_off()
            (lots | done.lot_id)._check_whereabouts()

    def _check_written_off(self):
        """Refuse to scrap jewelry, or to count it as missing, without a second person. What a
        transformation loses had one already, where it was above the norm, and so had what a count
        of ours misses.

        :return: why, as it was approved; "" where nobody had to ask
        :raises RedirectWarning: offering to ask
        """
        gone = Counter()
        for line in self:
            if line._is_written_off():
                gone[line.lot_id] += line.quantity_product_uom
        return self.env["stock.lot"].union(*gone)._require_write_off("lost", gone) if gone else ""

    def _is_written_off(self):
        """Tell whether the line takes jewelry out of the books, by a count or as scrap."""
        self.ensure_one()
        return (
            self.location_dest_id.usage == "inventory"
            and self.quantity > 0
            and bool(self.lot_id.jewelry_kind)
            and not self.move_id.transformation_line_id
            and not self.move_id.jewelry_count_id
        )

    def _get_custody_goods(self):
        """Return what jewelry the lines move: lists of lot, source, destination and quantity."""
        return [
            [line.lot_id, line.location_id, line.location_dest_id, line.quantity_product_uom]
            for line in self
            if line.lot_id.jewelry_kind
        ]

    def _get_parcel_counts(self):
        """Return {parcel: how many stones those of the lines that are done brought}."""
        counts = Counter()
        for line in self.filtered(lambda line: line.state == "done"):
            if line.lot_id._filter_parcels():
                counts[line.lot_id] += line._get_count_change()
        return counts

    def _follow_edit(self, before):
        """Let parcels follow lines that were edited when done, or added to a done move.

        :param dict before: as of `_get_parcel_counts`
        """
        after = self._get_parcel_counts()
        for lot in after.keys() | before.keys():
            lot._follow_edit(after.get(lot, 0) - before.get(lot, 0))

    def _log_moves(self, reason=""):
        """Append what these lines, those of them that are done, did to their pieces.

        :param str reason: why, as approved; else what whoever moves them says
        """
        events = self.env["jewelry.provenance.event"]
        reason = reason or events._get_change_reason()
        events = events.with_context(**{CHANGE_REASON: reason})
        events._append(events._prepare_move_entries(self))

    def _action_done(self):
        """Override of `stock`: pieces that have never moved have no quants to look for, so that
        theirs can be written in one go.
        """
        if not self._are_new_pieces():
            return super()._action_done()
        quants = []
        res = super(StockMoveLine, self.with_context(new_quants=quants))._action_done()
        self.env["stock.quant"].sudo()._create_at_once(quants)
        return res

    def _are_new_pieces(self):
        """Tell whether each of the lines brings a piece of its own that has never moved."""
        lots = self.lot_id
        return (
            bool(lots)
            and len(lots) == len(self)
            and all(lots.mapped("is_piece"))
            and not (self.package_id | self.result_package_id)
            # In sudo: it has moved, whoever may see where.
            and not lots.sudo().quant_ids
        )

    def _synchronize_quant(
        self, quantity, location, action="available", in_date=False, **quants_value
    ):
        """Override of `stock` to collect the quants of new pieces for `_action_done`."""
        quants = self.env.context.get("new_quants")
        if quants is None:
            return super()._synchronize_quant(quantity, location, action, in_date, **quants_value)
        if action == "available":
            in_date = in_date or fields.Datetime.now()
            quants.append(self._prepare_quant_vals(quantity, location, in_date))
        return 0, in_date

    def _prepare_quant_vals(self, quantity, location, in_date):
        return {
            "product_id": self.product_id.id,
            "location_id": location.id,
            "lot_id": self.lot_id.id,
            "owner_id": self.owner_id.id,
            "quantity": quantity,
            "in_date": in_date,
        }

    def _set_done_piece_values(self):
        edited = self.with_context(edited_lines=True)
        done = edited.filtered(lambda line: line.state == "done" and line.move_id).sudo()
        for move, lines in done.grouped("move_id").items():
            if move._is_specific():
                move._set_piece_values(lines)

    def _estimate_stone_counts(self):
        """Give lines of parcels the count that their carats make, where none was entered; the
        last carats of a place take its last stones.
        """
        unsaid = self.filtered(
            lambda line: not line.stone_count and line.lot_id.jewelry_kind == "parcel"
        )
        amounts = unsaid.lot_id._get_amounts()
        for line in unsaid:
            carats, count = amounts[line.lot_id, line.location_id]
            all_of_it = count and carats == round_milli(line.quantity_product_uom)
            estimate = line.lot_id._estimate_count(line.quantity_product_uom)
            line.stone_count = count if all_of_it else estimate

    def _get_direction(self):
        """Return 1 for a line into the company, -1 out of it, 0 within or outside."""
        self.ensure_one()
        return self.location_dest_id._is_of_store() - self.location_id._is_of_store()

    def _get_carat_change(self):
        """Return the exact carats that the line added to the company's."""
        return self._get_direction() * round_milli(self.quantity_product_uom)

    def _get_count_change(self):
        """Return how many stones the line added to the company's."""
        return self._get_direction() * self.stone_count

    def _get_stated_cost(self):
        """Return what this very piece is known to cost, company currency, or 0."""
        self.ensure_one()
        if self.move_id.transformation_line_id:
            # It may come out worth nothing, whatever it cost before.
            return 0.0
        return self.cost_unit or self._get_moved_cost()

    def _get_moved_cost(self):
        """Return what the line's piece cost when it moved, company currency."""
        return self._get_piece_cost() - self._get_later_change()

    def _get_later_change(self):
        """Return how much more the piece costs than when the line, which is edited, moved it."""
        return self._get_cost_change() if self.env.context.get("edited_lines") else 0.0

    def _get_cost_change(self, *reasons):
        """Return what the changes of the piece's cost since the line add up to.

        :param str reasons: reasons of `product.value` that count; all without any
        """
        self.ensure_one()
        changes = self.lot_id.value_ids.filtered(
            lambda change: (
                change.company_id == self.company_id
                and change.date >= self.date
                and (not reasons or change.reason in reasons)
            )
        )
        return sum(change.value - change.previous_value for change in changes)

    def _get_piece_cost(self):
        """Return the cost of the line's piece, company currency."""
        self.ensure_one()
        return self.lot_id.with_company(self.company_id).standard_price
