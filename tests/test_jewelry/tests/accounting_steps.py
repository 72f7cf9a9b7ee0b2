"""What staff do in a jewelry store, step by step, by the wizards and methods of the screens."""

from odoo import Command, fields


class Steps:
    """The steps that flows are made of, on one book."""

    def __init__(self, book):
        self.book, self.env, self.pieces = book, book.env, {}
        self.partner = self.env["res.partner"].create({"name": "Trade partner"})
        self.freight = self.env["product.product"].create(
            {
                "name": "Freight",
                "type": "service",
                "property_account_expense_id": book.accounts["expense"].id,
            }
        )

    # === MAKING === #

    def _create_piece(self, cost, style=None):
        return self.env["stock.lot"].create(
            {
                "product_id": (style or self.book.style).id,
                "company_id": self.book.company.id,
                "standard_price": cost,
            }
        )

    def _create_stone(self, lot, **values):
        """Describe the natural diamonds in a lot: a loose stone, unless told otherwise."""
        common = {
            "holder_id": lot.id,
            "product_id": lot.product_id.id,
            "origin": "natural",
            "species_id": self.env.ref("jewelry_inventory.species_diamond").id,
            "shape_id": self.env.ref("jewelry_inventory.shape_round").id,
        }
        return self.env["jewelry.stone"].create(
            common | (values or {"home_lot_id": lot.id, "carat": 1})
        )

    def _take_in_bulk(self, name, style, *amounts):
        """Take a parcel or metal into stock from the opening stock.

        :param amounts: for each part (carats or grams, count of stones, what all of it costs)
        """
        lot = self._create_piece(0, style)
        if style == self.book.parcel_style:
            self._create_stone(lot, carat=amounts[0][0], count=amounts[0][1])
        for quantity, count, cost in amounts:
            values = {"lot_id": lot.id, "quantity": quantity, "stone_count": count, "cost": cost}
            self.env["jewelry.parcel.intake"].create(values).action_take_in()
        self.pieces[name] = lot

    # === BUYING === #

    def _receive(self, *costs):
        """Order pieces, enter them with their costs, receive them and return the order."""
        line = {
            "product_id": self.book.style.id,
            "product_qty": len(costs),
            "price_unit": sum(costs) / len(costs),
        }
        order = self.env["purchase.order"].create(
            {"partner_id": self.partner.id, "order_line": [Command.create(line)]}
        )
        order.button_confirm()
        Entry = self.env["jewelry.delivery.entry"]
        entry = Entry.with_context(default_picking_id=order.picking_ids.id).create({})
        for entered, cost in zip(entry.line_ids, costs, strict=True):
            entered.cost_unit = cost
        entry.action_apply()
        order.picking_ids.button_validate()
        return order

    def _bill(self, order, price=None):
        """Bill what an order brought, or refund what went back, at the ordered price or at
        `price` for each piece.
        """
        bill = self.env["account.move"].browse(order.action_create_invoice()["res_id"])
        bill.invoice_date = fields.Date.today()
        if price is not None:
            bill.invoice_line_ids.price_unit = price
        bill.action_post()
        return bill

    def _post_bill(self, product, price):
        line = {"product_id": product.id, "price_unit": price, "tax_ids": False}
        self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [Command.create(line)],
            }
        ).action_post()

    def _land(self, order, amount):
        line = {
            "product_id": self.freight.id,
            "price_unit": amount,
            "split_method": "by_current_cost_price",
        }
        self.env["stock.landed.cost"].create(
            {
                "picking_ids": [Command.set(order.picking_ids.ids)],
                "account_journal_id": self.book.company.account_stock_journal_id.id,
                "cost_lines": [Command.create(line)],
            }
        ).button_validate()

    # === SELLING === #

    def _sell(self, name, price):
        piece = self.pieces[name]
        piece.list_price = price
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [Command.create({"piece_id": piece.id})],
            }
        )
        order.action_confirm()
        return order

    def _deliver(self, order):
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()

    def _invoice(self, order):
        order._create_invoices().action_post()

    def _return(self, order, piece):
        """Send a piece back the way it came: to the vendor, or from the customer."""
        wizard = self.env["stock.return.picking"].with_context(
            active_model="stock.picking", active_id=order.picking_ids.id
        )
        returned = wizard.create({})
        returned.product_return_moves.quantity = 1
        picking = self.env["stock.picking"].browse(returned.action_create_returns()["res_id"])
        picking.move_line_ids.lot_id = piece
        picking.move_ids.picked = True
        picking.button_validate()

    def _credit(self, invoice, price=None):
        """Credit an invoice or a bill, all of it or by `price` for each piece."""
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        action = wizard.create({"journal_id": invoice.journal_id.id}).refund_moves()
        credit = self.env["account.move"].browse(action["res_id"])
        if price is not None:
            credit.invoice_line_ids.price_unit = price
        credit.action_post()

    # === WORK AND VALUE === #

    def _transform(self, kind, *lines):
        """Do a transformation of these lines, each (direction, values)."""
        lines = [Command.create({"direction": direction} | values) for direction, values in lines]
        transformation = self.env["jewelry.transformation"].create(
            {"kind": kind, "company_id": self.book.company.id, "line_ids": lines}
        )
        transformation.action_done()
        return transformation

    def _close(self):
        """Close the stock, if there is anything to close: core raises an error if not."""
        if self.book.company._action_close_stock_valuation():
            self.book.company.action_close_stock_valuation(auto_post=True)

    def _set_cost(self, name, cost, reason, note):
        piece = self.pieces[name]
        piece._set_cost({piece: cost}, reason, note)
