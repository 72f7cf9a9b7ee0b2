import os

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import config

from odoo.addons.jewelry_inventory.tools.key_file import OPEN, KeyFileError

from ..tools.access_key import AccessKey

FILE_OPTION = "jewelry_rfid_key_file"


class JewelryRfidAccess(models.AbstractModel):
    """Access passwords of chips. None is stored: each is derived from the number of the chip and a
    key in a file that the database cannot read.

    The file is named in odoo.conf by `jewelry_rfid_key_file`; `%d` in it stands for the database's
    name. By default it is jewelry/<database>/rfid_key in the data directory. Who loses it can
    write no locked chip again.
    """

    _name = "jewelry.rfid.access"
    _description = "Access to Chips"

    @api.model
    def _get_key(self):
        """Return the AccessKey of this database."""
        default = os.path.join(config["data_dir"], "jewelry", "%d", "rfid_key")
        return AccessKey((config.get(FILE_OPTION) or default).replace("%d", self.env.cr.dbname))

    @api.model
    def _get_password(self, number):
        """Return the access password of a chip, eight hexadecimal digits.

        :param str number: the code on the chip, in hexadecimal
        :raises UserError: when the key file cannot be used
        """
        try:
            return self._get_key().derive(number)
        except (KeyFileError, OSError) as error:
            raise UserError(self._get_message(error)) from error

    @api.model
    def _get_message(self, error):
        path = getattr(error, "path", "")
        if getattr(error, "code", None) == OPEN:
            return self.env._(
                "Other accounts of the machine may read the key of the chips. Take the right from "
                "them: chmod 600 %(path)s",
                path=path,
            )
        if path:
            return self.env._(
                "There is no key of chips in %(path)s. Bring the file back from a backup.",
                path=path,
            )
        return self.env._("The key of the chips cannot be read: %(problem)s", problem=str(error))
