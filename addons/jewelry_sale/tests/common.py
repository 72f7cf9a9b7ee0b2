"""What the tests of this module share: a store that sells, and the steps of a sale."""

import base64
import io

from PIL import Image

from odoo import Command

from odoo.addons.jewelry_inventory.tests.common import JewelryCommon


class SaleCommon(JewelryCommon):
    """A store with two pieces of one style on hand, 100 and 900, priced 300 and 2,000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = cls._create_partner(name="Client")
        cls.style.taxes_id = False
        cls.low = cls._stock_piece(cost=100, list_price=300)
        cls.high = cls._stock_piece(cost=900, list_price=2000)

    # === FACTORIES === #

    @classmethod
    def _quote(cls, *pieces, **values):
        """Return a quotation with a line for each piece."""
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.client.id,
                "order_line": [Command.create({"piece_id": piece.id}) for piece in pieces],
            }
            | values
        )

    @classmethod
    def _sell(cls, *pieces, **values):
        """Return a confirmed order for the pieces."""
        order = cls._quote(*pieces, **values)
        order.action_confirm()
        return order

    @classmethod
    def _quote_quantity(cls, quantity, style=None, **values):
        """Return a quotation that sells any pieces of a style, by number."""
        line = {"product_id": (style or cls.style).id, "product_uom_qty": quantity}
        return cls._quote(order_line=[Command.create(line)], **values)

    # === STEPS === #

    @classmethod
    def _deliver(cls, order, pieces=None):
        """Hand over what is open, or only `pieces`, and return the transfer."""
        picking = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        moves = picking.move_ids
        if pieces:
            moves = moves.filtered(lambda move: move.piece_id in pieces)
        moves.picked = True
        picking.with_context(skip_backorder=True)._action_done()
        return picking

    @classmethod
    def _return(cls, picking, pieces=None, exchange=False):
        """Take back everything of a delivery, or only `pieces`, and return that transfer."""
        wizard = (
            cls.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        for line in wizard.product_return_moves:
            line.quantity = (
                line.move_quantity if not pieces or line.move_id.piece_id in pieces else 0
            )
        act = wizard.action_create_exchanges if exchange else wizard.action_create_returns
        returned = cls.env["stock.picking"].browse(act()["res_id"])
        returned.move_ids.picked = True
        returned._action_done()
        return returned

    @classmethod
    def _invoice(cls, order, post=True):
        invoice = order._create_invoices(final=True)
        if post:
            invoice.action_post()
        return invoice

    @staticmethod
    def _image(colour):
        """Return a small picture, base64."""
        buffer = io.BytesIO()
        Image.new("RGB", (16, 16), colour).save(buffer, "PNG")
        return base64.b64encode(buffer.getvalue())

    # === READERS === #

    def _cogs(self, *invoices):
        """Return what the invoices expense for their goods."""
        lines = self.env["account.move"].concat(*invoices).line_ids
        return sum(
            line.balance
            for line in lines
            if line.display_type == "cogs" and line.account_id == self.account_expense
        )
