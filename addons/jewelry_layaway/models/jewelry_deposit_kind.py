from odoo import api, models


class JewelryDepositKind(models.Model):
    """Kinds of deposits for layaways and special orders."""

    _inherit = "jewelry.deposit.kind"

    @api.model
    def _get_kind_names(self):
        """Override to add what layaways and special orders are paid into."""
        return super()._get_kind_names() | {
            "layaway": (self.env._("Layaway"), self.env._("Layaway Payments")),
            "special_order": (self.env._("Special Order"), self.env._("Special Order Payments")),
        }
