from odoo import Command, models


class JewelryPosLineShipping(models.AbstractModel):
    """Lines whose piece is shipped or picked up later: it is kept for them until then."""

    _name = "jewelry.pos.line.shipping"
    _description = "Goods That a Register Ships Later"

    # === STOCK METHODS === #

    def _prepare_procurement_values(self):
        """Override of `point_of_sale` to ship this piece and no other."""
        return super()._prepare_procurement_values() | {"piece_id": self.piece_id.id}

    def _launch_stock_rule_from_pos_order_lines(self):
        """Override of `point_of_sale`: what cannot be handed over is not shipped either, and a
        piece that the customer brought is taken in now.
        """
        lines = self._filter_to_move()
        _sold, returned = lines._split_by_direction()
        brought = returned.filtered("piece_id")
        shipped = lines - brought
        shipped._request_from_other_shops()
        res = super(JewelryPosLineShipping, shipped)._launch_stock_rule_from_pos_order_lines()
        shipped._chain_to_transfers()
        for order, taken in brought.grouped("order_id").items():
            order._take_in_now(taken)
        return res

    def _request_from_other_shops(self):
        """Ask other shops of the company for what these lines sell and this one does not have."""
        for line in self.filtered("piece_id"):
            config, uuid = line.order_id.config_id, line.order_id.uuid
            piece = line.piece_id
            if config._get_elsewhere(piece) and not piece._get_request_moves(uuid):
                config._create_transfer(piece, uuid)

    def _chain_to_transfers(self):
        """Let deliveries wait for the transfers that bring their pieces."""
        for line in self.filtered("piece_id"):
            coming = line.piece_id._get_request_moves(line.order_id.uuid)
            last = coming.filtered(lambda move: not move.move_dest_ids)
            first = line._get_shipping_moves().filtered(lambda move: not move.move_orig_ids)
            if last and first:
                first.write(
                    {
                        "move_orig_ids": [Command.link(move.id) for move in last],
                        "procure_method": "make_to_order",
                    }
                )
                first._recompute_state()

    def _get_shipping_moves(self):
        """Return the moves that ship the pieces of these lines, in sudo."""
        # In sudo: the cashier sells what is shipped, and may not see every transfer.
        return (
            self.env["stock.move"]
            .sudo()
            .search(
                [
                    ("piece_id", "in", self.piece_id.ids),
                    ("picking_id.pos_order_id", "in", self.order_id.ids),
                    ("state", "!=", "cancel"),
                ]
            )
        )

    def _is_yet_to_ship(self):
        """Tell whether the line was paid to be shipped, and has not left."""
        if not self.order_id.shipping_date or not self.piece_id or self.conflict_ids:
            return False
        left = self._get_shipping_moves().filtered(lambda move: move.state == "done")
        return not left.filtered(lambda move: move.location_dest_id.usage == "customer")

    def _cancel_shipping(self):
        """Ship no more what these lines paid back before it left."""
        for line in self.refunded_orderline_id:
            if line._is_yet_to_ship():
                waiting = line._get_shipping_moves().filtered(lambda move: move.state != "done")
                waiting._action_cancel()
