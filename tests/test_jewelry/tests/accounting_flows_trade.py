"""Flows of opening, buying and selling."""

from .accounting_flow import FIRST_DAY, flow
from .accounting_steps import Steps

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


class OpeningFlows(Steps):
    """What is at hand when the books begin."""

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
        "Opening stock of small stones and metal",
        "A parcel of 60 small diamonds (3 ct, 540.00), to which 40 more (2 ct, 460.00) are added; "
        "a second parcel of 60 (3 ct, 450.00); and 10 g of gold scrap (400.00). Small stones and "
        "grams of an alloy are interchangeable, so they are not identified one by one: each lot "
        "has a weighted average cost (IAS 2.25), here 200.00 a carat, 150.00 a carat and 40.00 a "
        "gram.",
        date=FIRST_DAY,
    )
    def opening_parcels(self):
        self._take_in_bulk("parcel", self.book.parcel_style, (3, 60, 540), (2, 40, 460))
        self._take_in_bulk("second parcel", self.book.parcel_style, (3, 60, 450))
        self._take_in_bulk("scrap", self.book.metal_style, (10, 0, 400))

    @flow(
        "Closing of the first day",
        "Under periodic valuation the opening stock reaches the ledger by a closing: done on the "
        "first day, it is in the opening balance; done later, the next closing on a continental "
        "chart would take it for purchases.",
        date=FIRST_DAY,
    )
    def first_closing(self):
        self._close()


class BuyingFlows(Steps):
    """Orders, bills and refunds of vendors."""

    @flow(
        "Receipt and vendor bill",
        "A ring is ordered, received and billed at 600.00: the receipt itself posts nothing, "
        "the bill debits the stock account (perpetual) or the purchases (periodic).",
    )
    def receipt_and_bill(self):
        purchase = self._receive(600)
        self._bill(purchase)
        self.pieces["ring"] = purchase.picking_ids.move_line_ids.lot_id

    @flow(
        "Bill that differs from the receipt",
        "Two rings of one order, received at 100.00 and 900.00, are billed at 1,100.00: cost is "
        "what was paid (IAS 2.11), so the pieces are raised to 110.00 and 990.00; the bill has "
        "debited all of it, the new costs post nothing more.",
    )
    def dearer_bill(self):
        self.delivery = self._receive(100, 900)
        self.bill = self._bill(self.delivery, 550)

    @flow(
        "Landed cost",
        "Freight of 55.00 for these two rings is billed as an expense and then borne by them, "
        "5.50 and 49.50, as bringing them here is part of their cost (IAS 2.10-11).",
    )
    def landed_cost(self):
        self._post_bill(self.freight, 55)
        self._land(self.delivery, 55)

    @flow(
        "Vendor refund that lowers the price",
        "The vendor of these two rings grants a rebate of 110.00 after all: a rebate is deducted "
        "from the cost of purchase (IAS 2.11), shared as they were received, 11.00 and 99.00; the "
        "freight that they bear stays.",
    )
    def lower_price(self):
        self._credit(self.bill, 55)

    @flow(
        "Vendor refund of goods sent back",
        "Two rings of one order are received at 280.00 and 320.00 and billed at 600.00; the "
        "dearer one is sent back and refunded at what it was billed: the refund takes its own "
        "320.00 out of the books again, the return itself posts nothing.",
    )
    def sent_back(self):
        purchase = self._receive(280, 320)
        self._bill(purchase)
        pieces = purchase.picking_ids.move_line_ids.lot_id.sorted("id")
        self._return(purchase, pieces[1])
        self._bill(purchase, 320)

    @flow(
        "Receipt whose bill has not come",
        "A ring received at 250.00 is not billed before the closing: it is in stock and counts, "
        "and the closing accrues it in the stock variation until the bill comes.",
    )
    def unbilled_receipt(self):
        self._receive(250)


class SellingFlows(Steps):
    """Orders, invoices and credit notes of customers."""

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
        self._return(self.sale, self.pieces["set ring"])
        self._credit(self.sale.invoice_ids)

    @flow(
        "Returned piece sold again",
        "The ring that came back is sold again, for 2,100.00: it is the same piece with the same "
        "cost, so the second invoice expenses its 900.00 again, and the two invoices with their "
        "credit note leave one expense for one sale.",
    )
    def sold_again(self):
        sale = self._sell("set ring", 2100)
        self._deliver(sale)
        self._invoice(sale)

    @flow(
        "Late bill after the sale",
        "A ring received at 450.00 is sold for 1,000.00 before its bill of 480.00 comes: the "
        "invoice stays as posted, and the missing 30.00 pass through the stock account to the "
        "expense in the open period.",
    )
    def late_bill(self):
        purchase = self._receive(450)
        self.pieces["late ring"] = purchase.picking_ids.move_line_ids.lot_id
        self.late_sale = self._sell("late ring", 1000)
        self._deliver(self.late_sale)
        self._invoice(self.late_sale)
        self._bill(purchase, 480)

    @flow(
        "Invoice cancelled after a cost difference",
        "The invoice of that ring was made out to the wrong address: it is set back to draft and "
        "cancelled, which takes its 450.00 out of the expense, and the difference of 30.00 is "
        "taken back by an entry of its own in the open period. The invoice that replaces it "
        "expenses all of the 480.00 in itself.",
    )
    def cancelled_invoice(self):
        self.late_sale.invoice_ids.button_draft()
        self.late_sale.invoice_ids.button_cancel()
        self._invoice(self.late_sale)
