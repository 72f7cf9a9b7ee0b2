from odoo import api, models

from odoo.addons.jewelry_inventory.tools.rule import FLAG, Value


class JewelryRule(models.Model):
    """Rules on the tax of what customers pay ahead."""

    _inherit = "jewelry.rule"

    @api.model
    def _get_subjects(self):
        """Override to add whether receipts and forfeits of deposits are taxed."""
        return super()._get_subjects() | {
            "deposit_receipt": (
                self.env._("Tax on what is paid ahead"),
                {"taxed": Value(FLAG)},
            ),
            "deposit_forfeit": (
                self.env._("Tax on deposits that are forfeited"),
                {"taxed": Value(FLAG)},
            ),
        }
