"""Flows at the register."""

from odoo.addons.jewelry_pos.tests.common import prepare_line

from .accounting_flow import flow
from .accounting_steps_counter import CounterSteps


class CounterFlows(CounterSteps):
    """Tickets, what comes back, and what could not be handed over."""

    @flow(
        "Rings for the counter",
        "Five rings are received and billed at 40.00, 60.00, 30.00, 70.00 and 80.00, as any "
        "others.",
    )
    def counter_stock(self):
        purchase = self._receive(40, 60, 30, 70, 80)
        self._bill(purchase)
        self.rings = list(purchase.picking_ids.move_line_ids.lot_id.sorted("id"))

    @flow(
        "Sale at the register",
        "Two rings of one style (cost 40.00 and 60.00) are sold on one ticket at 150.00 and "
        "250.00. The register moves the stock at once; the closing of its session posts the "
        "revenue, what the card owes, and under perpetual valuation the own cost of each ring.",
    )
    def register_sale(self):
        first, second = self.rings[:2]
        self.ticket = self._ring_up(
            prepare_line(first, price_unit=150), prepare_line(second, price_unit=250)
        )
        self._close_register()

    @flow(
        "Return at the register",
        "One of the two comes back and is paid back: the same ring is in stock again, at the cost "
        "with which it left.",
    )
    def register_return(self):
        line = self.ticket.lines[1]
        self._ring_up(
            prepare_line(self.rings[1], -1, price_unit=250, refunded_orderline_id=line.id),
            is_refund=True,
        )
        self._close_register()

    @flow(
        "Sale at the register, invoiced",
        "That ring is sold again at 240.00 and invoiced: the invoice takes the revenue and, under "
        "perpetual valuation, the cost; the closing of the session posts only the payment.",
    )
    def register_invoice(self):
        self._ring_up(
            prepare_line(self.rings[1], price_unit=240), partner_id=self.partner.id, to_invoice=True
        )
        self._close_register()

    @flow(
        "Own goods and goods of another on one ticket",
        "A ring of ours (cost 30.00, sold at 90.00) and one that an owner left with us (sold at "
        "110.00) leave on one ticket: each is a move of its own, and what is not ours costs "
        "nothing. What the owner is owed is not part of this document.",
    )
    def register_two_owners(self):
        foreign = self._take_in_of_owner()
        self._ring_up(
            prepare_line(self.rings[2], price_unit=90), prepare_line(foreign, price_unit=110)
        )
        self._close_register()

    @flow(
        "A piece that several registers sold",
        "Registers that could not reach the server sold the same ring (cost 70.00) three times at "
        "200.00. All tickets are kept. The first one synced delivers; the money of the others is "
        "no revenue, as control of the goods has not passed (IFRS 15.31): it is owed to them.",
    )
    def register_conflict(self):
        self._ring_up(prepare_line(self.rings[3], price_unit=200))
        self.second, self.third = (
            self._ring_up(prepare_line(self.rings[3], price_unit=200), partner_id=self.partner.id)
            for _customer in range(2)
        )
        self._close_register()

    @flow(
        "Another piece for the second customer",
        "The second customer takes another ring (cost 80.00) for the 200.00 paid: what was owed "
        "becomes revenue, and the ring an expense.",
    )
    def register_conflict_settled(self):
        self.second.conflict_ids.action_hand_over(self.rings[4], "Took the other one")

    @flow(
        "Money back for the third customer",
        "The third customer is paid back at the register: nothing is owed any more, and nothing "
        "was ever sold.",
    )
    def register_conflict_refunded(self):
        line = self.third.lines
        self._ring_up(
            prepare_line(line.piece_id, -1, price_unit=200, refunded_orderline_id=line.id),
            is_refund=True,
        )
        self._close_register()
