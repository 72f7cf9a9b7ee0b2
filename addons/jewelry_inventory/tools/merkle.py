"""Merkle tree of RFC 6962, section 2.1: one root that stands for a list of byte strings."""

from hashlib import sha256


class MerkleTree:
    """The tree over a list of leaves, which keeps its nodes: for many paths of one tree."""

    def __init__(self, leaves):
        self.levels = [[_hash_leaf(leaf) for leaf in leaves]]
        while len(self.levels[-1]) > 1:
            self.levels.append(_join_level(self.levels[-1]))

    @property
    def root(self):
        """The root as hex."""
        (root,) = self.levels[-1] or [sha256().digest()]
        return root.hex()

    def get_path(self, index):
        """Return the audit path of a leaf (RFC 6962, section 2.1.1): what it joins on its way up,
        as hex.
        """
        path = []
        for level in self.levels[:-1]:
            neighbour = index ^ 1
            path += [level[neighbour].hex()] if neighbour < len(level) else []
            index //= 2
        return path


def merkle_root(leaves):
    """Return the root over `leaves` (an iterable of bytes) as hex."""
    return MerkleTree(leaves).root


def root_of_path(leaf, index, size, path):
    """Return the root that an audit path leads to, or "" when it fits no tree of `size` leaves.

    :param bytes leaf: the leaf at place `index`, counted from 0
    :param list path: of hex strings, as `MerkleTree.get_path` gives them
    """
    last, node = size - 1, _hash_leaf(leaf)
    if not 0 <= index <= last:
        return ""
    for neighbour in map(bytes.fromhex, path):
        while index == last and not index % 2 and last:  # moves up without a neighbour
            index, last = index // 2, last // 2
        if not last:
            return ""
        node = _join(neighbour, node) if index % 2 else _join(node, neighbour)
        index, last = index // 2, last // 2
    while index == last and not index % 2 and last:
        index, last = index // 2, last // 2
    return "" if last else node.hex()


def _hash_leaf(leaf):
    """Hash a leaf. Leaves and nodes have different prefixes: a node cannot pass for a leaf."""
    return sha256(b"\x00" + leaf).digest()


def _join(left, right):
    return sha256(b"\x01" + left + right).digest()


def _join_level(level):
    """Return the level above. A last node without a neighbour moves up unchanged: the same tree
    as the recursive definition of the RFC.
    """
    joined = list(map(_join, level[::2], level[1::2]))
    return joined + level[2 * len(joined) :]
