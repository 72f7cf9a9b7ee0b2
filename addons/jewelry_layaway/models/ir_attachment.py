from odoo import api, models
from odoo.exceptions import AccessError

from ..const import SIGNED_FILES

CONTENT = {
    "datas",
    "raw",
    "db_datas",
    "store_fname",
    "res_model",
    "res_field",
    "res_id",
    "checksum",
}


class IrAttachment(models.Model):
    """Files that were signed: nobody changes or removes them, whoever asks."""

    _inherit = "ir.attachment"

    def write(self, vals):
        """Override of `base` to keep signed files."""
        if CONTENT & vals.keys():
            self._check_signed_layaway()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed_layaway(self):
        self._check_signed_layaway()

    def _check_signed_layaway(self):
        """Refuse to change what was signed.

        :raises AccessError: naming the layaway
        """
        files = self.sudo().filtered(
            lambda file: file.res_model == "jewelry.layaway" and file.res_field in SIGNED_FILES
        )
        layaways = self.env["jewelry.layaway"].sudo().browse(files.mapped("res_id")).exists()
        if signed := layaways.filtered("document_hash"):
            raise AccessError(
                self.env._(
                    "What was signed for %(layaway)s stays as it is.", layaway=signed[0].name
                )
            )
