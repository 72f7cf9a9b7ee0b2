from odoo import api, models
from odoo.exceptions import AccessError


class JewelryGuardMixin(models.AbstractModel):
    """Fields that acts of the program write, and nobody by hand: not over RPC, not by import; and
    fields that stay as they were written.
    """

    _name = "jewelry.guard.mixin"
    _description = "Guarded Fields"

    @api.model_create_multi
    def create(self, vals_list):
        """Override to refuse guarded values, and to ignore those that the context proposes.

        :raises AccessError: naming the fields
        """
        self._check_guarded({name for vals in vals_list for name in vals if vals[name]})
        guarded = {} if self.env.su else self._get_guarded_fields()
        context = {
            key: value
            for key, value in self.env.context.items()
            if key.removeprefix("default_") not in guarded
        }
        undefaulted = self.with_env(self.env(context=context))
        records = super(JewelryGuardMixin, undefaulted).create(vals_list)
        return records.with_env(self.env)

    def write(self, vals):
        """Override to refuse guarded and frozen values.

        :raises AccessError: naming the fields
        """
        self._check_guarded(vals.keys())
        self._check_frozen(vals.keys())
        return super().write(vals)

    def _get_guarded_fields(self):
        """Hook: names of the fields that only the program writes; of no records, in new ones."""
        return set()

    def _get_frozen_fields(self):
        """Hook: names of the fields that nobody changes once they are written, whoever asks."""
        return set()

    def _check_guarded(self, names):
        """Refuse to write what only the program writes.

        :raises AccessError: naming the fields
        """
        if self.env.su or not (guarded := self._get_guarded_fields() & set(names)):
            return
        raise AccessError(
            self.env._(
                "%(fields)s of %(model)s is filled in by the program, not by hand. Use the "
                "buttons of the form instead.",
                fields=self._get_field_labels(guarded),
                model=self._description,
            )
        )

    def _check_frozen(self, names):
        """Refuse to change what stays as it was written, also to superuser.

        :raises AccessError: naming the fields
        """
        if frozen := self._get_frozen_fields() & set(names):
            raise AccessError(
                self.env._(
                    "%(fields)s of %(model)s stays as it is and cannot be changed.",
                    fields=self._get_field_labels(frozen),
                    model=self._description,
                )
            )

    def _get_field_labels(self, names):
        """Return the labels of fields, in the language of the user."""
        return ", ".join(self._fields[name]._description_string(self.env) for name in sorted(names))
