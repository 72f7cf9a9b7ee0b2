"""The key of the RFID device user: read when it is needed, shown to nobody."""

import os
import stat
from pathlib import Path

from .log import hide

#: Holds the key where there is no file, such as in a container.
VARIABLE = "JEWELRY_RFID_KEY"


class KeyProblem(Exception):
    """There is no usable key; the message says what to do."""


class Key:
    """A key in a file that only its owner reads, or in the environment."""

    def __init__(self, file=None, variable=VARIABLE):
        self._file = Path(file) if file else None
        self._variable = variable

    def __repr__(self):
        return f"Key({self._file or self._variable})"

    def read(self):
        """The key, as it is now: a new one is taken without a restart.

        :raise KeyProblem: there is none, or others may read it
        """
        key = (self._read_file() if self._file else os.environ.get(self._variable, "")).strip()
        if not key:
            where = self._file or f"the environment variable {self._variable}"
            raise KeyProblem(f"There is no key in {where}: make one in Odoo, at the gateway.")
        if not (key.isascii() and key.isprintable()):
            raise KeyProblem(f"{self._file or self._variable} does not hold a key in one line.")
        hide(key)
        return key

    def _read_file(self):
        try:
            mode = stat.S_IMODE(self._file.stat().st_mode)
            if mode & 0o077:
                raise KeyProblem(f"Others may read the key: run chmod 600 {self._file}")
            return self._file.read_text()
        except (OSError, UnicodeDecodeError) as error:
            raise KeyProblem(f"The key cannot be read: {error}") from error
