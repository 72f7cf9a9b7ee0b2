import os

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import config

from ..tools.key_file import BROKEN, OPEN, KeyFileError
from ..tools.signing_key import SigningKey

FILE_OPTION = "jewelry_signing_key_file"


class JewelryProvenanceKey(models.AbstractModel):
    """The store's signing key, in a file that the database cannot read.

    The file is named in odoo.conf by `jewelry_signing_key_file`; `%d` in it stands for the
    database's name. By default it is jewelry/<database>/signing_key.pem in the data directory.
    Public keys that signed before it stand in the file of the same name with `.former` behind.
    """

    _name = "jewelry.provenance.key"
    _description = "Provenance Signing Key"

    def _get_key(self):
        """Return the SigningKey of this database."""
        default = os.path.join(config["data_dir"], "jewelry", "%d", "signing_key.pem")
        return SigningKey((config.get(FILE_OPTION) or default).replace("%d", self.env.cr.dbname))

    @api.model
    def _sign(self, message):
        """Return {"key", "signature"} of a message (bytes), both in hex.

        :raises UserError: when the key file cannot be used
        """
        try:
            return self._get_key().sign(message)
        except (KeyFileError, OSError) as error:
            raise UserError(self._get_message(error)) from error

    @api.model
    def _get_known(self):
        """Return the public keys, in hex, that this database signs or signed with.

        :return: None when the file cannot be used; the next anchor is refused then and says why
        """
        key = self._get_key()
        try:
            return [*([key.get_public()] if key.exists else []), *key.get_former()]
        except (KeyFileError, OSError):
            return None

    @api.model
    def _get_message(self, error):
        messages = {
            OPEN: self.env._(
                "Other accounts of the machine may read the signing key. Take the right from "
                "them: chmod 600 %(path)s",
                path=getattr(error, "path", ""),
            ),
            BROKEN: self.env._(
                "There is no Ed25519 key in %(path)s. Bring the file back from a backup.",
                path=getattr(error, "path", ""),
            ),
        }
        return messages.get(getattr(error, "code", None)) or self.env._(
            "The signing key cannot be read: %(problem)s", problem=str(error)
        )
