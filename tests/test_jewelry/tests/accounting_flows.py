"""The flows of a jewelry store, played on a book; their order is that of the document."""

from dataclasses import dataclass

from freezegun import freeze_time

from odoo import Command, fields

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
    """What a flow posted in one book, and what it added to the value of the pieces."""

    flow: Flow
    entries: tuple
    added: float


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

    def play(self):
        """Play all flows and return what each did."""
        return [self._play(flow) for flow in FLOWS]

    def _play(self, flow):
        known, before = self.book.get_moves(), self.book.get_value()
        with freeze_time(flow.date):
            flow.play(self)
        entries = self.book.get_moves() - known
        added = self.book.company.currency_id.round(self.book.get_value() - before)
        return Played(flow, tuple(map(Entry.read, entries)), added)

    # === FLOWS === #

    @flow(
        "Opening stock",
        "Seven pieces (3,700.00 together) are at hand when the books begin: each enters at its "
        "own cost (IAS 2.23) against the opening account, as no vendor bill will follow and "
        "finding them is no gain.",
        date=FIRST_DAY,
    )
    def opening_stock(self):
        for name, cost in OPENING_COSTS.items():
            self.pieces[name] = self._create_piece(cost)
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
        "A ring is received at 600.00 and billed at 600.00: the receipt itself posts nothing, "
        "the bill debits the stock account (perpetual) or the purchases (periodic).",
    )
    def receipt_and_bill(self):
        self._receive(600)
        self._bill(600)

    @flow(
        "Bill that differs from the receipt",
        "A ring received at 900.00 is billed at 950.00: its cost of purchase is what was paid "
        "(IAS 2.11), so the piece is raised to 950.00; the bill has debited all of it, the new "
        "cost posts nothing more.",
    )
    def dearer_bill(self):
        piece = self._receive(900)
        self._bill(950)
        piece._set_cost({piece: 950}, "bill", "Vendor bill")

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
        self._deliver("bracelet")
        self._invoice("bracelet", 1500)

    @flow(
        "Invoice before delivery",
        "The necklace (cost 800.00) is invoiced at 1,700.00 and delivered later: the invoice "
        "names the piece, so its own cost is known and the delivery has nothing left to post.",
    )
    def invoice_before_delivery(self):
        self._invoice("necklace", 1700)
        self._deliver("necklace")

    @flow(
        "Two pieces of one style on two invoices",
        "A plain ring (cost 100.00) and a ring set with a diamond (cost 900.00) of the same "
        "style are sold for 1,200.00 each: specific identification expenses 100.00 and 900.00, "
        "never the average of 500.00 (IAS 2.23).",
    )
    def two_pieces_of_one_style(self):
        self._deliver("plain ring")
        self._deliver("set ring")
        self._invoice("plain ring", 1200)
        self.sale = self._invoice("set ring", 1200)

    @flow(
        "Return with a credit note",
        "The ring set with a diamond comes back and is credited: the credit note takes back "
        "the 900.00 that its own invoice expensed, and the piece is in stock at 900.00 again.",
    )
    def return_with_credit_note(self):
        self._move(self.pieces["set ring"], self.book.customers, self.book.shop)
        self._credit(self.sale)

    @flow(
        "Late bill after the sale",
        "A ring received at 450.00 is sold for 1,000.00 before its bill of 480.00 comes: the "
        "invoice stays as posted, and the missing 30.00 pass through the stock account to the "
        "expense in the open period.",
    )
    def late_bill(self):
        self.pieces["late ring"] = piece = self._receive(450)
        self._deliver("late ring")
        self._invoice("late ring", 1000)
        self._bill(480)
        piece._set_cost({piece: 480}, "bill", "Late vendor bill")

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
        "never lifts the piece above its original cost of 500.00 (IAS 2.33); US GAAP knows no "
        "reversal (ASC 330-10-35-14), there the piece stays at 350.00.",
    )
    def reversal(self):
        self._set_cost("brooch", 450, "reversal", "Vintage is back")

    @flow(
        "Correction with a reason",
        "The pendant was entered at 300.00 but cost 330.00: whoever corrects it gives the "
        "reason, and the revaluation account shows the 30.00 as found, not as bought.",
    )
    def correction(self):
        self._set_cost("pendant", 330, "correction", "Setting was not counted")

    @flow(
        "Goods of others",
        "A ring of 650.00 is taken in on consignment: it belongs to the vendor, so it has no "
        "value in our books and posts nothing.",
    )
    def goods_of_others(self):
        self._receive(650, owner=self.partner)

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
        "purchases less stock variation, taking for a use what was posted to neither account "
        "(the write-down of 50.00).",
    )
    def closing(self):
        self._close()

    # === STEPS === #

    def _create_piece(self, cost=0):
        return self.env["stock.lot"].create(
            {
                "product_id": self.book.style.id,
                "company_id": self.book.company.id,
                "standard_price": cost,
            }
        )

    def _receive(self, cost, owner=None):
        piece = self._create_piece()
        self._move(piece, self.book.vendors, self.book.shop, cost_unit=cost, owner_id=owner)
        return piece

    def _deliver(self, name):
        self._move(self.pieces[name], self.book.shop, self.book.customers)

    def _move(self, piece, source, dest, cost_unit=0, owner_id=None):
        common = {
            "product_id": piece.product_id.id,
            "location_id": source.id,
            "location_dest_id": dest.id,
        }
        line = common | {"lot_id": piece.id, "quantity": 1, "cost_unit": cost_unit}
        line["owner_id"] = owner_id and owner_id.id
        move = self.env["stock.move"].create(
            common | {"product_uom_qty": 1, "move_line_ids": [Command.create(line)], "picked": True}
        )
        move._action_done()

    def _bill(self, price):
        return self._post("in_invoice", price)

    def _invoice(self, name, price):
        return self._post("out_invoice", price, piece_ids=self.pieces[name].ids)

    def _post(self, move_type, price, **values):
        line = {
            "product_id": self.book.style.id,
            "quantity": 1,
            "price_unit": price,
            "tax_ids": False,
        }
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.partner.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [Command.create(line | values)],
            }
        )
        move.action_post()
        return move

    def _credit(self, invoice):
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
