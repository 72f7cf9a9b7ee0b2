from odoo import fields, models
from odoo.tools import format_date

# How many of the pieces that a customer bought are told at the counter.
SHOWN_PIECES = 5


class ResPartner(models.Model):
    """What a register tells of a customer: what they bought, and what the store owes them."""

    _inherit = "res.partner"

    # === BUSINESS METHODS === #

    def _get_counter_sections(self):
        """Override of `jewelry_inventory` to add what registers sold and could not hand over."""
        sections = super()._get_counter_sections()
        return [*sections, *self._get_owed_sections(), *self._get_bought_sections()]

    def _get_owed_sections(self):
        """Return the section of what was paid at a register and not handed over."""
        conflicts = self.env["jewelry.sale.conflict"].search(
            [
                ("order_id.partner_id", "child_of", self.commercial_partner_id.id),
                ("is_pending", "=", True),
            ]
        )
        lines = [
            {
                "label": f"{conflict.order_id.name}: {conflict.number or ''}",
                "value": conflict.currency_id.format(conflict.amount),
            }
            for conflict in conflicts
        ]
        title = self.env._("Paid and not handed over")
        return [{"title": title, "lines": lines, "is_urgent": True}] if lines else []

    def _get_bought_sections(self):
        """Return the section of the pieces that the customer bought last."""
        # In sudo: a register sells for all registers of the store.
        lines = (
            self.env["pos.order.line"]
            .sudo()
            .search(self._get_bought_domain(), order="id desc", limit=SHOWN_PIECES)
        )
        told = lines.order_id._filter_tellable(self, "counter")
        rows = [
            {
                "label": f"{line.piece_id.name} {line.product_id.display_name}",
                "value": format_date(
                    self.env, fields.Datetime.context_timestamp(self, line.order_id.date_order)
                ),
            }
            for line in lines
            if line.order_id in told
        ]
        return [{"title": self.env._("Bought before"), "lines": rows}] if rows else []

    def _get_bought_domain(self):
        return [
            ("order_id.partner_id", "child_of", self.commercial_partner_id.id),
            ("company_id", "in", self.env.companies.ids),
            ("order_id.state", "in", ("paid", "done")),
            ("piece_id", "!=", False),
            ("qty", ">", 0),
            ("refund_orderline_ids", "=", False),
        ]
