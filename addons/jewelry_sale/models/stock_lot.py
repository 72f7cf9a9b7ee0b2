from collections import defaultdict

from odoo import fields, models

LIVE_STATES = ("waiting", "confirmed", "partially_available", "assigned")


class StockLot(models.Model):
    """What the sales documents know of a piece."""

    _inherit = "stock.lot"

    sale_line_ids = fields.One2many(
        comodel_name="sale.order.line", inverse_name="piece_id", string="Quoted On"
    )

    # === ACTION METHODS === #

    def action_add_to_sale_order(self):
        """Add the chosen pieces to the order that the list was opened from.

        :return: window action of that order
        :rtype: dict
        """
        order = self.env["sale.order"].browse(self.env.context["sale_order_id"])
        order._add_pieces(self)
        return order._get_records_action()

    # === BUSINESS METHODS === #

    def _is_passport_tellable(self, partner):
        """Override of `jewelry_inventory`: a piece on an order that is a surprise is one, too.

        A link for nobody in particular may end with whom the order is kept from.
        """
        # In sudo: who asks may not be able to read the order, and must not need to.
        orders = self.sudo().sale_line_ids.order_id.filtered(lambda order: order.state != "cancel")
        told = orders._filter_tellable(partner, "passport") if partner else orders.browse()
        secret = (orders - told).filtered(lambda order: order._is_secret())
        return super()._is_passport_tellable(partner) and not secret

    def _get_unavailability(self):
        """Override of `jewelry_inventory`: a piece promised on an order is not for others."""
        reasons = super()._get_unavailability()
        for move in self._get_promises():
            order = move.sale_line_id.order_id
            reasons[move.piece_id] = self.env._("Sold on %(order)s", order=order.name)
        return reasons

    def _get_promises(self):
        """Return the open moves by which confirmed orders take these pieces."""
        # Whose order it is does not matter: the piece is taken, and only its number is told.
        moves = (
            self.env["stock.move"]
            .sudo()
            .search(
                [
                    ("piece_id", "in", self.ids),
                    ("sale_line_id", "!=", False),
                    ("state", "in", LIVE_STATES),
                ]
            )
        )
        return moves.filtered(lambda move: move.location_id.usage != "customer")

    def _get_offer_notes(self, order):
        """Tell what a salesperson should know before offering these pieces on `order`.

        :return: {piece: list of short texts}; pieces that are simply free are absent
        :rtype: dict
        """
        notes = defaultdict(list)
        for piece, reason in self._get_unavailability().items():
            notes[piece].append(reason)
        for line in self._get_other_quotations(order):
            notes[line.piece_id].append(
                self.env._(
                    "quoted on %(order)s by %(salesperson)s",
                    order=line.order_id.name,
                    salesperson=line.order_id.user_id.name or self.env._("nobody"),
                )
            )
        return notes

    def _get_other_quotations(self, order):
        """Return the lines of open quotations other than `order` that offer these pieces; what
        has expired offers nothing.
        """
        # A colleague's quotation is told by number and salesperson, its customer is not.
        return (
            self.env["sale.order.line"]
            .sudo()
            .search(
                [
                    ("piece_id", "in", self.ids),
                    ("state", "in", ("draft", "sent")),
                    ("order_id", "!=", order.id),
                    "|",
                    ("order_id.validity_date", "=", False),
                    ("order_id.validity_date", ">=", fields.Date.context_today(self)),
                ]
            )
        )

    def _after_move(self, moves):
        """Override of `jewelry_inventory` to name delivered pieces on earlier invoices first,
        so that their own cost is expensed.
        """
        moves.filtered("is_out").sale_line_id._name_invoiced_pieces()
        return super()._after_move(moves)
