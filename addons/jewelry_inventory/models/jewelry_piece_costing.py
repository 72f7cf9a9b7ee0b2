from odoo import api, models
from odoo.exceptions import UserError

from ..const import SPECIFIC
from ..tools.spread import spread


class JewelryPieceCosting(models.AbstractModel):
    """What a piece costs, and how that is changed with a reason."""

    _name = "jewelry.piece.costing"
    _description = "Cost of a Piece"

    # === COST METHODS === #

    def _filter_specific(self):
        """Return the lots that are costed one by one in the current company."""
        return self.filtered(lambda lot: lot.product_id.cost_method == SPECIFIC)

    def _mirror_costs(self, costs):
        """Write what the books say that pieces cost.

        :param dict costs: {lot id: amount in company currency}
        """
        lots = self.sudo().with_context(disable_auto_revaluation=True)
        changed = lots.filtered(lambda lot: lot.standard_price != costs[lot.id])
        # All of one cost at once: each write asks which offers rest on the costs.
        for cost, pieces in changed.grouped(lambda lot: costs[lot.id]).items():
            pieces.standard_price = cost

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
            raise UserError(self.env._("The cost of a piece cannot be negative."))
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
