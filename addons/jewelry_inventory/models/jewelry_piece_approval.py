from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..const import BULK_KINDS
from .product_value import DECIDED_REASONS


class JewelryPieceApproval(models.AbstractModel):
    """What is done to goods that takes a second person: writing them off, changing their cost."""

    _name = "jewelry.piece.approval"
    _inherit = "jewelry.approval.mixin"
    _description = "Approvals for Pieces"

    # === APPROVAL HOOKS === #

    def _get_approval_types(self):
        """Override to let goods be written off and cost something else."""
        return super()._get_approval_types() | {
            "write_off": {"act": str, "quantity": float},
            "cost_change": {"reason": str, "new_cost": float},
        }

    def _complete_approval(self, kind, values):
        """Override to add what the goods cost: once that changes, it is another question."""
        values = super()._complete_approval(kind, values)
        if kind == "cost_change":
            return {lot.id: values[lot.id] | {"old_cost": lot._get_book_cost()} for lot in self}
        if kind == "write_off":
            return {
                lot.id: row | {"cost": lot._get_book_cost(row["quantity"])}
                for lot in self
                for row in [values[lot.id]]
            }
        return values

    def _describe_approval(self, kind, values):
        """Override to say it in words and money."""
        describe = {"write_off": self._describe_write_off, "cost_change": self._describe_cost}
        if kind not in describe:
            return super()._describe_approval(kind, values)
        return {lot: describe[kind](lot, values[lot.id]) for lot in self}

    def _carry_out_approval(self, kind, values, reason):
        """Override to void, write off or revalue as it was approved."""
        acts = {
            "write_off": self._carry_out_write_off,
            "cost_change": self._carry_out_cost_change,
        }
        if kind in acts:
            return acts[kind](values, reason)
        return super()._carry_out_approval(kind, values, reason)

    def _carry_out_write_off(self, values, reason):
        if {row["act"] for row in values.values()} == {"void"}:
            self.action_void(reason)
        else:
            self._count_less({lot: row["quantity"] for lot, row in values.items()})

    def _carry_out_cost_change(self, values, reason):
        cause = next(iter(values.values()))["reason"]
        self._revalue({lot: row["new_cost"] for lot, row in values.items()}, cause, reason)

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
        :raises UserError: for the reason of a document, which nobody decides on
        :raises RedirectWarning: offering to ask
        """
        if reason not in DECIDED_REASONS:
            raise UserError(
                self.env._(
                    "A cost is changed by hand as a correction, a write-down or its reversal. A "
                    "bill or a landed cost changes it by itself when it is posted."
                )
            )
        currency = self._get_approval_company().currency_id
        changes = {lot: abs(costs[lot] - lot._get_book_cost()) for lot in self}
        changed = self.filtered(lambda lot: not currency.is_zero(changes[lot]))
        if self._exceeds_limit(sum(changes[lot] * lot._get_booked_quantity() for lot in changed)):
            values = {
                lot: {"reason": reason, "new_cost": currency.round(costs[lot])} for lot in changed
            }
            changed._require_approval("cost_change", values)

    def _require_write_off(self, act, quantities):
        """Require a second person for goods that are given up.

        Below the limit of the company a manager gives up alone what is in stock.

        :param str act: `void` or `lost`
        :param dict quantities: {lot: how much of it}
        :return: why, as it was approved; "" where nobody had to ask
        """
        amount = sum(lot._get_book_cost(quantity) for lot, quantity in quantities.items())
        alone = act == "void" or self.env.user.has_group("jewelry_inventory.group_manager")
        if not alone or self._exceeds_limit(amount):
            values = {lot: {"act": act, "quantity": count} for lot, count in quantities.items()}
            # In sudo: whoever carries out what was approved need not read approvals.
            return self._require_approval("write_off", values).sudo().reason or ""
        return ""

    def _get_book_cost(self, quantity=1):
        """Return what so much of the goods costs, whoever may see it: for limits and digests."""
        self.ensure_one()
        company = self._get_approval_company()
        # In sudo: it is compared, and shown only to those who may see costs.
        return company.currency_id.round(
            self.sudo().with_company(company).standard_price * quantity
        )

    def _get_booked_quantity(self):
        """Return of how much the cost is: of one piece, or of all grams or carats on hand."""
        self.ensure_one()
        # In sudo: it is there, whoever may see the place.
        return self.sudo().product_qty if self.jewelry_kind in BULK_KINDS else 1.0

    def _filter_in_books(self):
        """Return the jewelry that the books know at a cost, which is no longer a mere entry."""
        bulk = self.filtered(lambda lot: lot.jewelry_kind in BULK_KINDS)
        return (self - bulk)._filter_specific().filtered("received_date") | bulk.filtered(
            lambda lot: lot._get_booked_quantity() > 0
        )

    def _exceeds_limit(self, amount):
        """Tell whether so much, in company currency, takes a second person."""
        company = self._get_approval_company()
        return company.currency_id.compare_amounts(amount, company.approval_limit) > 0

    def _count_less(self, quantities):
        """Count goods as missing where they lie.

        :param dict quantities: {lot: how much of it is gone}
        """
        counted = self.env["stock.quant"]
        for lot in self:
            missing = quantities[lot]
            for quant in lot.quant_ids.filtered(lambda q: q.location_id.usage == "internal"):
                gone = min(missing, quant.quantity)
                if gone > 0:
                    quant.inventory_quantity = quant.quantity - gone
                    counted |= quant
                    missing -= gone
        counted._apply_inventory()
