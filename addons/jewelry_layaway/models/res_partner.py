from odoo import models
from odoo.fields import Domain

from ..const import BOUND_STATES

# Of which whoever serves a customer is told.
TOLD = Domain("state", "in", ("draft", *BOUND_STATES))


class ResPartner(models.Model):
    """What whoever serves a customer should know of his layaways."""

    _inherit = "res.partner"

    # === BUSINESS METHODS === #

    def _get_counter_sections(self):
        """Override of `jewelry_deposit` to add layaways and special orders that run."""
        return [*super()._get_counter_sections(), *self._get_layaway_sections()]

    def _get_layaway_sections(self):
        """Return the sections of what is late, and of what runs as it should."""
        layaways = self._search_layaways()
        late = layaways.filtered(lambda layaway: layaway._is_overdue())
        sections = [
            (self.env._("Layaways that are late"), late, True),
            (self.env._("Layaways and special orders"), layaways - late, False),
        ]
        return [
            {
                "title": title,
                "lines": [found._get_counter_line() for found in some],
                "is_urgent": is_urgent,
            }
            for title, some, is_urgent in sections
            if some
        ]

    def _get_counter_deposit_domain(self):
        """Override of `jewelry_deposit`: a layaway tells of its money itself."""
        return super()._get_counter_deposit_domain() & ~Domain("layaway_ids", "any", TOLD)

    def _search_layaways(self):
        """Return the customer's layaways that run, and that may be told at the counter, in sudo."""
        # In sudo: whoever serves the customer tells them of their own layaways.
        layaways = (
            self.env["jewelry.layaway"]
            .sudo()
            .search(
                TOLD
                & Domain("partner_id", "child_of", self.commercial_partner_id.id)
                & Domain("company_id", "=", self.env.company.id),
                order="id",
            )
        )
        told = layaways.order_id._filter_tellable(self, "counter")
        return layaways.filtered(lambda layaway: layaway.order_id in told)
