from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class JewelryPosTransfer(models.AbstractModel):
    """How a register gets a piece that another shop of the company has."""

    _name = "jewelry.pos.transfer"
    _description = "Pieces of Other Shops"

    # === PUBLIC METHODS, FOR THE REGISTER === #

    def request_piece(self, piece_id, order_uuid):
        """Ask the shop that has a piece to send it here, and keep it for an order meanwhile.

        :param int piece_id: id of the piece
        :param str order_uuid: the register's order that it is for
        :return: as `read_piece`
        :rtype: dict
        :raises UserError: when it cannot be had, naming why
        """
        self.ensure_one()
        self.check_access("read")
        self.env["pos.order"].check_access("create")
        piece = self.env["stock.lot"].browse(piece_id)
        piece.check_access("read")
        piece._lock_pieces()
        self._check_requested(piece, order_uuid)
        self._check_insured(piece)
        self._create_transfer(piece, order_uuid)
        self._tell_registers(piece.company_id, "PIECES_CHANGED")
        return self.read_piece(piece_id, order_uuid)

    # === BUSINESS METHODS === #

    def _check_requested(self, piece, order_uuid):
        """Refuse to ask for a piece that is here, or that cannot be sold.

        :raises UserError: naming why
        """
        reason = piece._get_register_reasons(order_uuid).get(piece)
        if reason is None and piece._get_request_moves(order_uuid):
            reason = self.env._("It is asked for already")
        if reason is None and not self._get_elsewhere(piece):
            reason = self.env._("It is in this shop")
        if reason:
            raise UserError(
                self.env._(
                    "%(piece)s cannot be asked for: %(reason)s.", piece=piece.name, reason=reason
                )
            )

    def _check_insured(self, piece):
        """Refuse to ask for what may not be sent: with it, and all that other shops have yet to
        send, more would be on its way or in this shop than the insurer covers. A manager may; the
        transfers ask for the reason.

        :raises UserError: saying which limit
        """
        if self.env.user.has_group("jewelry_inventory.group_manager"):
            return
        exposures, excess = self.env["jewelry.custody.exposure"], {}
        for goods in self._get_ways(piece):
            excess |= exposures._find_excess(self.company_id, exposures._get_changes(goods))
        if excess:
            raise UserError(
                self.env._(
                    "%(piece)s cannot be asked for, as more than is insured would be on its way "
                    "or in this shop. Ask a manager.\n%(limits)s",
                    piece=piece.name,
                    limits=self.env["jewelry.custody.excess"]._describe(excess),
                )
            )

    def _get_ways(self, piece):
        """Return what will be moved when a piece is asked for, too, as of `_get_changes`: first all
        that is sent, then all that arrives.
        """
        # In sudo: it counts, whoever may see these places and transfers.
        config, piece = self.sudo(), piece.sudo()
        transit = config.company_id._get_transit_place()
        shop = config.picking_type_id.default_location_src_id
        moves = self.env["stock.move"]._search_requests(
            Domain("company_id", "=", config.company_id.id) & Domain("piece_id", "!=", False)
        )
        arriving = moves.filtered(lambda move: move.location_id == transit)
        sent = [[move.piece_id, move.location_id, transit, 1] for move in moves - arriving]
        come = [
            [move.piece_id, move.piece_id.location_id, move.location_dest_id, 1]
            for move in arriving
        ]
        return (
            [*sent, [piece, piece.location_id, transit, 1]],
            [*come, [piece, piece.location_id, shop, 1]],
        )

    def _get_elsewhere(self, pieces):
        """Return {piece: where it is} of pieces that are not where this register sells from."""
        # In sudo: where a piece is matters, whoever may see that place.
        pieces = pieces.sudo()
        shop = self.sudo().picking_type_id.default_location_src_id
        here = set(shop.search([("id", "child_of", shop.id)]).ids)
        places = pieces.location_id.filtered(lambda place: place.id not in here)
        if not places:
            return {}
        names = {place: self._get_place_name(place) for place in places}
        return {piece: names[piece.location_id] for piece in pieces if piece.location_id in names}

    def _get_place_name(self, place):
        """Return how a place is named to this register: another shop by its name."""
        is_own = place.warehouse_id == self.sudo().picking_type_id.warehouse_id
        return place.display_name if is_own else place._get_shop_name()

    def _get_elsewhere_reasons(self, pieces, order_uuid=None):
        """Return {piece: why it is not handed over here} of pieces that are not here, and are not
        asked for by the register's order.
        """
        asked = pieces._get_request_moves(order_uuid).piece_id
        return {
            piece.with_env(pieces.env): self.env._("At %(place)s", place=place)
            for piece, place in self._get_elsewhere(pieces).items()
            if piece not in asked
        }

    def _create_transfer(self, piece, order_uuid):
        """Create the two transfers that bring a piece here, by way of the place for goods that
        are under way.
        """
        # In sudo: the cashier asks, the keepers of both shops send and receive.
        config, piece = self.sudo(), piece.sudo()
        transit = config.company_id._get_transit_place()
        shop = config.picking_type_id.default_location_src_id
        sender = piece.location_id.warehouse_id or config.picking_type_id.warehouse_id
        receiver = config.picking_type_id.warehouse_id
        steps = [
            (receiver.in_type_id, transit, shop),
            (sender.out_type_id, piece.location_id, transit),
        ]
        moves = self.env["stock.move"].sudo()
        for picking_type, source, dest in steps:
            values = config._prepare_transfer_vals(picking_type, source, dest, order_uuid)
            picking = self.env["stock.picking"].sudo().create(values)
            moves += picking._create_transfer_move(piece, moves)
        moves._action_confirm(merge=False)

    def _prepare_transfer_vals(self, picking_type, source, dest, order_uuid):
        return {
            "picking_type_id": picking_type.id,
            "location_id": source.id,
            "location_dest_id": dest.id,
            "partner_id": picking_type.warehouse_id.partner_id.id,
            "company_id": self.company_id.id,
            "origin": self.env._("Asked for by %(register)s", register=self.name),
            "pos_request_uuid": order_uuid,
        }
