"""Flows of values that change without a document, and of the closing."""

from contextlib import suppress

from odoo.exceptions import ValidationError

from .accounting_flow import flow
from .accounting_steps import Steps


class ValueFlows(Steps):
    """Costs that are found wrong or too high."""

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


class ClosingFlows(Steps):
    """What is not ours or not there, and the closing."""

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
        "The closing brings the stock account to the sum of what is in stock: what no document has "
        "posted goes to the stock variation; under periodic valuation losses go to the account of "
        "their place, and work in progress, where the work of 80.00 less the losses of 14.00 is "
        "left, is cleared. On a continental chart it then turns the cost of the pieces sold into "
        "purchases less stock variation, taking for purchases or use what was posted to other "
        "accounts: the write-down of 50.00 and the work of 80.00, under periodic valuation the "
        "work alone, 14.00 of it now and 66.00 one closing later.",
    )
    def closing(self):
        self._close()
