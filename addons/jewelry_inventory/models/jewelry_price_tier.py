from odoo import fields, models

from ..tools import price
from ..tools.weight import to_decimal


class JewelryPriceTier(models.Model):
    """What sums from an amount upwards are marked up by."""

    _name = "jewelry.price.tier"
    _description = "Price Tier"
    _order = "policy_id, start"

    policy_id = fields.Many2one(
        comodel_name="jewelry.price.policy", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="policy_id.currency_id")
    start = fields.Monetary(
        string="From", help="The least that metal, stones and labour come to for this tier."
    )
    multiplier = fields.Float(digits=(7, 3), required=True, default=2.0)
    addition = fields.Monetary(string="Plus")

    _amounts_positive = models.Constraint(
        "CHECK (start >= 0 AND multiplier > 0 AND addition >= 0)",
        "A tier must start at 0 or more, multiply by more than 0 and add 0 or more.",
    )

    # === BUSINESS METHODS === #

    def _get_tier(self):
        """Return the tier as `tools.price.Tier`."""
        self.ensure_one()
        return price.Tier(
            to_decimal(self.start), to_decimal(self.multiplier), to_decimal(self.addition)
        )
