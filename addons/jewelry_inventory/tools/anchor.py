"""The anchor file: what the chains' heads were, kept where the database's owner cannot rewrite it.

Each line is canonical JSON and holds the digest of the line before. Beside the file lie the
heads that a line's Merkle root stands for, under the root's name, so that a verifier can name
the chain that differs.
"""

import fcntl
import gzip
import os
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from .anchor_line import head_leaf, parse_line
from .merkle import MerkleTree, merkle_root
from .provenance import canonical

# Every head pins its whole chain, so the heads of the last line prove all that older ones
# would. Some are kept for the day on which the last anchor itself is in doubt, and for copies
# of an older database.
KEPT_HEADS = 31


class AnchorLog:
    """One append-only file of anchors; readable and writable by the server's own account only."""

    def __init__(self, path):
        self.path = Path(path)

    def read_lines(self):
        """Return the lines as dicts, each with the `digest` of its text; bare if unreadable."""
        if not self.path.exists():
            return []
        return [parse_line(line) for line in self.path.read_bytes().splitlines()]

    def append(self, entry, heads, sign=None):
        """Add `entry` with the root over `heads`, triples (chain, seq, hash); return the line.

        :param sign: function that takes the entry with its root and returns what signs it
        """
        leaves = [head_leaf(*head) for head in sorted(heads)]
        root = merkle_root(leaves)
        entry = entry | {"root": root}
        entry |= sign(entry) if sign else {}
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locked() as file:
            lines = self.read_lines()
            previous = lines[-1]["digest"] if lines else ""
            line = canonical(entry | {"previous": previous}).encode()
            self._write_heads(root, leaves)
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())
            self._prune_heads([*lines, {"root": root}])
        return parse_line(line)

    def read_heads(self, root):
        """Return the heads whose root is `root`, or None if they are gone or do not give it."""
        tree = self.read_tree(root)
        return tree and tree[0]

    def read_tree(self, root):
        """Return the heads whose root is `root` and their `MerkleTree`, or None as `read_heads`."""
        try:
            leaves = gzip.decompress(self._heads_path(root).read_bytes()).splitlines()
        except (OSError, EOFError, zlib.error):
            return None
        tree = MerkleTree(leaves)
        return ([_head(leaf) for leaf in leaves], tree) if tree.root == root else None

    @contextmanager
    def _locked(self):
        """Open the file for one writer at a time: several databases or workers may share it."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file

    def _heads_path(self, root):
        return self.path.with_name(f"heads-{root}.gz")

    def _write_heads(self, root, leaves):
        path = self._heads_path(root)
        draft = path.with_suffix(".tmp")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(gzip.compress(b"\n".join(leaves), compresslevel=1))
        draft.replace(path)

    def _prune_heads(self, lines):
        kept = {self._heads_path(line.get("root")) for line in lines[-KEPT_HEADS:]}
        for path in self.path.parent.glob("heads-*.gz"):
            if path not in kept:
                path.unlink()


class Standing(NamedTuple):
    """How a database stands to an anchor file: the line that binds it, and what is odd."""

    line: int = 0  # number from 1; 0 when no line binds this database
    lost: bool = False  # the file lacks a line that this database remembers having written
    fork_of: str = (
        ""  # the uuid of the database that this one was copied from and has not anchored since
    )


def find_standing(lines, database, digest="", origin=""):
    """Return the Standing of the database with uuid `database`.

    It remembers the `digest` of the last line written and its uuid at the time, `origin`; both
    travel with a copy. So a copy is compared with the line that it remembers, however far its
    origin went on since.
    """
    own = [number for number, line in enumerate(lines, start=1) if line.get("database") == database]
    remembered = [number for number, line in enumerate(lines, start=1) if line["digest"] == digest]
    if own or origin == database:
        return Standing(own[-1] if own else 0, lost=bool(digest) and not remembered)
    fork_of = origin or (lines[-1].get("database", "") if lines else "")
    return Standing(remembered[-1] if remembered else 0, fork_of=fork_of)


def _head(leaf):
    chain, seq, last_hash = leaf.decode().split(" ")
    return chain, int(seq), last_hash
