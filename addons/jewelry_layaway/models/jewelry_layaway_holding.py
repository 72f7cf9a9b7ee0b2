from odoo import fields, models
from odoo.exceptions import RedirectWarning, UserError

from odoo.addons.jewelry_sale.models.stock_lot import LIVE_STATES

from ..const import HELD_STATES


class JewelryLayawayHolding(models.AbstractModel):
    """How pieces are put away for a customer, kept out of sale, handed over and put back."""

    _name = "jewelry.layaway.holding"
    _description = "Pieces of a Layaway"

    # === BUSINESS METHODS === #

    def _open(self):
        """Confirm the order and put its pieces away.

        :raises UserError: when a piece cannot be sold any more
        """
        self.ensure_one()
        self._set_state("open")
        # In sudo: the customer's payment confirms the order, whoever takes it.
        order = self.order_id.sudo()
        order.action_confirm()
        self._put_away(order.order_line)
        self._book_fee()
        self._follow_money()

    def _open_or_tell(self):
        """Put the pieces away; what cannot be done keeps the money, and a manager is told."""
        try:
            with self.env.cr.savepoint():
                self._open()
        except (UserError, RedirectWarning) as error:
            self._tell(
                self.env._("Not put away"),
                self.env._(
                    "The first payment of %(layaway)s is here, but its pieces could not be put "
                    "away: %(reason)s",
                    layaway=self.name,
                    reason=error.args[0],
                ),
            )

    def _put_away(self, lines):
        """Move the reserved pieces of order lines to the place of layaways, still reserved."""
        for line in lines.filtered("piece_id"):
            piece = line.piece_id
            place = line.order_id.warehouse_id._ensure_layaway_place()
            moves = line.move_ids.filtered(lambda move: move.state in LIVE_STATES)
            moves._do_unreserve()
            origin = piece.location_id
            self._move_piece(piece, place)
            piece.write(
                {
                    "layaway_id": self.id,
                    "layaway_date": fields.Date.context_today(self),
                    "layaway_origin_id": origin.id,
                }
            )
            moves._action_assign()
            line._check_pieces_reserved()

    def _put_back(self, pieces):
        """Move pieces back to where they were taken from, for sale again."""
        for piece in pieces.filtered(lambda piece: piece.layaway_id == self):
            origin = piece.layaway_origin_id
            piece.write({"layaway_id": False, "layaway_date": False, "layaway_origin_id": False})
            if piece.location_id.jewelry_role == "layaway":
                stock = self.order_id.warehouse_id.lot_stock_id
                self._move_piece(piece, origin if origin.active else stock)

    def _move_piece(self, piece, place):
        quant = piece.quant_ids.filtered(lambda quant: quant.quantity > 0)[:1]
        if quant.location_id == place:
            return
        vals = piece._prepare_intake_vals(
            piece.product_id, quant.location_id, place, quant.owner_id
        )
        vals |= {
            "company_id": self.company_id.id,
            "inventory_name": self.name,
            "origin": self.name,
        }
        self.env["stock.move"].sudo().create(vals)._action_done()

    # === HANDING OVER === #

    def _hand_over(self):
        """Deliver what is left of the order, and invoice it: the invoice uses the deposit.

        :raises UserError: when a piece is missing
        """
        self.ensure_one()
        # In sudo: whoever may hand over need not have rights on deposits.
        self.deposit_id.sudo()._deliver()

    def _follow_delivery(self):
        """Do what follows from a delivery: what the customer has is no longer put away."""
        for layaway in self.sudo():
            gone = layaway.piece_ids.filtered(lambda piece: piece.piece_status == "sold")
            gone.write({"layaway_id": False, "layaway_date": False, "layaway_origin_id": False})
            if layaway.state == "paid" and not layaway._get_open_lines():
                layaway._set_state("delivered")

    def _get_open_lines(self):
        """Return the order lines of goods that the customer has not got yet."""
        return self.deposit_id.sudo()._get_open_lines()

    def _get_delivered_lines(self):
        return self.order_id.sudo().order_line.filtered("qty_delivered")

    def _tell_arrivals(self, products):
        """Tell of products that have come and that special orders wait for."""
        lines = self.env["sale.order.line"].search(
            [
                ("product_id", "in", products.ids),
                ("piece_id", "=", False),
                ("order_id.layaway_ids.state", "in", HELD_STATES),
                ("product_id.jewelry_kind", "=", "piece"),
            ]
        )
        for line in lines.filtered(lambda line: line.qty_delivered < line.product_uom_qty):
            line.order_id.layaway_ids.filtered(lambda layaway: layaway._is_held())._tell(
                self.env._("Has it come?"),
                self.env._(
                    "%(style)s has come into stock: assign the piece that was ordered.",
                    style=line.product_id.display_name,
                ),
            )

    def _lock_money(self):
        """Let nobody give back money while what it pays for leaves."""
        held = self.sudo().filtered(lambda layaway: layaway._is_held())
        held.deposit_id._lock_deposits()

    # === CHECKS === #

    def _check_complete(self, order):
        """Refuse to hand over a special order of which nothing has come yet.

        :raises UserError: naming the line
        """
        for line in self._get_open_lines():
            if line.product_id.jewelry_kind == "piece" and not line.piece_id:
                raise UserError(
                    self.env._(
                        "No piece is assigned to “%(line)s” of %(order)s yet. Press “Assign a "
                        "Piece” once it has come.",
                        line=line.product_id.display_name,
                        order=order.name,
                    )
                )

    def _check_paid_for(self, lines):
        """Refuse to let go what is not paid: all that leaves and has left, tax included.

        :param lines: order lines that would be delivered now
        :raises UserError: saying what is missing
        """
        for layaway in self.sudo().filtered(lambda layaway: layaway._is_held()):
            order_lines = layaway.order_id.order_line
            leaving = (lines & order_lines) | layaway._get_delivered_lines()
            leaving |= layaway.order_id._get_fee_lines()
            price = sum(leaving.mapped("price_total"))
            if layaway.currency_id.compare_amounts(layaway.amount_paid, price) < 0:
                raise UserError(
                    self.env._(
                        "%(layaway)s: %(price)s is to be paid before this is handed over, and "
                        "%(paid)s is paid.",
                        layaway=layaway.name,
                        price=layaway.currency_id.format(price),
                        paid=layaway.currency_id.format(layaway.amount_paid),
                    )
                )
