from odoo import models


class PosOrder(models.Model):
    """Orders of registers that know their employees: by the word of a manager among them, money of
    a deposit is given back.
    """

    _inherit = "pos.order"

    def _may_give_back(self, deposit):
        """Override of `jewelry_pos_deposit`: a manager has agreed by PIN to that much, whoever is
        logged in.
        """
        if not self.config_id.module_pos_hr or self._is_paid_by_credit(deposit):
            return super()._may_give_back(deposit)
        given = -sum(
            line.deposit_amount
            for line in self.lines
            if line.deposit_number == deposit.name and line.deposit_amount < 0
        )
        agreed = self.env["jewelry.refund.agreement"]._get_agreed(self.uuid, deposit)
        return self.currency_id.compare_amounts(given, agreed) <= 0
