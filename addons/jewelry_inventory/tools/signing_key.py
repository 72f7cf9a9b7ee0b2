"""The key that signs anchors and passports: one file outside the database, of the server alone."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

OTHERS = 0o077

# Why a key file is not used.
OPEN = "open"  # others than the server's account may read it
BROKEN = "broken"  # it holds no Ed25519 key


class KeyFileError(Exception):
    """The key file cannot be used; `code` says why."""

    def __init__(self, code, path):
        super().__init__(f"{path}: {code}")
        self.code, self.path = code, path


class SigningKey:
    """An Ed25519 key in a PEM file (PKCS 8), made when it is first asked to sign."""

    def __init__(self, path):
        self.path = Path(path)

    @property
    def exists(self):
        """Whether the file is there."""
        return self.path.exists()

    def sign(self, message):
        """Return {"key", "signature"} of the message (bytes), both in hex.

        :raises KeyFileError: when the file cannot be used
        """
        key = self._load()
        return {"key": _get_public(key), "signature": key.sign(message).hex()}

    def get_public(self):
        """Return the public key in hex.

        :raises KeyFileError: when the file cannot be used
        """
        return _get_public(self._load())

    def get_former(self):
        """Return the public keys, in hex, that signed before: lines of the file `<key>.former`."""
        path = self.path.with_name(f"{self.path.name}.former")
        return path.read_text().split() if path.exists() else []

    def _load(self):
        if not self.exists:
            self._make()
        if self.path.stat().st_mode & OTHERS:
            raise KeyFileError(OPEN, self.path)
        try:
            key = load_pem_private_key(self.path.read_bytes(), password=None)
        except (TypeError, ValueError) as error:
            raise KeyFileError(BROKEN, self.path) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyFileError(BROKEN, self.path)
        return key

    def _make(self):
        """Write a new key; of two workers at once, one wins and both use its key."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        pem = Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        with NamedTemporaryFile(dir=self.path.parent) as draft:  # of mode 0600
            draft.write(pem)
            draft.flush()
            os.fsync(draft.fileno())
            try:
                os.link(draft.name, self.path)
            except FileExistsError:
                return


def _get_public(key):
    return key.public_key().public_bytes_raw().hex()


def verify(key, message, signature):
    """Tell whether `signature` is one of `message` by the holder of the public `key`; all bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
