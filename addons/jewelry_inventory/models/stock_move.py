from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import BULK_KINDS, COST_GROUPS, SPECIFIC


class StockMove(models.Model):
    """Moves of pieces: each carries the own cost of each piece in it."""

    _name = "stock.move"
    _inherit = ["stock.move", "jewelry.cost.guard", "jewelry.guard.mixin"]

    value = fields.Monetary(groups=COST_GROUPS)
    value_manual = fields.Monetary(groups=COST_GROUPS)
    value_justification = fields.Text(groups=COST_GROUPS)
    value_computed_justification = fields.Text(groups=COST_GROUPS)
    remaining_value = fields.Monetary(groups=COST_GROUPS)
    # Not as superuser: `read_group` asks for the groups of what the field is related to, only.
    standard_price = fields.Float(groups=COST_GROUPS, related_sudo=False)
    price_unit = fields.Float(groups=COST_GROUPS)

    piece_id = fields.Many2one(
        comodel_name="stock.lot",
        check_company=True,
        index="btree_not_null",
        help="The very piece that this move is for. No other is reserved or moved in its place.",
    )
    jewelry_import_id = fields.Many2one(
        comodel_name="jewelry.import",
        string="Intake File",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The file from which the move took pieces into stock.",
    )
    jewelry_count_id = fields.Many2one(
        comodel_name="jewelry.count",
        string="Count",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The count that made the move. What it writes off was approved there.",
    )
    transformation_line_id = fields.Many2one(
        comodel_name="jewelry.transformation.line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    # === COMPUTE METHODS === #

    @api.depends("inventory_name", "origin")
    def _compute_reference(self):
        """Override of `stock`: moves without a transfer say what they are for, as the ledger
        needs a name for their entry.
        """
        super()._compute_reference()
        for move in self.filtered(lambda move: not move.reference):
            move.reference = move.inventory_name or move.origin

    def _compute_remaining_value(self):
        """Override of `stock_account`: what remains is worth what those pieces cost."""
        specific = self._filter_specific()
        super(StockMove, self - specific)._compute_remaining_value()
        pieces = self.env["jewelry.piece.valuation"]._get_pieces_here(specific.product_id)
        for move in specific:
            lots = pieces.get(move.id, self.env["stock.lot"]).with_company(move.company_id)
            move.remaining_value = sum(lots.sudo().mapped("standard_price"))

    # === RESERVATION METHODS === #

    def _reserve_own_piece(self):
        """Return the moves in a context in which only the move's own piece can be found."""
        return self.with_context(only_piece_id=self.piece_id.id) if self.piece_id else self

    def _should_assign_at_confirm(self):
        """Override of `stock`: whatever the operation type says, a promised piece is kept now."""
        return bool(self.piece_id) or super()._should_assign_at_confirm()

    def _update_reserved_quantity_vals(
        self, need, location_id, lot_id=None, package_id=None, owner_id=None, strict=True
    ):
        """Override of `stock` to look up one piece instead of gathering all of its style."""
        return super(StockMove, self._reserve_own_piece())._update_reserved_quantity_vals(
            need, location_id, lot_id, package_id, owner_id, strict
        )

    def _set_quantity_done_prepare_vals(self, qty):
        """Override of `stock`: a quantity typed on the move is its own piece."""
        return super(StockMove, self._reserve_own_piece())._set_quantity_done_prepare_vals(qty)

    def _get_available_move_lines(self, assigned_moves_ids, partially_available_moves_ids):
        """Override of `stock`: of what earlier moves brought, only the own piece counts."""
        available = super()._get_available_move_lines(
            assigned_moves_ids, partially_available_moves_ids
        )
        if not self.piece_id:
            return available
        return {key: quantity for key, quantity in available.items() if key[1] == self.piece_id}

    def _prepare_move_line_vals(self, quantity=None, reserved_quant=None):
        """Override of `stock` to name the piece also where nothing is reserved: returns."""
        vals = super()._prepare_move_line_vals(quantity, reserved_quant)
        if self.piece_id and not reserved_quant:
            vals["lot_id"] = self.piece_id.id
        return vals

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        """Override of `stock`: moves of two pieces stay two moves."""
        return [*super()._prepare_merge_moves_distinct_fields(), "piece_id"]

    def _prepare_procurement_values(self):
        """Override of `stock` to hand the piece on to the moves that bring it here."""
        return super()._prepare_procurement_values() | {"piece_id": self.piece_id.id}

    # === BUSINESS METHODS === #

    def _get_guarded_fields(self):
        """Override: what comes out of a transformation is valued by it, and what a count writes
        off was approved there.
        """
        return super()._get_guarded_fields() | {"transformation_line_id", "jewelry_count_id"}

    def _is_specific(self):
        """Tell whether the move is of pieces costed one by one."""
        self.ensure_one()
        return self.product_id.with_company(self.company_id).cost_method == SPECIFIC

    def _filter_specific(self):
        return self.filtered(lambda move: move._is_specific())

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        """Override of `stock`, which compares unit costs to merge moves."""
        guarded = super(StockMove, self._with_costs())
        return guarded._action_confirm(merge, merge_into, create_proc).with_env(self.env)

    def _action_done(self, cancel_backorder=False):
        """Override of `stock_account` to let one transaction at a time move a piece, to refuse
        what would leave it in two places, and to write down that it moved.
        """
        self._check_made_by_transformation()
        reason = self.move_line_ids._check_written_off()
        self.move_line_ids.lot_id._lock_pieces()
        self._check_insured()
        self.move_line_ids._estimate_stone_counts()
        guarded = super(StockMove, self._with_costs())
        moves = guarded._action_done(cancel_backorder=cancel_backorder).with_env(self.env)
        lots = moves.move_line_ids.lot_id
        lots._check_whereabouts()
        moves._check_pairs()
        lots._after_move(moves)
        moves.move_line_ids._log_moves(reason)
        return moves

    def _check_insured(self):
        """Ask before a place holds more than the insurer covers. Every move passes here; those of
        a transfer were asked about when it was validated, by `_pre_action_done_hook`.

        :raises UserError: saying which limit
        :raises RedirectWarning: offering a manager to go on with a reason
        """
        excesses = self.env["jewelry.custody.excess"]
        for company, moves in (
            self.filtered(lambda move: not move.picking_id).grouped("company_id").items()
        ):
            excesses._require_insured(company, moves.move_line_ids._get_custody_goods())

    def _check_pairs(self):
        """Refuse to hand one stone of a matched pair to a customer alone. A move that is for one
        very piece is let through: its order has asked for all that it sells.

        :raises UserError: naming each stone and its mate
        """
        leaving = self.filtered(lambda move: move.location_dest_id.usage == "customer")
        unasked = leaving.filtered(lambda move: not move.piece_id).move_line_ids.lot_id
        # In sudo: a mate counts, whoever may see it.
        parted = leaving.move_line_ids.lot_id.sudo()._get_parted() if unasked else {}
        if reasons := [f"{lot.name}: {why}" for lot, why in parted.items() if lot in unasked]:
            raise UserError(
                self.env._("These stones cannot leave now:\n%(stones)s", stones="\n".join(reasons))
            )

    def _check_made_by_transformation(self):
        """Refuse pieces out of production of which no transformation says what each costs.

        :raises UserError: a manufacturing order makes them, at the cost of their style
        """
        made = self.filtered(
            lambda move: (
                move.location_id.usage == "production"
                and not move.transformation_line_id
                and move._is_specific()
            )
        )
        if made:
            raise UserError(
                self.env._(
                    "%(styles)s: every piece has a cost of its own, which a manufacturing order "
                    "does not know. Make it by a transformation (Cast, Assemble), or give the "
                    "product another costing method.",
                    styles=", ".join(made.product_id.mapped("display_name")),
                )
            )

    def _create_account_move(self):
        """Override of `stock_account`: the pieces' values are known once their lines are done,
        and needed here first.
        """
        for move in self._filter_specific().sudo():
            move._set_piece_values(move.move_line_ids)
        return super()._create_account_move()

    def _set_value(self, correction_quantity=None):
        """Override of `stock_account`: what a piece was worth when it moved stays; later
        findings are changes of its cost (`product.value`).
        """
        specific = self._filter_specific()
        for move in specific.filtered(lambda move: move.state == "done"):
            move.value = sum(abs(line.piece_value) for line in move.move_line_ids)
        # An edited quantity scales the value; core does that well.
        bulk = self.browse() if correction_quantity else self._filter_leaving_bulk()
        bulk._set_bulk_values()
        return super(StockMove, self - specific - bulk)._set_value(correction_quantity)

    def _filter_leaving_bulk(self):
        """Return the moves that take parcels or metal out of our stock."""
        return self.filtered(lambda m: m.product_id.jewelry_kind in BULK_KINDS and m._is_out())

    def _set_bulk_values(self):
        """Let what leaves a lot be worth what the lot is worth less afterwards, each rounded:
        so that no cent remains when it is empty. What has left keeps its value.
        """
        taken = defaultdict(float)
        for move in self.filtered(lambda move: move.state != "done"):
            move.value = sum(
                move._get_bulk_value(line, taken) for line in move._get_out_move_lines()
            )

    def _get_bulk_value(self, line, taken):
        """Return what a line takes of the value of its lot.

        :param dict taken: {lot: quantity that earlier lines of the same act take}
        """
        lot = line.lot_id.with_company(self.company_id)
        average, total = lot.product_id.with_company(self.company_id).sudo()._run_avco(lot=lot)
        before = total - average * taken[lot]
        taken[lot] += line.quantity_product_uom
        currency = self.company_id.currency_id
        return currency.round(before) - currency.round(total - average * taken[lot])

    def _set_piece_values(self, lines):
        """Give each of the move's `lines` the value that its piece brings (+) or takes (-): in a
        line that is edited, as of when it moved.
        """
        self.ensure_one()
        arriving = lines & self._get_in_move_lines()
        leaving = lines & self._get_out_move_lines()
        (lines - arriving - leaving).piece_value = 0
        self._receive_pieces(arriving)
        for line in leaving:
            line.piece_value = -line._get_moved_cost() * line.quantity_product_uom
        self.value = sum(abs(line.piece_value) for line in self.move_line_ids)

    def _receive_pieces(self, lines):
        """Value arriving pieces at the cost stated for each; the rest share the document's."""
        unknown = lines.filtered(lambda line: not line._get_stated_cost())
        unit = self._get_shared_cost() if unknown else 0
        currency, costs = self.company_id.currency_id, {}
        for line in lines:
            cost = currency.round(line._get_stated_cost() or unit)
            line.piece_value = cost * line.quantity_product_uom
            costs[line.lot_id.id] = cost + line._get_later_change()
        lines.lot_id.with_company(self.company_id)._mirror_costs(costs)

    def _get_shared_cost(self):
        """What the document says one piece costs: core's answer, not our override's."""
        # pylint: disable-next=super-method-mismatch
        return super()._get_value_data()["value"] / self._get_valued_qty()

    def _get_value_data(
        self,
        forced_std_price=False,
        at_date=False,
        ignore_manual_update=False,
        add_extra_value=True,
    ):
        """Override of `stock_account` to name each piece with its own cost."""
        if not self._is_specific() or self.state != "done":
            return super()._get_value_data(
                forced_std_price, at_date, ignore_manual_update, add_extra_value
            )
        lines = self.move_line_ids.filtered("piece_value")
        amounts = [
            f"{line.lot_id.name}: {self.company_currency_id.format(abs(line.piece_value))}"
            for line in lines
        ]
        return {
            "value": self.value,
            "quantity": self._get_valued_qty(),
            "description": "\n".join(amounts),
        }

    def _get_value_from_production(self, quantity, at_date=None):
        """Override of `stock_account`: what comes out of a transformation costs what that says."""
        line = self.transformation_line_id.sudo()
        if line.direction != "out":
            return super()._get_value_from_production(quantity, at_date)
        return {
            "value": line.value,
            "quantity": quantity,
            "description": line.transformation_id.name,
        }

    def _get_cogs_price_unit(self, quantity=0):
        """Override of `stock_account`: pieces are costed one by one, not at the style's cost."""
        if not self or not all(move._is_specific() for move in self):
            return super()._get_cogs_price_unit(quantity)
        return self._get_price_unit()

    def _get_opening_items(self):
        """Return what the entries of these moves post to the account of opening stock."""
        accounts = self.company_id.piece_opening_account_id
        return self.account_move_id.line_ids.filtered(lambda item: item.account_id in accounts)

    def _spread_cost(self, value, reason=None, note=None):
        """Spread a value for the whole receipt over its pieces in proportion to their cost.

        :param float value: what all pieces together cost, company currency
        :param str reason: a reason of `product.value`
        :param str note: free text kept with each change
        """
        self.ensure_one()
        lots = self._get_in_move_lines().lot_id.with_company(self.company_id)
        lots._revalue(lots._spread_total(value), reason or "correction", note)
