from odoo import models


class JewelryBulkMixin(models.AbstractModel):
    """For records that come by the thousand."""

    _name = "jewelry.bulk.mixin"
    _description = "Comes in Bulk"

    def _check_company(self, fnames=None):
        """Override of `base` to look at all records at once. Core looks at each of them, which is
        left to it where something is wrong and has to be named.
        """
        if not self._is_company_consistent(fnames):
            super()._check_company(fnames)

    def _is_company_consistent(self, fnames):
        """Tell whether everything these records refer to belongs to their company, or to none."""
        if fnames is None or "company_id" in fnames:
            fnames = self._fields
        relational = [self._fields[name] for name in fnames if self._fields[name].relational]
        checked = [field for field in relational if field.check_company]
        if any(field.company_dependent for field in checked):
            return False
        return all(
            self._is_of_company(records.sudo().mapped(field.name), company)
            for company, records in self.grouped("company_id").items()
            for field in checked
        )

    def _is_of_company(self, corecords, company):
        domain = corecords._check_company_domain(company)
        known = corecords.with_context(active_test=False)
        return not corecords or not domain or known.filtered_domain(domain) == corecords
