"""Flows at the register of what leaves later, comes from elsewhere or is paid in another way."""

from odoo.addons.jewelry_pos.tests.common import prepare_line

from .accounting_flow import EARLIER_DAY, flow
from .accounting_steps_counter import CounterSteps


class LaterFlows(CounterSteps):
    """Shipping, other shops, gift cards, prices that a manager agrees to."""

    @flow(
        "More rings for the counter",
        "Six rings are received and billed at 50.00, 55.00, 45.00, 65.00, 35.00 and 75.00.",
        date=EARLIER_DAY,
    )
    def later_stock(self):
        purchase = self._receive(50, 55, 45, 65, 35, 75)
        self._bill(purchase)
        self.more_rings = list(purchase.picking_ids.move_line_ids.lot_id.sorted("id"))

    @flow(
        "Paid at the register, to be shipped",
        "A ring (cost 50.00) is paid at 160.00 and is to be shipped on another day. The closing of "
        "the session posts the revenue, as core does; the ring is reserved, still ours and still "
        "in stock. Where control passes on delivery only (IFRS 15.38) and a period ends in "
        "between, the accountant defers what is paid and not delivered.",
        date=EARLIER_DAY,
    )
    def register_shipping(self):
        self.shipped = self._ring_up(
            prepare_line(self.more_rings[0], price_unit=160),
            partner_id=self.partner.id,
            shipping_date="2025-06-16",
        )
        self._close_register()

    @flow(
        "Paid and invoiced at the register, to be shipped",
        "Another ring (cost 55.00) is paid at 170.00, invoiced at the register and shipped later: "
        "the invoice takes the revenue and, under perpetual valuation, the cost of this very ring.",
        date=EARLIER_DAY,
    )
    def register_shipping_invoiced(self):
        self.shipped += self._ring_up(
            prepare_line(self.more_rings[1], price_unit=170),
            partner_id=self.partner.id,
            shipping_date="2025-06-16",
            to_invoice=True,
        )
        self._close_register()

    @flow(
        "Shipped on another day",
        "Both rings leave. The cost of the first is posted now, when it leaves the stock; that of "
        "the second was posted by its invoice, and is not posted again.",
    )
    def register_shipped(self):
        self._hand_over(self.shipped.picking_ids)

    @flow(
        "Return without a receipt",
        "A ring that the register sold at 150.00 (cost 40.00) comes back without a receipt; a "
        "manager takes it back and pays what was paid for it. It is the same ring, and it is in "
        "stock again at the cost with which it left.",
    )
    def register_return_without_receipt(self):
        self._ring_up(prepare_line(self.rings[0], -1, price_unit=150))
        self._close_register()

    @flow(
        "Piece of another shop, sold here",
        "A ring (cost 45.00) lies in another shop of the company and is paid here at 140.00 for "
        "later pickup. The closing posts the revenue. The ring is sent to this shop by way of the "
        "place for goods in transit: it stays ours all the way, so that neither transfer posts "
        "anything.",
    )
    def register_other_shop(self):
        self._move_to_other_shop(self.more_rings[2])
        self.far = self._ring_up(
            prepare_line(self.more_rings[2], price_unit=140),
            partner_id=self.partner.id,
            shipping_date="2025-06-16",
        )
        self._close_register()
        self._bring_here(self.far)

    @flow(
        "Piece of another shop, picked up",
        "The customer picks it up: its cost is posted when it leaves the stock.",
    )
    def register_picked_up(self):
        self._hand_over(self.far.picking_ids)

    @flow(
        "Gift card sold",
        "A gift card of 100.00 is sold. Nothing is earned yet: what it is worth is owed to whoever "
        "holds it (IFRS 15.B44), because the product that sells it has the gift cards account as "
        "its income account.",
    )
    def register_gift_card(self):
        self.card = self._sell_gift_card(100)
        self._close_register()

    @flow(
        "Gift card redeemed",
        "A ring (cost 65.00) is sold at 180.00, of which the gift card pays 100.00 and the "
        "customer 80.00. The revenue is the whole price; the card is owed no more.",
    )
    def register_gift_card_redeemed(self):
        self._redeem(self.card, 100, prepare_line(self.more_rings[3], price_unit=180))
        self._close_register()

    @flow(
        "Price that a manager agreed to",
        "A ring (cost 35.00, priced 120.00, not below 100.00) is sold at 90.00, because a manager "
        "agreed to it at the register. The revenue is what was agreed (IFRS 15.47): there is no "
        "entry for what was given up.",
    )
    def register_agreed_price(self):
        self._sell_below_floor(self.more_rings[4], 100, 90, is_agreed=True)
        self._close_register()

    @flow(
        "Price that nobody agreed to",
        "A ring (cost 75.00, priced 120.00, not below 110.00) is paid at 95.00 by a register that "
        "could not ask. The ticket is kept, the ring is not handed over, and its money is owed.",
    )
    def register_price_conflict(self):
        self.low = self._sell_below_floor(self.more_rings[5], 110, 95, is_agreed=False)
        self._close_register()

    @flow(
        "Manager accepts the price",
        "The manager lets the customer have the ring: what was owed becomes revenue, and the ring "
        "an expense.",
    )
    def register_price_accepted(self):
        self.low.conflict_ids.action_hand_over(self.more_rings[5], "An old client")

    @flow(
        "Owed when the day ends",
        "The ring that was shipped is paid once more, at 130.00, by a register that could not "
        "reach the server, and waits for a manager. The session closes all the same; what is owed "
        "stays in the balances below.",
    )
    def register_conflict_open(self):
        self._ring_up(prepare_line(self.more_rings[0], price_unit=130))
        self._close_register()
