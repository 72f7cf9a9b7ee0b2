from odoo import models
from odoo.tools import format_amount


class JewelryPieceApproval(models.AbstractModel):
    """What is done to goods that takes a second person: writing them off, changing their cost."""

    _name = "jewelry.piece.approval"
    _inherit = "jewelry.approval.mixin"
    _description = "Approvals for Pieces"

    # === APPROVAL HOOKS === #

    def _get_approval_types(self):
        """Override to let goods be written off and cost something else."""
        return super()._get_approval_types() | {
            "write_off": {"act": str, "quantity": float, "cost": float},
            "cost_change": {"reason": str, "old_cost": float, "new_cost": float},
        }

    def _describe_approval(self, kind, values):
        """Override to say it in words and money."""
        describe = {"write_off": self._describe_write_off, "cost_change": self._describe_cost}
        if kind not in describe:
            return super()._describe_approval(kind, values)
        return {lot: describe[kind](lot, values[lot.id]) for lot in self}

    def _carry_out_approval(self, kind, values, reason):
        """Override to void, write off or revalue as it was approved."""
        if kind == "cost_change":
            costs = {lot: row["new_cost"] for lot, row in values.items()}
            self._revalue(costs, next(iter(values.values()))["reason"], reason)
        elif kind == "write_off" and {row["act"] for row in values.values()} == {"void"}:
            self.action_void(reason)
        elif kind == "write_off":
            self._count_less({lot: row["quantity"] for lot, row in values.items()})
        else:
            super()._carry_out_approval(kind, values, reason)

    def _describe_write_off(self, lot, row):
        amount = self._format_cost(lot, row["cost"])
        if row["act"] == "void":
            return self.env._("void, at a cost of %(amount)s", amount=amount)
        return self.env._(
            "gone: %(quantity)g, at a cost of %(amount)s", quantity=row["quantity"], amount=amount
        )

    def _describe_cost(self, lot, row):
        reasons = dict(self.env["product.value"]._fields["reason"]._description_selection(self.env))
        return self.env._(
            "%(old)s → %(new)s (%(reason)s)",
            old=self._format_cost(lot, row["old_cost"]),
            new=self._format_cost(lot, row["new_cost"]),
            reason=reasons.get(row["reason"], row["reason"]),
        )

    def _format_cost(self, lot, amount):
        return format_amount(self.env, amount, lot._get_approval_company().currency_id)

    # === BUSINESS METHODS === #

    def _revalue(self, costs, reason, note=None):
        """Change what pieces cost by somebody's decision, which takes a second person.

        :param dict costs: {lot: new cost in company currency}
        :param str reason: a reason of `product.value`
        :param str note: free text for the accountant
        :return: the new rows of the cost history
        :raises RedirectWarning: offering to ask
        """
        self._require_revaluation(costs, reason)
        return self._set_cost(costs, reason, note)

    def _require_revaluation(self, costs, reason):
        """Require a second person for other costs, above the limit of the company.

        :param dict costs: {lot: new cost in company currency}
        :param str reason: a reason of `product.value`
        """
        currency = self.env.company.currency_id
        # In sudo: the limit compares costs, whoever may see them.
        old = {lot: lot.sudo().standard_price for lot in costs}
        changed = self.filtered(lambda lot: currency.compare_amounts(costs[lot], old[lot]))
        if not self._exceeds_limit(sum(abs(costs[lot] - old[lot]) for lot in changed)):
            return
        values = {
            lot: {"reason": reason, "old_cost": old[lot], "new_cost": currency.round(costs[lot])}
            for lot in changed
        }
        changed._require_approval("cost_change", values)

    def _require_write_off(self, act, quantities):
        """Require a second person for goods that are given up.

        Below the limit of the company a manager gives up alone what is in stock.

        :param str act: `void` or `lost`
        :param dict quantities: {lot: how much of it}
        """
        # In sudo: the limit compares costs, whoever may see them.
        costs = {lot: lot.sudo().standard_price * count for lot, count in quantities.items()}
        alone = act == "void" or self.env.user.has_group("jewelry_inventory.group_manager")
        if alone and not self._exceeds_limit(sum(costs.values())):
            return
        values = {
            lot: {
                "act": act,
                "quantity": count,
                "cost": self.env.company.currency_id.round(costs[lot]),
            }
            for lot, count in quantities.items()
        }
        self._require_approval("write_off", values)

    def _exceeds_limit(self, amount):
        """Tell whether so much, in company currency, takes a second person."""
        company = self._get_approval_company()
        return company.currency_id.compare_amounts(amount, company.approval_limit) > 0

    def _count_less(self, quantities):
        """Count goods as missing where they lie.

        :param dict quantities: {lot: how much of it is gone}
        """
        quants = self.env["stock.quant"]
        for lot in self:
            quants |= lot.quant_ids.filtered(
                lambda quant: quant.location_id.usage == "internal" and quant.quantity > 0
            )[:1]
        for quant in quants:
            quant.inventory_quantity = quant.quantity - quantities[quant.lot_id]
        quants._apply_inventory()
