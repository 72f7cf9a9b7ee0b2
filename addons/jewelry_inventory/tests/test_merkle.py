from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from ..tools.merkle import MerkleTree, merkle_root, root_of_path
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

    # === PATHS === #

    @given(st.lists(st.binary(max_size=8), min_size=1, max_size=70), st.data())
    def test_every_leaf_has_a_path_to_the_root(self, leaves, data):
        tree, index = MerkleTree(leaves), data.draw(st.integers(0, len(leaves) - 1))
        path = tree.get_path(index)
        self.assertLessEqual(len(path), (len(leaves) - 1).bit_length())
        self.assertEqual(root_of_path(leaves[index], index, len(leaves), path), tree.root)

    @given(st.lists(st.binary(min_size=1, max_size=8), min_size=2, max_size=40), st.data())
    def test_a_path_with_anything_changed_leads_elsewhere(self, leaves, data):
        tree, size = MerkleTree(leaves), len(leaves)
        index = data.draw(st.integers(0, size - 1))
        path = tree.get_path(index)
        place = data.draw(st.integers(0, len(path) - 1))
        other = [*path[:place], sha256(b"other").hexdigest(), *path[place + 1 :]]
        for forged in (
            (leaves[index] + b"x", index, size, path),
            (leaves[index], index, size, other),
            (leaves[index], index, size, path[:-1]),
            (leaves[index], index, size, [*path, path[-1]]),
            (leaves[index], size, size, path),
            (leaves[index], -1, size, path),
        ):
            self.assertNotEqual(root_of_path(*forged), tree.root)

    def test_the_published_path_of_a_published_tree(self):
        """RFC 6962, section 2.1.3: the path of d3 in a tree of seven is [c, g, l]."""
        leaves = [bytes([n]) for n in range(7)]
        levels = MerkleTree(leaves).levels
        c, g, last = levels[0][2], levels[1][0], levels[2][1]
        self.assertEqual(MerkleTree(leaves).get_path(3), [node.hex() for node in (c, g, last)])
        j, i, k = levels[0][6], levels[1][2], levels[2][0]
        self.assertEqual(MerkleTree(leaves).get_path(4)[1:], [j.hex(), k.hex()])
        self.assertEqual(MerkleTree(leaves).get_path(6), [i.hex(), k.hex()])
