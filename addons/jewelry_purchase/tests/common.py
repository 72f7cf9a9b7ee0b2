from odoo import Command, fields

from odoo.addons.jewelry_inventory.tests.common import JewelryCommon


class JewelryPurchaseCommon(JewelryCommon):
    """A store that orders pieces from a vendor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.style.categ_id = cls.category_auto

    @classmethod
    def _create_order(cls, quantity=2, price=500.0, style=None, **values):
        line = {
            "product_id": (style or cls.style).id,
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
    def _bill(cls, order, price=None, quantity=None):
        bill = cls.env["account.move"].browse(order.action_create_invoice()["res_id"])
        bill.invoice_date = fields.Date.today()
        if price is not None:
            bill.invoice_line_ids.price_unit = price
        if quantity is not None:
            bill.invoice_line_ids.quantity = quantity
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
