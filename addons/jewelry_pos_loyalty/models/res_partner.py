from odoo import fields, models

from ..const import MONEY_PROGRAMS


class ResPartner(models.Model):
    """Customers whose money is on a gift card, or in an eWallet."""

    _inherit = "res.partner"

    # === BUSINESS METHODS === #

    def _get_credit_lines(self):
        """Override of `jewelry_inventory` to add gift cards and eWallets."""
        # In sudo: whoever serves the customer tells them of their own money.
        cards = self.env["loyalty.card"].sudo().search(self._get_money_card_domain(), order="id")
        return super()._get_credit_lines() + [
            {"label": card._get_money_label(), "value": card.currency_id.format(card.points)}
            for card in cards
        ]

    def _get_money_card_domain(self):
        """Return the domain of the customer's cards that pay, as of today."""
        today = fields.Date.context_today(self)
        return [
            ("partner_id", "child_of", self.commercial_partner_id.id),
            ("program_id.program_type", "in", MONEY_PROGRAMS),
            ("program_id.active", "=", True),
            ("company_id", "in", (False, self.env.company.id)),
            ("points", ">", 0),
            "|",
            ("expiration_date", "=", False),
            ("expiration_date", ">=", today),
        ]
