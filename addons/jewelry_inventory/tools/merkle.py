"""Merkle tree hash of RFC 6962, section 2.1: one root that stands for a list of byte strings."""

from hashlib import sha256


def merkle_root(leaves):
    """Return the root over `leaves` (an iterable of bytes) as hex.

    Leaves and nodes are hashed under different prefixes, so that a node cannot pass for a leaf.
    A last node without a neighbour moves up unchanged: the same tree as the recursive
    definition of the RFC.
    """
    level = [sha256(b"\x00" + leaf).digest() for leaf in leaves]
    if not level:
        return sha256().hexdigest()
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        joined = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
        level = joined + level[2 * len(joined) :]
    return level[0].hex()
