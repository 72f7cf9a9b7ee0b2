from odoo import models


class JewelrySaleConflict(models.Model):
    """Conflicts are for managers who are employees of the store, where registers know these."""

    _inherit = "jewelry.sale.conflict"

    def _is_of_store(self, manager):
        """Override of `jewelry_pos`: whose employee somebody is, is known."""
        if not self.config_id.module_pos_hr:
            return super()._is_of_store(manager)
        # In sudo: whoever sells need not read employees.
        return self.company_id in manager.sudo().employee_ids.company_id
