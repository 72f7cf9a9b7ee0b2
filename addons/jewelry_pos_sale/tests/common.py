"""What the tests of this module share: a cashier who quotes, and orders that settle quotations."""

from uuid import uuid4

from odoo import Command

from odoo.addons.jewelry_pos.tests.counter_common import BooksMixin
from odoo.addons.jewelry_pos.tests.price_common import PriceCommon

SALES = "sales_team.group_sale_salesman_all_leads"


def prepare_settling(line, **values):
    """Return what a line of the register says of the order line that it settles."""
    return {
        "price_unit": line.price_unit,
        "discount": line.discount,
        "sale_order_line_id": line.id,
        "sale_order_origin_id": line.order_id.id,
    } | values


class SettleCommon(BooksMixin, PriceCommon):
    """A register whose cashier may sell by quotation, too, with goods in perpetual books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_books()
        cls.cashier.group_ids += cls.env.ref(SALES)
        cls.deposit = cls.env["product.product"].create(
            {"name": "Down payment", "type": "service", "taxes_id": False}
        )
        cls.config.down_payment_product_id = cls.deposit

    # === FACTORIES === #

    @classmethod
    def _quote(cls, *pieces, price=None, **values):
        """Return a quotation of the client with a line for each piece, at its price or `price`."""
        lines = [
            {"piece_id": piece.id} | ({"price_unit": price} if price else {}) for piece in pieces
        ]
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.client.id,
                "company_id": cls.company.id,
                "order_line": [Command.create(line) for line in lines],
            }
            | values
        )

    @classmethod
    def _order(cls, *pieces, **values):
        """Return a confirmed order for the pieces."""
        order = cls._quote(*pieces, **values)
        order.action_confirm()
        return order

    # === WHAT A REGISTER DOES === #

    @classmethod
    def _prepare_settling(cls, line, piece=None, **values):
        """Return the register's line that settles an order line, as the browser sends it."""
        return cls._prepare_line(piece or line.piece_id, **prepare_settling(line, **values))

    @classmethod
    def _settle(cls, order, *more, lines=None, user=None, **values):
        """Return the paid order of the cashier that settles an order, synced."""
        rows = [cls._prepare_settling(line) for line in (lines or order.order_line)]
        defaults = {"partner_id": order.partner_id.id}
        return cls._sell(*rows, *more, user=user or cls.cashier, **(defaults | values))

    @classmethod
    def _ask_to_settle(cls, order, uuid=None, user=None):
        """Return what the server says when a register wants to settle an order."""
        config = cls.config.with_user(user or cls.cashier)
        return config.settle_pieces(order.id, uuid or str(uuid4()))

    # === READERS === #

    def _assert_handed_over(self, pos_order, *pieces):
        """Expect the register to have handed over exactly these pieces, each by one move."""
        self.assertEqual(pos_order.state, "paid")
        self.assertFalse(pos_order.conflict_ids.mapped("problem"))
        moves = pos_order.picking_ids.move_ids.filtered(lambda move: move.state == "done")
        self.assertEqual(moves.mapped("piece_id.id"), [piece.id for piece in pieces])
        self.assertEqual(moves.move_line_ids.lot_id.ids, [piece.id for piece in pieces])
        self.assertEqual({piece.piece_status for piece in pieces}, {"sold"})
