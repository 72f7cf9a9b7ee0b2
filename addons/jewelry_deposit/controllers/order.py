from odoo.exceptions import ValidationError
from odoo.http import request, route

from odoo.addons.sale.controllers.portal import CustomerPortal, PaymentPortal


class OrderPage(CustomerPortal):
    """Core's page of an order: one that has a deposit is paid there, and not here."""

    @route()
    def portal_order_page(self, order_id, payment_amount=None, **kwargs):
        """Override of `sale` to offer no payment that would be beside the deposit, such as by a
        link that was sent before there was one.
        """
        if _has_deposit(order_id):
            payment_amount = None
        return super().portal_order_page(order_id, payment_amount=payment_amount, **kwargs)


class OrderPayment(PaymentPortal):
    """Core's payments of orders."""

    @route()
    def portal_order_transaction(self, order_id, access_token, **kwargs):
        """Override of `sale` to begin no payment that would be beside the deposit.

        :raises ValidationError: saying so
        """
        if _has_deposit(order_id):
            order = self._document_check_access("sale.order", order_id, access_token)
            raise ValidationError(
                request.env._(
                    "%(order)s is paid in parts now. Pay by the link that the store has sent you, "
                    "or ask for one.",
                    order=order.name,
                )
            )
        return super().portal_order_transaction(order_id, access_token, **kwargs)


def _has_deposit(order_id):
    # In sudo: who looks is checked before anything is told.
    order = request.env["sale.order"].sudo().browse(order_id).exists()
    return bool(order._get_open_deposit())
