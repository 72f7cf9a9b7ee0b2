from odoo import api, models
from odoo.exceptions import AccessError


class JewelryGuardMixin(models.AbstractModel):
    """Fields that acts of the program write, and nobody by hand: not over RPC, not by import."""

    _name = "jewelry.guard.mixin"
    _description = "Guarded Fields"

    @api.model_create_multi
    def create(self, vals_list):
        """Override to refuse guarded values, wherever they come from: defaults of the context too.

        :raises AccessError: naming the fields
        """
        records = super().create(vals_list)
        if not self.env.su:
            names = self._get_guarded_fields()
            # In sudo: some are out of the user's sight.
            self._check_guarded({name for name in names if any(records.sudo().mapped(name))})
        return records

    def write(self, vals):
        """Override to refuse guarded values.

        :raises AccessError: naming the fields
        """
        self._check_guarded(vals.keys())
        return super().write(vals)

    @api.model
    def _get_guarded_fields(self):
        """Hook: names of the fields that only the program writes."""
        return set()

    @api.model
    def _check_guarded(self, names):
        """Refuse to write what only the program writes.

        :raises AccessError: naming the fields
        """
        if self.env.su or not (guarded := self._get_guarded_fields() & set(names)):
            return
        labels = [self._fields[name]._description_string(self.env) for name in sorted(guarded)]
        raise AccessError(
            self.env._(
                "%(fields)s of %(model)s is written by what is done with it, not by hand. Use the "
                "buttons.",
                fields=", ".join(labels),
                model=self._description,
            )
        )
