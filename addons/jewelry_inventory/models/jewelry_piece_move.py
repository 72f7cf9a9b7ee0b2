from odoo import Command, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL


class JewelryPieceMove(models.AbstractModel):
    """How pieces come into stock and move: one transaction at a time, and to one place only."""

    _name = "jewelry.piece.move"
    _description = "Moves of a Piece"

    # === BUSINESS METHODS === #

    def _take_in(self, source, place, owner=None):
        """Bring new pieces into stock by ordinary moves, one for each style.

        :param source: place the pieces come from, such as the opening stock
        :param place: place they are put in
        :param owner: partner whose goods they are; none for our own
        :return: the done moves
        :raises UserError: when a piece has been in stock before
        """
        if known := self.filtered("quant_ids"):
            raise UserError(
                self.env._(
                    "%(pieces)s has been taken into stock already.",
                    pieces=", ".join(known[:5].mapped("name")),
                )
            )
        moves = self.env["stock.move"].create(
            [
                pieces._prepare_intake_vals(product, source, place, owner)
                for product, pieces in self.grouped("product_id").items()
            ]
        )
        return moves._action_done()

    def _prepare_intake_vals(self, product, source, place, owner):
        """Return the values of the move that takes in these pieces of one style."""
        common = {
            "product_id": product.id,
            "location_id": source.id,
            "location_dest_id": place.id,
        }
        each = common | {
            "product_uom_id": product.uom_id.id,
            "quantity": 1,
            "owner_id": owner.id if owner else False,
        }
        lines = [each | {"lot_id": lot.id} for lot in self]
        return common | {
            "product_uom_qty": len(self),
            "company_id": place.company_id.id,
            "inventory_name": self.env._("Taken into stock"),
            "move_line_ids": [Command.create(line) for line in lines],
            "picked": True,
        }

    def _after_move(self, moves):
        """Hook: pieces and parcels have moved with `moves` (done)."""
        self._sync_parcels(moves.move_line_ids)
        new = self.filtered(lambda lot: lot.is_piece and not lot.received_date)
        arrived = moves.filtered("is_in").move_line_ids.lot_id & new
        arrived.sudo().received_date = fields.Date.context_today(self)
        leaving = moves.filtered("is_out").move_line_ids.lot_id
        leaving.sudo()._get_invoice_lines()._post_cost_difference()
        self.env["jewelry.case.item"]._follow_moves(self)

    # === GUARDS === #

    def _lock_pieces(self):
        """Take the pieces for this transaction alone, in id order.

        :raises UserError: when somebody else is handling one of them right now
        """
        self._filter_specific()._lock_lots()

    def _lock_lots(self):
        """Take these lots for this transaction alone, in id order, whatever they hold.

        :raises UserError: when somebody else is handling one of them right now
        """
        lots = self.sorted("id")
        try:
            lots.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is handling %(pieces)s right now. Try again in a moment.",
                    pieces=", ".join(lots[:5].mapped("name")),
                )
            ) from error

    def _check_whereabouts(self):
        """Refuse what moves, and edits of moves, may not lead to.

        :raises UserError: naming the pieces or parcels
        """
        self._check_single_place()
        self._check_single_owner()
        self._check_not_void()

    def _check_single_place(self):
        """Refuse a piece in two places, or taken from where it is not.

        :raises UserError: naming the pieces
        """
        if wrong := self._get_misplaced():
            raise UserError(
                self.env._(
                    "%(pieces)s cannot move, because it is not in the place that it would be "
                    "taken from. Look up where it is now.",
                    pieces=", ".join(wrong.mapped("name")),
                )
            )

    def _check_not_void(self):
        """Refuse to bring a piece into the store whose number is void.

        :raises UserError: naming the pieces
        """
        void = self.filtered("void_reason")
        # In sudo: it is there, whoever may see the place.
        held = void.sudo().quant_ids.filtered(lambda quant: quant.quantity > 0)
        if back := held.filtered(lambda quant: quant.location_id._is_of_store()).lot_id:
            raise UserError(
                self.env._(
                    "%(pieces)s is void and cannot come into the store. Enter what you have under "
                    "a new number.",
                    pieces=", ".join(back.mapped("name")),
                )
            )

    def _get_misplaced(self):
        """Return the pieces that are in more than one place, or in less than none. One that was
        used up is in production, and nowhere else.
        """
        pieces = self.filtered("is_piece")
        if not pieces:
            return pieces
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lot_id
                  FROM (SELECT quant.lot_id, place.usage, SUM(quant.quantity) AS quantity
                          FROM stock_quant quant
                          JOIN stock_location place ON place.id = quant.location_id
                         WHERE quant.lot_id IN %s
                           AND place.usage NOT IN ('inventory', 'supplier')
                         GROUP BY quant.lot_id, quant.location_id, place.usage) spot
                 GROUP BY lot_id
                HAVING MIN(quantity) FILTER (WHERE usage != 'production') < 0
                    OR SUM(quantity) FILTER (WHERE quantity > 0) > 1
                """,
                tuple(pieces.ids),
            )
        )
        return self.browse(row[0] for row in rows)
