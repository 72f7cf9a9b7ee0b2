"""The key that access passwords of chips come from: one file outside the database."""

import hmac
import re
from hashlib import sha256
from secrets import token_hex

from odoo.addons.jewelry_inventory.tools.key_file import BROKEN, KeyFile, KeyFileError

KEY_BYTES = 32
PASSWORD_DIGITS = 8
_KEY = re.compile(rf"[0-9a-f]{{{2 * KEY_BYTES}}}\n")


class AccessKey(KeyFile):
    """Random bytes in hexadecimal, made when the first password is asked for."""

    def derive(self, number):
        """Return the password of a chip, eight hexadecimal digits; never all zeros, which stand
        for a chip without one.

        :param str number: the code on the chip, in hexadecimal
        :raises KeyFileError: when the file cannot be used
        """
        key = bytes.fromhex(self._load().strip())
        digest = hmac.new(key, f"access {number}".encode(), sha256).hexdigest().upper()
        passwords = (digest[at : at + PASSWORD_DIGITS] for at in range(0, len(digest), 8))
        return next(password for password in passwords if password.strip("0"))

    def _load(self):
        text = self._read().decode(errors="replace")
        if not _KEY.fullmatch(text):
            raise KeyFileError(BROKEN, self.path)
        return text

    def _generate(self):
        return f"{token_hex(KEY_BYTES)}\n".encode()
