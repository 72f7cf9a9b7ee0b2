from odoo import api, fields, models


class StockPicking(models.Model):
    """Deliveries of the register: one move for each piece, which takes this piece only."""

    _inherit = "stock.picking"

    pos_request_uuid = fields.Char(
        string="Asked for by Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The register's order for which another shop sends a piece.",
    )

    @api.model
    def _create_picking_from_pos_order_lines(
        self, location_dest_id, lines, picking_type, partner=False
    ):
        """Override of `point_of_sale`: what cannot be handed over stays, and what was delivered
        with its order is not delivered again at closing.
        """
        waiting = lines._filter_to_move().filtered(
            lambda line: line.order_id.shipping_date or not line.order_id.picking_ids
        )
        pickings = super()._create_picking_from_pos_order_lines(
            location_dest_id, waiting, picking_type, partner
        )
        for picking in pickings.filtered(lambda picking: picking.state != "done"):
            picking._hand_over_one_by_one(waiting)
        return pickings

    def _create_move_from_pos_order_lines(self, lines):
        """Override of `point_of_sale`, which puts all pieces of a style into one move."""
        with_piece = lines.filtered("piece_id")
        if with_piece:
            self._create_piece_moves(with_piece)
        others = lines - with_piece
        return super()._create_move_from_pos_order_lines(others) if others else None

    def _create_piece_moves(self, lines):
        """Create a move for each line's piece and take that piece, whoever owns it."""
        self.ensure_one()
        # In sudo: the cashier sells what is there, and may not read each place.
        picking = self.sudo()
        moves = picking.env["stock.move"].create(
            [
                picking._prepare_stock_move_vals(line, line) | {"piece_id": line.piece_id.id}
                for line in lines
            ]
        )
        moves._action_confirm(merge=False)
        moves._take_own_pieces()

    def _create_transfer_move(self, piece, later):
        """Create the move of a transfer between shops.

        :param piece: what another shop asks for
        :param later: the move that waits for this one
        :return: the move
        """
        return self.env["stock.move"].create(
            {
                "picking_id": self.id,
                "picking_type_id": self.picking_type_id.id,
                "product_id": piece.product_id.id,
                "product_uom_qty": 1,
                "product_uom": piece.product_uom_id.id,
                "location_id": self.location_id.id,
                "location_dest_id": self.location_dest_id.id,
                "company_id": self.company_id.id,
                "piece_id": piece.id,
                "procure_method": "make_to_stock" if later else "make_to_order",
                "move_dest_ids": later.ids,
            }
        )

    def _hand_over_one_by_one(self, lines):
        """Move what can be moved of a delivery that core gave up as a whole, and note a conflict
        for each piece that cannot.
        """
        self.ensure_one()
        for move in self.sudo().move_ids.filtered("piece_id"):
            if problem := move._try_done():
                move._action_cancel()
                line = lines.filtered(lambda line, move=move: line.piece_id == move.piece_id)
                self.env["jewelry.sale.conflict"]._open(line[:1], "double", problem)
