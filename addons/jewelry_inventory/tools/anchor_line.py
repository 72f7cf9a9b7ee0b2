"""Lines of an anchor file: how one is read, how it follows the one before, and who signed it.

Apart from the file itself, so that these rules also run where a customer checks a passport.
"""

import json
from hashlib import sha256

from .provenance import canonical

FORMAT = "jewelry-anchor-1"
# What a signature covers: everything that an outsider needs in order to believe in a root.
STATED = ("chains", "database", "fork_of", "root", "time")


def head_leaf(chain, seq, last_hash):
    """Return the leaf of the Merkle tree that stands for the head of a chain."""
    return f"{chain} {seq} {last_hash}".encode()


def parse_line(line):
    """Return a line (bytes) as a dict, with the `digest` of its text; bare if unreadable."""
    try:
        entry = json.loads(line)
    except ValueError:
        entry = {}
    return (entry if isinstance(entry, dict) else {}) | {"digest": sha256(line).hexdigest()}


def find_break(lines):
    """Return the number, from 1, of the first line that does not follow its former, else 0."""
    previous = ""
    for number, line in enumerate(lines, start=1):
        if line.get("previous") != previous:
            return number
        previous = line["digest"]
    return 0


def make_statement(line):
    """Return the text, as bytes, that the signature of a line is of."""
    return canonical({"format": FORMAT} | {name: line.get(name) for name in STATED}).encode()


def is_signed(line, verify):
    """Tell whether a line carries a good signature of what it states.

    :param verify: function of public key, message and signature, all bytes
    """
    try:
        key, signature = (bytes.fromhex(line[name]) for name in ("key", "signature"))
        return verify(key, make_statement(line), signature)
    except (KeyError, TypeError, ValueError):
        return False


def find_unsigned(lines, verify):
    """Return the number, from 1, of the first line with a bad signature, else 0.

    Lines written before a database had a key have none; once it signs, every line must.
    """
    signing = set()
    for number, line in enumerate(lines, start=1):
        database = line.get("database")
        if "signature" in line or database in signing:
            if not is_signed(line, verify):
                return number
            signing.add(database)
    return 0
