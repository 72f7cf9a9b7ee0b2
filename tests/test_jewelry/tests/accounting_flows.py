"""The flows of a jewelry store, played on a book; their order is that of the document."""

from contextlib import suppress
from dataclasses import dataclass

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import ValidationError

from .accounting_books import Entry

# A year that is over: what the closing reads as "since then" is never in the future.
FIRST_DAY, ANY_DAY = "2025-01-01", "2025-06-16"
OPENING_COSTS = {
    "bracelet": 700,
    "necklace": 800,
    "plain ring": 100,
    "set ring": 900,
    "brooch": 500,
    "pendant": 300,
    "watch": 400,
    "mount": 500,
    "diamond": 1000,
}
FLOWS = []


@dataclass(frozen=True)
class Flow:
    """A flow: its title, what happened and why the entry is right, and who plays it."""

    title: str
    why: str
    play: callable
    date: str


@dataclass(frozen=True)
class Played:
    """What a flow posted in one book, and what it added to the value of each piece."""

    flow: Flow
    entries: tuple
    added: tuple


def flow(title, why, date=ANY_DAY):
    """Register the decorated method of `Player` as the next flow of the document."""

    def register(method):
        FLOWS.append(Flow(title, why, method, date))
        return method

    return register


class Player:
    """Plays every flow once, in order, on one book."""

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

    def play(self):
        """Play all flows and return what each did."""
        return [self._play(flow) for flow in FLOWS]

    def _play(self, flow):
        known, before = self.book.get_moves(), self.book.get_piece_values()
        with freeze_time(flow.date):
            flow.play(self)
        entries = self.book.get_moves() - known
        after = self.book.get_piece_values()
        added = (round(value - before.get(piece, 0), 2) for piece, value in after.items())
        return Played(flow, tuple(map(Entry.from_move, entries)), tuple(filter(None, added)))

    # === FLOWS === #

    @flow(
        "Opening stock",
        "Nine pieces (5,200.00 together) are at hand when the books begin: each enters at its "
        "own cost (IAS 2.23) against the opening account, as no vendor bill will follow and "
        "finding them is no gain.",
        date=FIRST_DAY,
    )
    def opening_stock(self):
        for name, cost in OPENING_COSTS.items():
            style = self.book.stone_style if name == "diamond" else self.book.style
            self.pieces[name] = self._create_piece(cost, style)
        pieces = self.env["stock.lot"].concat(*self.pieces.values())
        pieces._take_in(self.book.company._get_opening_place(), self.book.shop)

    @flow(
        "Closing of the first day",
        "Under periodic valuation the opening stock reaches the ledger by a closing: done on the "
        "first day, it is in the opening balance; done later, the next closing on a continental "
        "chart would take it for purchases.",
        date=FIRST_DAY,
    )
    def first_closing(self):
        self._close()

    @flow(
        "Receipt and vendor bill",
        "A ring is ordered, received and billed at 600.00: the receipt itself posts nothing, "
        "the bill debits the stock account (perpetual) or the purchases (periodic).",
    )
    def receipt_and_bill(self):
        self._bill(self._receive(600))

    @flow(
        "Bill that differs from the receipt",
        "Two rings of one order, received at 100.00 and 900.00, are billed at 1,100.00: cost is "
        "what was paid (IAS 2.11), so the pieces are raised to 110.00 and 990.00; the bill has "
        "debited all of it, the new costs post nothing more.",
    )
    def dearer_bill(self):
        self.delivery = self._receive(100, 900)
        self._bill(self.delivery, 550)

    @flow(
        "Landed cost",
        "Freight of 55.00 for these two rings is billed as an expense and then borne by them, "
        "5.50 and 49.50, as bringing them here is part of their cost (IAS 2.10-11).",
    )
    def landed_cost(self):
        self._post_bill(self.freight, 55)
        self._land(self.delivery, 55)

    @flow(
        "Receipt whose bill has not come",
        "A ring received at 250.00 is not billed before the closing: it is in stock and counts, "
        "and the closing accrues it in the stock variation until the bill comes.",
    )
    def unbilled_receipt(self):
        self._receive(250)

    @flow(
        "Delivery, then invoice",
        "The bracelet (cost 700.00) is delivered and then invoiced at 1,500.00: its own cost "
        "becomes an expense with the revenue (IAS 2.34), in one entry.",
    )
    def delivery_then_invoice(self):
        sale = self._sell("bracelet", 1500)
        self._deliver(sale)
        self._invoice(sale)

    @flow(
        "Invoice before delivery",
        "The necklace (cost 800.00) is invoiced at 1,700.00 and delivered later: the invoice "
        "names the piece, so its own cost is known and the delivery has nothing left to post.",
    )
    def invoice_before_delivery(self):
        sale = self._sell("necklace", 1700)
        self._invoice(sale)
        self._deliver(sale)

    @flow(
        "Two pieces of one style on two invoices",
        "A plain ring (cost 100.00) and a ring set with a diamond (cost 900.00) of the same "
        "style are sold for 300.00 and 2,000.00: specific identification expenses 100.00 and "
        "900.00, never the average of 500.00 (IAS 2.23).",
    )
    def two_pieces_of_one_style(self):
        plain, self.sale = self._sell("plain ring", 300), self._sell("set ring", 2000)
        for sale in (plain, self.sale):
            self._deliver(sale)
            self._invoice(sale)

    @flow(
        "Return with a credit note",
        "The ring set with a diamond comes back and is credited: the credit note takes back "
        "the 900.00 that its own invoice expensed, and the piece is in stock at 900.00 again.",
    )
    def return_with_credit_note(self):
        self._take_back(self.sale)
        self._credit(self.sale)

    @flow(
        "Late bill after the sale",
        "A ring received at 450.00 is sold for 1,000.00 before its bill of 480.00 comes: the "
        "invoice stays as posted, and the missing 30.00 pass through the stock account to the "
        "expense in the open period.",
    )
    def late_bill(self):
        purchase = self._receive(450)
        self.pieces["late ring"] = purchase.picking_ids.move_line_ids.lot_id
        sale = self._sell("late ring", 1000)
        self._deliver(sale)
        self._invoice(sale)
        self._bill(purchase, 480)

    @flow(
        "Write-down to net realisable value",
        "The brooch (cost 500.00) will bring 350.00 at most: the difference is an expense of "
        "the period in which it is found (IAS 2.28-34); under periodic valuation it is part of "
        "the stock variation, and the cost histories of the pieces tell the amount to disclose "
        "(IAS 2.36).",
    )
    def write_down(self):
        self._set_cost("brooch", 350, "write_down", "Out of fashion")

    @flow(
        "Reversal of a write-down",
        "The brooch will bring 450.00 after all: the reversal lowers the expense again, and "
        "never lifts the piece above its original cost of 500.00 (IAS 2.33). US GAAP forbids it "
        "(ASC 330-10-35-14): a company in the United States is refused, unless its settings say "
        "that the books follow other rules, and the piece stays at 350.00.",
    )
    def reversal(self):
        if self.book.company.piece_reversal_allowed:
            self._set_cost("brooch", 450, "reversal", "Vintage is back")
            return
        with suppress(ValidationError), self.env.cr.savepoint():
            self._set_cost("brooch", 450, "reversal", "Vintage is back")

    @flow(
        "Correction with a reason",
        "The pendant was entered at 300.00 but cost 330.00: whoever corrects it gives the "
        "reason, and the revaluation account shows the 30.00 as found, not as bought.",
    )
    def correction(self):
        self._set_cost("pendant", 330, "correction", "Setting was not counted")

    @flow(
        "Setting a stone, with labour",
        "A diamond (cost 1,000.00) is set in a mount (cost 500.00) with work of 80.00, which is "
        "a cost of conversion (IAS 2.12): the stone has no cost of its own any more, the ring "
        "costs 1,580.00, and what passed through work in progress has left it, under periodic "
        "valuation by the closing.",
    )
    def setting(self):
        wizard = self.env["jewelry.transformation.set"].create(
            {
                "piece_id": self.pieces["mount"].id,
                "stone_ids": [Command.set(self._create_stone(self.pieces["diamond"]).ids)],
                "work": 80,
            }
        )
        wizard.action_set()

    @flow(
        "Goods of others",
        "A ring of 650.00 is taken in on consignment: it belongs to the vendor, so it has no "
        "value in our books and posts nothing.",
    )
    def goods_of_others(self):
        self._create_piece(650)._take_in(self.book.vendors, self.book.shop, self.partner)

    @flow(
        "Piece missing at the inventory",
        "The watch (cost 400.00) is not found at the count: its own cost leaves the stock "
        "against the account of the loss place (IAS 2.34).",
    )
    def inventory_loss(self):
        quants = self.pieces["watch"].quant_ids.with_context(inventory_mode=True)
        quant = quants.filtered(lambda quant: quant.location_id == self.book.shop)
        quant.inventory_quantity = 0
        quant.action_apply_inventory()

    @flow(
        "Closing",
        "The closing brings the stock account to the sum of the pieces: what no document has "
        "posted goes to the stock variation, losses of periodic valuation to the account of "
        "their place; on a continental chart it then turns the cost of the pieces sold into "
        "purchases less stock variation, taking for purchases or use what was posted to other "
        "accounts (the write-down of 50.00, the work of 80.00), under periodic valuation one "
        "closing later.",
    )
    def closing(self):
        self._close()

    # === STEPS === #

    def _create_piece(self, cost, style=None):
        return self.env["stock.lot"].create(
            {
                "product_id": (style or self.book.style).id,
                "company_id": self.book.company.id,
                "standard_price": cost,
            }
        )

    def _create_stone(self, lot):
        """Return the loose stone that a serial number is of."""
        return self.env["jewelry.stone"].create(
            {
                "holder_id": lot.id,
                "home_lot_id": lot.id,
                "product_id": lot.product_id.id,
                "origin": "natural",
                "species_id": self.env.ref("jewelry_inventory.species_diamond").id,
                "shape_id": self.env.ref("jewelry_inventory.shape_round").id,
                "carat": 1,
            }
        )

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
        """Bill what an order brought, at the ordered price or at `price` for each piece."""
        bill = self.env["account.move"].browse(order.action_create_invoice()["res_id"])
        bill.invoice_date = fields.Date.today()
        if price is not None:
            bill.invoice_line_ids.price_unit = price
        bill.action_post()

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

    def _take_back(self, order):
        wizard = self.env["stock.return.picking"].with_context(
            active_model="stock.picking", active_id=order.picking_ids.id
        )
        returned = wizard.create({})
        returned.product_return_moves.quantity = 1
        picking = self.env["stock.picking"].browse(returned.action_create_returns()["res_id"])
        picking.move_ids.picked = True
        picking.button_validate()

    def _credit(self, order):
        invoice = order.invoice_ids
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        action = wizard.create({"journal_id": invoice.journal_id.id}).refund_moves()
        self.env["account.move"].browse(action["res_id"]).action_post()

    def _close(self):
        """Close the stock, if there is anything to close: core raises an error if not."""
        if self.book.company._action_close_stock_valuation():
            self.book.company.action_close_stock_valuation(auto_post=True)

    def _set_cost(self, name, cost, reason, note):
        piece = self.pieces[name]
        piece._set_cost({piece: cost}, reason, note)
