from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from ..tools.merkle import merkle_root
from .common import VectorCase


def recursive_root(leaves):
    """The definition of RFC 6962 as it stands: split at the largest power of two below the size."""
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(
        b"\x01" + recursive_root(leaves[:split]) + recursive_root(leaves[split:])
    ).digest()


@tagged("post_install", "-at_install")
class TestMerkle(VectorCase):
    def test_roots_of_the_certificate_transparency_leaves_are_the_published_ones(self):
        vector = self._load_vector("crypto_provenance.json")["rfc6962_merkle"]
        leaves = [bytes.fromhex(leaf) for leaf in vector["leaves_hex"]]
        for size, root in enumerate(vector["roots_by_size"]):
            self.assertEqual(merkle_root(leaves[:size]), root, f"{size} leaves")

    @given(st.lists(st.binary(max_size=8), min_size=1, max_size=70))
    def test_every_size_gives_the_root_of_the_definition(self, leaves):
        self.assertEqual(merkle_root(leaves), recursive_root(leaves).hex())

    @given(st.lists(st.binary(min_size=1, max_size=8), min_size=1, max_size=20), st.data())
    def test_another_leaf_gives_another_root(self, leaves, data):
        changed = list(leaves)
        place = data.draw(st.integers(0, len(leaves) - 1))
        changed[place] += b"x"
        self.assertNotEqual(merkle_root(leaves), merkle_root(changed))

    def test_a_node_does_not_pass_for_a_leaf(self):
        left, right = (sha256(b"\x00" + leaf).digest() for leaf in (b"a", b"b"))
        self.assertNotEqual(merkle_root([left + right]), merkle_root([b"a", b"b"]))
