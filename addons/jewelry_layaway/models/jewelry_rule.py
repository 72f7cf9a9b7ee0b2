from odoo import api, models

from odoo.addons.jewelry_inventory.tools.rule import FLAG, NUMBER, WHOLE, Value


class JewelryRule(models.Model):
    """What the law says of layaways."""

    _inherit = "jewelry.rule"

    @api.model
    def _get_subjects(self):
        """Override to add layaways."""
        return super()._get_subjects() | {
            "layaway": (
                self.env._("Layaway"),
                {
                    "applies_above": Value(NUMBER, "", 0, is_optional=True),
                    "applies_from_instalments": Value(WHOLE, "", 1, is_optional=True),
                    "cancel_days": Value(WHOLE, "days", 0, is_optional=True),
                    "fee_most": Value(NUMBER, "", 0, is_optional=True),
                    "fee_most_percent": Value(NUMBER, "%", 0, 100, is_optional=True),
                    "statement_days": Value(WHOLE, "days", 0, is_optional=True),
                    "fees_disclosed": Value(FLAG, is_optional=True),
                    "statement_given": Value(FLAG, is_optional=True),
                    "refund_if_unavailable": Value(FLAG, is_optional=True),
                },
            )
        }
