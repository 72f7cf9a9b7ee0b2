from odoo import api, fields, models

from odoo.addons.jewelry_inventory.const import BULK_KINDS, COST_GROUPS, SPECIFIC


class PosOrderLine(models.Model):
    """A line of the register that sells one piece: this one, at its own price and cost."""

    _name = "pos.order.line"
    _inherit = [
        "jewelry.pos.line.return",
        "jewelry.pos.line.shipping",
        "pos.order.line",
        "jewelry.cost.guard",
        "jewelry.pos.line.price",
        "jewelry.pos.line.tax",
    ]

    piece_id = fields.Many2one(
        comodel_name="stock.lot",
        compute="_compute_piece_id",
        store=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The very piece, or the parcel, that the line sells or takes back.",
    )
    conflict_ids = fields.One2many(
        comodel_name="jewelry.sale.conflict", inverse_name="line_id", string="Conflicts"
    )
    total_cost = fields.Float(groups=COST_GROUPS)
    margin = fields.Monetary(groups=COST_GROUPS)
    margin_percent = fields.Float(groups=COST_GROUPS)

    # === COMPUTE METHODS === #

    @api.depends("pack_lot_ids.lot_name", "product_id", "order_id.company_id")
    def _compute_piece_id(self):
        named = self.filtered(lambda line: len(line._get_lot_names()) == 1)
        pieces = {
            (piece.product_id, piece.company_id, piece.name): piece
            for piece in named._find_pieces()
        }
        for line in self:
            (name,) = line._get_lot_names() if line in named else [""]
            key = line.product_id, line.order_id.company_id, name
            line.piece_id = pieces.get(key, False)

    def _get_lot_names(self):
        """Return the serial numbers of a line of jewelry, as the register sent them, each once: a
        register that was opened without the server sends those that the server has again.
        """
        self.ensure_one()
        if not self.product_id.jewelry_kind:
            return []
        return [*dict.fromkeys(filter(None, self.pack_lot_ids.mapped("lot_name")))]

    def _find_pieces(self):
        """Return the pieces and parcels of these lines' numbers, and others of their names."""
        # In sudo: whoever reads the line learns which piece it is.
        lots = self.env["stock.lot"].sudo()
        bulk = self.filtered(lambda line: not line._is_serial())
        # Apart, because the numbers of pieces have an index: a style may have 50,000 of them.
        for lines, is_piece in ((self - bulk, True), (bulk, False)):
            if lines:
                lots |= lots.search([*lines._get_piece_domain(), ("is_piece", "=", is_piece)])
        return lots

    def _get_piece_domain(self):
        return [
            ("product_id", "in", self.product_id.ids),
            ("company_id", "in", self.order_id.company_id.ids),
            ("name", "in", self.pack_lot_ids.mapped("lot_name")),
        ]

    # === STOCK METHODS === #

    def _filter_to_move(self):
        """Return the lines that move stock: those of goods that the customer got or brought."""
        return self.filtered(lambda line: not line.conflict_ids and not line._is_never_delivered())

    # === COST METHODS === #

    def _is_product_storable_fifo_avco(self):
        """Override of `point_of_sale`: a piece costs what its move says, too."""
        return super()._is_product_storable_fifo_avco() or (
            self.product_id.is_storable and self.product_id.cost_method == SPECIFIC
        )

    def _compute_total_cost(self, stock_moves):
        """Override of `point_of_sale`: it is computed for all, and seen by some."""
        lines = self._with_costs("read")
        moves = stock_moves and stock_moves.with_env(lines.env)
        return super(PosOrderLine, lines)._compute_total_cost(moves)

    def _get_stock_moves_to_consider(self, stock_moves, product):
        """Override of `point_of_sale`: the line costs what its own piece does."""
        moves = super()._get_stock_moves_to_consider(stock_moves, product)
        if not self.piece_id:
            return moves
        return moves.filtered(lambda move: move.piece_id == self.piece_id)

    # === INVOICE METHODS === #

    def _prepare_base_line_for_taxes_computation(self):
        """Override of `point_of_sale`: what was not handed over is owed to the customer, whether
        it is taken or paid back.
        """
        values = super()._prepare_base_line_for_taxes_computation()
        if self._is_parked():
            values["account_id"] = self.company_id._get_sale_conflict_account()
        return values

    def _is_parked(self):
        """Tell whether the money of the line is owed to the customer, and no income yet."""
        return bool(self._get_parking_conflict())

    def _get_parking_conflict(self):
        """Return the conflict whose deposit the line makes, or pays back; none if it is income."""
        self.ensure_one()
        origin = self.refunded_orderline_id.conflict_ids
        return (self.conflict_ids or origin.filtered(lambda c: c.state != "settled"))[:1]

    # === CONFLICTS === #

    def _get_obstacles(self):
        """Tell why lines that were paid cannot be handed over, before stock is moved.

        :return: {line: (kind of conflict, text)}; lines without an obstacle are absent
        """
        jewelry = self.filtered(
            lambda line: line.product_id.jewelry_kind and not line._is_never_delivered()
        )
        sold, _brought = jewelry._split_by_direction()
        reasons = sold.piece_id.sudo()._get_unavailability()
        obstacles = {}
        for line in jewelry:
            if obstacle := line._get_obstacle(reasons if line in sold else None):
                obstacles[line] = obstacle
            elif line in sold and line._is_serial():
                reasons[line.piece_id.sudo()] = self.env._("Sold by another line of the order")
        return obstacles

    def _split_by_direction(self):
        """Return the lines that sell, and those that take back."""
        sold = self.filtered(lambda line: line.qty > 0)
        return sold, self - sold

    def _get_obstacle(self, reasons):
        """Return (kind of conflict, text) for one line, or None.

        :param reasons: {piece: why it cannot be sold}; None for a piece that comes back
        """
        if not self.piece_id or (self._is_serial() and abs(self.qty) != 1):
            names = ", ".join(self._get_lot_names()) or self.env._("no number")
            return "unknown", self.env._("Not one known piece: %(names)s", names=names)
        if reasons is None:
            return self._get_return_obstacle()
        if reason := reasons.get(self.piece_id):
            return "double", reason
        return None

    def _is_serial(self):
        return self.product_id.jewelry_kind not in BULK_KINDS
