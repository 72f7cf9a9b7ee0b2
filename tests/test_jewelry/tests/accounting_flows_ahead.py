"""Flows of money that customers pay ahead at a register, online, and for a layaway."""

from odoo.addons.jewelry_pos.tests.common import prepare_line

from .accounting_flow import flow
from .accounting_steps_ahead import AheadSteps

# Months before the others, so that what is not paid is late.
WINTER = "2025-01-15"


class AheadFlows(AheadSteps):
    """Deposits by whatever way the money comes, and the fee of a layaway."""

    @flow(
        "Rings that are paid ahead elsewhere",
        "Four rings are received and billed in winter, 50.00 each.",
        date=WINTER,
    )
    def ahead_stock(self):
        purchase = self._receive(*[50] * 4)
        self._bill(purchase)
        self.away = list(purchase.picking_ids.move_line_ids.lot_id.sorted("id"))

    @flow(
        "Deposit taken at the register",
        "200.00 are paid at a register for a ring of 500.00 before tax, on a ticket that also "
        "sells a ring (cost 50.00) for 90.00. The closing of the session credits the account with "
        "an item for each deposit, with the tax that is due on receipt; until then the tie-out "
        "shows the money as in an open register.",
    )
    def ahead_register(self):
        self.fetched = self._order_ahead((self.away[0], 500))
        self._take_ahead(self.fetched, 200, prepare_line(self.away[1], price_unit=90))
        self._close_register()

    @flow(
        "Deposit given back at the register",
        "Of 100.00 that were paid in the back office a manager gives 40.00 back at the register.",
    )
    def ahead_register_refund(self):
        self.online = self._order_ahead((self.away[2], 400))
        self._pay_ahead(self.online, 100)
        self._take_ahead(self.online, -40)
        self._close_register()

    @flow(
        "The rest paid at the register, and handed over",
        "The customer pays the rest and takes the ring (cost 50.00). Its invoice is posted at once "
        "and uses the deposit, what the open register took included; the closing then credits "
        "what came in, and the account owes nothing.",
    )
    def ahead_register_delivered(self):
        self._take_ahead(self.fetched, self.fetched.amount_due, is_handed_over=True)
        self._close_register()

    @flow(
        "Deposit paid online",
        "The customer of the other deposit pays the rest on its page: the payment of the provider "
        "and the receipt are posted and matched. Nothing is confirmed or invoiced by it.",
    )
    def ahead_online(self):
        self._pay_ahead_online(self.online, self.online.amount_due)

    @flow(
        "Delivered after the payment online",
        "The ring (cost 50.00) is handed over in the back office.",
    )
    def ahead_online_delivered(self):
        self._deliver_paid(self.online)

    @flow(
        "Layaway opened, with a fee",
        "A ring of 300.00 before tax is put away by signed terms that ask for a fee of 20.00 "
        "before tax. The first payment of 150.00 pays the fee, which is income once the ring is "
        "put away (a service that is done by then), and the rest is owed.",
        date=WINTER,
    )
    def ahead_layaway(self):
        self.layaway = self._lay_away(self.away[3], 300, fee=20)
        self._pay_ahead(self.layaway.deposit_id, 150)

    @flow(
        "Layaway in default",
        "The customer never pays again. After notice and grace the layaway ends by its terms: "
        "50.00 are kept, the rest becomes store credit, and the ring is for sale again.",
    )
    def ahead_layaway_default(self):
        self.layaway.action_give_notice()
        self.layaway._default()
