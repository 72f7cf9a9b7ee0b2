from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class JewelryNamesMixin(models.AbstractModel):
    """For records that are found by any of several things written on them or on their papers."""

    _name = "jewelry.names.mixin"
    _description = "Found by Several Names"

    @api.model
    def _search_display_name(self, operator, value):
        """Override of `base` to look each name up in its own index. PostgreSQL answers one OR over
        columns of several tables by reading all rows.
        """
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented  # what is left when those who have the name are taken away
        domain = Domain(super()._search_display_name(operator, value))
        if domain.is_true() or domain.is_false():
            return domain
        # Access to these records is checked by the search that asks, to others by these.
        found = [
            self._search(name, active_test=False, bypass_access=True).select()
            for name in self._get_name_domains(domain)
        ]
        return Domain("id", "in", SQL("(%s)", SQL(" UNION ").join(found)))

    @api.model
    def _get_name_domains(self, domain):
        """Return the domains of which one is met: one for each name, which core names twice."""
        names = getattr(domain, "children", [domain])
        return list({repr(name): name for name in names}.values())
