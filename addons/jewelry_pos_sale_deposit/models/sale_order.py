from odoo import models


class SaleOrder(models.Model):
    """Orders that are paid ahead into a deposit, and not beside it at a register."""

    _inherit = "sale.order"

    # === BUSINESS METHODS === #

    def _get_state_problem(self, config):
        """Override of `jewelry_pos_sale`: what is settled or paid in part at a register would be
        paid beside the deposit.
        """
        return self._get_other_way_refusal() or super()._get_state_problem(config)
