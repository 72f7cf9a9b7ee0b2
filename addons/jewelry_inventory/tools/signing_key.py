"""The key that signs anchors and passports: one file outside the database, of the server alone."""

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

from .key_file import BROKEN, KeyFile, KeyFileError


class SigningKey(KeyFile):
    """An Ed25519 key in a PEM file (PKCS 8), made when it is first asked to sign."""

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
        try:
            key = load_pem_private_key(self._read(), password=None)
        except (TypeError, ValueError) as error:
            raise KeyFileError(BROKEN, self.path) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyFileError(BROKEN, self.path)
        return key

    def _generate(self):
        return Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )


def _get_public(key):
    return key.public_key().public_bytes_raw().hex()


def verify(key, message, signature):
    """Tell whether `signature` is one of `message` by the holder of the public `key`; all bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
