from odoo import models
from odoo.exceptions import AccessError

from ..const import HIDDEN_MARKER


# Without a docstring, which Odoo would show as the description of every model that has none.
class Base(models.AbstractModel):  # noqa: D101
    _inherit = "base"

    def _check_field_access(self, field, operation):
        """Override to refuse a hidden cost in words: core wants to name the groups that may read
        the field, and trips over one that may not.
        """
        hidden = field.groups and HIDDEN_MARKER in field.groups
        if hidden and not self._has_field_access(field, operation):
            raise AccessError(
                self.env._(
                    "Costs are hidden from you: “%(field)s” of %(model)s.",
                    field=field._description_string(self.env),
                    model=self._description,
                )
            )
        return super()._check_field_access(field, operation)
