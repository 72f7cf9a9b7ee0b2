from odoo import api, models
from odoo.exceptions import UserError

from ..const import WRITING


class JewelryLabel(models.Model):
    """Labels with chips: each gets a number of its own before it is printed."""

    _inherit = "jewelry.label"

    @api.model
    def _print(self, lots, options, copies=1, reason=None):
        """Override to number the chips, where the printer is asked to write them."""
        if self.env.context.get(WRITING):
            self._check_writable(options, copies)
            lots._lock_lots()
            lots._check_labelable()
            lots._write_tags()
            lots = lots.with_context(**{WRITING: True})
        return super()._print(lots, options, copies, reason)

    @api.model
    def _check_writable(self, options, copies):
        """Refuse what would give two chips one number, or none.

        :raises UserError: saying what to choose instead
        """
        if options.get("label_format") != "zpl":
            raise UserError(self.env._("Only labels in ZPL have their chips written. Choose ZPL."))
        if copies > 1:
            raise UserError(
                self.env._("A piece has one live tag. Print one label of each, or none with chip.")
            )
