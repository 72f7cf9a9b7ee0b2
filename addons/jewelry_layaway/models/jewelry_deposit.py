from odoo import Command, fields, models

from ..const import FAILED_STATES
from ..tools.schedule import fit


class JewelryDeposit(models.Model):
    """Deposits whose money a layaway waits for."""

    _inherit = "jewelry.deposit"

    layaway_ids = fields.One2many(comodel_name="jewelry.layaway", inverse_name="deposit_id")

    # === BUSINESS METHODS === #

    def _follow_amounts(self):
        """Override to let layaways follow their money."""
        res = super()._follow_amounts()
        # In sudo: whoever posts an entry may know nothing of layaways.
        self.sudo().layaway_ids._follow_money()
        return res

    def _get_surplus(self):
        """Override to leave what comes after the end of a layaway to whoever is told of it."""
        # In sudo: as above.
        ended = self.sudo().layaway_ids.filtered(lambda layaway: layaway.state in FAILED_STATES)
        return 0.0 if ended else super()._get_surplus()

    # === DELIVERY === #

    def _is_paid(self):
        """Override of `jewelry_deposit`: a layaway that has ended is not handed over."""
        # In sudo: whoever takes money need not see layaways.
        layaways = self.sudo().layaway_ids
        return super()._is_paid() and all(layaway.state == "paid" for layaway in layaways)

    def _check_deliverable(self):
        """Override of `jewelry_deposit`: of a special order, all that was ordered has come."""
        # In sudo: as above.
        layaways = self.sudo().layaway_ids
        layaways._lock()
        for layaway in layaways:
            layaway._check_state("paid")
            layaway._check_complete(layaway.order_id)
        super()._check_deliverable()

    # === ONLINE === #

    def _get_live_layaway(self):
        """Return the layaway that has not come to nothing, if there is one."""
        return self.layaway_ids.filtered(lambda layaway: layaway.state != "cancelled")[:1]

    def _is_payable_online(self):
        """Override of `jewelry_deposit`: nothing is paid before the terms are signed, nor for a
        layaway that has ended.
        """
        return super()._is_payable_online() and (
            not self.layaway_ids or self._get_live_layaway()._is_bound()
        )

    def _get_smallest(self):
        """Override of `jewelry_deposit`: the first payment is what was agreed, or more."""
        smallest, layaway = super()._get_smallest(), self._get_live_layaway()
        if layaway.state != "signed":
            return smallest
        first = layaway.amount_first - self.amount_paid - self._get_amount_on_its_way()
        return min(max(smallest, first), self._get_payable())

    # === INSTALMENTS === #

    def _replace_instalments(self, rows):
        """Replace the schedule by another one.

        :param list rows: (day, amount)
        """
        lines = [Command.create({"date": day, "amount": amount}) for day, amount in rows]
        self.instalment_ids = [Command.clear(), *lines]

    def _fit_instalments(self):
        """Let the instalments add up to what the order comes to now."""
        lines = self.instalment_ids.sorted(lambda line: (line.date, line.id))
        amounts = fit(lines.mapped("amount"), self.amount_total, self.currency_id.rounding)
        self.instalment_ids = [
            Command.update(line.id, {"amount": amount}) if amount else Command.delete(line.id)
            for line, amount in zip(lines, amounts, strict=True)
        ]
