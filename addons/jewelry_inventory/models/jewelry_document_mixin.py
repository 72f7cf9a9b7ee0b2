from base64 import b64decode
from binascii import Error as Base64Error

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.document import DocumentError, check_document


class JewelryDocumentMixin(models.AbstractModel):
    """Papers that are kept as a PDF or a scan."""

    _name = "jewelry.document.mixin"
    _description = "Paper"

    @api.model
    def _check_document(self, document):
        """Refuse a file that cannot be shown as the paper.

        :param document: the file in base 64
        :raises UserError: saying what to do
        """
        messages = {
            "large": self.env._("The file is above 20 MB. Scan the paper with fewer colours."),
            "huge": self.env._("The scan has more than 50 million pixels. Save it smaller."),
            "broken": self.env._(
                "This file is neither a PDF nor a scan (JPEG or PNG), or not all of it is there. "
                "Fetch or scan the paper again."
            ),
        }
        try:
            check_document(b64decode(document))
        except DocumentError as error:
            raise UserError(messages[error.code]) from error
        except Base64Error as error:
            raise UserError(messages["broken"]) from error
