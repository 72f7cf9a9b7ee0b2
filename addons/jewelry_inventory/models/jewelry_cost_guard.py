from odoo import models


class JewelryCostGuard(models.AbstractModel):
    """Let core reckon with costs on behalf of people who may not see them.

    Core's stock and invoicing read costs as whoever presses the button. The models that do so
    inherit this and hand over to superuser at the point where the reckoning begins, after the
    user's own rights have been checked.
    """

    _name = "jewelry.cost.guard"
    _description = "Cost Guard"

    def _with_costs(self, operation="write"):
        """Return these records as they must be for a computation that reads costs.

        :param str operation: what the user must be allowed to do with the records
        :raises AccessError: when the user may not do that
        """
        if self.env.su or not self.env.user.has_group("jewelry_inventory.group_cost_hidden"):
            return self
        self.check_access(operation)
        # The user has the right to the act; only the costs that the act reads are hidden.
        return self.sudo()
