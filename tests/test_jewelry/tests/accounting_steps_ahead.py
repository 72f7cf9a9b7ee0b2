"""What staff and customers do with money that is paid ahead elsewhere than in the back office."""

from odoo import Command

from odoo.addons.jewelry_deposit.tests.online_common import OnlineMixin
from odoo.addons.jewelry_pos_deposit.tests.common import prepare_deposit_row
from odoo.addons.jewelry_sale.tests.common import SaleCommon

from .accounting_steps_counter import CounterSteps
from .accounting_steps_deposit import DepositSteps


class AheadSteps(CounterSteps, DepositSteps):
    """The steps of registers, online payments and layaways, on one book."""

    def _take_ahead(self, deposit, amount, *rows, **more):
        """Take an amount for a deposit at the register, or give it back, beside other rows."""
        answer = self._get_session().config_id.prepare_deposit_lines(deposit.id, amount)
        # There is one tax, and so one line.
        [values] = answer["lines"]
        row = prepare_deposit_row(values, price_subtotal_incl=amount, **more)
        self._ring_up(row, *rows, partner_id=self.partner.id)

    def _pay_ahead_online(self, deposit, amount):
        """Let the customer pay an amount on the page of a deposit."""
        names = {"env": self.env, "company": self.book.company, "bank": self._get_bank()}
        shop = type("Shop", (OnlineMixin,), names)
        shop.provider, shop.way = shop._create_provider()
        shop._pay_online(deposit, amount)

    def _lay_away(self, piece, price, fee):
        """Return a layaway of a piece that is signed."""
        order = self._quote_ahead((piece, price))
        wizard = self.env["jewelry.layaway.create"].create(
            {"order_id": order.id, "term_id": self._create_term(fee).id}
        )
        layaway = self.env["jewelry.layaway"].browse(wizard.action_create_layaway()["res_id"])
        layaway._sign("Client", signature=SaleCommon._image("black"))
        return layaway

    def _create_term(self, fee):
        taxes = self.book.company.account_sale_tax_id
        product = self.env["product.product"].create(
            {"name": "Layaway fee", "type": "service", "taxes_id": [Command.set(taxes.ids)]}
        )
        return self.env["jewelry.layaway.term"].create(
            {
                "name": "Five months",
                "company_id": self.book.company.id,
                "first_percent": 30,
                "instalment_count": 5,
                "kept_amount": 50,
                "outcome": "credit",
                "fee_amount": fee,
                "fee_product_id": product.id,
            }
        )
