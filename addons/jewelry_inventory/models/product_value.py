from odoo import api, fields, models

from ..const import SPECIFIC

VALUE_REASONS = [
    ("opening", "Opening"),
    ("correction", "Correction"),
    ("write_down", "Write-down to net realisable value"),
    ("reversal", "Reversal of a write-down"),
    ("bill", "Vendor bill"),
    ("landed_cost", "Landed cost"),
    ("content", "Content changed"),
]

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

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `stock_account`: a new cost of a piece counts from now on, its done moves
        keep theirs; a value for a whole receipt is spread over the pieces that it brought.
        """
        records = super().create(self._prepare_piece_vals_list(vals_list))
        records.filtered(lambda value: value._is_of_piece())._apply_piece_cost()
        for value in records.filtered(lambda value: value.move_id.state == "done"):
            if value.move_id._is_specific():
                value.move_id._spread_cost(value.value, value.reason, value.description)
        return records

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
        return {
            "reason": "correction",
            "previous_value": cost,
            "delta": (vals["value"] - cost) * quantity,
        } | vals

    # === BUSINESS METHODS === #

    def _is_of_piece(self):
        """Tell whether this is the cost of one piece."""
        self.ensure_one()
        product = self.lot_id.product_id.with_company(self.company_id)
        return product.cost_method == SPECIFIC and not self.move_id

    def _apply_piece_cost(self):
        """Mirror the new costs on the pieces and post what the ledger does not know yet."""
        for value in self:
            value.lot_id.with_company(value.company_id)._mirror_cost(value.value)
        for company, values in self.grouped("company_id").items():
            values.with_company(company)._post_entry()
        self._log_cost_change()

    def _log_cost_change(self):
        """Hook: keep a trace of the new costs outside this table."""

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
        if self.reason in ("write_down", "reversal"):
            return self.company_id.piece_write_down_account_id
        return self.company_id.piece_revaluation_account_id
