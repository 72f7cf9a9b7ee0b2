"""Flows of quotations that a register settles."""

from odoo.addons.jewelry_pos.tests.common import prepare_line
from odoo.addons.jewelry_pos_sale.tests.common import prepare_settling

from .accounting_flow import flow
from .accounting_steps_counter import CounterSteps


class SettledFlows(CounterSteps):
    """Quotations paid at the register, at once or in advance."""

    @flow("Rings that are quoted", "Two rings are received and billed at 50.00 and 60.00.")
    def settled_stock(self):
        purchase = self._receive(50, 60)
        self._bill(purchase)
        self.quoted = list(purchase.picking_ids.move_line_ids.lot_id.sorted("id"))

    @flow(
        "Quotation settled at the register",
        "A ring (cost 50.00) was quoted at 190.00 and is paid and handed over at the register: the "
        "closing of the session posts it as any sale there, and the order has nothing to invoice.",
    )
    def register_settled(self):
        line = self._quote(self.quoted[0], 190).order_line
        self._ring_up(
            prepare_line(self.quoted[0], **prepare_settling(line)), partner_id=self.partner.id
        )
        self._close_register()

    @flow(
        "Down payment at the register",
        "100.00 are paid at the register for a ring quoted at 220.00. It is owed and no revenue "
        "(IFRS 15.106), because the product of down payments has an account of what is owed as its "
        "income account. An order with a deposit takes no down payment: see the flows of deposits.",
    )
    def register_down_payment(self):
        self.advance = self._quote(self.quoted[1], 220)
        self._ring_up(
            self._prepare_down_payment(100, sale_order_origin_id=self.advance.id),
            partner_id=self.partner.id,
        )
        self._close_register()

    @flow(
        "The rest at the register",
        "The ring (cost 60.00) is handed over for the 120.00 that are left: the revenue is the "
        "whole price, and what was paid in advance is owed no more.",
    )
    def register_down_payment_used(self):
        paid, goods = self.advance.order_line.sorted(lambda line: bool(line.piece_id))[-2:]
        self._ring_up(
            prepare_line(self.quoted[1], **prepare_settling(goods)),
            self._prepare_down_payment(100, -1, **prepare_settling(paid)),
            partner_id=self.partner.id,
        )
        self._close_register()
