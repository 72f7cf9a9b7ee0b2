from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import CHANGE_REASON, SPECIFIC

VALUE_REASONS = [
    ("opening", "Opening"),
    ("correction", "Correction"),
    ("write_down", "Write-down to net realisable value"),
    ("reversal", "Reversal of a write-down"),
    ("bill", "Vendor bill"),
    ("landed_cost", "Landed cost"),
    ("content", "Content changed"),
]

WRITE_DOWN_REASONS = ("write_down", "reversal")

# Those that a person may decide on; the others come with a document, which posts its own entries.
DECIDED_REASONS = ("correction", *WRITE_DOWN_REASONS)

# Change only the note of a cost that is in the books.
NOTE_FIELDS = {"description"}

# A document has debited the stock account with these already.
DOCUMENTED_REASONS = ("bill", "landed_cost")


class ProductValue(models.Model):
    """Cost history of a piece: each change with its reason and what it added to the stock."""

    _inherit = "product.value"

    lot_id = fields.Many2one(index="btree_not_null")
    reason = fields.Selection(selection=VALUE_REASONS)
    previous_value = fields.Monetary(currency_field="currency_id", readonly=True)
    delta = fields.Monetary(
        string="Added to Stock",
        currency_field="currency_id",
        readonly=True,
        help="What the change added to the stock value: 0 when the piece was not ours then.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("reason", "value", "lot_id")
    def _check_write_down(self):
        """Keep write-downs to what IAS 2.28-33 calls one: down, and back at most as far."""
        changes = self.filtered(lambda value: value.lot_id and value.reason in WRITE_DOWN_REASONS)
        written_down = self._get_written_down(changes.lot_id)
        for value in changes:
            if problem := value._get_write_down_problem(written_down.get(value.lot_id, 0.0)):
                raise ValidationError(
                    self.env._("%(piece)s: %(problem)s", piece=value.lot_id.name, problem=problem)
                )

    def _get_write_down_problem(self, written_down):
        """Return what is wrong with this write-down or reversal, or None.

        :param float written_down: what all of the piece's rows together have taken off its cost
        """
        self.ensure_one()
        if self.reason == "reversal" and not self.company_id.piece_reversal_allowed:
            return self.env._(
                "%(company)s does not reverse write-downs: the lowered amount is the new cost "
                "(US GAAP, ASC 330-10-35-14). A manager can allow reversals in the settings, if "
                "its books follow other rules such as IFRS.",
                company=self.company_id.name,
            )
        change = self.currency_id.compare_amounts(self.value, self.previous_value)
        if self.currency_id.is_zero(self.delta):
            return self.env._("only a piece of ours that is in stock can be written down.")
        if change > 0 and self.reason == "write_down":
            return self.env._("a write-down lowers the cost.")
        if change < 0 and self.reason == "reversal":
            return self.env._("a reversal raises the cost again.")
        if self.currency_id.compare_amounts(written_down, 0) < 0:
            return self.env._("a reversal brings back at most what was written down before.")
        return None

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `stock_account`: a new cost of a piece counts from now on, its done moves
        keep theirs; a value for a whole receipt is spread over the pieces that it brought.
        """
        vals_list = self._prepare_piece_vals_list(self._prepare_typed(vals_list))
        lots = self.env["stock.lot"]
        # Whom costs are hidden from is refused by core, without learning by what they are missed.
        if not self.env.su and lots._has_field_access(lots._fields["standard_price"], "write"):
            self._require_second_person(vals_list)
        records = super().create(vals_list)
        records.filtered(lambda value: value._is_of_piece())._apply_piece_cost()
        for value in records.filtered(lambda value: value.move_id.state == "done"):
            if value.move_id._is_specific():
                value.move_id._spread_cost(value.value, value.reason, value.description)
        return records

    @api.model
    def _require_second_person(self, vals_list):
        """Require a second person for costs that somebody types into the history of pieces.

        :raises UserError: when a piece is named twice: one of its costs would not be asked about
        """
        rows = [
            (lot, vals)
            for vals in vals_list
            if not vals.get("move_id")
            for lot in self.new(vals)._get_valued_lots()
        ]
        costs = {lot: vals["value"] for lot, vals in rows}
        if len(costs) < len(rows):
            raise UserError(self.env._("A piece has two new costs at once. Enter one for each."))
        reasons = {lot: vals.get("reason") or "correction" for lot, vals in rows}
        for reason, lots in self.env["stock.lot"].union(*costs).grouped(reasons.get).items():
            lots._require_revaluation({lot: costs[lot] for lot in lots}, reason)

    def _get_valued_lots(self):
        """Return the jewelry in the books that gets this cost: a lot, or all of a product."""
        lots = self.lot_id._origin or self.product_id._origin._get_bulk_lots()
        return lots._filter_in_books()

    @api.model
    def _prepare_typed(self, vals_list):
        """Return `vals_list` with what the context proposes, so that it is looked at like what is
        stated, and with the date of today for jewelry, whichever people state: what it costs
        changes in the open period, as does the ledger.
        """
        if self.env.su:
            return vals_list
        vals_list = [self._add_missing_default_values(vals) for vals in vals_list]
        now = {"date": fields.Datetime.now()}
        return [vals | now if self.new(vals)._is_of_jewelry() else vals for vals in vals_list]

    @api.model
    def _prepare_piece_vals_list(self, vals_list):
        """Return `vals_list` with the piece's cost so far and what the change adds."""
        lots = self.env["stock.lot"].browse(
            vals["lot_id"] for vals in vals_list if vals.get("lot_id")
        )
        costs = lots._filter_specific().sudo()._get_cost_and_quantity()
        return [self._prepare_piece_vals(vals, costs) for vals in vals_list]

    @api.model
    def _prepare_piece_vals(self, vals, costs):
        if vals.get("lot_id") not in costs:
            return vals
        cost, quantity = costs[vals["lot_id"]]
        found = {"previous_value": cost, "delta": (vals["value"] - cost) * quantity}
        stated = vals if self.env.su else vals | found
        return {"reason": "correction"} | found | stated

    def write(self, vals):
        """Override of `stock_account`: the cost history of jewelry is in the books, and takes in
        no row that was of something else.

        :raises UserError: unless a note is changed
        """
        if self.env.su or not vals.keys() - NOTE_FIELDS:
            return super().write(vals)
        self._check_history()
        res = super().write(vals)
        self._check_history()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        self._check_history()

    # === BUSINESS METHODS === #

    def _check_history(self):
        """Refuse to rewrite what pieces, parcels and metal have cost.

        :raises UserError: naming the lots
        """
        if kept := self.filtered(lambda value: value._is_of_jewelry()):
            lots = kept.lot_id | kept.move_id.move_line_ids.lot_id
            raise UserError(
                self.env._(
                    "The cost history of %(pieces)s stays as it is and cannot be changed. "
                    "Change the cost with “Revalue”, which asks for the reason.",
                    pieces=", ".join(lots[:5].mapped("name")),
                )
            )

    @api.model
    def _get_written_down(self, lots):
        """What write-downs have taken off the cost of `lots` and no reversal has brought back.

        :return: {lot: amount in company currency}; lots never written down are absent
        :rtype: dict
        """
        groups = self.sudo()._read_group(
            [
                ("lot_id", "in", lots.ids),
                ("company_id", "=", self.env.company.id),
                ("reason", "in", WRITE_DOWN_REASONS),
            ],
            ["lot_id"],
            ["previous_value:sum", "value:sum"],
        )
        return {lot.with_env(self.env): before - after for lot, before, after in groups}

    def _is_of_jewelry(self):
        """Tell whether this is the cost of jewelry, whose history is kept."""
        self.ensure_one()
        products = self.product_id | self.lot_id.product_id | self.move_id.product_id
        return any(products.mapped("jewelry_kind"))

    def _is_of_piece(self):
        """Tell whether this is the cost of one piece."""
        self.ensure_one()
        product = self.lot_id.product_id.with_company(self.company_id)
        return product.cost_method == SPECIFIC and not self.move_id

    def _apply_piece_cost(self):
        """Mirror the new costs on the pieces and post what the ledger does not know yet."""
        for company, values in self.grouped("company_id").items():
            costs = {value.lot_id.id: value.value for value in values}
            values.lot_id.with_company(company)._mirror_costs(costs)
        carried = self._carry_to_holders()
        for company, values in (self - carried).grouped("company_id").items():
            values.with_company(company)._post_entry()
        self._log_cost_change()

    def _carry_to_holders(self):
        """Pass on what a stone costs more or less to the piece that it is set in by now.

        :return: the changes that were passed on; they are posted there
        """
        carried = self.browse()
        for company, values in self.grouped("company_id").items():
            holders = values.lot_id.with_company(company)._get_setting_pieces()
            inside = values.filtered(lambda value, holders=holders: value.lot_id in holders)
            for rows in inside.grouped(lambda value: (value.reason, value.description)).values():
                rows._carry(holders)
            carried |= inside
        return carried

    def _carry(self, holders):
        """Let pieces cost as much more or less as the stones in them, for one and the same reason.

        :param dict holders: {stone's lot: piece}, of the company of these changes
        """
        changes = defaultdict(float)
        for value in self:
            changes[holders[value.lot_id]] += value.value - value.previous_value
        costs = {
            piece: max(piece.sudo().standard_price + change, 0.0)
            for piece, change in changes.items()
        }
        pieces = self.env["stock.lot"].with_company(self.company_id).union(*costs)
        pieces._set_cost(costs, self[:1].reason, self[:1].description)

    def _log_cost_change(self):
        """Append the new costs to the provenance of the pieces."""
        for note, values in self.grouped("description").items():
            events = self.env["jewelry.provenance.event"].with_context(**{CHANGE_REASON: note})
            events._append(
                [
                    events._prepare_cost_entry(
                        value.lot_id, value.value, value.currency_id, value.reason
                    )
                    for value in values
                ]
            )

    def _post_entry(self):
        """Post these cost changes: to the stock, and on from there for pieces sold already."""
        lines = [line for value in self for line in value._prepare_entry_lines()]
        self.env["account.move"]._post_stock_entry(lines, ", ".join(self.lot_id.mapped("name")[:5]))
        sold = self.filtered(lambda value: not value.delta).lot_id
        sold._get_invoice_lines()._post_cost_difference()

    def _prepare_entry_lines(self):
        """Return stock against the account that explains the change, for perpetual valuation."""
        self.ensure_one()
        amount = self.currency_id.round(self.value - self.previous_value)
        explained = self._get_counterpart_account()
        stock = self.lot_id.product_id._get_product_accounts()["stock_valuation"]
        if self.lot_id.product_id.valuation != "real_time" or not (amount and explained and stock):
            return []
        return [
            self._prepare_entry_line(stock, amount),
            self._prepare_entry_line(explained, -amount),
        ]

    def _prepare_entry_line(self, account, balance):
        reason = dict(self._fields["reason"]._description_selection(self.env))[self.reason]
        return {
            "account_id": account.id,
            "name": f"{self.lot_id.name}: {self.description or reason}",
            "balance": balance,
            "product_id": self.lot_id.product_id.id,
        }

    def _get_counterpart_account(self):
        """Return the account that explains the change, or none where a document posted it."""
        if self.reason in DOCUMENTED_REASONS:
            return self.env["account.account"]
        if self.reason in WRITE_DOWN_REASONS:
            return self.company_id.piece_write_down_account_id
        return self.company_id.piece_revaluation_account_id
