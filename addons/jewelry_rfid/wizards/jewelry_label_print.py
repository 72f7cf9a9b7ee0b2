from odoo import fields, models

from ..const import WRITING


class JewelryLabelPrint(models.TransientModel):
    """Print labels, and let the printer write their chips."""

    _inherit = "jewelry.label.print"

    with_chip = fields.Boolean(
        string="Write Chips",
        default=lambda self: self._default_with_chip(),
        help="Each label gets a number of its own on its chip. It is live once the printer or a "
        "reader has read it.",
    )

    def _default_with_chip(self):
        # In sudo: how a company labels is no secret.
        return self.env.company.sudo().rfid_labels

    # === ACTION METHODS === #

    def action_print(self):
        """Override to have the chips written, where the printer speaks ZPL."""
        is_written = self.with_chip and self.label_format == "zpl"
        return super(JewelryLabelPrint, self.with_context(**{WRITING: is_written})).action_print()
