from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..const import COST_GROUPS, WEIGHT_DIGITS

LINE_KINDS = [
    ("missing", "Missing"),
    ("unexpected", "Unexpected"),
    ("misplaced", "Wrong Place"),
    ("weight", "Other Weight"),
    ("sold", "Sold, Not Scanned"),
    ("moved", "Moved Meanwhile"),
]
# What is no difference: the books say themselves why.
EXPLAINED = ("sold", "moved")
# Places out of which a find comes back by a move of ours. Goods that were sold or returned come
# back by the document that they left with.
RETURN_USAGES = ("inventory",)

REASONS = [
    ("unknown", "Unknown"),
    ("theft", "Theft"),
    ("booking", "Not booked or wrongly booked"),
    ("label", "Label lost or swapped"),
    ("damaged", "Damaged or thrown away"),
    ("scale", "Scale"),
    ("order", "Put in the wrong place"),
    ("other", "Other"),
]


class JewelryCountLine(models.Model):
    """One piece or parcel of which the count says something else than the books, or that moved
    while it was counted. Made when the count closes; until then nobody can read what is expected.
    """

    _name = "jewelry.count.line"
    _inherit = "jewelry.guard.mixin"
    _description = "Line of a Count"
    _order = "kind, id"

    count_id = fields.Many2one(
        comodel_name="jewelry.count", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="count_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(related="count_id.state")
    kind = fields.Selection(selection=LINE_KINDS, required=True, readonly=True)
    lot_id = fields.Many2one(
        comodel_name="stock.lot", string="Piece", required=True, readonly=True, index=True
    )
    product_id = fields.Many2one(related="lot_id.product_id", string="Style")
    place_id = fields.Many2one(
        comodel_name="stock.location",
        string="By the Books",
        readonly=True,
        help="Where the books had it when the count closed.",
    )
    found_place_id = fields.Many2one(
        comodel_name="stock.location", string="Found In", readonly=True
    )
    user_id = fields.Many2one(comodel_name="res.users", string="Found By", readonly=True)
    expected_quantity = fields.Float(string="Expected", digits=WEIGHT_DIGITS, readonly=True)
    found_quantity = fields.Float(string="Found", digits=WEIGHT_DIGITS, readonly=True)
    quantity = fields.Float(
        string="Concerned", digits=WEIGHT_DIGITS, readonly=True, help="What the values are of."
    )
    stone_count = fields.Integer(string="Stones", readonly=True, help="As counted, of a parcel.")
    retail_value = fields.Monetary(string="At Retail", readonly=True)
    cost_value = fields.Monetary(string="At Cost", readonly=True, groups=COST_GROUPS)

    # What the manager says to it
    reason = fields.Selection(selection=REASONS)
    note = fields.Char()
    to_apply = fields.Boolean(string="Apply", help="Change the books when the count is applied.")
    is_applied = fields.Boolean(string="Applied", readonly=True)

    # === CRUD METHODS === #

    def write(self, vals):
        """Override to keep what was said once the count is applied.

        :raises UserError: naming the count
        """
        if {"reason", "note", "to_apply"} & vals.keys():
            self.count_id._check_state("counted")
        if vals.get("to_apply"):
            self._check_applicable()
        return super().write(vals)

    def _get_guarded_fields(self):
        """Override: lines are made by the close; people only say why, and what shall be done."""
        said = {"reason", "note", "to_apply"}
        return super()._get_guarded_fields() | (
            self._fields.keys() - said - set(models.MAGIC_COLUMNS)
        )

    # === BUSINESS METHODS === #

    @api.model
    def _prepare(self, count, finding):
        """Return the values of the line for a finding of the close."""
        lot, verdict, scan = finding.lot, finding.verdict, finding.scan
        quantity = float(abs(verdict.found - verdict.expected)) if not lot.is_piece else 1.0
        vals = {
            "count_id": count.id,
            "kind": verdict.kind,
            "lot_id": lot.id,
            "place_id": finding.place.id,
            "found_place_id": scan.place_id.id,
            "user_id": scan.user_id.id,
            "expected_quantity": float(verdict.expected),
            "found_quantity": float(verdict.found),
            "quantity": quantity,
            "stone_count": scan.stone_count,
            "retail_value": lot.list_price * quantity,
            "cost_value": lot._get_book_cost(quantity),
            "reason": "order" if verdict.kind == "misplaced" else False,
        }
        return vals | {"to_apply": self._is_applicable(verdict.kind, lot, finding.place)}

    @api.model
    def _is_applicable(self, kind, lot, place):
        """Tell whether the books can be changed for a line, by a move of ours."""
        if kind == "unexpected":
            return place.usage in RETURN_USAGES and not lot.void_reason
        return kind not in EXPLAINED

    def _check_applicable(self):
        """Refuse to apply what is no difference, or comes back by another document.

        :raises UserError: naming the piece
        """
        for line in self:
            if not line._is_applicable(line.kind, line.lot_id, line.place_id):
                raise UserError(
                    self.env._(
                        "%(piece)s: the count changes nothing here. What was sold or sent back "
                        "returns by a return of its delivery, what never came in by its receipt, "
                        "what is void under a new number.",
                        piece=line.lot_id.name,
                    )
                )

    def _filter_differences(self):
        return self.filtered(lambda line: line.kind not in EXPLAINED)

    def _filter_shrink(self):
        """Return the lines of what is gone, or less than the books say."""
        return self.filtered(
            lambda line: (
                line.kind in ("missing", "weight") and line.expected_quantity > line.found_quantity
            )
        )

    def _is_current(self):
        """Tell whether the books still have it as when the count closed."""
        self.ensure_one()
        held = sum(self._get_sources(self.place_id).mapped("quantity"))
        if self.lot_id.is_piece:
            return held > 0
        return held >= self.expected_quantity - self.found_quantity

    def _say_reason(self):
        """Return why the books are changed, for their history: the count, and what was said."""
        self.ensure_one()
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        said = ", ".join(filter(None, [reasons.get(self.reason), self.note]))
        return ": ".join(filter(None, [self.count_id.name, said]))

    def _prepare_moves(self):
        """Return the values of the moves that make the books right: one for each owner."""
        self.ensure_one()
        source, dest = self._get_way()
        if source != self.place_id:
            # A gain: whose it is follows from the rest of it.
            owner = self._get_sources(dest)[:1].owner_id
            return [self._prepare_move(source, dest, self.quantity, owner)]
        rest, rows = self.quantity, []
        for quant in self._get_sources(source):
            taken = min(rest, quant.quantity)
            if taken > 0:
                rows.append(self._prepare_move(quant.location_id, dest, taken, quant.owner_id))
                rest -= taken
        return rows

    def _get_way(self):
        """Return where the goods are taken from, and where they are put."""
        loss = self.product_id.with_company(self.company_id).property_stock_inventory
        if self.kind in ("misplaced", "unexpected"):
            return self.place_id, self.found_place_id
        if self.expected_quantity > self.found_quantity:
            return self.place_id, loss
        return loss, self.place_id

    def _get_sources(self, place):
        """Return the quants of the goods in a place, and in those inside it."""
        return self.lot_id.quant_ids.filtered(
            lambda quant: (
                quant.quantity > 0
                and bool(place)
                and quant.location_id.parent_path.startswith(place.parent_path)
            )
        )

    def _prepare_move(self, source, dest, quantity, owner):
        places = {"location_id": source.id, "location_dest_id": dest.id}
        line = {
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "quantity": quantity,
            "owner_id": owner.id,
        }
        return places | {
            "product_id": self.product_id.id,
            "product_uom_qty": quantity,
            "company_id": self.company_id.id,
            "jewelry_count_id": self.count_id.id,
            "is_inventory": True,
            "inventory_name": self._say_reason(),
            "picked": True,
            "move_line_ids": [Command.create(line | places)],
        }
