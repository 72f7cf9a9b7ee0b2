from odoo import models


class SaleAdvancePaymentInv(models.TransientModel):
    """Invoices of orders: those that have a deposit know no other down payment."""

    _inherit = "sale.advance.payment.inv"

    def _create_invoices(self, sale_orders):
        """Override of `sale` to close core's down payments for orders that have a deposit.

        :raises UserError: saying where to take the money
        """
        if self.advance_payment_method != "delivered":
            sale_orders._check_paid_into_deposit()
        return super()._create_invoices(sale_orders)
