from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Customers whose money the store holds."""

    _inherit = "res.partner"

    # === BUSINESS METHODS === #

    def _get_counter_sections(self):
        """Override of `jewelry_inventory` to add what the customer pays ahead for."""
        return [*super()._get_counter_sections(), *self._get_deposit_sections()]

    def _get_deposit_sections(self):
        """Return the section of the customer's open deposits, with what is still to pay."""
        deposits = self._search_deposits(self._get_counter_deposit_domain())
        told = deposits.order_id._filter_tellable(self, "counter")
        lines = [
            {
                "label": f"{deposit.name}: {deposit.order_id.name}",
                "value": deposit.currency_id.format(deposit.amount_due),
            }
            for deposit in deposits
            if deposit.order_id in told
        ]
        return [{"title": self.env._("Deposits"), "lines": lines}] if lines else []

    def _get_counter_deposit_domain(self):
        """Hook: the domain of the deposits that are told of by themselves."""
        return Domain("order_id", "!=", False)

    def _get_credit_lines(self):
        """Override of `jewelry_inventory` to add what is held for no order."""
        credits = self._search_deposits(
            Domain("order_id", "=", False) & Domain("amount_held", ">", 0)
        )
        return super()._get_credit_lines() + [
            {
                "label": f"{credit.kind_id.name} {credit.name}",
                "value": credit.currency_id.format(credit.amount_held),
            }
            for credit in credits
        ]

    def _search_deposits(self, domain):
        """Return the customer's open deposits in the current company, in sudo."""
        own = Domain(
            [
                ("partner_id", "child_of", self.commercial_partner_id.id),
                ("company_id", "=", self.env.company.id),
                ("state", "=", "open"),
            ]
        )
        # In sudo: whoever serves the customer tells them of their own money.
        return self.env["jewelry.deposit"].sudo().search(own & domain, order="id")
