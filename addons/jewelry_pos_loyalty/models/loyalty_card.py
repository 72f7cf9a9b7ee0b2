from odoo import models

# So much of a code tells a card from the customer's others, and lets nobody spend it.
SHOWN_CODE = 4


class LoyaltyCard(models.Model):
    """Cards that hold a customer's money."""

    _inherit = "loyalty.card"

    # === BUSINESS METHODS === #

    def _get_money_label(self):
        """Return how the counter names the card: never so that it could be spent."""
        self.ensure_one()
        if self.program_type == "ewallet":
            return self.program_id.name
        return f"{self.program_id.name} …{self.code[-SHOWN_CODE:]}"
