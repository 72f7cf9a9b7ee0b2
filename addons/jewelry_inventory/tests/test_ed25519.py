from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from ..tools import ed25519, signing_key
from .common import VectorCase

# RFC 8032, section 7.1, test 3: message af82.
TEST_3 = (
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "af82",
    (
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    ),
)
ORDER = 2**252 + 27742317777372353535851937790883648493


@tagged("post_install", "-at_install")
class TestEd25519(VectorCase):
    """Our own verification, against the RFC and against the library that signs."""

    def test_the_vectors_of_the_rfc_are_good(self):
        vector = self._load_vector("crypto_provenance.json")["ed25519_rfc8032_test1"]
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(vector["secret"]))
        public = key.public_key().public_bytes_raw()
        signature = bytes.fromhex(vector["signature"])
        self.assertTrue(ed25519.verify(public, b"", signature))
        self.assertTrue(ed25519.verify(*map(bytes.fromhex, TEST_3)))

    @given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.data())
    def test_it_agrees_with_the_library_on_true_and_false_signatures(self, seed, message, data):
        key = Ed25519PrivateKey.from_private_bytes(seed)
        public, signature = key.public_key().public_bytes_raw(), key.sign(message)
        self.assertTrue(ed25519.verify(public, message, signature))
        self.assertTrue(signing_key.verify(public, message, signature))
        for forged in self._forge(data, public, message, signature):
            self.assertFalse(ed25519.verify(*forged))
            self.assertFalse(signing_key.verify(*forged))

    def _forge(self, data, public, message, signature):
        bit = data.draw(st.integers(0, 511))
        flipped = (int.from_bytes(signature, "little") ^ (1 << bit)).to_bytes(64, "little")
        other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        yield public, message, flipped
        yield public, message + b"x", signature
        yield other, message, signature

    def test_a_second_signature_made_from_the_first_is_refused(self):
        """Adding the order of the group to S must not give another valid signature."""
        key, message, signature = map(bytes.fromhex, TEST_3)
        scalar = int.from_bytes(signature[32:], "little") + ORDER
        self.assertFalse(
            ed25519.verify(key, message, signature[:32] + scalar.to_bytes(32, "little"))
        )

    def test_what_is_no_key_and_no_signature_is_refused(self):
        key, message, signature = map(bytes.fromhex, TEST_3)
        for forged in (
            (b"", message, signature),
            (key[:31], message, signature),
            (b"\xff" * 32, message, signature),
            (key, message, b""),
            (key, message, signature + b"x"),
            (key, message, b"\xff" * 64),
        ):
            self.assertFalse(ed25519.verify(*forged))
            self.assertFalse(signing_key.verify(*forged))
