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
        res = super(JewelryLabelPrint, self.with_context(**{WRITING: is_written})).action_print()
        if is_written:
            self._forget_content()
        return res

    # === BUSINESS METHODS === #

    def _forget_content(self):
        """Take the text of the file out of the index of attachments: passwords of locked chips are
        in it, and would stand in the database.
        """
        # In sudo: the attachment belongs to the field, not to the user.
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        files = self.env["ir.attachment"].sudo().search([*domain, ("res_field", "=", "file")])
        files.index_content = False
