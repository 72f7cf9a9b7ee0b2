from contextlib import suppress

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form

from odoo.addons.jewelry_inventory.tests.common import JewelryCommon


class JewelryPurchaseCommon(JewelryCommon):
    """A store that orders pieces from a vendor, and keeps its stock perpetually."""

    perpetual = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.style.categ_id = cls.category_auto if cls.perpetual else cls.category

    @classmethod
    def _create_order(cls, quantity=2, price=500.0, style=None, unit=None, **values):
        style = style or cls.style
        line = {
            "product_id": style.id,
            "product_uom_id": (unit or style.uom_id).id,
            "product_qty": quantity,
            "price_unit": price,
            "tax_ids": False,
        }
        order = cls.env["purchase.order"].create(
            {"partner_id": cls.vendor.id, "order_line": [Command.create(line)]} | values
        )
        order.button_confirm()
        return order

    @classmethod
    def _receive(cls, order, costs):
        """Receive a piece for each of `costs` (0: not stated) and return them."""
        entry = (
            cls.env["jewelry.delivery.entry"]
            .with_context(default_picking_id=order.picking_ids.id)
            .create({})
        )
        for line, cost in zip(entry.line_ids, costs, strict=True):
            line.cost_unit = cost
        entry.action_apply()
        order.picking_ids.button_validate()
        return order.picking_ids.move_line_ids.lot_id.sorted("id")

    @classmethod
    def _draft_bill(cls, order):
        """Return the draft of what the order has to be billed, or refunded, now."""
        return cls.env["account.move"].browse(order.action_create_invoice()["res_id"])

    @classmethod
    def _bill(cls, order, price=None, quantity=None):
        return cls._enter(cls._draft_bill(order), price, quantity)

    @classmethod
    def _enter(cls, bill, price=None, quantity=None, pieces=None):
        """Type in what the vendor's paper says, as on the form, and post it."""
        bill.invoice_date = fields.Date.today()
        with Form(bill) as form, form.invoice_line_ids.edit(0) as line:
            if price is not None:
                line.price_unit = price
            if quantity is not None:
                line.quantity = quantity
            if pieces is not None:
                line.piece_ids.set(pieces)
        bill.action_post()
        return bill

    def _sell(self, piece):
        """Deliver and invoice a piece to a customer."""
        self._move(piece, self.stock_location, self.customer_location)
        invoice = self._create_invoice(self.style, price_unit=2000, post=False)
        invoice.invoice_line_ids.piece_ids = piece
        invoice.action_post()

    def _send_back(self, order, piece):
        """Return a received piece to the vendor."""
        self._move(
            piece,
            self.stock_location,
            self.supplier_location,
            origin_returned_move_id=order.picking_ids.move_ids[:1].id,
            purchase_line_id=order.order_line.id,
        )

    def _return(self, order, *pieces):
        """Return received pieces to the vendor by the wizard of the receipt."""
        receipt = order.picking_ids.filtered(lambda picking: picking.state == "done")[:1]
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=receipt.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = len(pieces)
        picking = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        for line, piece in zip(picking.move_line_ids, pieces, strict=True):
            line.lot_id = piece
        picking.move_ids.picked = True
        picking._action_done()
        return picking

    # === READERS === #

    def _costs(self, pieces):
        self.env.invalidate_all()
        return pieces.mapped("standard_price")

    def _check_books(self, expense=None, closing=False):
        """The expense so far, where the stock is kept perpetually, and in any case the ledger
        equal to the pieces on hand: after the closing where it is the closing that posts.
        """
        if self.perpetual and expense is not None:
            self.assertAlmostEqual(self._ledger(self.account_expense), expense, 2)
        if closing or not self.perpetual:
            with suppress(UserError):  # nothing to close is fine, the figures tell
                self._close()
        ledger = self._ledger(self.account_stock_valuation)
        self.assertAlmostEqual(ledger, self._value(self.style), 2)
