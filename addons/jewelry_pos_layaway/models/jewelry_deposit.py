from odoo import models


class JewelryDeposit(models.Model):
    """Deposits of layaways at the register: what was agreed is told before money is taken."""

    _inherit = "jewelry.deposit"

    # === FOR REGISTERS === #

    def _get_register_facts(self):
        """Override of `jewelry_pos_deposit` to tell how the layaway stands."""
        facts = super()._get_register_facts()
        # In sudo: whoever takes money need not read layaways.
        layaway = self.sudo().layaway_ids.filtered(lambda one: one.state != "cancelled")[:1]
        if not layaway:
            return facts
        return facts | {
            "can_hand_over": facts["can_hand_over"] and layaway._is_held(),
            "layaway": layaway._get_register_facts(),
            "notices": facts["notices"] + layaway._get_register_notices(),
        }
