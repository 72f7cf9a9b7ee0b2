import base64
import binascii

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.photo import PhotoError, check_photo


class JewelryPhotoMixin(models.AbstractModel):
    """Photos that can be shown: a broken one is refused when it comes, not when a client looks."""

    _name = "jewelry.photo.mixin"
    _description = "Photos"

    @api.model_create_multi
    def create(self, vals_list):
        """Override to refuse main photos that cannot be shown.

        :raises UserError: saying what to do
        """
        for vals in vals_list:
            self._check_main_photo(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Override to refuse main photos that cannot be shown.

        :raises UserError: saying what to do
        """
        self._check_main_photo(vals)
        return super().write(vals)

    @api.model
    def _check_main_photo(self, vals):
        if image := vals.get("image_1920"):
            try:
                self._check_photo(base64.b64decode(image))
            except binascii.Error as error:
                raise UserError(self._get_photo_message("broken")) from error

    @api.model
    def _check_photo(self, content):
        """Refuse a file that cannot be shown as a photo.

        :param bytes content: the file
        :raises UserError: saying what to do
        """
        try:
            check_photo(content)
        except PhotoError as error:
            raise UserError(self._get_photo_message(error.code)) from error

    @api.model
    def _get_photo_message(self, code):
        messages = {
            "broken": self.env._(
                "Not all of this photo is there. Save it anew as JPEG or PNG and upload it again."
            ),
            "format": self.env._(
                "This file is no photo of a kind that browsers show. Save it as JPEG, PNG, WebP "
                "or GIF and upload it again."
            ),
            "huge": self.env._(
                "The photo has more than 50 million pixels. Save it in a smaller "
                "size and upload it again."
            ),
        }
        return messages[code]
