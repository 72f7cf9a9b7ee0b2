from odoo import models
from odoo.exceptions import UserError


class JewelryDepositDelivery(models.AbstractModel):
    """How what is paid is handed over: the order is delivered, and its invoice uses the money."""

    _name = "jewelry.deposit.delivery"
    _description = "Delivery of What a Deposit Paid"

    # === BUSINESS METHODS === #

    def _is_paid(self):
        """Hook: tell whether nothing is to be paid any more for what the money is for."""
        self.ensure_one()
        # In sudo: whoever takes money need not see the order.
        order = self.sudo().order_id
        return (
            bool(order)
            and order.state != "cancel"
            and self.state == "open"
            and not self.currency_id.compare_amounts(self.amount_due, 0) > 0
        )

    def _deliver(self):
        """Hand over what is left of the order and invoice it: the invoice uses the deposit.

        :raises UserError: when something is still to pay, or not there to be handed over
        """
        self.ensure_one()
        self._check_deliverable()
        # In sudo: whoever may hand over does not need the rights of stock and accounts.
        order = self.order_id.sudo()
        if order.state in ("draft", "sent"):
            order.action_confirm()
        self._validate_deliveries()
        self._check_delivered()
        self._invoice_delivered()

    def _deliver_or_tell(self):
        """Hand over what is paid; what cannot be handed over keeps the money, and a manager is
        told.

        :return: whether it was handed over
        :rtype: bool
        """
        return self._try_or_tell(self._deliver, self.env._("Paid, and not handed over"))

    def _validate_deliveries(self):
        """Do the transfers of the order, one step after the other, as far as goods are there."""
        order = self.order_id.sudo()
        if waiting := order.picking_ids.filtered(lambda picking: picking.state == "confirmed"):
            waiting.action_assign()
        while ready := order.picking_ids.filtered(lambda picking: picking.state == "assigned"):
            ready.move_ids.picked = True
            ready.with_context(skip_backorder=True)._action_done()

    def _invoice_delivered(self):
        """Post the invoice of what was delivered and not invoiced yet."""
        order = self.order_id.sudo()
        if any(line.qty_to_invoice > 0 for line in order.order_line):
            order._create_invoices(final=True).action_post()

    def _get_open_lines(self):
        """Return the order lines of goods that the customer has not got yet, in sudo."""
        # In sudo: whoever hands over need not see each line.
        return self.order_id.sudo().order_line.filtered(
            lambda line: (
                line.product_id.type == "consu" and line.qty_delivered < line.product_uom_qty
            )
        )

    # === CHECKS === #

    def _check_deliverable(self):
        """Hook: refuse to hand over what is not paid.

        :raises UserError: naming what is missing
        """
        if not self._is_paid():
            raise UserError(
                self.env._(
                    "%(deposit)s: %(due)s is to be paid before anything is handed over.",
                    deposit=self.name,
                    due=self.currency_id.format(self.amount_due),
                )
            )

    def _check_delivered(self):
        """Refuse to hand over a part as if it were all.

        :raises UserError: naming what is not there
        """
        if lines := self._get_open_lines():
            raise UserError(
                self.env._(
                    "%(goods)s of %(order)s cannot be delivered now: it is not there.",
                    goods=", ".join(lines.mapped("display_name")),
                    order=self.order_id.sudo().name,
                )
            )
