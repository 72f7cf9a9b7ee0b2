"""A secret in one file outside the database, of the server's account alone."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

OTHERS = 0o077

# Why a key file is not used.
OPEN = "open"  # others than the server's account may read it
BROKEN = "broken"  # it holds no such key


class KeyFileError(Exception):
    """The key file cannot be used; `code` says why."""

    def __init__(self, code, path):
        super().__init__(f"{path}: {code}")
        self.code, self.path = code, path


class KeyFile:
    """A file with a key, made when it is first read. Kinds of keys say what is in it."""

    def __init__(self, path):
        self.path = Path(path)

    @property
    def exists(self):
        """Whether the file is there."""
        return self.path.exists()

    def _generate(self):
        """Return what a new file holds, as bytes."""
        raise NotImplementedError

    def _read(self):
        """Return what the file holds, as bytes.

        :raises KeyFileError: when others may read it
        """
        if not self.exists:
            self._make()
        if self.path.stat().st_mode & OTHERS:
            raise KeyFileError(OPEN, self.path)
        return self.path.read_bytes()

    def _make(self):
        """Write a new key; of two workers at once, one wins and both use its key."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self.path.parent) as draft:  # of mode 0600
            draft.write(self._generate())
            draft.flush()
            os.fsync(draft.fileno())
            try:
                os.link(draft.name, self.path)
            except FileExistsError:
                return
